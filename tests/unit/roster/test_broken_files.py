"""Every problem code is provoked by a broken file, is told with its place, and reads well in both languages."""

from __future__ import annotations

import re
import string
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import NoReturn

import openpyxl
import pytest

from server.roster import table
from server.roster.entries import Reading
from server.roster.groups import plan_groups
from server.roster.messages import MESSAGES
from server.roster.plan import ImportPlan, plan_import
from server.roster.problems import WARNINGS, Place, RowProblem, Tally
from server.roster.report import problem_lines, report
from server.roster.sheet import read_sheet
from server.roster.statistics import read_statistics
from shared.roster import Lang, Unit, UnitKind

from .drill import DISTRICT, board, imported, sheet, workbook

Folder = Path
HEAD = "编码,名称,类型,上级,学校类别,设党委\n"


def written(folder: Folder, content: str | bytes, name: str = "broken.csv") -> Reading:
    """What a file of this content says when it is read from the disk."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_sheet(path)


def row(line: str) -> Callable[[Folder], ImportPlan]:
    """The plan of a sheet with one row."""
    return lambda folder: planned(written(folder, f"{HEAD}{line}\n"))


def planned(reading: Reading, current: dict[str, Unit] | None = None) -> ImportPlan:
    return plan_import(board() if current is None else current, reading, DISTRICT)


def division(text: str) -> Callable[[Folder], ImportPlan]:
    """The plan of a division's file over the board of the tests."""

    def case(folder: Folder) -> ImportPlan:
        (folder / "broken.csv").write_text(text, "utf-8")
        return planned(read_statistics([folder / "broken.csv"], DISTRICT))

    return case


class Locked(type(Path())):  # type: ignore[misc]
    """A file that may be seen and not be read."""

    def open(self, *args: object, **kwargs: object) -> NoReturn:
        raise PermissionError(13, "Permission denied")


def unreadable(folder: Folder) -> ImportPlan:
    (folder / "broken.csv").touch()
    return planned(read_sheet(Locked(folder / "broken.csv")))


def other_sheet(folder: Folder) -> ImportPlan:
    book = openpyxl.Workbook()
    for page in (book.worksheets[0], book.create_sheet("乙镇")):
        page.append(["编码", "名称"])
        page.append(["340111001", "骆岗街道"])
    book.save(folder / "broken.xlsx")
    return planned(read_sheet(folder / "broken.xlsx"))


def merged(folder: Folder) -> ImportPlan:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["编码", "名称"])
    book.worksheets[0].append(["340111001", "骆岗街道"])
    book.worksheets[0].merge_cells("A2:A3")
    book.save(folder / "broken.xlsx")
    return planned(read_sheet(folder / "broken.xlsx"))


