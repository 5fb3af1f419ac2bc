"""Names are data: whatever somebody typed, nothing of it steers a terminal, hides, or has a width in dispute."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.grid.plain import plain

BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
anything = st.text(st.characters(codec=None), max_size=40) | st.text(st.sampled_from(BIDI + ZERO_WIDTH + "\x1b\x9b甲A"))


@pytest.mark.parametrize(
    "name", ["陆大村", "㙦塘村", "𡎚上村", "淝南社区", "ＡＢ小学", "O'Brien (2)", "[red]甲[/]", "😀中学", "张\u3000三"]
)
def test_a_name_stays_as_it_was_typed(name: str) -> None:
    assert plain(name) == name


def test_private_use_characters_of_old_rosters_stay() -> None:
    assert plain("\ue170岗村") == "\ue170岗村"


@pytest.mark.parametrize(
    ("typed", "painted"),
    [
        ("甲\x1b[31m乙", "甲?[31m乙"),
        ("甲\x9b31m乙", "甲?31m乙"),
        ("甲\x00\x7f乙", "甲??乙"),
        ("甲\r\n乙\t丙", "甲  乙 丙"),
        ("甲\u2028乙\u00a0丙", "甲 乙 丙"),
        ("甲\ud800乙", "甲?乙"),
    ],
)
def test_controls_are_shown_as_what_they_are_not(typed: str, painted: str) -> None:
    assert plain(typed) == painted


@pytest.mark.parametrize(
    "silent", [*BIDI, *ZERO_WIDTH, "\ufe0f", "\ufe0e", "\U000e0100", "\u180b", "\U0001f3fd", "\u3164"]
)
def test_what_shows_nothing_is_left_out(silent: str) -> None:
    assert plain(f"甲{silent}乙") == "甲乙"


def test_a_flag_becomes_its_letters() -> None:
    assert plain("\U0001f1e8\U0001f1f3") == "CN"


def test_emoji_that_are_joined_fall_apart_into_cells_everyone_counts_alike() -> None:
    assert plain("\U0001f468\u200d\U0001f469\u200d\U0001f467") == "\U0001f468\U0001f469\U0001f467"
    assert plain("⚠\ufe0f") == "⚠"


@given(anything)
def test_no_character_that_steers_or_hides_is_left(text: str) -> None:
    categories = {unicodedata.category(character) for character in plain(text)}
    assert not categories & {"Cc", "Cf", "Cs", "Zl", "Zp"}


@given(anything)
def test_plain_text_is_plain(text: str) -> None:
    assert plain(plain(text)) == plain(text)
    plain(text).encode()  # no half surrogate reaches the terminal
