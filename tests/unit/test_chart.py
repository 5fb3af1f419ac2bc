"""What a row shows of a unit on a day: computed from what was entered, the campaign, the day, and who was heard of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.board import chart as charts
from shared.board import record as records
from shared.board.change import JSON, Change
from shared.board.chart import Chart, days_of, light_on
from shared.board.district import BLANK, OWN, URGENCY, TownRow, UnitRow, count_cells, town_row
from shared.board.lights import Light, days_over
from shared.board.record import Record, step_address, unit_address
from shared.board.reduce import fold
from shared.board.standing import standing_in, standing_of
from shared.board.step import view
from shared.board.unit import unit_of, values_of, windows_of
from shared.roster import Unit, UnitKind
from tests import small
from tests.logbook import change, number_id
from tests.small import COMMUNITY, VILLAGE

CHART = Chart(small.campaign())
UNITS = {unit.code: unit for unit in small.UNITS}
IN_APRIL, IN_MAY = date(2026, 4, 10), date(2026, 5, 20)
"""The first phase runs from 1 March to 30 April, the second from 1 May to 30 June; soon is three days before."""


def entered(*changes: Change) -> dict[str, Record]:
    """The records that these entries make."""
    found: dict[str, list[Change]] = {}
    for each in changes:
        found.setdefault(each.record, []).append(each)
    return {address: fold(Record(address), every) for address, every in found.items()}


def on(step: str, values: Mapping[str, JSON], number: int = 1, code: str = VILLAGE, **more: Any) -> Change:
    """An entry on a step."""
    return change(number, values, step_address(code, step), **more)


def of_unit(values: Mapping[str, JSON], code: str = VILLAGE) -> Change:
    """An entry on a unit's own record."""
    return change(99, {**values_of(UNITS[code]), **values}, unit_address(code))


def row(today: date, *changes: Change, heard: date | None = IN_MAY, unit: str = VILLAGE, **more: Any) -> UnitRow:
    """The row of a unit after these entries."""
    return CHART.row(UNITS[unit], entered(*changes), today, heard, **more)


def test_the_columns_are_all_steps_of_all_workflows_in_order() -> None:
    assert [column.step for column in CHART.columns] == ["1.1", "1.2", "1.3", "2.1", "2.2"]


def test_an_untouched_unit_shows_what_is_open_and_what_is_not_and_what_it_does_not_have() -> None:
    assert row(IN_APRIL).lights == "正正 未免"
    assert row(date(2026, 4, 28)).lights == "临临 未免"


def test_a_unit_of_a_kind_without_a_workflow_has_an_empty_row() -> None:
    school = Unit("340111001-S01", "一小", "一小", UnitKind.SCHOOL, "340111001")
    empty = CHART.row(school, {}, IN_APRIL, None)
    assert (empty.lights, empty.workflow, empty.done, empty.applicable, empty.over) == (BLANK * 5, "", 0, 0, 0)


# --- promise 10: silence is not green ---


@pytest.mark.parametrize("heard", [None, date(2026, 3, 1), date(2026, 4, 30)])
def test_what_fell_due_since_a_unit_was_heard_of_is_unknown_and_nothing_else(heard: date | None) -> None:
    silent = row(IN_MAY, on("1.2", {"state": "doing"}), heard=heard)
    assert silent.lights == "？？ 正免"
    assert (silent.done, silent.applicable, silent.over) == (0, 3, 0)


def test_what_is_late_in_a_unit_that_was_heard_of_since_is_overdue_by_so_many_days() -> None:
    late = row(IN_MAY, heard=date(2026, 5, 1))
    assert (late.lights, late.over) == ("逾逾 正免", 20)


def test_what_was_done_stays_done_in_silence() -> None:
    done = row(IN_MAY, on("1.1", {"state": "done", "done_on": "2026-04-30"}), heard=None)
    assert (done.lights[0], done.done) == ("毕", 1)


