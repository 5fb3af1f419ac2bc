"""Units: what goes through a workflow, the codes that name them, and the rules for both.

A code is text. 12 digits are 6 district + 3 town + 3 village or community, 9 digits are a town's or
street's own organ, and `340111001-S01` is something attached to either. An area is a prefix of digits.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

Lang = Literal["zh", "en"]


class UnitKind(StrEnum):
    """The kinds of unit a campaign knows; the value is the id that campaigns, wire and log carry."""

    TOWN_ORGAN = "town-organ"
    STREET_ORGAN = "street-organ"
    VILLAGE = "village"
    COMMUNITY = "community"
    STREET_UNIT = "street-unit"
    SCHOOL = "school"
    HOSPITAL = "hospital"
    NEW_ECONOMIC = "new-economic"
    NEW_SOCIAL = "new-social"
    OTHER = "other"


KIND_TITLES: Mapping[UnitKind, tuple[str, str]] = {
    UnitKind.TOWN_ORGAN: ("镇机关", "town organ"),
    UnitKind.STREET_ORGAN: ("街道机关", "street organ"),
    UnitKind.VILLAGE: ("村", "village"),
    UnitKind.COMMUNITY: ("社区", "community"),
    UnitKind.STREET_UNIT: ("街道直属单位", "street-affiliated unit"),
    UnitKind.SCHOOL: ("中小学校", "school"),
    UnitKind.HOSPITAL: ("民办医院", "private hospital"),
    UnitKind.NEW_ECONOMIC: ("新经济组织", "new economic organisation"),
    UnitKind.NEW_SOCIAL: ("新社会组织", "new social organisation"),
    UnitKind.OTHER: ("其他", "other"),
}

EXTENSION_LETTERS: Mapping[UnitKind, str] = {
    UnitKind.SCHOOL: "S",
    UnitKind.NEW_ECONOMIC: "E",
    UnitKind.NEW_SOCIAL: "O",
    UnitKind.HOSPITAL: "H",
    UnitKind.STREET_UNIT: "X",
    UnitKind.OTHER: "X",
}
# A bare X says only "something else": a street's own unit has to be named as one.
_KIND_OF_LETTER = {letter: kind for kind, letter in EXTENSION_LETTERS.items()}

_ORGAN_KINDS = frozenset({UnitKind.TOWN_ORGAN, UnitKind.STREET_ORGAN, UnitKind.COMMUNITY, UnitKind.OTHER})
_PLACE_KINDS = frozenset({UnitKind.VILLAGE, UnitKind.COMMUNITY, UnitKind.STREET_UNIT, UnitKind.OTHER})

_CODE = re.compile(r"[1-9][0-9]{8}(?:[0-9]{3})?(?:-[SEOHX](?:[0-9]{2}|[1-9][0-9]{2}))?")
_AREA_LENGTHS = (2, 4, 6, 9, 12)


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit of a roster.

    `parent` is the code it hangs from (a district's six digits for an organ), `attributes` say what it is and decide
    which steps apply (`party_committee`, `school_level`), `people` are names and numbers by role, `figures` count its
    members, `ties` are whom it hangs on and works with, `group` is its inspection group; `shared.people.fields` has
    them all. A closed unit stays: what it entered is never deleted.
    """

    code: str
    name: str
    short: str
    kind: UnitKind
    parent: str
    attributes: Mapping[str, str | bool] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)
    group: str = ""
    closed: bool = False
    figures: Mapping[str, int] = field(default_factory=dict)
    ties: Mapping[str, str] = field(default_factory=dict)


def kind_title(kind: UnitKind, lang: Lang = "zh") -> str:
    """The kind's name as a person reads it."""
    return KIND_TITLES[kind][0 if lang == "zh" else 1]


# --- codes and areas ---


def canonical_code(text: str) -> str:
    """The code that a text means, or an empty text when it means none.

    Full-width digits, spaces and any dash are taken as typed by hand; the bureau's padded form of a town,
    `340111001000`, is the town's nine digits. Nothing is guessed: fewer or more digits are no code.
    """
    folded = clean_text(text).replace(" ", "").upper()
    folded = "".join("-" if unicodedata.category(ch) == "Pd" or ch == "\u2212" else ch for ch in folded)
    if not _CODE.fullmatch(folded) or folded[6:9] == "000":
        return ""
    base, dash, extension = folded.partition("-")
    return base.removesuffix("000") + dash + extension if len(base) == 12 else folded


def base_of(code: str) -> str:
    """The digits that a code stands on: all of it but the extension."""
    return code.partition("-")[0]


def town_of(code: str) -> str:
    """The nine digits of the town or street that a unit belongs to."""
    return code[:9]


def parent_of(code: str) -> str:
    """The code that a unit hangs from: its base, its town, or for an organ the district's six digits."""
    base = base_of(code)
    if base != code:
        return base
    return code[:9] if len(code) == 12 else code[:6]


def is_area(text: str) -> bool:
    """Whether a text ends where a segment of the code ends, as an area that a person writes down should."""
    return text.isascii() and text.isdigit() and len(text) in _AREA_LENGTHS


