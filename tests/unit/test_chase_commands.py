"""`guatu today` and `guatu chase`: the day and the chase list in the shell, as JSON, as CSV and as a workbook."""

from __future__ import annotations

import csv
import io
import stat
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from shared.board.change import JSON, Change
from shared.board.record import step_address, unit_address
from tests.logbook import Logbook
from tests.shell import COMMUNITY, FAR, VILLAGE, Shell, district, entry, write
from tests.tui import boards
from tui.commands.failing import Code

pytestmark = pytest.mark.usefixtures("english")
TOWN = "340111001"
NASTY = "＝HYPERLINK(\x1b[2J)\n二"


def ago(days: int) -> str:
    """A day so many days before today, by the laptop's own clock."""
    return (date.today() - timedelta(days)).isoformat()


def problem(no: int, days: int, code: str = VILLAGE, **values: JSON) -> Change:
    """An open problem that was due so many days ago."""
    named = {"title": f"问题{no}", "severity": "low", "stage": "open", "due_on": ago(days), **values}
    return entry(no, named, f"problem/{code}/{no:032x}")


def late() -> Logbook:
    """A district with a problem on each rung, one that is due today, and one that waits for its check."""
    book = district()
    people = {"person.liaison": "@张\x1b三", "person.phone": "+86 551", "person.responsible": "王一"}
    write(book, entry(100, people, unit_address(VILLAGE)))
    write(book, problem(201, 1, number="2026-340111001-001"))
    write(book, problem(202, 3, COMMUNITY, responsible="=赵二"))
    write(book, problem(203, 7, FAR, title=NASTY))
    write(book, problem(204, 0))
    write(book, problem(205, 9, stage="measured", measured_on=ago(8)))
    return book


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path / "guatu", late())


def problems(rows: list[dict[str, Any]]) -> list[tuple[str, int, int]]:
    """Unit, days and rung of the problems among these lines; which steps are late depends on the day of the test."""
    return [(row["unit"], row["days"], row["rung"]) for row in rows if row["problem"] is not None]


def numbers(part: dict[str, Any]) -> list[str]:
    return [item["title"] for item in part["items"] if item.get("problem")]


# --- chase ---


def test_the_list_tells_other_programs_what_is_late_where_it_stands_and_whom_to_call(shell: Shell) -> None:
    rows = shell.tell("chase")
    assert problems(rows) == [(FAR, 7, 3), (COMMUNITY, 3, 2), (VILLAGE, 1, 1)]
    village = next(row for row in rows if row["problem"] == "2026-340111001-001")
    assert (village["liaison"], village["phone"], village["responsible"]) == ("@张\x1b三", "+86 551", "王一")
    assert (village["town"], village["town_name"], village["kind"]) == (TOWN, "骆岗街道", "village")
    assert (village["due"], village["rung_title_en"], village["light"]) == (ago(1), "unit", "逾")


@pytest.mark.parametrize(
    ("words", "units"),
    [
        (("--town", TOWN), [COMMUNITY, VILLAGE]),
        (("--town", "340111100"), [FAR]),
        (("--rung", "2"), [COMMUNITY]),
        (("--town", TOWN, "--rung", "1"), [VILLAGE]),
    ],
)
def test_a_town_or_a_rung_can_be_asked_for(shell: Shell, words: tuple[str, ...], units: list[str]) -> None:
    assert [unit for unit, _days, _rung in problems(shell.tell("chase", *words))] == units


def test_it_is_told_in_words_with_the_ladder_and_nothing_typed_steers_the_terminal(shell: Shell) -> None:
    said = shell.say("chase")
    assert f"逾 1 day  陆大村 (骆岗街道)  2026-340111001-001 问题201  due {ago(1)}  liaison @张?三 +86 551" in said
    assert said.splitlines()[-1] == "Ladder, by days past due: 0 unit  +3 town  +7 district"
    assert "\x1b" not in said


def test_a_laptop_on_which_nothing_is_late_says_so(tmp_path: Path) -> None:
    shell = Shell(tmp_path / "guatu", district(), areas=("340199",))
    assert shell.say("chase").startswith("Nothing is past due.\n")
    assert shell.tell("chase") == []