# --- what people enter ---


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ({"state": "doing"}, "正"),
        ({"state": "submitted"}, "审"),
        ({"state": "returned"}, "退"),
        ({"state": "done", "done_on": "2026-04-02"}, "毕"),
        ({"state": "done", "done_on": "2026-05-02"}, "补"),
        ({"state": "done"}, "毕"),
        ({"state": "na"}, "免"),
        ({"state": "from-a-newer-version"}, "正"),
        ({"state": ["done"]}, "正"),
        ({"state": "done", "done_on": {"day": 1}}, "毕"),
        ({"due_on": "2026-04-12"}, "临"),
        ({"due_on": "2026-04-01"}, "逾"),
        ({"note": "甲"}, "正"),
    ],
)
def test_each_entry_has_its_light(values: dict[str, JSON], word: str) -> None:
    assert row(IN_APRIL, on("1.1", values)).lights[0] == word


def test_an_own_due_day_counts_for_how_late_a_step_is() -> None:
    assert row(IN_APRIL, on("1.1", {"due_on": "2026-04-01"})).over == 9
    assert row(IN_MAY, on("1.1", {"due_on": "2026-05-31"}), on("1.2", {"state": "na"})).lights == "正免 正免"


def test_colliding_states_show_the_most_cautious_with_a_mark_and_never_count_as_done() -> None:
    both = row(IN_APRIL, on("1.1", {"state": "done"}, 1), on("1.1", {"state": "submitted"}, 2))
    assert (both.lights[0], both.marks, both.done) == ("审", (0,), 0)
    same = row(IN_APRIL, on("1.1", {"state": "done"}, 1), on("1.1", {"state": "done"}, 2))
    assert (same.lights[0], same.marks, same.done) == ("毕", (), 1)


def test_other_fields_that_collide_are_marked_and_leave_the_light_alone() -> None:
    notes = row(IN_APRIL, on("1.2", {"state": "done", "note": "甲"}, 1), on("1.2", {"note": "乙"}, 2))
    assert (notes.lights[1], notes.marks, notes.done) == ("毕", (1,), 1)


def test_own_entries_that_are_not_on_the_board_are_told_by_their_column() -> None:
    unsent = frozenset(step_address(VILLAGE, step) for step in ("2.1", "1.1", "7.7"))
    elsewhere = frozenset({step_address(COMMUNITY, "1.2"), unit_address(VILLAGE), f"note/{VILLAGE}/1.2"})
    assert row(IN_APRIL, unsent=unsent | elsewhere).unsent == (0, 3)


def test_records_of_other_kinds_and_other_units_and_retired_steps_change_no_light() -> None:
    others = (
        change(1, {"state": "done"}, f"note/{VILLAGE}/1.1"),
        change(2, {"on": "2026-04-01", "findings": "甲"}, f"visit/{VILLAGE}/1"),
        on("1.1", {"state": "done"}, 3, COMMUNITY),
        on("1.3", {"state": "done"}, 4),
    )
    assert row(IN_APRIL, *others) == row(IN_APRIL)
    every = standing_of(entered(*others))
    assert CHART.row_of(UNITS[VILLAGE], every, IN_APRIL, IN_MAY) == row(IN_APRIL)


# --- windows of one's own ---


def window(first: str, last: str, reason: str = "农忙") -> dict[str, str]:
    return {"first": first, "last": last, "reason": reason}


def test_a_unit_with_a_window_of_its_own_is_late_by_that_one() -> None:
    moved = of_unit({"window.1": window("2026-03-01", "2026-05-31")})
    assert row(IN_MAY, moved).lights == "正正 正免"
    assert row(date(2026, 6, 2), moved, heard=date(2026, 6, 2)).over == 2
    assert row(date(2026, 5, 29), moved).lights[:2] == "临临"


