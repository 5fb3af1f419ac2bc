"""The simulated campaign: repeatable, plausible on any day, and never among real entries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from random import Random

import pytest

from server.commands.demo import AREA, make
from server.ledger import Submission
from server.office import Office
from server.roster_entry import current_groups, current_units
from server.simulate import is_simulated, next_change
from server.simulate.cast import cast_of
from server.simulate.entries import offered
from shared.board.chart import Chart
from shared.board.district import UnitRow
from shared.board.lights import Light
from shared.board.record import Record, kind_of
from shared.board.standing import settled
from shared.board.unit import latest
from shared.inspection.documents import dossiers
from shared.people.groups import units_by_group
from shared.people.instructors import register_of
from shared.people.pairing import departments
from shared.rights import Role
from tests.small import SetClock, make_office

HEFEI = timezone(timedelta(hours=8))
NOW = datetime(2026, 11, 23, 15, tzinfo=HEFEI)


@pytest.fixture(scope="session")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A simulated board as it stands at `NOW`, seed 1."""
    folder = tmp_path_factory.mktemp("simulated") / "board"
    make(folder, 1, NOW)
    with Office(folder, lambda: NOW) as office:
        yield office


def rows(office: Office, today: date) -> list[UnitRow]:
    """What every unit shows."""
    members = {member.name: member for member in office.members.members()}
    heard: dict[str, date] = {}
    for device in office.members.devices():
        for area in members[device.member].areas:
            day = datetime.fromisoformat(device.heard or "").astimezone(HEFEI).date()
            heard[area] = max(day, heard.get(area, day))
    chart, units = Chart(office.campaigns.current), current_units(office)
    return [chart.row(unit, office.store.of(code), today, latest(heard, code)) for code, unit in units.items()]


def steps(office: Office) -> dict[str, Record]:
    """Everything that stands on steps."""
    records = (office.store.of(owner) for owner in office.store.owners())
    return {address: record for each in records for address, record in each.items() if kind_of(address) == "step"}


def statuses(office: Office) -> Counter[str]:
    """How the ledger judged everything in the log."""
    return Counter(record.status for record in office.log.read(0, 100_000))


def test_the_same_seed_makes_the_same_board(simulated: Office, tmp_path: Path) -> None:
    make(tmp_path / "again", 1, NOW)
    with Office(tmp_path / "again") as again:
        assert steps(again) == steps(simulated)
        assert current_units(again) == current_units(simulated)
        assert again.members.devices() == simulated.members.devices()


def test_another_seed_makes_another_board(simulated: Office, tmp_path: Path) -> None:
    make(tmp_path / "other", 2, NOW)
    with Office(tmp_path / "other") as other:
        assert steps(other) != steps(simulated)


@pytest.mark.parametrize("now", [datetime(2026, 11, 1, 9, tzinfo=HEFEI), datetime(2027, 2, 14, 20, tzinfo=HEFEI), NOW])
def test_every_light_shines_on_any_day(tmp_path: Path, now: datetime) -> None:
    make(tmp_path / "board", 1, now)
    with Office(tmp_path / "board") as office:
        shown = set("".join(row.lights for row in rows(office, now.date())))
    assert set(Light) - shown == set()


def test_it_stands_in_the_middle_of_the_campaign_and_most_of_what_was_due_is_done(simulated: Office) -> None:
    day, days = Chart(simulated.campaigns.current).day_of(NOW.date())
    assert 0.3 < day / days < 0.6
    words = Counter("".join(row.lights for row in rows(simulated, NOW.date())))
    assert words[Light.DONE] > 5 * words[Light.LATE_DONE]
    assert 20 < words[Light.OVERDUE] < words[Light.DONE] / 5


def test_all_six_workflows_have_units(simulated: Office) -> None:
    found = {row.workflow for row in rows(simulated, NOW.date())}
    assert found == {workflow.id for workflow in simulated.campaigns.current.workflows}


def test_a_dozen_samples_stand_beside_the_149_units_and_say_that_they_are_samples(simulated: Office) -> None:
    units = current_units(simulated)
    samples = [unit for code, unit in units.items() if "-" in code]
    assert (len(units), len(samples)) == (161, 12)
    assert all(unit.name.startswith("示例") for unit in samples)
    people = [each for unit in units.values() for each in unit.people.items()]
    assert all(said.startswith("0551-0000" if name == "phone" else "示例") for name, said in people)


def test_units_have_their_groups_instructors_and_pairs_and_some_lack_one(simulated: Office) -> None:
    units, groups = current_units(simulated).values(), current_groups(simulated).values()
    assert "" not in units_by_group(units, groups)
    register = register_of(units)
    assert len(register.named) > 5 * len(register.without) > 0
    assert [bool(each.missing) for each in departments(units)] == [True, False]


def test_every_entry_was_allowed(simulated: Office) -> None:
    assert set(statuses(simulated)) == {"applied"}


