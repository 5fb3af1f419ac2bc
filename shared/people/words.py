"""The words that people write for the values of a unit's fields, in a sheet or at a shell, and how a value is told."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from shared.board.change import JSON
from shared.forms.model import Field, FieldKind, Wrong
from shared.messages import pick
from shared.people.fields import UNIT_FIELDS, unit_field
from shared.roster import Lang, clean_text

Value = str | bool | int
_REMARK: Final = re.compile(r"[（(].*?[）)]")
_ORNAMENT: Final = re.compile(r"[\s:：*＊]+")
_DAY: Final = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?: 00:00:00)?")
_DIGITS: Final = re.compile("[0-9]{1,9}")


def folded(word: str) -> str:
    """A word or heading as it is compared: without remarks in brackets, blanks, colons and capital letters."""
    return _ORNAMENT.sub("", _REMARK.sub("", clean_text(word))).casefold()


_NOTHING: Final = frozenset({"-", "—", "——", "－", "/", "无", "none"})

_YES: Final = frozenset(
    {"是", "有", "设", "已设", "√", "✓", "y", "yes", "true", "1", "已撤销", "撤销", "难点村", "软弱涣散"}
)
_NO: Final = frozenset({"否", "无", "不设", "未设", "没有", "×", "x", "n", "no", "false", "0", "不是"})

_LEVELS: Final = {
    "middle": "初中 高中 完全中学 完中 初级中学 高级中学 九年一贯制 九年一贯制学校",
    "primary": "完小",
}
_OTHER_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "attribute.school_level": _LEVELS,
    "attribute.party_body": {"branch": "支部", "general": "总支", "committee": "基层党委"},
    "attribute.joint": {
        "own": "单独 独立",
        "joint": "联合 联合支部 联合党支部",
        "attached": "挂靠 挂靠支部 挂靠党支部",
    },
    "person.liaison_duty": {"full": "是 yes", "part": "否 no"},
}


def yes_or_no(text: str) -> bool | None:
    """What the word says, or nothing when it says neither."""
    word = folded(text)
    return True if word in _YES else False if word in _NO else None


def is_nothing(text: str) -> bool:
    """Whether a person wrote that there is none; a blank cell says nothing at all and leaves what stands."""
    return clean_text(text).casefold() in _NOTHING


def _choices(field: Field) -> Mapping[str, str]:
    others = _OTHER_WORDS.get(field.name, {})
    return {
        folded(word): option.id
        for option in field.options
        for word in (option.id, option.title, option.title_en, *others.get(option.id, "").split())
    }


_ANSWERS: Final = {name: _choices(each.field) for name, each in UNIT_FIELDS.items() if each.field.kind == "choice"}


def value_in(field: Field, text: str) -> Value | Wrong:
    """What a text, cleaned and not empty, says for a field; or a code of `shared.forms.checks` and what would do."""
    return _READERS.get(field.kind, _line)(field, text)


def _line(field: Field, text: str) -> Value | Wrong:
    return text if len(text) <= field.most else Wrong("too-long", field.name, str(field.most))


def _number(field: Field, text: str) -> Value | Wrong:
    if not _DIGITS.fullmatch(text):
        return Wrong("not-a-number", field.name)
    number = int(text)
    fits = field.least <= number <= field.most
    return number if fits else Wrong("out-of-range", field.name, f"{field.least}-{field.most}")


def _tick(field: Field, text: str) -> Value | Wrong:
    answer = yes_or_no(text)
    return Wrong("not-a-choice", field.name, pick("是、否", "yes, no")) if answer is None else answer


def _choice(field: Field, text: str) -> Value | Wrong:
    known = _ANSWERS.get(field.name, {}).get(folded(text))
    return Wrong("not-a-choice", field.name, answers_of(field)) if known is None else known


def _day(field: Field, text: str) -> Value | Wrong:
    found = _DAY.fullmatch(text)
    try:
        return date(*map(int, found.groups())).isoformat() if found else Wrong("not-a-date", field.name)
    except ValueError:
        return Wrong("not-a-date", field.name)


_READERS: Final[Mapping[FieldKind, Callable[[Field, str], Value | Wrong]]] = {
    "number": _number,
    "tick": _tick,
    "choice": _choice,
    "day": _day,
}


def level_named(text: str) -> str | None:
    """`middle` or `primary`, if the word says so."""
    return _ANSWERS["attribute.school_level"].get(folded(text))


def answers_of(field: Field, lang: Lang | None = None) -> str:
    """What may be chosen in a field, in words."""
    zh = pick(True, False) if lang is None else lang == "zh"
    return "、".join(each.title for each in field.options) if zh else ", ".join(each.id for each in field.options)


def value_told(name: str, value: JSON, lang: Lang | None = None) -> str:
    """A value of a unit's field as people say it; what no field of the table could hold is told as it is."""
    zh = pick(True, False) if lang is None else lang == "zh"
    if isinstance(value, bool):
        return _YES_NO[value][0 if zh else 1]
    field = unit_field(name)
    chosen = next((each for each in field.options if each.id == value), None) if field is not None else None
    if chosen is not None:
        return chosen.title if zh else chosen.title_en
    return "" if value is None else str(value)


_YES_NO: Final[Mapping[bool, tuple[str, str]]] = {True: ("是", "yes"), False: ("否", "no")}
