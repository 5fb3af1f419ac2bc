"""The division's files come in as downloaded, whole or by area, whatever the order of their columns."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.roster.entries import Entry
from server.roster.problems import Place
from server.roster.statistics import read_statistics, statistics_of
from server.roster.table import Source

from .drill import BAOHE, DISTRICT, HEFEI, baohe, codes, hefei, spots, streets, villages, workbook


def test_both_real_rosters_are_read_without_a_problem() -> None:
    for reading, size in ((baohe(), 149), (hefei(), 1933)):
        assert len(reading.entries) == size
        assert reading.problems.listed == ()


def test_an_area_takes_its_part_of_a_larger_file() -> None:
    part = read_statistics(HEFEI, ["340111", "340102"])
    assert {entry.code[:6] for entry in part.entries} == {"340111", "340102"}
    assert {e.code for e in part.entries if e.code.startswith("340111")} == {e.code for e in baohe().entries}


def test_the_order_of_columns_and_unknown_ones_do_not_matter() -> None:
    text = "provinceCode,Name,STREETCODE,code\n34,官塘社区居民委员会,340111001,340111001008\n"
    reading = statistics_of([Source("v.csv", text.encode())], DISTRICT)
    assert reading.entries == (Entry(Place("v.csv", 2), "statistics", "340111001008", "官塘社区居民委员会"),)


def test_a_file_that_excel_saved_again_is_the_same_file() -> None:
    rows = [line.split(",") for line in BAOHE[0].read_text("utf-8").replace('"', "").splitlines()]
    saved = workbook(rows[0], *([int(row[0]), row[1], int(row[2])] for row in rows[1:]), name="streets.xlsx")
    again = statistics_of([saved], DISTRICT)
    assert [(e.code, e.name) for e in again.entries] == [(e.code, e.name) for e in baohe().entries[:13]]
    assert not again.problems.listed


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_every_encoding_an_office_saves_gives_the_same_units(encoding: str) -> None:
    raw = BAOHE[1].read_text("utf-8").encode(encoding)
    reading = statistics_of([Source("v.csv", raw)], DISTRICT)
    assert [e.name for e in reading.entries] == [e.name for e in baohe().entries[13:]]


def test_names_outside_gbk_come_through_gb18030() -> None:
    name = "\U00021413㑇村民委员会"
    with pytest.raises(UnicodeEncodeError):
        name.encode("gbk")
    source = villages(f"340111002201,{name},340111002\n")
    saved = Source(source.name, source.raw.decode().encode("gb18030"))
    assert statistics_of([saved], DISTRICT).entries[0].name == name


def test_the_padded_code_of_a_town_is_the_town() -> None:
    reading = statistics_of([streets("340111001000,骆岗街道办事处,340111\n")], DISTRICT)
    assert [entry.code for entry in reading.entries] == ["340111001"]


def test_a_row_is_refused_for_itself_and_the_others_stay() -> None:
    lines = (
        "340111001008,官塘社区居民委员会,340111001\n"
        ",没有编码,340111001\n"
        "3.40111E+11,高王社区居民委员会,340111001\n"
        "340111001009,,340111001\n"
        "340111001010,施河社区居民委员会,340111002\n"
        "340111001-S01,骆岗小学,340111001\n"
    )
    reading = statistics_of([villages(lines)], DISTRICT)
    assert [entry.code for entry in reading.entries] == ["340111001008"]
    assert spots(reading.problems) == [
        (3, "code", "code-blank"),
        (4, "code", "code-number"),
        (5, "name", "name-missing"),
        (6, "parent", "parent-bad"),
        (7, "code", "code-bad"),
    ]


def test_a_row_of_another_area_is_not_judged_at_all() -> None:
    reading = statistics_of([villages("340111001008,官塘社区居民委员会,340111001\n340102001001,,1\n")], DISTRICT)
    assert len(reading.entries) == 1
    assert not reading.problems.listed


def test_an_area_that_fits_nothing_is_told_instead_of_an_empty_roster() -> None:
    assert codes(read_statistics(BAOHE, ["340112"]).problems) == ["nothing-in-area"]
    assert codes(read_statistics(BAOHE, []).problems) == ["nothing-in-area"]
    assert codes(read_statistics(BAOHE, ["34011"]).problems) == ["area-bad"]


def test_a_missing_file_and_a_folder_are_told_beside_what_could_be_read(tmp_path: Path) -> None:
    reading = read_statistics([*BAOHE, tmp_path / "none.csv", tmp_path], DISTRICT)
    assert len(reading.entries) == 149
    assert codes(reading.problems) == ["file-missing", "file-no-file"]
