"""The facts of a wall out of a live board: made once, then brought up to date town by town as rows change."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Final

from shared.board.chart import Chart
from shared.board.district import BLANK, SETTLED, UnitRow, town_row
from shared.board.lights import Light
from shared.board.status import Counts, count
from shared.campaign import calendar
from shared.messages import pick
from tui.progress import Past
from tui.view import BoardView
from tui.wall.facts import Changed, Curve, Facts, Moved, PerColumn, Phase, Running, Town
from tui.wall.registers import Registers
from tui.wall.trust import PATIENCE, Heard, Patience, veiled

DAYS: Final = 13
"""So many days that are over are in a town's curve; today is its last point."""
WEEK: Final = 7
"""A town's place is compared with the one it had so many days ago."""
CHANGES_KEPT: Final = 64
"""So many of the newest changes are kept."""


class Gathering:
    """The facts of one board. `view` is what they are made of; nothing in it is changed."""

    def __init__(self, view: BoardView, heard: Heard, now: datetime, patience: Patience = PATIENCE) -> None:
        self._patience = patience
        self._changed: deque[Changed] = deque(maxlen=CHANGES_KEPT)
        self._past: Past | None = None
        self._curves: Mapping[str, Curve] = {}
        self._lights: dict[str, str] = {}
        self._told = Facts("", "", (0, 0), view.day.today, 0, (), (), ())
        self.renew(view, heard, now)

    def renew(self, view: BoardView, heard: Heard, now: datetime) -> tuple[Changed, ...]:
        """Make everything anew, of another board or with other news of who was heard of; what came in by the way.

        What looks different because it is another day, or another campaign, did not come in.
        """
        changed = self._came_in(view, now)
        self._view, self._heard, self._silent = view, heard, heard.silent(now, self._patience)
        if self._past is not None and self._past.today != view.day.today:  # until it is read again nothing is compared
            self._past, self._curves = None, {}
        self._phases = phases_of(view.chart)
        self._members: dict[str, dict[str, None]] = {}
        self._towns: dict[str, Town] = {}
        self._rows: dict[str, tuple[UnitRow, ...]] = {}
        self._moved: dict[str, Moved] = {}
        self._before: dict[str, tuple[Counts, int]] = {}
        self._sums, self._sums_before = Running(), Running()
        self._per_column = PerColumn(len(view.chart.columns))
        for row in view.rows.values():
            self._members.setdefault(row.town, {})[row.code] = None
        for town in sorted(self._members):
            self._make(town, now)
        self._lights = {row.code: row.lights for row in view.rows.values()}
        self._changed.extendleft(changed)
        self._sum()
        return changed

    def age(self, now: datetime) -> bool:
        """Whether time alone has made an area unknown, or somebody known again; everything is then to be renewed."""
        return self._heard.silent(now, self._patience) != self._silent

    def take(self, rows: Mapping[str, UnitRow], now: datetime) -> tuple[Changed, ...]:
        """Bring the towns of these rows up to date; what of their steps looks different, in the order of the codes."""
        changed: list[Changed] = []
        for code, row in rows.items():
            changed += self._differences(row, now)
            self._lights[code] = row.lights
            self._members.setdefault(row.town, {})[code] = None
        known = len(self._towns)
        for town in {row.town for row in rows.values()}:
            self._make(town, now)
        if len(self._towns) != known:
            self._towns = dict(sorted(self._towns.items()))
        self._changed.extendleft(changed)
        self._sum()
        return tuple(changed)

    def note_past(self, past: Past | None, now: datetime) -> None:
        """Show this of what was before."""
        self._past = past
        self._curves = {} if past is None else {town: _curve(past, town) for town in self._members}
        self.renew(self._view, self._heard, now)

    def note_registers(self, registers: Registers) -> None:
        """Show these registers."""
        self._told = replace(self._told, registers=registers)

    def note_changed(self, changed: Iterable[Changed]) -> None:
        """Show these changes, the newest first, below what came in here; a step that is shown already is told once."""
        shown = {(each.code, each.step) for each in self._changed}
        self._changed.extend(
            [each for each in changed if (each.code, each.step) not in shown][: CHANGES_KEPT - len(self._changed)]
        )
        self._told = replace(self._told, changed=tuple(self._changed))

    def facts(self, as_of: date | None = None) -> Facts:
        """Everything as it stands."""
        return self._told if as_of is None else replace(self._told, as_of=as_of)

    def _sum(self) -> None:
        """Put together what was made of the towns."""
        view, chart, today = self._view, self._view.chart, self._view.day.today
        known = bool(self._past and self._past.yesterday)
        self._told = replace(
            self._told,
            title=pick(chart.campaign.title, chart.campaign.title_en),
            phase=chart.phase_words(today, pick("zh", "en")),
            day=chart.day_of(today),
            today=today,
            warning=chart.campaign.rules.warning_days,
            columns=chart.columns,
            phases=self._phases,
            towns=tuple(self._towns.values()),
            counts=self._sums.counts,
            per_column=self._per_column.counts,
            problems=(self._sums.problems, self._sums.late),
            rows=dict(self._rows),
            changed=tuple(self._changed),
            past=self._past,
            curves=self._curves,
            before=self._sums_before.counts if known else None,
            open_before=self._sums_before.problems,
            moved=dict(self._moved),
            collisions=view.collisions,
        )

    def _make(self, town: str, now: datetime) -> None:
        known = [self._view.rows[code] for code in self._members[town] if code in self._view.rows]
        self._forget(town)
        if not known:
            self._towns.pop(town, None)
            self._stand(town, ())
            self._rows.pop(town, None)
            return
        heard = {row.code: self._heard.of(row.code) for row in known}
        dark = {code for code, at in heard.items() if at is None or now - at >= self._patience.unheard}
        rows = tuple(veiled(row) if row.code in dark else row for row in known)
        sums = town_row(town, self._view.towns[town].name, rows, len(self._view.chart.columns))
        times = [at for at in heard.values() if at is not None]
        self._stand(town, rows)
        self._towns[town] = made = Town(
            town, sums.name, len(rows), sums.worst, count(row.lights for row in rows),
            sums.over, sums.problems, sums.late, sums.marks, max(times, default=None), len(dark),
        )  # fmt: skip
        self._sums.add(made.counts, made.problems, made.late)
        self._compare(town, rows, dark)

    def _stand(self, town: str, rows: tuple[UnitRow, ...]) -> None:
        """These rows stand for a town from now on."""
        before = {row.code: row.lights for row in self._rows.get(town, ())}
        for row in rows:
            self._per_column.exchange(before.pop(row.code, ""), row.lights)
        for lights in before.values():
            self._per_column.exchange(lights, "")
        self._rows[town] = rows

    def _forget(self, town: str) -> None:
        """Take out of the sums what was counted of a town before."""
        if (old := self._towns.get(town)) is not None:
            self._sums.add(old.counts, old.problems, old.late, times=-1)
        if (before := self._before.pop(town, None)) is not None:
            self._sums_before.add(*before, times=-1)
        self._moved.pop(town, None)

    def _compare(self, town: str, rows: tuple[UnitRow, ...], dark: set[str]) -> None:
        """What moved in a town since yesterday; who is unknown now is unknown then too, so that silence is no news."""
        if self._past is None:
            return
        yesterday = self._past.yesterday
        before = [yesterday[row.code] for row in rows if row.code in yesterday]
        shown = {row.code: veiled(row) if row.code in dark else row for row in before}
        self._before[town] = (count(row.lights for row in shown.values()), sum(row.problems for row in before))
        self._sums_before.add(*self._before[town])
        moved = moved_between(shown, rows)
        if any(moved):
            self._moved[town] = moved

    def _came_in(self, view: BoardView, now: datetime) -> tuple[Changed, ...]:
        """What looks different on a board of the same day and steps as the one before."""
        if not self._lights or (view.day.today, view.chart.columns) != (self._view.day.today, self._view.chart.columns):
            return ()
        known = (row for row in view.rows.values() if row.code in self._lights)
        return tuple(each for row in known for each in self._differences(row, now))

    def _differences(self, row: UnitRow, now: datetime) -> list[Changed]:
        columns = self._view.chart.columns
        before = self._lights.get(row.code, BLANK * len(columns))
        return [
            Changed(now, row.code, row.name, column.step, "" if old == BLANK else old, new)
            for column, old, new in zip(columns, before, row.lights, strict=False)
            if new not in (old, BLANK)
        ]