@pytest.mark.parametrize(
    "values",
    [
        {"window.1": window("2026-05-31", "2026-03-01")},
        {"window.1": window("2026-03-01", "2026-05-31", " ")},
        {"window.1": {"first": "2026-03-01"}},
        {"window.1": "2026-03-01"},
        {"window.9": window("2026-03-01", "2026-05-31")},
        {"window.²": window("2026-03-01", "2026-05-31")},
        {"window.": window("2026-03-01", "2026-05-31")},
    ],
)
def test_a_window_that_makes_no_sense_is_left_aside(values: dict[str, JSON]) -> None:
    assert row(IN_MAY, of_unit(values)) == row(IN_MAY)


# --- conditions ---


def test_a_step_that_is_not_asked_is_exempt_until_somebody_enters_something() -> None:
    assert row(IN_MAY).lights[4] == "免"
    assert row(IN_MAY, unit=COMMUNITY).lights[4] == "正"
    touched = row(IN_MAY, on("2.2", {"state": "doing"}))
    assert (touched.lights[4], touched.applicable) == ("正", 4)
    assert row(IN_MAY, on("2.2", {"note": "甲"})).lights[4] == "免"


def test_counts_leave_out_what_is_not_asked_and_what_the_unit_does_not_have() -> None:
    some = row(IN_APRIL, on("1.1", {"state": "done"}), on("1.2", {"state": "na"}))
    assert (some.lights, some.done, some.applicable) == ("毕免 未免", 1, 2)


# --- one rule, remembered ---

DAYS = st.sampled_from(
    ["2026-03-20", "2026-05-02", "2026-04-12", "2026-06-30", "gestern", "", 7, None, ["x"], {"a": 1}]
)
VALUES = st.fixed_dictionaries(
    {},
    optional={
        "state": st.sampled_from(
            ["todo", "doing", "submitted", "returned", "done", "na", "neu", 1, True, None, ["done"]]
        ),
        "done_on": DAYS,
        "due_on": DAYS,
        "redo": st.sampled_from([True, False, 1, 0, "yes"]),
        "note": st.sampled_from(["甲", "乙"]),
        "tick.1": st.booleans(),
    },
).filter(bool)
STEPS = st.sampled_from(["1.1", "1.2", "1.3", "2.1", "2.2", "9.9"])
ENTRIES = st.lists(st.tuples(STEPS, VALUES, st.integers(0, 2**16)), max_size=6, unique_by=lambda entry: entry[2])
TODAYS = st.sampled_from([date(2026, 2, 1), IN_APRIL, date(2026, 4, 29), IN_MAY, date(2026, 7, 5)])


def slowly(
    unit: Unit, known: Mapping[str, Record], today: date, heard: date | None
) -> tuple[str, tuple[int, ...], int]:
    """Lights, marks and days over as the rule for one step has them, step by step, with nothing remembered."""
    fresh = Chart(small.campaign())
    words, marks, over = [BLANK] * len(fresh.columns), [], 0
    for plan in fresh.plan(unit, known.get(unit_address(unit.code))):
        shown = view(known.get(step_address(unit.code, plan.step.id)))
        light = light_on(plan, shown, today, heard)
        words[plan.column] = light.value
        marks += [plan.column] if shown.collisions else []
        if light is Light.OVERDUE:
            over = max(over, days_over(days_of(plan, shown), today))
    return "".join(words), tuple(marks), over


@given(ENTRIES, TODAYS, st.sampled_from([None, IN_APRIL, date(2026, 7, 1)]), st.sampled_from([VILLAGE, COMMUNITY]))
def test_a_row_is_what_the_rule_for_each_step_says_whatever_is_remembered(
    entries: list[tuple[str, dict[str, JSON], int]], today: date, heard: date | None, code: str
) -> None:
    known = entered(*(on(step, values, number, code) for step, values, number in entries))
    made = CHART.row(UNITS[code], known, today, heard)
    assert (made.lights, made.marks, made.over) == slowly(UNITS[code], known, today, heard)
    assert (made.done, made.applicable) == (
        sum(word in "毕补" for word in made.lights),
        sum(word not in "免 " for word in made.lights),
    )


