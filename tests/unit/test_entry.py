"""What somebody enters becomes a change, or a problem that says what is wrong; nothing is changed silently."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from shared.board.change import JSON, MAX_BYTES, Change, encode, from_json, to_json
from shared.board.holds import hold_address
from shared.board.record import Record
from shared.board.reduce import fold
from tests.logbook import STEP, change, number_id
from tui.entry import STATES, Pen, Problem, first_problem, state_values
from tui.profile import Identity

NOW = datetime(2026, 4, 10, 4, 30, 12, 999, tzinfo=UTC)
MEMBER = Identity("http://office:8080", "secret", "d1", "李员", "member", ("340111001",), "ab" * 16, "c" * 32)
EMPTY = Record(STEP)


def pen(**who: Any) -> Pen:
    """A pen whose next id is known."""
    return Pen(replace(MEMBER, **who), 3, lambda: NOW, lambda: number_id(7))


def problem(values: Mapping[str, JSON], shown: Record = EMPTY, **who: Any) -> str | None:
    """Why the pen refuses, if it does."""
    made = pen(**who).change(shown, values)
    return made.code if isinstance(made, Problem) else None


def test_an_entry_says_who_what_where_when_and_by_which_plan() -> None:
    made = pen().change(EMPTY, {"state": "doing", "started_on": "2026-04-10"}, act=number_id(8))
    assert made == Change(
        id=number_id(7),
        record=STEP,
        values={"state": "doing", "started_on": "2026-04-10"},
        seen={},
        author="李员",
        device="d1",
        at="2026-04-10T04:30:12+00:00",
        revision=3,
        act=number_id(8),
    )
    assert from_json(to_json(made)) == made


def test_an_entry_names_what_stood_on_the_screen_and_only_for_the_fields_it_sets() -> None:
    shown = fold(EMPTY, [change(1, {"state": "todo", "note": "甲"}), change(2, {"state": "doing"})])
    made = pen().change(shown, {"state": "doing"})
    assert isinstance(made, Change)
    assert made.seen == {"state": (number_id(1), number_id(2))}


def test_ids_come_from_the_kernel() -> None:
    first, second = (Pen(MEMBER, 1, lambda: NOW).change(EMPTY, {"note": "甲"}) for _ in range(2))
    assert isinstance(first, Change)
    assert isinstance(second, Change)
    assert first.id != second.id
    assert len(first.id) == 32


@pytest.mark.parametrize("state", STATES)
def test_each_state_brings_its_own_day(state: str) -> None:
    values = state_values(state, date(2026, 4, 10))
    assert values.pop("state") == state
    assert set(values.values()) <= {"2026-04-10"}
    assert problem(state_values(state, date(2026, 4, 10)), role="lead") is None


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({}, "nothing-entered"),
        ({"state": "finished"}, "unknown-state"),
        ({"state": None}, "unknown-state"),
        ({"state": ["done"]}, "unknown-state"),
        ({"state": "done"}, "done-needs-date"),
        ({"state": "done", "done_on": None}, "done-needs-date"),
        ({"state": "done", "done_on": ""}, "done-needs-date"),
        ({"state": "done", "done_on": "2026-02-30"}, "not-a-date"),
        ({"state": "done", "done_on": "20260410"}, "not-a-date"),
        ({"state": "done", "done_on": "2026-W15-5"}, "not-a-date"),
        ({"state": "done", "done_on": "２０２６-04-10"}, "not-a-date"),
        ({"due_on": 20260410}, "not-a-date"),
        ({"note": "字" * 4001}, "too-long"),
        ({"note": "\x1b[2J"}, "control-characters"),
        ({"note": "\x9b2J"}, "control-characters"),
        ({"note": "\x7f"}, "control-characters"),
        ({"note": "\udcff"}, "control-characters"),
    ],
)
def test_what_is_wrong_is_said_by_a_code(values: dict[str, JSON], code: str) -> None:
    assert problem(values) == code


@pytest.mark.parametrize("text", ["", "两行\n\t缩进", "😀", "字" * 4000, "[bold]", "\u200fabc"])
def test_any_other_text_is_data(text: str) -> None:
    made = pen().change(EMPTY, {"note": text})
    assert isinstance(made, Change)
    assert made.values == {"note": text}
    assert encode(made)


def test_the_day_of_a_step_that_stays_done_cannot_be_taken_away() -> None:
    done = fold(EMPTY, [change(1, {"state": "done", "done_on": "2026-04-01"})])
    assert problem({"done_on": None}, done) == "done-needs-date"
    assert problem({"done_on": None, "state": "doing"}, done) is None
    assert problem({"due_on": None}, done) is None


def test_all_of_an_entry_together_fits_into_what_the_office_takes() -> None:
    texts = {f"text{n}": "字" * 4000 for n in range(6)}
    assert problem(texts) == "too-long"
    del texts["text5"]
    made = pen().change(EMPTY, texts)
    assert isinstance(made, Change)
    assert len(encode(made)) <= MAX_BYTES


@pytest.mark.parametrize(
    ("who", "values", "allowed"),
    [
        ({"role": "viewer"}, {"note": "甲"}, False),
        ({"role": "something-newer"}, {"note": "甲"}, False),
        ({"role": "member"}, {"note": "甲"}, True),
        ({"areas": ("340111002",)}, {"note": "甲"}, False),
        ({"areas": ("*",)}, {"note": "甲"}, True),
        ({"role": "member"}, {"state": "returned", "returned_on": "2026-04-10"}, False),
        ({"role": "lead"}, {"state": "returned", "returned_on": "2026-04-10"}, True),
    ],
)
def test_what_the_office_would_hold_is_refused_before_it_is_saved(
    who: dict[str, Any], values: dict[str, JSON], allowed: bool
) -> None:
    assert problem(values, **who) == (None if allowed else "no-right")


def test_to_say_done_over_a_submission_on_the_screen_is_to_approve_it() -> None:
    submitted = fold(EMPTY, [change(1, {"state": "submitted"})])
    done = {"state": "done", "done_on": "2026-04-10"}
    assert problem(done, submitted, role="member") == "no-right"
    assert problem(done, submitted, role="lead") is None
    assert problem(done, EMPTY, role="member") is None


def test_the_first_problem_is_the_one_that_is_told() -> None:
    assert first_problem({"note": "\x00", "due_on": "gestern"}) == Problem("control-characters", "note")
    assert first_problem({"due_on": "gestern", "note": "\x00"}) == Problem("not-a-date", "due_on")
    assert first_problem({"note": "甲"}) is None


def test_a_release_may_be_as_large_as_the_entry_it_carries() -> None:
    held = Record(hold_address("340111001008", number_id(1)))
    large = {"verdict": "released", "change": {"set": {"note": ["长" * 1000] * 100}}}
    assert problem(large, held, role="lead") is None
    assert problem({"change": ["长" * 1000] * 500}, held, role="lead") == "too-long"
    assert problem({"note.list": ["长" * 1000] * 100}, role="lead") == "too-long"