def in_area(code: str, prefixes: Collection[str]) -> bool:
    """Whether one of the prefixes covers the code: `340111` covers `340111001-S01`.

    A whole code with an extension covers only itself, so that `-S10` never opens `-S100`. An empty
    prefix covers nothing: a right that was left blank is no right.
    """
    areas = (prefixes,) if isinstance(prefixes, str) else prefixes
    return any(code == area if "-" in area else bool(area) and code.startswith(area) for area in areas)


# --- kinds and names ---

_TOWN = re.compile(r"(?:镇|乡|苏木)(?:人民)?(?:政府)?$")
_STREET = re.compile(r"(?:街道|街道办|办事处|社区|区|园|中心|管委会|管理委员会)[)）]?$")
_VILLAGE = re.compile(r"村民?委员?会?$")
_COMMUNITY = re.compile(r"(?:居民?委员?会?|社区(?:委员会)?)$")
_COMMITTEE = re.compile(r"(?P<stem>.+?)(?:(?P<village>村)民?委员?会?|居民?委员?会?|(?<=社区)委员会)")
_OFFICE = re.compile(
    r"(?P<stem>.+?)(?:(?<=[镇乡])人民政府|(?<=街道)办(?:事处)?|(?<=社区)(?:公共)?服务中心|管理?委员?会)"
)


def kind_of(code: str, name: str) -> UnitKind:
    """The kind that the statistical division gives a unit: what its name says, else what its code says.

    Town codes 100-399 are towns and townships, all others streets and zones run like streets (县以下行政区划代码
    编制规则). Village codes 200-399 are villages and 500-599 places run like one, all others communities and
    places run like one (统计用区划代码编制规则). An extension's letter says the rest.
    """
    base, _, extension = code.partition("-")
    if extension:
        return _KIND_OF_LETTER.get(extension[:1], UnitKind.OTHER)
    if len(base) == 9:
        return _organ_kind(base, name)
    if len(base) != 12:
        return UnitKind.OTHER
    if _VILLAGE.search(name):
        return UnitKind.VILLAGE
    if _COMMUNITY.search(name):
        return UnitKind.COMMUNITY
    return UnitKind.VILLAGE if base[9] in "235" else UnitKind.COMMUNITY


def _organ_kind(code: str, name: str) -> UnitKind:
    if _TOWN.search(name):
        return UnitKind.TOWN_ORGAN
    if _STREET.search(name):
        return UnitKind.STREET_ORGAN
    return UnitKind.TOWN_ORGAN if code[6] in "123" else UnitKind.STREET_ORGAN


def kind_fits(code: str, kind: UnitKind) -> bool:
    """Whether a new unit of this kind may carry this code.

    A street-level community may follow the community's workflow, so nine digits allow that kind too.
    """
    base, _, extension = code.partition("-")
    if extension:
        return EXTENSION_LETTERS.get(kind) == extension[:1]
    return kind in (_ORGAN_KINDS if len(base) == 9 else _PLACE_KINDS)


def short_name(name: str) -> str:
    """The name without its legal suffix: 陆大村民委员会 is 陆大村, 官塘社区居民委员会 is 官塘社区.

    Never empty: a name that is nothing but a suffix stays as it is.
    """
    if found := _COMMITTEE.fullmatch(name):
        stem = found["stem"]
        return stem + "村" if found["village"] and not stem.endswith(("村", "社区", "嘎查")) else stem
    found = _OFFICE.fullmatch(name)
    return found["stem"] if found else name


# --- text that people typed ---

_WIDE_TO_ASCII = {
    wide: wide - 0xFEE0 for run in ("０９", "ＡＺ", "ａｚ") for wide in range(ord(run[0]), ord(run[1]) + 1)
}
# They show nothing and mean nothing in Chinese: left behind by web pages and other programs.
_SILENT = dict.fromkeys(map(ord, "\u200b\ufeff\ufe0e\ufe0f"))
_SPACES = re.compile(r"[\t\n\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
_SPACE_IN_HAN = re.compile(r"(?<=[\u2e80-\u9fff\U00020000-\U0003ffff]) (?=[\u2e80-\u9fff\U00020000-\U0003ffff])")

_REFUSED = frozenset(("Cc", "Cf", "Cs"))


def clean_text(text: str) -> str:
    """The text with full-width digits and letters made ASCII and every run of white space one blank."""
    return _SPACES.sub(" ", text.translate(_WIDE_TO_ASCII).translate(_SILENT)).strip(" ")


def clean_name(text: str) -> str:
    """A unit's name as `clean_text` has it, without the blanks that some put between Chinese characters."""
    return _SPACE_IN_HAN.sub("", clean_text(text))


def refused_characters(text: str) -> tuple[str, ...]:
    """The control characters, direction marks and half surrogates in a cleaned text, as `U+001B`; usually none.

    Two more that are no characters: the XML of a workbook cannot hold them.
    """
    return tuple(f"U+{ord(ch):04X}" for ch in text if unicodedata.category(ch) in _REFUSED or ch in "\ufffe\uffff")


def doubtful_characters(text: str) -> tuple[str, ...]:
    """The characters that may not show elsewhere: private-use ones, and the mark of a lost one, as `U+E170`."""
    return tuple(f"U+{ord(ch):04X}" for ch in text if unicodedata.category(ch) == "Co" or ch == "\ufffd")