@given(ENTRIES)
def test_what_stands_reads_alike_from_records_and_from_their_json(
    entries: list[tuple[str, dict[str, JSON], int]],
) -> None:
    known = entered(*(on(step, values, number) for step, values, number in entries))
    bodies = {address: records.to_json(record) for address, record in known.items()}
    assert standing_in(orjson.loads(orjson.dumps(bodies))) == standing_of(known)


def test_a_record_whose_every_value_was_taken_back_stands_no_more() -> None:
    late = fold(Record(step_address(VILLAGE, "1.1")), [on("1.1", {"note": "甲"}, 1)])
    gone = Record(late.address, (), {"note": frozenset({number_id(1)})})
    assert standing_of({gone.address: gone}) == standing_in({gone.address: records.to_json(gone)}) == ({}, {})


def test_a_unit_reads_alike_from_its_record_however_many_entries_stand() -> None:
    one = entered(of_unit({"attribute.party_committee": True, "person.liaison": "李", "group": "一组"}))
    first = unit_of(one[unit_address(VILLAGE)])
    assert first is not None
    assert (first.attributes, first.people, first.group) == ({"party_committee": True}, {"liaison": "李"}, "一组")
    assert unit_of(Record(unit_address(VILLAGE))) is None
    assert unit_of(entered(of_unit({"kind": ["village"]}))[unit_address(VILLAGE)]) is None
    assert windows_of(Record(unit_address(VILLAGE))) == {}


def test_what_a_chart_remembers_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    for bound in ("MAX_PLANS", "MAX_SIGHTS", "MAX_CELLS"):
        monkeypatch.setattr(charts, bound, 3)
    chart = Chart(small.campaign())
    for number in range(20):
        day = IN_APRIL + timedelta(days=number)
        moved = of_unit({"window.1": window("2026-03-01", day.isoformat())})
        many = [on("1.1", {"state": "done", "done_on": (day + timedelta(days=n)).isoformat()}, n) for n in range(1)]
        chart.row(UNITS[VILLAGE], entered(moved, *many), day, None)
        chart.row(UNITS[VILLAGE], entered(*many), IN_APRIL, None)
    assert len(chart._plans) <= 3
    assert len(chart._sights) <= 3
    assert all(len(sight._cells) <= 3 for sight in chart._sights.values())


# --- towns ---

LIGHTS = st.text(st.sampled_from([*URGENCY, BLANK]), min_size=4, max_size=4)


@given(st.lists(st.tuples(LIGHTS, st.integers(0, 9)), max_size=8))
def test_a_town_shows_the_most_urgent_of_each_column_and_counts_all(units: list[tuple[str, int]]) -> None:
    rows = [
        UnitRow(str(n), "", "", "", "", lights, tuple(range(over)), (), over, *count_cells(lights))
        for n, (lights, over) in enumerate(units)
    ]
    made = town_row("340111001", "东镇", iter(rows), 4)
    columns = ["".join(lights[n] for lights, _ in units) for n in range(4)]
    every = "".join(columns)
    assert made == TownRow(
        "340111001", "东镇", len(units),
        sum(row.done for row in rows), sum(row.applicable for row in rows),
        tuple((word, every.count(word)) for word in URGENCY if word in every),
        "".join(min(column.replace(BLANK, ""), key=URGENCY.__getitem__, default=BLANK) for column in columns),
        sum(over for _, over in units), max((over for _, over in units), default=0),
    )  # fmt: skip


def test_a_dispute_about_the_unit_itself_is_a_mark_of_its_own() -> None:
    where = unit_address(VILLAGE)
    changes = [change(n, {"person.liaison": name}, where) for n, name in enumerate("甲乙", 1)]
    known = {where: fold(Record(where), changes)}
    assert CHART.row(UNITS[VILLAGE], known, IN_APRIL, None).marks == (OWN,)