def turned_red(changed: Iterable[Changed]) -> tuple[Changed, ...]:
    """Those of the changes by which a step became overdue."""
    return tuple(each for each in changed if each.after == Light.OVERDUE and each.before != Light.OVERDUE)


def moved_between(before: Mapping[str, UnitRow], rows: Iterable[UnitRow]) -> Moved:
    """What moved on these units since the rows before; a unit that was not there then has not moved."""
    done = red = cleared = undone = 0
    for row in rows:
        was = before.get(row.code)
        if was is None or was.lights == row.lights:
            continue
        for old, new in zip(was.lights, row.lights, strict=False):
            if old != new:
                done += new in SETTLED and old not in SETTLED
                undone += old in SETTLED and new not in SETTLED
                red += new == Light.OVERDUE
                cleared += old == Light.OVERDUE
    return Moved(done, red, cleared, undone)


def _curve(past: Past, town: str) -> Curve:
    done = past.progress.course(town).done
    return Curve(done[-DAYS:], done[-WEEK] if past.progress.over >= WEEK else None)


def phases_of(chart: Chart) -> tuple[Phase, ...]:
    """The campaign's phases by their numbers; title and days are those of the first workflow that has one."""
    found: dict[int, Phase] = {}
    for workflow in chart.campaign.workflows:
        for phase in workflow.phases:
            span = calendar.resolve(phase.window, chart.campaign.start)
            title = pick(phase.title, phase.title_en)
            found.setdefault(phase.no, Phase(phase.no, title, span.first, span.last))
    return tuple(found[no] for no in sorted(found))
