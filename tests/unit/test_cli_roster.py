"""`guatu-server roster`: what an import writes, and what it never does."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.clerk import DATA, STATISTICS, answer, changes, parsed, refusal, run

SHEET = "编码,名称,类型,学校类别,联络员\n340111001-S01,骆岗小学,学校,小学,张三\n"
pytestmark = pytest.mark.usefixtures("english")


def test_baohe_has_149_units(district: Path) -> None:
    units = parsed(run("roster", "list", district, "--json"))
    assert len(units) == 149
    assert len(answer(run("roster", "list", district)).splitlines()) == 150


def test_importing_again_writes_nothing(district: Path) -> None:
    head = parsed(run("check", district, "--json"))["head"]
    answer(run("roster", "import", district, *STATISTICS))
    assert parsed(run("check", district, "--json"))["head"] == head


def test_a_dry_run_writes_nothing(board: Path) -> None:
    said = answer(run("roster", "import", board, *STATISTICS, "--dry-run"))
    assert "149 added" in said
    assert parsed(run("roster", "list", board, "--json")) == []


def test_an_import_is_one_act_and_enters_only_what_changes_over_what_stood(district: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.csv"
    sheet.write_text(SHEET, "utf-8")
    answer(run("roster", "import", district, sheet))
    sheet.write_text(SHEET.replace("张三", "李四"), "utf-8")
    answer(run("roster", "import", district, sheet))
    first, second = changes(district)[-2:]
    assert second["set"] == {"person.liaison": "李四"}
    assert second["seen"] == {"person.liaison": [first["id"]]}
    acts = {change["act"] for change in changes(district) if change["record"].startswith("unit/")}
    assert len(acts) == 3


def test_a_unit_that_is_gone_is_closed_and_never_deleted(district: Path, tmp_path: Path) -> None:
    shorter = tmp_path / "villages.csv"
    lines = (DATA / "baohe-villages.csv").read_text("utf-8").splitlines(keepends=True)
    shorter.write_text("".join(lines[:-1]), "utf-8")
    answer(run("roster", "import", district, "--streets", DATA / "baohe-streets.csv", "--villages", shorter))
    gone = lines[-1].partition(",")[0]
    assert changes(district)[-1]["set"] == {"closed": True}
    units = {unit["code"]: unit for unit in parsed(run("roster", "list", district, "--json"))}
    assert len(units) == 149
    assert units[gone]["closed"] is True
    answer(run("roster", "import", district, *STATISTICS))
    assert changes(district)[-1]["set"] == {"closed": False}


def test_nothing_is_written_while_a_row_is_wrong(district: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.csv"
    sheet.write_text(SHEET + "3.40111E+11,坏行,村,,\n", "utf-8")
    head = parsed(run("check", district, "--json"))["head"]
    result = run("roster", "import", district, sheet)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "row 3" in result.stderr
    assert parsed(run("check", district, "--json"))["head"] == head


def test_an_own_column_is_kept_under_its_own_name(district: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.csv"
    sheet.write_text("编码,名称,属性:党员数\n340111001,骆岗街道,312\n", "utf-8")
    answer(run("roster", "import", district, sheet))
    assert changes(district)[-1]["set"] == {"attribute.党员数": "312"}
    assert parsed(run("check", district, "--json"))["ok"]


def test_an_own_column_that_no_record_can_hold_is_refused(district: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.csv"
    sheet.write_text("编码,名称,属性:党员 人数\n340111001,骆岗街道,312\n", "utf-8")
    assert "'attribute.党员 人数'" in refusal(run("roster", "import", district, sheet), 1)


@pytest.mark.parametrize("words", [(), ("sheet.csv", *STATISTICS)])
def test_an_import_takes_either_a_sheet_or_the_divisions_files(board: Path, words: tuple[str, ...]) -> None:
    assert refusal(run("roster", "import", board, *words), 2).startswith("give either a sheet, or --streets")


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_a_template_filled_with_the_board_changes_nothing_when_it_comes_back(
    district: Path, tmp_path: Path, suffix: str
) -> None:
    head = parsed(run("check", district, "--json"))["head"]
    sheet = tmp_path / f"roster.{suffix}"
    answer(run("roster", "template", sheet, "--board", district))
    assert "149 unchanged" in answer(run("roster", "import", district, sheet))
    assert parsed(run("check", district, "--json"))["head"] == head


def test_a_template_is_a_sheet(tmp_path: Path) -> None:
    assert refusal(run("roster", "template", tmp_path / "roster.doc"), 2).startswith("roster.doc: the name must end in")
