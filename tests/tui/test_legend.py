"""The legend says what every light means, in as many words as there is room for, and never cuts one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.board.lights import Light
from shared.messages import use
from tui.screens.legend import legend
from tui.themes.palette import palette_for

PALETTE = palette_for("", dark=True, environment={})


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    yield
    use("en")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_eighty_columns_are_enough_for_every_light(lang: str) -> None:
    use(lang)
    shown = legend(PALETTE, 0, 78, filtered=False)
    assert shown.cell_len <= 78
    assert all(light.value in shown.plain for light in Light if lang == "zh" or light is not Light.EXEMPT)
    assert shown.plain.startswith("逾")


@pytest.mark.parametrize("lang", ["zh", "en"])
@given(width=st.integers(0, 300), selected=st.sampled_from([0, 3]), filtered=st.booleans())
def test_it_is_never_wider_than_its_line_unless_something_is_selected(
    lang: str, width: int, selected: int, filtered: bool
) -> None:
    use(lang)
    shown = legend(PALETTE, selected, width, filtered=filtered)
    before = legend(PALETTE, selected, 0, filtered=filtered)
    assert shown.cell_len <= max(width, before.cell_len)


def test_with_room_for_it_the_ladder_is_told() -> None:
    assert "(0 unit  +3 town  +7 district)" in legend(PALETTE, 0, 300, filtered=False).plain
    assert "+3" not in legend(PALETTE, 0, 150, filtered=False).plain