def swollen(folder: Folder) -> ImportPlan:
    with zipfile.ZipFile(folder / "broken.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (100 * 1024 * 1024))
    return planned(read_sheet(folder / "broken.xlsx"))


def saved(*rows: list[object]) -> Callable[[Folder], ImportPlan]:
    return lambda folder: planned(written(folder, workbook(*rows).raw, "broken.xlsx"))


def full(folder: Folder) -> ImportPlan:
    taken = {f"340111001-S{n:02d}": school(f"340111001-S{n:02d}", f"第{n}小学") for n in range(1, 1000)}
    return planned(written(folder, f"{HEAD},新小学,学校,340111001,小学,\n"), board() | taken)


def school(code: str, name: str) -> Unit:
    return Unit(code, name, name, UnitKind.SCHOOL, code[:9], {"school_level": "primary"})


def crowd(folder: Folder) -> ImportPlan:
    many = {
        f"340111001{n:03d}": Unit(f"340111001{n:03d}", "某", "某", UnitKind.COMMUNITY, "340111001")
        for n in range(100, 150)
    }
    text = "code,name\n340111001008,官塘社区居民委员会\n"
    (folder / "broken.csv").write_text(text, "utf-8")
    return planned(read_statistics([folder / "broken.csv"], DISTRICT), board() | many)


def namesakes(folder: Folder) -> ImportPlan:
    two = {code: school(code, "骆岗小学") for code in ("340111001-S01", "340111001-S02")}
    return planned(written(folder, f"{HEAD},骆岗小学,学校,340111001,小学,\n"), board() | two)


def twin_streets(folder: Folder) -> ImportPlan:
    twin = Unit("340111003", "骆岗街道", "骆岗街道", UnitKind.STREET_ORGAN, "340111")
    return planned(written(folder, f"{HEAD},某小学,学校,骆岗街道,小学,\n"), board() | {twin.code: twin})


def groups(text: str) -> Callable[[Folder], ImportPlan]:
    def case(folder: Folder) -> ImportPlan:
        (folder / "broken.csv").write_text(text, "utf-8")
        return ImportPlan(problems=plan_groups(folder / "broken.csv", (), "abc").problems)

    return case


CASES: dict[str, Callable[[Folder], ImportPlan]] = {
    "file-missing": lambda folder: planned(read_sheet(folder / "none.csv")),
    "file-no-file": lambda folder: planned(read_sheet(folder)),
    "file-unreadable": unreadable,
    "file-too-big": lambda folder: planned(written(folder, b"a" * (table.MAX_BYTES + 1))),
    "file-empty": lambda folder: planned(written(folder, "")),
    "wrong-encoding": lambda folder: planned(written(folder, HEAD.encode("utf-16"))),
    "damaged-utf8": lambda folder: planned(written(folder, HEAD.encode() + b"\xff\n")),
    "old-excel": lambda folder: planned(written(folder, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "broken.xls")),
    "not-xlsx": lambda folder: planned(written(folder, HEAD, "broken.xlsx")),
    "xlsx-damaged": lambda folder: planned(written(folder, workbook(["编码"]).raw[:500], "broken.xlsx")),
    "xlsx-swollen": swollen,
    "no-header": lambda folder: planned(written(folder, "骆岗街道,常青街道\n340111001,340111002\n")),
    "no-group-header": groups("名称\n第一组\n"),
    "duplicate-group": groups("名称,组长\n第一组,张三\n第一组,李四\n"),
    "duplicate-column": lambda folder: planned(written(folder, "编码,名称,代码\n340111001,骆岗街道,340111002\n")),
    "too-many-rows": lambda folder: planned(written(folder, HEAD + "3,a\n" * (table.MAX_ROWS + 1))),
    "too-many-columns": lambda folder: planned(written(folder, HEAD + "," * table.MAX_COLUMNS + "甲\n")),
    "nothing-in-area": division("code,name\n340102001,明光路街道\n"),
    "area-bad": lambda folder: plan_import({}, written(folder, HEAD + "340111001,骆岗街道\n"), ["34011"]),
    "merged-cells": merged,
    "other-sheets": other_sheet,
    "unknown-column": lambda folder: planned(written(folder, "编码,名称,备注\n340111001,骆岗街道,好\n")),
    "row-broken": row('340111001,"骆岗街道'),
    "too-many-cells": row("340111001,骆岗街道,街道机关,,,,多"),
    "cell-too-long": row("340111001," + "骆" * 2001),
    "control-character": row("340111001,骆\x1b[31m岗街道"),
    "private-use": row("340111001,骆\ue170街道"),
    "lost-character": row("340111001,骆\ufffd街道"),
    "date-cell": saved(["编码", "名称"], ["340111001", date(2026, 3, 1)]),
    "error-cell": saved(["编码", "名称"], ["340111001", "#REF!"]),
    "code-number": row("3.40111E+11,骆岗街道"),
    "code-bad": row("34011,骆岗街道"),
    "code-blank": division("code,name\n,骆岗街道\n"),
    "code-missing": row(",某社区,社区,骆岗街道"),
    "name-missing": row("340111005,,街道机关"),
    "kind-missing": row(",某小学,,骆岗街道"),
    "kind-bad": row("340111001,骆岗街道,两新组织"),
    "yes-or-no-bad": row("340111001,骆岗街道,,,,也许"),
    "choice-bad": row(",某大学,学校,骆岗街道,大学,"),
    "number-bad": lambda folder: planned(written(folder, "编码,名称,党员数\n340111001,骆岗街道,约五十\n")),
    "number-range": lambda folder: planned(written(folder, "编码,名称,党员数\n340111001,骆岗街道,46000000\n")),
    "day-bad": lambda folder: planned(written(folder, "编码,名称,上报日期\n340111001,骆岗街道,11月底\n")),
    "parent-bad": row("340111001008,官塘社区居民委员会,,340111002"),
    "outside-scope": row("340102001,明光路街道"),
    "duplicate-code": row("340111001,骆岗街道\n340111001,望湖街道"),
    "repeated-row": row("340111001,骆岗街道\n340111001,骆岗街道"),
    "duplicate-name": row(",骆岗小学,学校,骆岗街道,小学\n,骆岗小学,学校,340111001,小学"),
    "name-ambiguous": namesakes,
    "same-name": row("340111001010,官塘社区居民委员会"),
    "parent-missing": row(",某小学,学校,"),
    "parent-unknown": row(",某小学,学校,望湖街道"),
    "parent-ambiguous": twin_streets,
    "parent-closed": division("code,name\n340111001,骆岗街道\n"),
    "kind-code": row("340111001,骆岗街道,村"),
    "numbers-used-up": full,
    "school-level-missing": row(",某学校,学校,骆岗街道"),
    "closes-many": crowd,
    "closing-withheld": division("code,name\n340111001008,官塘社区居民委员会\n340111001009,\n"),
}


def test_every_code_has_its_broken_file() -> None:
    assert set(CASES) == set(MESSAGES)
    assert set(MESSAGES) >= WARNINGS


@pytest.mark.parametrize("code", CASES)
def test_a_broken_file_is_told_and_raises_nothing(code: str, tmp_path: Path) -> None:
    plan = CASES[code](tmp_path)
    (found,) = [problem for problem in plan.problems.listed if problem.code == code]
    assert plan.ready is (plan.problems.errors == 0)
    assert found.warns_only is (code in WARNINGS)
    languages: tuple[Lang, ...] = ("zh", "en")
    for lang in languages:
        (line,) = [each for each in problem_lines(plan.problems, lang) if _sentence(found, lang).search(each)]
        assert found.file in line
        assert not found.row or str(found.row) in line
        assert line in report(plan, lang)


def _sentence(problem: RowProblem, lang: Lang) -> re.Pattern[str]:
    """The problem's sentence with whatever its values are, and no place left open."""
    words = MESSAGES[problem.code].zh if lang == "zh" else MESSAGES[problem.code].en
    return re.compile("[^{]+".join(re.escape(piece) for piece in re.split(r"{\w+}", words)) + "$")


@pytest.mark.parametrize("code", sorted(set(CASES) - WARNINGS - {"duplicate-code", "duplicate-name", "area-bad"}))
def test_a_row_or_file_with_an_error_changes_nothing(code: str, tmp_path: Path) -> None:
    plan = CASES[code](tmp_path)
    assert not plan.ready
    assert (plan.added, plan.closed, plan.reopened) == ((), (), ())


def test_a_code_that_has_no_sentence_cannot_be_told() -> None:
    with pytest.raises(KeyError):
        Tally().add(Place("x"), "no-such-code")


def test_both_languages_say_the_same_things_of_a_problem() -> None:
    for code, words in MESSAGES.items():
        fields = [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in words]
        assert fields[0] == fields[1], code


def test_rows_up_to_the_bound_are_read() -> None:
    lines = "".join(f"{340111001000 + n % 900 + 1},甲\n" for n in range(3000))
    assert len(sheet("编码,名称\n" + lines).entries) == 3000


def test_a_sound_file_beside_a_broken_one_still_counts(tmp_path: Path) -> None:
    good = written(tmp_path, f"{HEAD}340111001,骆岗街道\n", "good.csv")
    assert imported({}, good).keys() == {"340111001"}
