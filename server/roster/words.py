"""The words that offices write in a roster's cells, and what they mean."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from shared.roster import KIND_TITLES, UnitKind, clean_text

_REMARK: Final = re.compile(r"[（(].*?[）)]")
_ORNAMENT: Final = re.compile(r"[\s:：*＊]+")


def folded(word: str) -> str:
    """A word or heading as it is compared: without remarks in brackets, blanks, colons and capital letters."""
    return _ORNAMENT.sub("", _REMARK.sub("", clean_text(word))).casefold()


_NOTHING: Final = frozenset({"-", "—", "——", "－", "/", "无", "none"})

_YES: Final = frozenset({"是", "有", "设", "已设", "√", "✓", "y", "yes", "true", "1", "已撤销", "撤销"})
_NO: Final = frozenset({"否", "无", "不设", "未设", "没有", "×", "x", "n", "no", "false", "0"})

_LEVELS: Final[Mapping[str, str]] = {
    "middle": "middle", "中学": "middle", "初中": "middle", "高中": "middle", "完全中学": "middle", "完中": "middle",
    "初级中学": "middle", "高级中学": "middle", "九年一贯制": "middle", "九年一贯制学校": "middle",
    "primary": "primary", "小学": "primary", "完小": "primary",
}  # fmt: skip

_KIND_WORDS: Final[Mapping[UnitKind, str]] = {
    UnitKind.TOWN_ORGAN: "镇 乡 乡镇 乡机关 乡镇机关",
    UnitKind.STREET_ORGAN: "街道 街道办 街道办事处",
    UnitKind.VILLAGE: "行政村 村委会 村民委员会",
    UnitKind.COMMUNITY: "居委会 社区居委会 居民委员会",
    UnitKind.STREET_UNIT: "直属单位 街道直属 街直单位",
    UnitKind.SCHOOL: "学校 中学 小学 中小学",
    UnitKind.HOSPITAL: "医院 民营医院",
    UnitKind.NEW_ECONOMIC: "新经济 非公企业 非公有制企业",
    UnitKind.NEW_SOCIAL: "新社会 社会组织",
    UnitKind.OTHER: "其它",
}
_KINDS: Final[Mapping[str, UnitKind]] = {
    folded(word): kind
    for kind, (zh, en) in KIND_TITLES.items()
    for word in (kind.value, zh, en, *_KIND_WORDS[kind].split())
}


def kind_named(text: str) -> UnitKind | None:
    """The kind that a word names, in either language or as an id."""
    return _KINDS.get(folded(text))


def level_named(text: str) -> str | None:
    """`middle` or `primary`, if the word says so."""
    return _LEVELS.get(folded(text))


def yes_or_no(text: str) -> bool | None:
    """What the word says, or nothing when it says neither."""
    word = folded(text)
    return True if word in _YES else False if word in _NO else None


def is_nothing(text: str) -> bool:
    """Whether a person wrote that there is none; a blank cell says nothing at all and leaves what stands."""
    return clean_text(text).casefold() in _NOTHING
