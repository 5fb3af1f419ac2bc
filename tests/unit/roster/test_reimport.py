"""Whatever was imported, importing it again changes nothing."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.roster.entries import Entry, Reading
from server.roster.plan import ImportPlan, apply_plan, plan_import
from server.roster.problems import Place
from shared.roster import KIND_TITLES, Unit, UnitKind, parent_of, short_name

SCOPES = st.sampled_from([("34",), ("340111",), ("340111001", "340112")])
TOWNS = ["340111001", "340111102", "340112001"]
PLACES = [f"{town}{number}" for town in TOWNS for number in ("001", "200")]
ATTACHED = [f"{base}-{letter}0{n}" for base in (TOWNS[0], PLACES[0]) for letter in "SEX" for n in (1, 2)]
NAMES = ["骆岗街道", "骆岗镇", "官塘社区居民委员会", "官塘村民委员会", "官塘", "骆岗小学", "骆 岗 小 学", "某公司"]


def entries(origin: st.SearchStrategy[str]) -> st.SearchStrategy[Entry]:
    """A row that may say anything, so that rows quarrel over codes, names and parents."""
    code = st.sampled_from([*TOWNS, *PLACES, *ATTACHED])
    return origin.flatmap(
        lambda kind: st.builds(
            Entry,
            place=st.just(Place("a", 1)),
            origin=st.just(kind),
            code=st.sampled_from([*TOWNS, *PLACES]) if kind == "statistics" else st.one_of(st.just(""), code),
            name=st.sampled_from(NAMES) if kind == "statistics" else st.sampled_from(["", *NAMES]),
            **({} if kind == "statistics" else SAID),
        )
    )


SAID = {
    "kind": st.sampled_from([None, *UnitKind]),
    "parent": st.sampled_from(["", *TOWNS, *PLACES[:2], *NAMES]),
    "short": st.sampled_from(["", "官塘"]),
    "attributes": st.dictionaries(st.sampled_from(["party_committee", "x"]), st.sampled_from([True, False, "", "1"])),
    "people": st.dictionaries(st.sampled_from(["liaison", "phone"]), st.sampled_from(["", "张三"])),
    "group": st.sampled_from([None, "", "第一组"]),
    "closed": st.sampled_from([None, True, False]),
}


def readings(*origins: str) -> st.SearchStrategy[Reading]:
    """What several rows say."""
    return st.lists(entries(st.sampled_from(origins)), max_size=12).map(lambda rows: Reading(tuple(rows)))


def units() -> st.SearchStrategy[dict[str, Unit]]:
    """A board as earlier imports may have left it."""

    def unit(code: str, name: str, kind: UnitKind, closed: bool) -> Unit:
        return Unit(code, name, short_name(name), kind, parent_of(code), closed=closed)

    codes = st.sampled_from([*TOWNS, *PLACES, *ATTACHED])
    each = st.builds(unit, codes, st.sampled_from(NAMES), st.sampled_from(UnitKind), st.booleans())
    return st.lists(each, max_size=12).map(lambda found: {one.code: one for one in found})


CLOSES = st.sampled_from([None, set(), set(KIND_TITLES), {UnitKind.SCHOOL}])
PATIENT = settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])


@PATIENT
@given(units(), readings("statistics", "sheet"), SCOPES, CLOSES)
def test_an_import_that_was_carried_out_changes_nothing_the_second_time(
    current: dict[str, Unit], reading: Reading, scope: tuple[str, ...], closes: set[UnitKind] | None
) -> None:
    plan = plan_import(current, reading, scope, closes=closes)
    after = apply_plan(current, plan)
    again = plan_import(after, reading, scope, closes=closes)
    assert again.empty, (plan, again)
    assert again.problems.errors == plan.problems.errors


@PATIENT
@given(units(), readings("statistics", "sheet"), SCOPES, CLOSES)
def test_an_import_deletes_nothing_and_touches_nothing_outside_its_area(
    current: dict[str, Unit], reading: Reading, scope: tuple[str, ...], closes: set[UnitKind] | None
) -> None:
    after = apply_plan(current, plan_import(current, reading, scope, closes=closes))
    assert set(after) >= set(current)
    for code, unit in after.items():
        if not code.startswith(scope):
            assert current[code] == unit
        if code not in current:
            assert unit.name
            assert unit.short
            assert len(unit.parent) == 6 or unit.parent in after


@PATIENT
@given(units(), readings("statistics"), SCOPES)
def test_the_division_closes_only_what_it_could_have_listed(
    current: dict[str, Unit], reading: Reading, scope: tuple[str, ...]
) -> None:
    plan = plan_import(current, reading, scope)
    assert not [change for change in plan.closed if "-" in change.unit.code]
    if not plan.ready:
        assert plan.closed == ()


@PATIENT
@given(units(), readings("statistics", "sheet"), SCOPES)
def test_every_unit_of_the_plan_stands_in_exactly_one_part(
    current: dict[str, Unit], reading: Reading, scope: tuple[str, ...]
) -> None:
    plan = plan_import(current, reading, scope)
    codes = [unit.code for unit in parts(plan)]
    assert len(codes) == len(set(codes))
    assert all(code in current for code in codes if code not in {unit.code for unit in plan.added})
    assert_faithful(current, plan)


def parts(plan: ImportPlan) -> list[Unit]:
    """All units that a plan speaks of."""
    changes = (*plan.changed, *plan.closed, *plan.reopened)
    return [*plan.added, *plan.unchanged, *(change.unit for change in changes)]


def assert_faithful(current: Mapping[str, Unit], plan: ImportPlan) -> None:
    """What a change says it does is what lies between the unit before and the unit after."""
    for change in (*plan.changed, *plan.closed, *plan.reopened):
        before = current[change.unit.code]
        assert change.fields
        for name, (old, new) in change.fields.items():
            assert old != new
            if name in ("name", "short", "kind", "group", "closed"):
                assert (getattr(before, name), getattr(change.unit, name)) == (old, new)
