"""Codes are text with a shape, and areas are prefixes that never reach further than they say."""

from __future__ import annotations

import pytest

from shared.roster import (
    EXTENSION_LETTERS,
    KIND_TITLES,
    UnitKind,
    base_of,
    canonical_code,
    in_area,
    is_area,
    kind_fits,
    kind_title,
    parent_of,
    town_of,
)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("340111001", "340111001"),
        ("340111001008", "340111001008"),
        ("340111001-S01", "340111001-S01"),
        ("340111001008-E12", "340111001008-E12"),
        ("340111001-O100", "340111001-O100"),
        ("３４０１１１００１－Ｓ０１", "340111001-S01"),
        (" 340 111\u3000001 ", "340111001"),
        ("340111001—h01", "340111001-H01"),
        ("340111001000", "340111001"),
        ("340111001000-S01", "340111001-S01"),
    ],
)
def test_a_code_typed_by_hand_is_the_code_it_means(typed: str, code: str) -> None:
    assert canonical_code(typed) == code


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "34011100",
        "3401110010",
        "34011100100",
        "3401110010080",
        "040111001",
        "340111000",
        "340111000000",
        "340111001.0",
        "3.40111E+11",
        "340111001-",
        "340111001-S1",
        "340111001-S001",
        "340111001-S0100",
        "340111001-Q01",
        "340111001-S01-S01",
        "340111001\x00",
        "①40111001",
        "340111001x",
    ],
)
def test_what_has_not_the_shape_of_a_code_is_never_guessed_into_one(typed: str) -> None:
    assert canonical_code(typed) == ""


@pytest.mark.parametrize(
    ("code", "base", "town", "parent"),
    [
        ("340111001", "340111001", "340111001", "340111"),
        ("340111001008", "340111001008", "340111001", "340111001"),
        ("340111001-S01", "340111001", "340111001", "340111001"),
        ("340111001008-E01", "340111001008", "340111001", "340111001008"),
    ],
)
def test_a_code_tells_its_base_its_town_and_its_parent(code: str, base: str, town: str, parent: str) -> None:
    assert (base_of(code), town_of(code), parent_of(code)) == (base, town, parent)


def test_an_area_covers_everything_under_it_extensions_included() -> None:
    for area in ("34", "3401", "340111", "340111001"):
        assert in_area("340111001", [area])
        assert in_area("340111001008", [area])
        assert in_area("340111001-S01", [area])
    assert in_area("340111001008-S01", ["340111001008"])


def test_an_area_covers_nothing_beside_or_above_it() -> None:
    assert not in_area("340111001", ["340111001008"])
    assert not in_area("340111002", ["340111001"])
    assert not in_area("340111001-S01", ["340111001008"])
    assert not in_area("340111001", ["340112", "3402"])


def test_a_blank_area_is_no_right_to_everything() -> None:
    assert not in_area("340111001", [""])
    assert not in_area("340111001", [])


def test_a_whole_code_with_an_extension_covers_only_itself() -> None:
    assert in_area("340111001-S10", ["340111001-S10"])
    assert not in_area("340111001-S100", ["340111001-S10"])


def test_a_single_area_given_as_text_is_one_area_and_not_its_digits() -> None:
    assert in_area("340111001", "340111")
    assert not in_area("340111001", "340112")


def test_an_area_ends_where_a_segment_ends() -> None:
    assert all(is_area(text) for text in ("34", "3401", "340111", "340111001", "340111001008"))
    assert not any(is_area(text) for text in ("", "3", "34011", "3401110", "34011a", "３４", "340111001-S01"))


def test_every_kind_has_a_name_in_both_languages() -> None:
    assert set(KIND_TITLES) == set(UnitKind)
    assert kind_title(UnitKind.NEW_SOCIAL) == "新社会组织"
    assert kind_title(UnitKind.NEW_SOCIAL, "en") == "new social organisation"


def test_a_kind_carries_only_codes_of_its_own_shape() -> None:
    assert kind_fits("340111001", UnitKind.STREET_ORGAN)
    assert kind_fits("340111400", UnitKind.COMMUNITY)
    assert not kind_fits("340111001", UnitKind.VILLAGE)
    assert kind_fits("340111001008", UnitKind.VILLAGE)
    assert not kind_fits("340111001008", UnitKind.SCHOOL)
    assert not kind_fits("340111001-S01", UnitKind.COMMUNITY)
    for kind, letter in EXTENSION_LETTERS.items():
        assert kind_fits(f"340111001-{letter}01", kind)
    assert not kind_fits("340111001-S01", UnitKind.HOSPITAL)
