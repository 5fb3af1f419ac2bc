"""The sheet that an office fills in: empty with examples, or with the roster as it stands."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

import openpyxl
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from server.atomic import write_aside
from server.roster.columns import COLUMNS
from server.roster.sheet import EXAMPLE
from server.roster.table import escaped
from server.roster.workbook import NOTES_SHEET
from shared.roster import KIND_TITLES, Unit

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_SHEET: Final = "名册"
_TEXT_FORMAT: Final = "@"
_LAST_CHECKED_ROW: Final = 5_000
_WIDTHS: Final = {"code": 20, "name": 32, "parent": 16, "person.phone": 16}
_KINDS: Final = tuple(zh for zh, _ in KIND_TITLES.values())
_LEVELS: Final = {"middle": "中学", "primary": "小学"}
_EXAMPLES: Final = (
    {
        "code": f"{EXAMPLE} 340111001008",
        "name": "官塘社区居民委员会",
        "kind": "社区",
        "parent": "340111001",
        "attribute.party_committee": "是",
        "person.liaison": "张三",
        "person.phone": "0551-00000000",
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
    "自定义项的表头写「属性:名称」或「人员:名称」。",
)


def template_csv(units: Iterable[Unit] = ()) -> bytes:
    """The sheet as CSV in UTF-8 with a mark, which Excel needs to read Chinese; no cell of it runs as a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    for record in _records(tuple(units)):
        writer.writerow([escaped(cell) for cell in record])
    return text.getvalue().encode("utf-8-sig")


def template_xlsx(units: Iterable[Unit] = ()) -> bytes:
    """The sheet as a workbook: columns are text, so that Excel keeps every digit, and choices can be picked."""
    book = openpyxl.Workbook()
    sheet = cast("Worksheet", book.active)
    sheet.title = _SHEET
    records = _records(tuple(units))
    for row, record in enumerate(records, 1):
        for column, value in enumerate(record, 1):
            _put(sheet, row, column, value)
    _dress(sheet, records[0])
    notes = book.create_sheet(NOTES_SHEET)
    for row, line in enumerate(_NOTES, 1):
        _put(notes, row, 1, line)
    raw = io.BytesIO()
    book.save(raw)
    return raw.getvalue()


def write_template(path: Path, units: Iterable[Unit] = ()) -> None:
    """Write the sheet, as a workbook if the name ends in `.xlsx` and as CSV otherwise; wholly or not at all."""
    make = template_xlsx if path.suffix.lower() == ".xlsx" else template_csv
    write_aside(path, [make(units)])


def _records(units: Sequence[Unit]) -> list[list[str]]:
    keys = [*COLUMNS, *_own_keys(units)]
    heading = [COLUMNS[key].zh if key in COLUMNS else _own_heading(key) for key in keys]
    rows: list[dict[str, str]] = [_cells(unit) for unit in units] or [dict(example) for example in _EXAMPLES]
    return [heading, *([cells.get(key, "") for key in keys] for cells in rows)]


def _own_keys(units: Sequence[Unit]) -> list[str]:
    keys = {f"attribute.{name}" for unit in units for name in unit.attributes}
    keys |= {f"person.{name}" for unit in units for name in unit.people}
    return sorted(keys - set(COLUMNS))


def _own_heading(key: str) -> str:
    group, _, name = key.partition(".")
    return f"{'属性' if group == 'attribute' else '人员'}:{name}"


def _cells(unit: Unit) -> dict[str, str]:
    cells = {
        "code": unit.code,
        "name": unit.name,
        "kind": KIND_TITLES[unit.kind][0],
        "parent": unit.parent,
        "short": unit.short,
        "group": unit.group,
        "closed": "是" if unit.closed else "",
    }
    for name, value in unit.attributes.items():
        cells[f"attribute.{name}"] = ("是" if value else "否") if isinstance(value, bool) else value
    level = cells.get("attribute.school_level", "")
    cells["attribute.school_level"] = _LEVELS.get(level, level)
    return cells | {f"person.{name}": value for name, value in unit.people.items()}


def _put(sheet: Worksheet, row: int, column: int, value: str) -> None:
    cell = sheet.cell(row, column)
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
    # Typed as text whatever it begins with: a name that starts with "=" is a name.
    cell.data_type = "s"
    cell.number_format = _TEXT_FORMAT
    cell.quotePrefix = True


def _dress(sheet: Worksheet, heading: Sequence[str]) -> None:
    sheet.freeze_panes = "C2"
    for index, key in enumerate([*COLUMNS, *heading[len(COLUMNS) :]], 1):
        dimension = sheet.column_dimensions[get_column_letter(index)]
        dimension.width = _WIDTHS.get(key, 14)
        dimension.number_format = _TEXT_FORMAT
        sheet.cell(1, index).font = Font(bold=True)
    _offer(sheet, "kind", _KINDS)
    _offer(sheet, "attribute.party_committee", ("是", "否"))
    _offer(sheet, "attribute.school_level", tuple(_LEVELS.values()))
    _offer(sheet, "closed", ("是", "否"))


def _offer(sheet: Worksheet, key: str, choices: Sequence[str]) -> None:
    letter = get_column_letter(list(COLUMNS).index(key) + 1)
    # Offered, not enforced: an alias that somebody types is understood all the same.
    offer = DataValidation(type="list", formula1=f'"{",".join(choices)}"', allow_blank=True, showErrorMessage=False)
    sheet.add_data_validation(offer)
    offer.add(f"{letter}2:{letter}{_LAST_CHECKED_ROW}")