def test_a_few_steps_collide(simulated: Office) -> None:
    assert 1 <= sum(len(row.marks) for row in rows(simulated, NOW.date())) <= 2


def test_nothing_is_entered_in_the_future_and_the_log_tells_the_days_it_happened(simulated: Office) -> None:
    records = simulated.log.read(0, 100_000)
    assert all(datetime.fromisoformat(record.at) <= NOW for record in records)
    assert len({datetime.fromisoformat(record.at).date() for record in records}) > 60
    changes = [change for record in records if (change := record.change()) is not None]
    assert all(datetime.fromisoformat(change.at) <= NOW for change in changes)


def test_one_town_has_fallen_silent_and_nothing_comes_from_it(simulated: Office) -> None:
    (silent,) = cast_of(simulated).silent
    last = max(
        datetime.fromisoformat(entry.at)
        for address, record in steps(simulated).items()
        if address.startswith(f"step/{silent}")
        for entry in record.entries
    )
    assert NOW - last > timedelta(days=17)


def test_everybody_in_it_is_plainly_invented(simulated: Office) -> None:
    members = simulated.members.members()
    assert all(member.name.startswith("示例") for member in members)
    assert {member.role for member in members} == {Role.MEMBER, Role.LEAD}


def test_a_real_board_is_never_taken_for_a_simulated_one(simulated: Office, tmp_path: Path) -> None:
    assert is_simulated(simulated)
    with make_office(tmp_path / "real", SetClock()) as real:
        real.members.add("张三", Role.LEAD, [AREA])
        assert not is_simulated(real)


def test_the_next_changes_are_allowed_and_move_the_board_on(tmp_path: Path) -> None:
    make(tmp_path / "board", 1, NOW)
    rng = Random(7)
    with Office(tmp_path / "board", lambda: NOW) as office:
        before = rows(office, NOW.date())
        silent = cast_of(office).silent
        for _ in range(80):
            author, change = next_change(office, rng, NOW)
            assert not silent.intersection(author.areas)
            assert (change.author, change.device) == (author.member, author.device)
            ((outcome,),) = office.submit([Submission(author, (offered(change),))])
            assert outcome.outcome == "applied"
        after = rows(office, NOW.date())
    assert sum(row.done for row in after) > sum(row.done for row in before) + 8
    assert [row.marks for row in after] == [row.marks for row in before]


def test_the_next_change_is_the_same_for_the_same_luck(simulated: Office) -> None:
    assert next_change(simulated, Random(5), NOW) == next_change(simulated, Random(5), NOW)


def every(office: Office, kind: str) -> list[Record]:
    """All records of a kind."""
    return list(office.store.of_kind(kind))


def test_problems_stand_in_every_stage_some_late_some_come_back_all_with_the_offices_number(simulated: Office) -> None:
    problems = every(simulated, "problem")
    assert {settled(each)["stage"] for each in problems} == {"open", "measured", "checked", "signed", "published"}
    assert all(each.value("number") for each in problems)
    assert any(each.value("reopened_on") for each in problems)
    assert any(each.value("visit") for each in problems)
    assert every(simulated, "escalation")
    found = rows(simulated, NOW.date())
    assert sum(row.problems for row in found) > sum(row.late for row in found) > 0


def test_papers_wait_were_returned_and_were_approved_with_their_rounds(simulated: Office) -> None:
    records = [simulated.store.of(owner) for owner in simulated.store.owners()]
    papers = [
        paper for each in records for owner in [next(iter(each)).split("/")[1]] for paper in dossiers(each, owner)
    ]
    assert any(paper.waiting for paper in papers)
    assert any(len(paper.rounds) > 1 for paper in papers)
    assert {each.outcome for paper in papers for each in paper.rounds} == {"", "approved", "returned"}


@pytest.mark.parametrize("now", [datetime(2026, 10, 20, 9, tzinfo=HEFEI), datetime(2027, 2, 14, 20, tzinfo=HEFEI), NOW])
def test_a_redo_is_under_way_and_another_is_over_with_both_results_kept(tmp_path: Path, now: datetime) -> None:
    make(tmp_path / "board", 1, now)
    with Office(tmp_path / "board") as office:
        under_way = [row for row in rows(office, now.date()) if row.redo is not None]
        surveys = Counter(record.address.split("/")[1] for record in every(office, "survey"))
    assert len(under_way) == 1
    assert Light.REDO.value in under_way[0].lights
    assert sorted(surveys.values()) == [1, 1, 1, 2]


def test_some_units_were_never_visited_and_some_visits_are_planned(simulated: Office) -> None:
    visits = every(simulated, "visit")
    visited = {each.address.split("/")[1] for each in visits if each.value("on")}
    assert 0.3 * len(current_units(simulated)) < len(visited) < 0.9 * len(current_units(simulated))
    assert any(each.value("planned_on") and not each.value("on") for each in visits)
