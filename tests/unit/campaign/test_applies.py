"""A step is asked of the units the plan asks it of; what nobody entered is assumed, and said to be."""

from __future__ import annotations

from typing import Any

import pytest

from shared.campaign import applies, model


def step(condition: model.Condition | None) -> model.Step:
    return model.Step("1.1", 1, "步", "step", condition=condition)


U = applies.UnitAttributes


@pytest.mark.parametrize(
    ("condition", "unit", "reason", "assumed"),
    [
        (None, U(), None, False),
        ("party_committee", U(party_committee=True), None, False),
        ("party_committee", U(party_committee=False), "no_committee", False),
        ("party_committee", U(), "committee_not_recorded", True),
        ("no_party_committee", U(party_committee=True), "has_committee", False),
        ("no_party_committee", U(party_committee=False), None, False),
        ("no_party_committee", U(), None, True),
        ("middle_school", U(school_level="middle"), None, False),
        ("middle_school", U(school_level="primary"), "not_middle_school", False),
        ("middle_school", U(), None, True),
        ("primary_school", U(school_level="primary"), None, False),
        ("primary_school", U(school_level="middle"), "not_primary_school", False),
        ("primary_school", U(), None, True),
    ],
)
def test_a_step_is_asked_of_those_the_plan_names(
    condition: model.Condition | None, unit: applies.UnitAttributes, reason: str | None, *, assumed: bool
) -> None:
    found = applies.exemption(step(condition), unit)
    assert (found.id if found else None) == reason
    assert applies.applies(step(condition), unit) == (reason is None)
    assert applies.assumed(step(condition), unit) == assumed


def test_a_condition_of_a_newer_office_asks_the_step() -> None:
    newer: Any = "moon_phase"
    assert applies.applies(step(newer), U())
    assert not applies.assumed(step(newer), U())
