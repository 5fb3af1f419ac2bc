"""The columns of a roster sheet and every heading they go by."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from server.roster.problems import Place, Tally
from server.roster.table import Odd, Row
from shared.people.fields import GROUPS, UNIT_FIELDS, group_of_field
from shared.people.words import folded
from shared.roster import Lang, clean_text

HEADER_ROWS: Final = 10
"""A sheet may have a title and a date above its header, but not more than this."""


class Column(NamedTuple):
    """What a column is called on paper and on screen, and the other headings it goes by."""

    zh: str
    en: str
    aliases: tuple[str, ...]


ESSENTIAL: Final = (
    "attribute.party_committee", "attribute.school_level",
    "person.responsible", "person.directly_responsible", "person.liaison", "person.phone",
)  # fmt: skip


def _of_table(names: Iterable[str]) -> dict[str, Column]:
    fields = {name: UNIT_FIELDS[name] for name in names}
    return {name: Column(each.field.title, each.field.title_en, each.headings) for name, each in fields.items()}


COLUMNS: Final[Mapping[str, Column]] = {
    "code": Column("编码", "code", ("代码", "单位编码", "单位代码", "区划代码", "统计用区划代码", "unit code")),
    "name": Column("名称", "name", ("单位名称", "单位", "参学单位", "全称", "unit", "unit name")),
    "kind": Column("类型", "kind", ("类别", "单位类型", "单位类别", "type")),
    "parent": Column("上级", "parent", ("隶属", "隶属单位", "隶属关系", "上级单位", "上级编码", "所属镇街", "所属")),
    "short": Column("简称", "short name", ("short",)),
    **_of_table(ESSENTIAL),
    "group": Column("指导检查组", "inspection group", ("检查组", "指导组", "group")),
    "closed": Column("已撤销", "closed", ("撤销", "是否撤销")),
    **_of_table([name for name in UNIT_FIELDS if name not in ESSENTIAL]),
}
"""What every office fills in comes first, what the table of a unit's fields holds besides comes behind."""

GROUP_COLUMNS: Final[Mapping[str, Column]] = {
    "group.name": Column("名称", "name", ("检查组", "指导检查组", "组名", "group")),
    "group.head": Column("组长", "head", ("负责人", "leader")),
    "group.members": Column("成员", "members", ("组员",)),
    "group.phone": Column("电话", "phone", ("联系电话", "手机", "联系方式")),
    "group.areas": Column("负责区域", "areas", ("区域", "辖区", "负责镇街", "area")),
    "group.closed": Column("已撤销", "closed", ("撤销",)),
}
"""The columns of the sheet of inspection groups."""

_OWN: Final = re.compile(
    rf"(?P<group>{'|'.join((*GROUPS, *(zh for zh, _ in GROUPS.values())))})[:：.](?P<name>.{{1,40}})"
)
_OWN_GROUPS: Final = {word: group for group, (zh, _) in GROUPS.items() for word in (group, zh)}
_NUMBERING: Final = frozenset({"序号", "no", "no.", "#"})


_BY_HEADING: Final = {
    folded(heading): key for key, column in COLUMNS.items() for heading in (column.zh, column.en, key, *column.aliases)
}


def column_title(key: str, lang: Lang) -> str:
    """What a person calls the column; one of somebody's own goes by the name it was given."""
    if column := COLUMNS.get(key) or GROUP_COLUMNS.get(key):
        return column.zh if lang == "zh" else column.en
    group = group_of_field(key)
    if not group:
        return key
    return f"{GROUPS[group][0] if lang == 'zh' else group}:{key.partition('.')[2]}"


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
