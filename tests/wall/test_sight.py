"""Legibility: the angle of a row, by the figures that the layouts were chosen with."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.wall.layouts import DESK, HALL, MARGIN, OFFICE, PRESETS, STRIP, layout_for, preset_for, preset_of
from tui.wall.sight import READABLE, Sight, parse_sight


@pytest.mark.parametrize(
    ("inches", "rows", "angles"),
    [(55, 34, (20, 15, 12)), (65, 40, (20, 15, 12)), (75, 34, (27, 20, 16)), (86, 67, (16, 12, 9))],
)
def test_a_row_subtends_what_the_arithmetic_says(inches: float, rows: int, angles: tuple[int, ...]) -> None:
    assert tuple(round(Sight(inches, metres).row(rows)) for metres in (3, 4, 5)) == angles


@pytest.mark.parametrize(("inches", "most"), [(55, (33, 25, 20)), (65, (39, 29, 23)), (86, (52, 39, 31))])
def test_the_most_rows_for_names_are_those_of_the_table(inches: float, most: tuple[int, ...]) -> None:
    assert tuple(Sight(inches, metres).most_rows(20) for metres in (3, 4, 5)) == most


@given(st.floats(20, 120), st.floats(0.5, 12))
def test_so_many_rows_can_be_read_and_one_more_cannot(inches: float, metres: float) -> None:
    sight = Sight(inches, metres)
    most = sight.most_rows(READABLE)
    assert sight.row(most + 1) < READABLE
    assert most == 1 or sight.row(most) >= READABLE - 1e-6
    high = sight.high_for(60, 42)
    assert sight.of_rows(high, 60) >= 42 > (sight.of_rows(high - 1, 60) if high > 1 else 0)


@pytest.mark.parametrize(
    ("sight", "preset"),
    [(Sight(65, 4), HALL), (Sight(75, 3), OFFICE), (Sight(86, 2), DESK), (Sight(43, 5), HALL)],
)
def test_a_preset_fits_the_distance(sight: Sight, preset: object) -> None:
    assert preset_for(sight) is preset


@pytest.mark.parametrize("preset", PRESETS.values(), ids=lambda preset: preset.name)
def test_each_size_of_a_preset_is_of_that_preset(preset: object) -> None:
    assert preset in PRESETS.values()
    found = PRESETS[preset.name]  # type: ignore[attr-defined]
    for width in found.width:
        for height in found.height:
            assert preset_of(width, height) is found


@given(st.integers(40, 1000), st.integers(12, 400))
def test_every_size_has_room_for_all_parts_and_a_margin_to_move_in(width: int, height: int) -> None:
    layout = layout_for(width, height)
    margin = 0 if layout.preset == STRIP.name else 2 * MARGIN
    assert (layout.width + margin, layout.height + margin) == (width, height)
    assert layout.top + layout.critical + layout.centre + layout.bottom == layout.height or layout.centre == 0
    if height >= 24:
        assert layout.centre >= 12


def test_one_number_alone_is_taken_with_a_usual_other_one() -> None:
    assert parse_sight(None, None) is None
    assert parse_sight(65, None) == Sight(65, 3)
    assert parse_sight(None, 4) == Sight(55, 4)
