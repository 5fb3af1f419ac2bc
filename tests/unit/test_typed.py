"""What somebody types for a field, and what the field holds then."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.board.change import JSON
from shared.board.record import Record
from shared.board.reduce import reduce
from shared.board.stages import Stage
from shared.forms.model import Field, FieldKind, Option, Wrong
from shared.inspection.documents import approve
from shared.inspection.item import Item
from shared.inspection.problems import Problem, advance, called, look, withdraw
from tests.small import LEAD, VILLAGE, entry
from tui.typed import typed

OPTIONS = (Option("low", "一般", "minor"), Option("high", "严重", "grave"))


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("line", "甲, 乙", "甲, 乙"),
        ("line", "  ", None),
        ("text", "甲\n乙", "甲\n乙"),
        ("day", " 2026-11-23 ", "2026-11-23"),
        ("day", "20261123", "2026-11-23"),
        ("day", "tomorrow", "tomorrow"),
        ("number", "１２", 12),
        ("number", "-3", -3),
        ("number", "1.5", "1.5"),
        ("number", "9" * 5000, "9" * 5000),
        ("choice", "high", "high"),
        ("choice", "严重", "high"),
        ("choice", "grave", "high"),
        ("choice", "nothing", "nothing"),
        ("many", "严重、low，high", ["high", "low"]),
        ("steps", "1.4,1.10", ["1.10", "1.4"]),
        ("roles", ",", []),
        ("tick", "是", True),
        ("tick", "NO", False),
        ("tick", "perhaps", "perhaps"),
        ("file", "a.pdf", "a.pdf"),
    ],
)
def test_a_text_becomes_what_the_field_holds_or_stays_for_the_form_to_refuse(
    kind: FieldKind, text: str, value: JSON
) -> None:
    assert typed(Field("f", "字段", "field", kind), text, OPTIONS) == value


@given(st.dates())
def test_every_day_comes_back_as_it_was_written(day: date) -> None:
    assert typed(Field("on", "日", "day", "day"), day.isoformat()) == day.isoformat()


# --- what a problem is called, and what closes it ---


def problems(*numbers: str) -> list[Problem]:
    return [Problem(Item(f"problem/u/{n:032x}", {"number": number})) for n, number in enumerate(numbers, 1)]


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        ("2026-340111001-007", 1), ("007", 2), ("001-007", 1), ("1001-007", 1), ("1007", 1), ("07", 0), ("-007", 2),
        ("T-000000", 3), ("", 0), ("-", 0), ("t-000000", 3), (f"{1:032x}", 1), ("340111", 0),
    ],
)  # fmt: skip
def test_a_number_is_meant_by_its_whole_serial_with_as_much_before_it_as_is_wanted(wanted: str, count: int) -> None:
    every = problems("2026-340111001-007", "2026-340111002-007", "2026-340111001-1007")
    assert len(called(every, wanted)) == count


@given(st.integers(1, 99_999), st.integers(1, 18))
def test_every_ending_that_holds_the_serial_names_its_own_number(serial: int, before: int) -> None:
    number = f"2026-340111001-{serial:03d}"
    ending = number[-(len(f"{serial:03d}") + before) :]
    assert [each.number for each in called(problems(number), ending)] == [number]


def test_an_act_that_a_stage_does_not_allow_says_why() -> None:
    nothing, day = Record("problem/u/p"), date(2026, 9, 1)
    assert look(nothing, {}, day, "l") == Wrong("not-struck-off", "stage")
    assert withdraw(nothing, " ") == Wrong("missing", "withdrawn_reason")
    assert advance(nothing, Stage.SIGNED.value, day) == Wrong("not-next", "stage", "open")


def test_no_stage_comes_before_the_one_before_it() -> None:
    measured = entry(LEAD, f"problem/{VILLAGE}/p", {"stage": "measured", "measured_on": "2026-09-05"})
    record = reduce(Record(f"problem/{VILLAGE}/p"), measured)
    assert advance(record, Stage.CHECKED.value, date(2026, 9, 4)) == Wrong("too-early", "on", "2026-09-05")
    assert not isinstance(advance(record, Stage.CHECKED.value, date(2026, 9, 5)), Wrong)


def test_nothing_is_approved_before_it_was_handed_in() -> None:
    address = f"step/{VILLAGE}/1.1"
    handed_in = entry(LEAD, address, {"state": "submitted", "submitted_on": "2026-09-05"})
    step = reduce(Record(address), handed_in)
    assert approve(step, {}, VILLAGE, "1.1", date(2026, 9, 4)) == Wrong("too-early", "on", "2026-09-05")
    assert not isinstance(approve(step, {}, VILLAGE, "1.1", date(2026, 9, 5)), Wrong)
