"""The columns of a roster sheet and every heading they go by."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from server.roster.problems import Place, Tally
from server.roster.table import Odd, Row
from server.roster.words import folded
from shared.roster import Lang, clean_text

HEADER_ROWS: Final = 10
"""A sheet may have a title and a date above its header, but not more than this."""


class Column(NamedTuple):
    """What a column is called on paper and on screen, and the other headings it goes by."""

    zh: str
    en: str
    aliases: tuple[str, ...]


COLUMNS: Final[Mapping[str, Column]] = {
    "code": Column("编码", "code", ("代码", "单位编码", "单位代码", "区划代码", "统计用区划代码", "unit code")),
    "name": Column("名称", "name", ("单位名称", "单位", "参学单位", "全称", "unit", "unit name")),
    "kind": Column("类型", "kind", ("类别", "单位类型", "单位类别", "type")),
    "parent": Column("上级", "parent", ("隶属", "隶属单位", "隶属关系", "上级单位", "上级编码", "所属镇街", "所属")),
    "short": Column("简称", "short name", ("short",)),
    "attribute.party_committee": Column(
        "设党委", "party committee", ("是否设党委", "党委", "是否设基层党委", "设基层党委", "party_committee")
    ),
    "attribute.school_level": Column(
        "学校类别", "school level", ("学校类型", "学段", "办学层次", "school_level", "level")
    ),
    "person.responsible": Column("第一责任人", "responsible person", ("责任人", "党组织负责人", "responsible")),
    "person.directly_responsible": Column(
        "直接责任人", "directly responsible", ("分管领导", "directly responsible person", "directly_responsible")
    ),
    "person.liaison": Column("联络员", "liaison", ("联系人", "联络人")),
    "person.phone": Column("联系电话", "phone", ("电话", "手机", "手机号", "手机号码", "联系方式", "telephone")),
    "group": Column("指导检查组", "inspection group", ("检查组", "指导组", "group")),
    "closed": Column("已撤销", "closed", ("撤销", "是否撤销")),
}

_OWN: Final = re.compile(r"(?P<group>属性|attribute|人员|person)[:：.](?P<name>.{1,40})")
_OWN_GROUPS: Final = {"属性": "attribute", "attribute": "attribute", "人员": "person", "person": "person"}
_NUMBERING: Final = frozenset({"序号", "no", "no.", "#"})


_BY_HEADING: Final = {
    folded(heading): key for key, column in COLUMNS.items() for heading in (column.zh, column.en, key, *column.aliases)
}


def column_title(key: str, lang: Lang) -> str:
    """What a person calls the column; one of somebody's own goes by the name it was given."""
    if column := COLUMNS.get(key):
        return column.zh if lang == "zh" else column.en
    group, _, name = key.partition(".")
    zh = {"attribute": "属性:", "person": "人员:"}.get(group)
    return key if zh is None else (zh if lang == "zh" else f"{group}:") + name


class Header(NamedTuple):
    """Which cell of a row is which column, and how many cells a row has."""

    keys: Mapping[int, str]
    width: int


def header_of(rows: Sequence[Row], tally: Tally) -> tuple[Header, int] | None:
    """The header and the number of rows up to it, or nothing and a problem.

    The header is the first row that has a name and a code or a kind. Unknown headings are warned of, once each.
    """
    for position, row in enumerate(rows[:HEADER_ROWS]):
        headings = [cell.text if isinstance(cell, Odd) else cell for cell in row.cells]
        keys = [_key_of(heading) for heading in headings]
        if "name" in keys and ("code" in keys or "kind" in keys):
            return _checked(row, headings, keys, tally), position + 1
    tally.add(Place(rows[0].place.file), "no-header", rows=HEADER_ROWS)
    return None


def _checked(row: Row, headings: Sequence[str], keys: Sequence[str], tally: Tally) -> Header:
    for index, (heading, key) in enumerate(zip(headings, keys, strict=True)):
        if key and key in keys[:index]:
            tally.add(Place(row.place.file), "duplicate-column", key, title=heading)
        elif not key and heading.strip() and folded(heading) not in _NUMBERING:
            tally.add(row.place, "unknown-column", title=clean_text(heading))
    return Header({index: key for index, key in enumerate(keys) if key}, len(keys))


def _key_of(heading: str) -> str:
    if own := _OWN.fullmatch(clean_text(heading)):
        key = f"{_OWN_GROUPS[own['group']]}.{own['name'].strip()}"
        return _BY_HEADING.get(folded(key), key)
    return _BY_HEADING.get(folded(heading), "")
