"""What the wall shows of problems, visits and surveys: read out of the laptop's file in one pass, off the loop.

The rules are those of the registers; here they are only counted and the most urgent kept. Every list is bounded.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from shared.board.change import JSON
from shared.board.chart import Chart
from shared.board.record import unit_address
from shared.board.redo import Redo, is_survey, redo_of
from shared.board.stages import stage_of
from shared.board.standing import Standing
from shared.board.surveys import all_satisfied, fails, survey_day, tallies
from shared.board.unit import unit_in
from shared.campaign.model import Rules
from shared.inspection.register import Registered, Sought, most_urgent_first, problems_in, sought
from shared.inspection.visits import Coverage, coverage_of, uncovered
from shared.roster import town_of
from tui.profile import Identity
from tui.replica import Replica, Shown
from tui.view import chart_of

KEPT: Final = 200
"""So many lines of each list are kept: more than the largest wall has rows for."""
LATELY: Final = 30
"""A unit counts as visited lately when somebody was there within so many days."""


class Trouble(NamedTuple):
    """One open problem: where, what, how far its closing is, and how many days past due (negative: days left)."""

    unit: str
    town: str
    number: str
    title: str
    stage: str
    light: str
    days: int | None


class Visited(NamedTuple):
    """How a town's units were visited: how many there are, how many ever, how many lately."""

    town: str
    units: int
    ever: int
    lately: int


class Unvisited(NamedTuple):
    """A unit on which nobody was lately: for so many days, or never."""

    unit: str
    town: str
    days: int | None


class Surveyed(NamedTuple):
    """The latest survey of a unit: its worst question's satisfied and valid sheets, and whether it opens a redo."""

    unit: str
    town: str
    on: date
    satisfied: int
    valid: int
    failed: bool
    everybody: bool
    redo_due: date | None


@dataclass(frozen=True, slots=True)
class Registers:
    """All of it at one moment. `stages`: how many problems of each stage there are, closed ones, too."""

    problems: tuple[Trouble, ...] = ()
    stages: Mapping[str, int] | None = None
    visited: tuple[Visited, ...] = ()
    unvisited: tuple[Unvisited, ...] = ()
    surveys: tuple[Surveyed, ...] = ()
    surveyed: int = 0
    failed: int = 0

    @property
    def known(self) -> bool:
        """Whether anything was read yet."""
        return self.stages is not None


NOTHING: Final = Registers()
"""Before the first reading."""


def read(replica: Replica, identity: Identity, today: date) -> Registers:
    """What stands in the areas that this laptop holds; nothing before the first sync."""
    with replica.still():
        chart = chart_of(replica)
        return NOTHING if chart is None else made_of(replica.every(), chart, today)


def made_of(units: Iterable[tuple[str, Shown]], chart: Chart, today: date) -> Registers:
    """The registers of these units, as they are seen on a day."""
    found = _Reading(chart, today)
    for owner, shown in units:
        found.take(owner, shown.standing)
    return found.registers()


class _Reading:
    """The registers while they are put together, one unit after another."""

    def __init__(self, chart: Chart, today: date) -> None:
        self._rules: Final[Rules] = chart.campaign.rules
        self._today = today
        self._names: dict[str, str] = {}
        self._problems: list[Registered] = []
        self._stages: Counter[str] = Counter()
        self._coverage: list[Coverage] = []
        self._surveys: list[Surveyed] = []

    def take(self, owner: str, standing: Standing) -> None:
        """Everything of one unit."""
        unit = unit_in(owner, standing.values.get(unit_address(owner), {}))
        if unit is None or unit.closed:
            return
        self._names[owner] = unit.short
        there = problems_in(*standing)
        self._stages.update(stage_of(problem.item.values) for problem in there)
        wanted = ((owner, problem) for problem in there)
        self._problems += sought(wanted, Sought(), self._today, self._rules.warning_days, {})
        self._coverage.append(coverage_of(owner, standing.values, self._today))
        sheets = {address: values for address, values in standing.values.items() if is_survey(address)}
        if (result := _latest(unit.short, owner, sheets, self._rules)) is not None:
            self._surveys.append(result)

    def registers(self) -> Registers:
        """What was put together."""
        surveys = sorted(self._surveys, key=lambda each: (not each.failed, -each.on.toordinal(), each.unit))
        late = uncovered(self._coverage, self._today, LATELY)[:KEPT]
        return Registers(
            tuple(self._trouble(each) for each in most_urgent_first(self._problems)[:KEPT]),
            dict(self._stages),
            self._visited(),
            tuple(Unvisited(self._names[c.unit], town_of(c.unit), c.days_since(self._today)) for c in late),
            tuple(surveys[:KEPT]),
            len(surveys),
            sum(each.failed for each in surveys),
        )

    def _trouble(self, each: Registered) -> Trouble:
        item = each.problem.item
        due = item.day("due_on")
        return Trouble(
            self._names[each.unit], town_of(each.unit), each.problem.number, item.text("title"), each.problem.stage,
            each.light.value, (self._today - due).days if due is not None else None,
        )  # fmt: skip

    def _visited(self) -> tuple[Visited, ...]:
        towns: dict[str, list[Coverage]] = {}
        for each in self._coverage:
            towns.setdefault(town_of(each.unit), []).append(each)
        return tuple(
            Visited(
                town,
                len(units),
                sum(each.last is not None for each in units),
                sum((days := each.days_since(self._today)) is not None and days <= LATELY for each in units),
            )
            for town, units in sorted(towns.items())
        )


def _latest(name: str, owner: str, sheets: Mapping[str, Mapping[str, JSON]], rules: Rules) -> Surveyed | None:
    """The newest survey of a unit that adds up; of two of one day the one under the threshold, as for a redo."""
    sound = [
        (day, fails(values, rules), address)
        for address, values in sheets.items()
        if (day := survey_day(values)) is not None and values.get("withdrawn") is not True and tallies(values, rules)
    ]
    if not sound:
        return None
    day, failed, address = max(sound)
    worst = max(tallies(sheets[address], rules), key=lambda tally: tally.dissatisfied / tally.valid)
    redo: Redo | None = redo_of(sheets, rules)
    return Surveyed(
        name, town_of(owner), day, worst.satisfied, worst.valid, failed, all_satisfied(sheets[address], rules),
        redo.due if redo is not None else None,
    )  # fmt: skip
