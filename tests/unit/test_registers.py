"""The rules of the review list and of the problem register, whatever stands on a board."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from shared.board.lights import Light
from shared.inspection.item import Item
from shared.inspection.problems import Problem
from shared.inspection.register import Sought, most_urgent_first, problems_in, sought
from shared.inspection.review import slowness, waiting_on
from shared.inspection.visits import Coverage, shares
from tests.small import VILLAGE
from tests.unit.test_chart import entered, on

TODAY = date(2026, 4, 10)
DAYS = st.dates(TODAY - timedelta(days=60), TODAY + timedelta(days=60))
VALUES = st.fixed_dictionaries(
    {
        "title": st.text(max_size=8),
        "stage": st.sampled_from(["open", "measured", "checked", "signed", "published", "?"]),
    },
    optional={
        "due_on": DAYS.map(date.isoformat),
        "category": st.sampled_from(["a", "b"]),
        "responsible": st.sampled_from(["李员", "王员"]),
        "withdrawn": st.just(True),
    },
)
SOUGHT = st.tuples(st.sampled_from(["", "a"]), st.booleans()).map(
    lambda each: Sought(category=each[0], open_only=each[1])
)
REGISTERS = st.lists(VALUES, max_size=12).map(
    lambda every: {f"problem/{VILLAGE}/{number:032x}": values for number, values in enumerate(every)}
)


@given(REGISTERS, SOUGHT)
def test_every_problem_that_is_sought_is_found_once_and_no_other(
    values: dict[str, dict[str, str]], wanted: Sought
) -> None:
    every = [(VILLAGE, problem) for problem in problems_in(values, {})]
    found = most_urgent_first(sought(every, wanted, TODAY, 3, {}))
    assert {each.problem.item.address for each in found} == {
        address
        for address, each in values.items()
        if not each.get("withdrawn")
        and (not wanted.category or each.get("category") == wanted.category)
        and not (wanted.open_only and each["stage"] in ("signed", "published"))
    }
    assert len(found) == len({each.problem.item.address for each in found})
    ranks = [each.light for each in found]
    assert ranks == sorted(ranks, key=[Light.OVERDUE, Light.DUE_SOON, Light.REVIEW, Light.ON_TRACK, Light.LATE_DONE,
                                       Light.DONE].index)  # fmt: skip


def test_a_problem_is_found_by_either_number_by_its_title_and_by_its_unit() -> None:
    item = Item(f"problem/{VILLAGE}/{'3fa9c1' + '0' * 26}", {"title": "Road LIGHT", "number": "2026-340111001-007"})
    every = [(VILLAGE, Problem(item))]
    for text in ("t-3fa9c1", "001-007", "road light", "甲村", VILLAGE):
        assert len(list(sought(every, Sought(text=text), TODAY, 3, {VILLAGE: "甲村民委员会 甲村"}))) == 1
    assert list(sought(every, Sought(text="乙"), TODAY, 3, {VILLAGE: "甲村"})) == []
    assert list(sought(every, Sought(area="340112"), TODAY, 3, {})) == []


def test_what_waits_without_a_paper_or_a_day_waits_all_the_same() -> None:
    records = entered(
        on("1.1", {"state": "submitted"}), on("1.2", {"state": "submitted", "submitted_on": "2026-04-01"}, 2)
    )
    found = list(waiting_on(VILLAGE, records, TODAY))
    assert [(each.step_id, each.days, each.title) for each in found] == [("1.1", 0, ""), ("1.2", 9, "")]
    assert slowness(found, [1, 2]) == (2, 9, 1.5)
    assert slowness([], []) == (0, 0, 0.0)


def test_shares_count_units_and_not_visits() -> None:
    never, old, new = (Coverage("a", 0, None, ()), Coverage("b", 9, date(2026, 1, 1), ()), Coverage("c", 1, TODAY, ()))
    (share,) = shares([("镇", each) for each in (never, old, new)], TODAY, 30)
    assert (share.units, share.ever, share.lately) == (3, 2, 1)
