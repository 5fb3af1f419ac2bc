"""The sheet that an office fills in: empty with examples, or with the roster as it stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

import openpyxl
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from server.atomic import write_aside
from server.roster.columns import COLUMNS, column_title
from server.roster.paper import bytes_of, write_rows
from server.roster.sheet import EXAMPLE
from server.roster.workbook import NOTES_SHEET
from shared.board.change import JSON
from shared.board.unit import values_of
from shared.people.fields import UNIT_FIELDS, group_of_field
from shared.people.words import value_told
from shared.roster import KIND_TITLES, Unit
from shared.spreadsheet import TEXT_FORMAT, csv_of

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_SHEET: Final = "名册"
_LAST_CHECKED_ROW: Final = 5_000
_WIDTHS: Final = {"code": 20, "name": 32, "parent": 16, "person.phone": 16}
_KINDS: Final = tuple(zh for zh, _ in KIND_TITLES.values())
_YES_NO: Final = ("是", "否")
_EXAMPLES: Final = (
    {
        "code": f"{EXAMPLE} 340111001008",
        "name": "官塘社区居民委员会",
        "kind": "社区",
        "parent": "340111001",
        "attribute.party_committee": "是",
        "person.liaison": "张三",
        "person.phone": "0551-00000000",
        "person.instructor": "李四",
        "figure.members": "46",
        "tie.department": "区民政局",
    },
    {
        "code": EXAMPLE,
        "name": "骆岗小学",
        "kind": "中小学校",
        "parent": "骆岗街道",
        "attribute.school_level": "小学",
        "group": "第一指导检查组",
    },
)
_NOTES: Final = (
    f"以「{EXAMPLE}」或 # 开头的行不导入。",
    "编码是文本：镇街机关 9 位，村、社区 12 位。学校、医院、两新组织等没有编码的可留空，导入时自动编号。",
    "上级填编码或名称；同名的请填编码。",
    f"类型可填：{'、'.join(_KINDS)}。",
    "空格表示不改动原有内容；要清除原有内容请填「无」。",
    "「已撤销」以后的各列按需填写，不用的列可以删去；党员数等只填整数，日期写成 2026-11-23。",
    "自定义项的表头写「属性:名称」「人员:名称」「数据:名称」（只填整数）或「联系:名称」。",
)


def template_csv(units: Iterable[Unit] = ()) -> bytes:
    """The sheet as CSV in UTF-8 with a mark, which Excel needs to read Chinese; no cell of it runs as a formula."""
    return csv_of(_records(tuple(units)))


def template_xlsx(units: Iterable[Unit] = ()) -> bytes:
    """The sheet as a workbook: columns are text, so that Excel keeps every digit, and choices can be picked."""
    book = openpyxl.Workbook()
    sheet = cast("Worksheet", book.active)
    sheet.title = _SHEET
    records = _records(tuple(units))
    write_rows(sheet, records)
    _dress(sheet, records[0])
    write_rows(book.create_sheet(NOTES_SHEET), [[line] for line in _NOTES])
    return bytes_of(book)


def write_template(path: Path, units: Iterable[Unit] = ()) -> None:
    """Write the sheet, as a workbook if the name ends in `.xlsx` and as CSV otherwise; wholly or not at all."""
    make = template_xlsx if path.suffix.lower() == ".xlsx" else template_csv
    write_aside(path, [make(units)])


def _records(units: Sequence[Unit]) -> list[list[str]]:
    keys = [*COLUMNS, *_own_keys(units)]
    heading = [column_title(key, "zh") for key in keys]
    rows: list[dict[str, str]] = [_cells(unit) for unit in units] or [dict(example) for example in _EXAMPLES]
    return [heading, *([cells.get(key, "") for key in keys] for cells in rows)]


def _own_keys(units: Sequence[Unit]) -> list[str]:
    return sorted({name for unit in units for name in _told(unit)} - set(COLUMNS))


def _cells(unit: Unit) -> dict[str, str]:
    return {
        "code": unit.code,
        "name": unit.name,
        "kind": KIND_TITLES[unit.kind][0],
        "parent": unit.parent,
        "short": unit.short,
        "group": unit.group,
        "closed": "是" if unit.closed else "",
        **{name: value_told(name, value, "zh") for name, value in _told(unit).items()},
    }


def _told(unit: Unit) -> dict[str, JSON]:
    """What is known of a unit beside its name, as its record has it."""
    return {name: value for name, value in values_of(unit).items() if group_of_field(name)}


def _dress(sheet: Worksheet, heading: Sequence[str]) -> None:
    sheet.freeze_panes = "C2"
    for index, key in enumerate([*COLUMNS, *heading[len(COLUMNS) :]], 1):
        dimension = sheet.column_dimensions[get_column_letter(index)]
        dimension.width = _WIDTHS.get(key, 14)
        dimension.number_format = TEXT_FORMAT
        sheet.cell(1, index).font = Font(bold=True)
    _offer(sheet, "kind", _KINDS)
    _offer(sheet, "closed", _YES_NO)
    for name, each in UNIT_FIELDS.items():
        if choices := _YES_NO if each.field.kind == "tick" else tuple(option.title for option in each.field.options):
            _offer(sheet, name, choices)


def _offer(sheet: Worksheet, key: str, choices: Sequence[str]) -> None:
    letter = get_column_letter(list(COLUMNS).index(key) + 1)
    # Offered, not enforced: an alias that somebody types is understood all the same.
    offer = DataValidation(type="list", formula1=f'"{",".join(choices)}"', allow_blank=True, showErrorMessage=False)
    sheet.add_data_validation(offer)
    offer.add(f"{letter}2:{letter}{_LAST_CHECKED_ROW}")
