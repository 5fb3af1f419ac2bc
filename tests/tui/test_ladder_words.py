"""The ladder of escalation is printed wherever somebody sees what is late: legend, help, step, unit's page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from rich.cells import cell_len
from rich.style import Style

from shared.board.chart import Chart
from shared.board.step import UNTOUCHED
from shared.campaign.calendar import with_start
from shared.campaign.loader import builtin
from shared.campaign.model import LADDER, Rules, Rung
from shared.messages import use
from shared.rights import EVERYWHERE
from tests.tui.boards import unit
from tui.ladder_words import days_words, ladder_words, rung_words
from tui.screens.detail import step_detail
from tui.screens.help import help_text
from tui.screens.legend import legend
from tui.screens.unit_text import step_text
from tui.themes.palette import palette_for
from tui.view import Day

CHART = Chart(with_start(builtin("baohe-2009"), "2026-09"))
VILLAGE = unit("340111001204", "陆大村民委员会")
PLAN = CHART.plan(VILLAGE)[0]
DUE = PLAN.days.due


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    yield
    use("en")


def late(days: int) -> Day:
    """So many days after the first step was due, with everybody heard of."""
    today = DUE + timedelta(days)
    return Day(today, {EVERYWHERE: date.max})


@pytest.mark.parametrize(("lang", "words"), [("en", "0 unit  +3 town  +7 district"), ("zh", "0 单位  +3 镇街  +7 区")])
def test_the_legend_and_the_help_print_the_ladder_in_both_languages(lang: str, words: str) -> None:
    use(lang)
    assert ladder_words(LADDER) == words
    assert f"({words})" in legend(palette_for("", dark=True, environment={}), 0, 300, filtered=False).plain
    assert words in help_text(3).plain


def test_the_campaigns_own_ladder_is_what_is_printed_and_nothing_in_it_steers_the_terminal() -> None:
    own = (Rung(2, "镇\x1b[2J", "town\x1b[2J"),)
    assert ladder_words(own) == "+2 town?[2J"
    assert "+2 town?[2J" in legend(palette_for("", dark=True, environment={}), 0, 300, filtered=False, ladder=own).plain
    assert "+2 town?[2J" in help_text(3, own).plain


@pytest.mark.parametrize(("days", "rung"), [(1, "unit"), (2, "unit"), (3, "town"), (6, "town"), (7, "district")])
def test_an_overdue_step_says_for_how_long_and_on_which_rung_it_stands(days: int, rung: str) -> None:
    line = step_text(CHART, VILLAGE, PLAN, UNTOUCHED, late(days), lambda _light: Style()).plain
    assert f"  {days_words(days)} ({rung})" in line
    detail = step_detail(CHART, VILLAGE, "1.1", {}, late(days)).plain
    assert f"rung  {rung}  (0 unit  +3 town  +7 district)" in detail


def test_a_step_that_is_due_today_stands_on_no_rung() -> None:
    assert "unit" not in step_text(CHART, VILLAGE, PLAN, UNTOUCHED, late(0), lambda _light: Style()).plain
    assert "rung" not in step_detail(CHART, VILLAGE, "1.1", {}, late(0)).plain


def test_below_the_first_rung_none_is_named() -> None:
    high = Chart(replace(CHART.campaign, rules=Rules(ladder=(Rung(5, "区", "district"),))))
    line = step_text(high, VILLAGE, PLAN, UNTOUCHED, late(4), lambda _light: Style()).plain
    assert line.endswith("4 days")
    assert (rung_words(LADDER, 0), rung_words(LADDER, 4)) == ("", "")


def test_the_ladder_fits_beside_the_words_on_a_narrow_screen() -> None:
    use("zh")
    assert cell_len(ladder_words(LADDER)) <= 24
