"""1+3 pairing: who shares the responsibility, and what a pairing lacks."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from shared.people.pairing import SIDES, departments, pairing_of
from shared.roster import Unit, UnitKind
from tests.small import unit

KINDS = (UnitKind.COMMUNITY, UnitKind.VILLAGE, UnitKind.NEW_ECONOMIC, UnitKind.NEW_SOCIAL, UnitKind.SCHOOL)


def one(number: int, kind: UnitKind, department: str = "", partners: str = "", **more: object) -> Unit:
    ties = {name: text for name, text in (("department", department), ("partners", partners)) if text}
    made = unit(f"340111001{number:03d}", f"单位{number}", kind, ties=ties)
    return replace(made, **more)  # type: ignore[arg-type]


@st.composite
def boards(draw: st.DrawFn) -> list[Unit]:
    count = draw(st.integers(1, 7))
    names = [f"单位{number}" for number in range(count)] + [f"340111001{n:03d}" for n in range(count)] + ["谁"]
    return [
        one(
            number,
            draw(st.sampled_from(KINDS)),
            draw(st.sampled_from(["", "", "民政局", "民政 局", "农委"])),
            "、".join(draw(st.lists(st.sampled_from(names), max_size=2))),
            closed=draw(st.integers(0, 5)) == 0,
        )
        for number in range(count)
    ]


@given(boards())
def test_what_one_is_paired_with_is_paired_with_it(units: list[Unit]) -> None:
    found = {each.code: set(pairing_of(each, units).units) for each in units}
    for code, others in found.items():
        assert code not in others
        assert all(code in found[other] for other in others)


@given(boards(), st.randoms())
def test_the_order_of_the_units_decides_nothing(units: list[Unit], chance: st.Random) -> None:  # type: ignore[name-defined]
    mixed = list(units)
    chance.shuffle(mixed)
    assert departments(mixed) == departments(units)
    assert [pairing_of(each, mixed) for each in units] == [pairing_of(each, units) for each in units]


@given(boards())
def test_all_of_one_department_lack_the_same_and_exactly_the_sides_nobody_is_on(units: list[Unit]) -> None:
    known = {each.code: each for each in units}
    for department in departments(units):
        kinds = {known[code].kind for code in department.units}
        there = {
            "community": UnitKind.COMMUNITY in kinds,
            "village": UnitKind.VILLAGE in kinds,
            "organisation": bool(kinds & {UnitKind.NEW_ECONOMIC, UnitKind.NEW_SOCIAL}),
        }
        assert department.missing == tuple(side for side in SIDES if not there[side])
        for code in department.units:
            pairing = pairing_of(known[code], units)
            assert pairing.missing == department.missing
            assert {code, *pairing.units} >= set(department.units)


@given(boards())
def test_nobody_is_paired_with_a_closed_unit(units: list[Unit]) -> None:
    closed = {each.code for each in units if each.closed}
    assert not closed & {code for each in units for code in pairing_of(each, units).units}
    assert not closed & {code for each in departments(units) for code in each.units}


def test_a_department_with_its_three_is_complete() -> None:
    units = [
        one(1, UnitKind.COMMUNITY, "区民政局"),
        one(2, UnitKind.VILLAGE, "区民政局（党组）"),
        one(3, UnitKind.NEW_SOCIAL, "区民政局"),
        one(4, UnitKind.VILLAGE, "区农委"),
    ]
    assert pairing_of(units[0], units).units == (units[1].code, units[2].code)
    assert pairing_of(units[0], units).missing == ()
    assert pairing_of(units[3], units).missing == ("community", "organisation")
    assert [each.name for each in departments(units)] == ["区农委", "区民政局"]


def test_a_partner_belongs_to_the_department_through_whom_it_is_named() -> None:
    units = [
        one(1, UnitKind.COMMUNITY, "区民政局", "单位2、别处的村"),
        one(2, UnitKind.VILLAGE),
        one(3, UnitKind.NEW_ECONOMIC, "区民政局"),
    ]
    assert pairing_of(units[1], units).department == "区民政局"
    assert pairing_of(units[1], units).units == (units[0].code, units[2].code)
    assert pairing_of(units[0], units).unknown == ("别处的村",)
    assert pairing_of(units[2], units).missing == ()


def test_a_name_that_two_units_have_means_neither() -> None:
    twins = [one(2, UnitKind.VILLAGE, name="甲村"), one(3, UnitKind.VILLAGE, name="甲村")]
    first = one(1, UnitKind.COMMUNITY, "", "甲村")
    assert pairing_of(first, [first, *twins]).unknown == ("甲村",)
    by_code = one(1, UnitKind.COMMUNITY, "", twins[1].code)
    assert pairing_of(by_code, [by_code, *twins]).units == (twins[1].code,)


def test_who_is_paired_with_nobody_lacks_nothing() -> None:
    alone = one(1, UnitKind.VILLAGE)
    assert (pairing_of(alone, [alone]).units, pairing_of(alone, [alone]).missing) == ((), ())
