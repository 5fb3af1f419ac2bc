"""Never wrong in silence: how old the board is, and who was not heard of."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.board.district import SETTLED, UnitRow
from shared.board.lights import Light
from tui.wall.trust import Freshness, Heard, freshness, parse_heard, veiled

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "found"),
    [(0, "fresh"), (119, "fresh"), (120, "late"), (599, "late"), (600, "stopped"), (90000, "stopped"), (-50, "fresh")],
)
def test_after_two_minutes_there_is_a_banner_and_after_ten_all_is_dimmed(seconds: int, found: str) -> None:
    assert freshness(NOW - timedelta(seconds=seconds), NOW) == Freshness(found)


def test_what_was_never_read_has_stopped() -> None:
    assert freshness(None, NOW) is Freshness.STOPPED


@given(st.text([light.value for light in Light] + [" "], min_size=1, max_size=30))
def test_of_who_is_not_heard_of_nothing_open_is_shown_as_known(lights: str) -> None:
    row = UnitRow("340111001", "甲", "village", "340111001", "village", lights, over=9)
    shown = veiled(row)
    assert not set(shown.lights) & set("正临逾退课")
    for old, new in zip(lights, shown.lights, strict=True):
        assert new == old or new == Light.UNKNOWN.value
        assert (new in SETTLED) == (old in SETTLED), "what is done stays done, and nothing becomes it"
    assert shown == row or shown.over == 0


def test_a_unit_is_heard_of_by_the_longest_area_that_covers_it() -> None:
    heard = Heard({"340111": NOW, "340111001": NOW - timedelta(hours=50)})
    assert heard.of("340111001204") == NOW - timedelta(hours=50)
    assert heard.of("340111002201") == NOW
    assert heard.of("340222001") is None
    assert Heard({"*": NOW}).of("340222001") == NOW
    assert heard.silent(NOW) == {"340111001"}


def test_a_time_that_is_none_is_never() -> None:
    heard = parse_heard({"340111": "yesterday", "340112": "2026-11-23T15:00:00+00:00"})
    assert heard.of("340111001") is None
    assert heard.of("340112001") == NOW
