"""The words that offices write for a kind of unit; those for its other fields are in `shared.people.words`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from shared.people.words import folded
from shared.roster import KIND_TITLES, UnitKind

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
