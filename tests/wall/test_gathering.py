"""A wall that is brought up to date town by town shows what one shows that is made anew."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.board.district import UnitRow, count_cells, town_row
from shared.board.lights import Light
from shared.board.status import count
from tests.wall.district import NOW, opened
from tests.wall.known import Known
from tui.view import BoardView
from tui.wall.facts import Changed, Facts, total
from tui.wall.gathering import Gathering, moved_between, turned_red
from tui.wall.once import heard_in
from tui.wall.trust import Heard

WORDS = [light.value for light in Light]


def board(profile: Path) -> tuple[BoardView, Heard]:
    with opened(profile) as laptop:
        return laptop.view(), heard_in(laptop.replica)


def changed(row: UnitRow, draw: random.Random) -> UnitRow:
    """The row after something was entered."""
    place = draw.randrange(len(row.lights))
    lights = row.lights[:place] + draw.choice(WORDS) + row.lights[place + 1 :]
    done, applicable = count_cells(lights)
    return replace(row, lights=lights, done=done, applicable=applicable, problems=draw.randrange(3))


@settings(max_examples=20)
@given(seed=st.integers(0, 2**32), bursts=st.integers(1, 4))
def test_town_by_town_is_as_good_as_all_anew(profile: Path, known: Known, seed: int, bursts: int) -> None:
    draw, (view, heard) = random.Random(seed), board(profile)
    gathering = Gathering(view, heard, NOW)
    gathering.note_past(known.facts.past, NOW)
    for _burst in range(bursts):
        codes = draw.sample(sorted(view.rows), draw.randint(1, 40))
        rows = {code: changed(view.rows[code], draw) for code in codes}
        view.rows.update(rows)
        for town in {row.town for row in rows.values()}:
            members = [row for row in view.rows.values() if row.town == town]
            view.towns[town] = town_row(town, view.towns[town].name, members, len(view.chart.columns))
        gathering.take(rows, NOW)
    anew = Gathering(view, heard, NOW)
    anew.note_past(known.facts.past, NOW)
    assert replace(gathering.facts(), changed=()) == anew.facts()


def test_the_sums_are_those_of_the_towns(facts: Facts) -> None:
    assert facts.counts == total(town.counts for town in facts.towns)
    assert facts.problems == (sum(town.problems for town in facts.towns), sum(town.late for town in facts.towns))
    for town in facts.towns:
        assert town.counts == count(row.lights for row in facts.rows[town.code])
    lights = [row.lights for rows in facts.rows.values() for row in rows]
    assert list(facts.per_column) == [count(each[at] for each in lights) for at in range(len(facts.columns))]
    assert total(facts.per_column) == facts.counts


def test_a_town_that_nobody_heard_of_for_48_hours_is_unknown_and_no_news(profile: Path, known: Known) -> None:
    view, _heard = board(profile)
    town = "340111001"
    heard = Heard({"*": NOW, town: NOW - timedelta(hours=47, minutes=59)})
    gathering = Gathering(view, heard, NOW)
    gathering.note_past(known.facts.past, NOW)
    before = next(each for each in gathering.facts().towns if each.code == town)
    assert before.silent == 0
    assert before.counts.overdue > 0
    later = NOW + timedelta(minutes=1)
    assert gathering.age(later)
    gathering.renew(view, heard, later)
    after = next(each for each in gathering.facts().towns if each.code == town)
    assert after.silent == after.units == before.units
    assert (after.counts.overdue, after.counts.due_soon, after.counts.on_track) == (0, 0, 0)
    assert after.counts.done == before.counts.done
    assert after.counts.unknown > 0
    assert town not in gathering.facts().moved or gathering.facts().moved[town].cleared == 0
    assert not gathering.age(later)


def test_what_changed_is_told_step_by_step_and_newest_first(profile: Path) -> None:
    view, heard = board(profile)
    gathering = Gathering(view, heard, NOW)
    code = next(code for code, row in view.rows.items() if Light.ON_TRACK.value in row.lights)
    row = view.rows[code]
    place = row.lights.index(Light.ON_TRACK.value)
    red = replace(row, lights=row.lights[:place] + Light.OVERDUE.value + row.lights[place + 1 :])
    view.rows[code] = red
    (told,) = gathering.take({code: red}, NOW)
    assert (told.code, told.step, told.before, told.after) == (code, view.chart.columns[place].step, "正", "逾")
    assert turned_red([told]) == (told,)
    view.rows[code] = row
    (back,) = gathering.take({code: row}, NOW)
    assert turned_red([back]) == ()
    assert gathering.facts().changed[:2] == (back, told)


def test_what_came_in_is_told_when_the_board_was_made_anew_too_but_not_what_the_day_did(profile: Path) -> None:
    view, heard = board(profile)
    gathering = Gathering(view, heard, NOW)
    code, row = next((code, row) for code, row in view.rows.items() if Light.ON_TRACK.value in row.lights)
    place = row.lights.index(Light.ON_TRACK.value)
    anew, _heard = board(profile)
    anew.rows[code] = replace(row, lights=row.lights[:place] + Light.DONE.value + row.lights[place + 1 :])
    (told,) = gathering.renew(anew, heard, NOW)
    assert (told.code, told.step, told.before, told.after) == (code, view.chart.columns[place].step, "正", "毕")
    assert gathering.facts().changed == (told,)
    tomorrow, _heard = board(profile)
    tomorrow.day = replace(tomorrow.day, today=tomorrow.day.today + timedelta(days=1))
    assert gathering.renew(tomorrow, heard, NOW + timedelta(days=1)) == ()


def test_what_the_log_says_of_before_stands_below_and_a_step_is_told_once(profile: Path) -> None:
    view, heard = board(profile)
    gathering = Gathering(view, heard, NOW)

    def said(step: str, minutes: int) -> Changed:
        return Changed(NOW - timedelta(minutes=minutes), "340111001204", "陆大村", step, "", "毕")

    gathering.note_changed([said("1.2", 10), said("1.1", 20)])
    gathering.note_changed([said("1.2", 10), said("1.1", 20), said("1.3", 30)])
    assert [each.step for each in gathering.facts().changed] == ["1.2", "1.1", "1.3"]


def test_what_moved_is_counted_once_each() -> None:
    def row(lights: str) -> UnitRow:
        return UnitRow("1", "甲", "village", "1", "village", lights)

    assert moved_between({"1": row("正逾毕审？")}, [row("毕毕正逾逾")]) == (2, 2, 1, 1)
    assert moved_between({}, [row("毕")]) == (0, 0, 0, 0)


def test_after_midnight_nothing_is_compared_until_the_past_is_read_again(profile: Path, known: Known) -> None:
    view, heard = board(profile)
    gathering = Gathering(view, heard, NOW)
    gathering.note_past(known.facts.past, NOW)
    assert gathering.facts().before is not None
    view.day = replace(view.day, today=view.day.today + timedelta(days=1))
    gathering.renew(view, heard, NOW + timedelta(days=1))
    told = gathering.facts()
    assert (told.past, told.before, told.moved, told.curves) == (None, None, {}, {})