def test_a_csv_opens_in_a_spreadsheet_and_none_of_its_cells_runs(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "单.csv"
    assert f"Written to {path}" in shell.say("chase", "--csv", path)
    raw = path.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    heading, *rows = csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""))
    assert heading[:7] == ["unit", "code", "town", "kind", "liaison", "phone", "responsible"]
    assert len(rows) == len(shell.tell("chase"))
    cells = {cell for row in rows for cell in row}
    assert {"'@张?三", "'+86 551", "'=赵二", "T-000000 ＝HYPERLINK(?[2J) 二"} <= cells
    assert not [cell for cell in cells if cell.startswith(tuple("=+-@\t\r＝＋－＠"))]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_workbook_holds_the_same_as_text(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "chase.xlsx"
    shell.say("chase", "--xlsx", path, lang="zh")
    page: Any = openpyxl.load_workbook(path).worksheets[0]
    cells = [cell for row in page.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert {"@张?三", "+86 551", "=赵二"} <= {cell.value for cell in cells}
    assert page.max_row == 1 + len(shell.tell("chase"))


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
def test_a_file_that_is_there_is_written_over_by_force_alone(shell: Shell, tmp_path: Path, name: str) -> None:
    path, option = tmp_path / name, f"--{name[2:]}"
    path.write_bytes(b"mine")
    assert "is there already" in shell.refuse("chase", option, path)
    assert path.read_bytes() == b"mine"
    shell.say("chase", option, path, "--force")
    assert path.read_bytes() != b"mine"
    assert [each.name for each in tmp_path.iterdir() if each.is_file()] == [name]


def test_where_no_file_can_be_written_none_is_left(shell: Shell, tmp_path: Path) -> None:
    line = shell.refuse("chase", "--csv", tmp_path / "none" / "a.csv", code=Code.DISK)
    assert "a.csv cannot be read or written" in line


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("--rung", "4"), "There is no rung 4; the ladder is: 1 unit, 2 town, 3 district."),
        (("--rung", "0"), "There is no rung 0"),
        (("--town", "340199"), "No unit of 340199 is on this laptop."),
        (("--json", "--csv", "a.csv"), "Say only one of --json, --csv and --xlsx."),
        (("--csv", "a.csv", "--xlsx", "a.xlsx"), "Say only one of"),
        (("--force",), "--force is for --csv and --xlsx."),
        (("--xlsx", "a.csv"), "A workbook's name ends in .xlsx."),
        (("--csv", "a.XLSX"), "For a workbook say --xlsx FILE."),
    ],
)
def test_a_wrong_word_is_refused_with_what_to_say(shell: Shell, words: tuple[str, ...], line: str) -> None:
    assert line in shell.refuse("chase", *words, code=Code.USAGE)


@pytest.mark.parametrize("command", ["chase", "today"])
def test_before_the_first_sync_there_is_nothing_to_tell(tmp_path: Path, command: str) -> None:
    shell = Shell(tmp_path / "guatu", district())
    (tmp_path / "guatu" / "replica.sqlite").unlink()
    assert "guatu sync" in shell.refuse(command, code=Code.NOT_JOINED)


# --- today ---


def test_a_day_is_told_in_its_parts(shell: Shell) -> None:
    day = shell.tell("today", "--limit", "1000")
    assert (day["member"], day["role"], day["areas"], day["looked"]) == ("王组长", "lead", ["340111"], None)
    assert numbers(day["waiting"]) == ["问题205"]
    assert numbers(day["due"]) == ["问题204"]
    assert set(numbers(day["turned_red"])) == {"问题201", "问题202", NASTY}
    assert day["unvisited"]["count"] == len(boards.UNITS)
    waiting = day["waiting"]["items"][0]
    assert (waiting["days"], waiting["light"], waiting["step"], waiting["state"]) == (8, "审", None, "measured")


def test_the_shell_leaves_the_last_look_as_it_is(shell: Shell) -> None:
    assert shell.tell("today") == shell.tell("today")


def test_a_day_in_words_is_bounded_and_counts_the_rest(shell: Shell) -> None:
    lines = shell.say("today", "--limit", "1").splitlines()
    assert lines[0] == f"{date.today().isoformat()}  王组长 (lead 340111)"
    at = lines.index(f"Not visited for 30 days  {len(boards.UNITS)}")
    assert lines[at + 2] == f"  ... and {len(boards.UNITS) - 1} more"
    assert "\x1b" not in "".join(lines)
    assert "At least one." in shell.refuse("today", "--limit", "0", code=Code.USAGE)


def test_a_member_is_told_what_came_back_and_an_entry_that_is_held(tmp_path: Path) -> None:
    book = late()
    back = {"state": "returned", "returned_on": ago(2), "reason": "缺附件", "due_on": ago(-5)}
    write(book, entry(400, back, step_address(VILLAGE, "1.3")))
    write(book, entry(401, {"note": "x"}, step_address(FAR, "1.1"), device="d1"), "", "held:no-right")
    shell = Shell(tmp_path / "guatu", book, role="member")
    (item,) = (each for each in shell.tell("today")["waiting"]["items"] if each["step"])
    assert (item["unit"], item["step"], item["days"], item["reason"]) == (VILLAGE, "1.3", 2, "缺附件")
    said = shell.say("today", "--limit", "1000")
    assert f"退 陆大村  1.3 Survey the ground  returned {ago(2)}, 2 days ago  due {ago(-5)}: 缺附件" in said
    assert "[held: no right in that area] 黄镇村" in said
