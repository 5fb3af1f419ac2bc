"""The register of problems (突出问题) and their closing (销号): measure done, site check, signature, published.

A look-back that finds a problem come back opens it again and stays tied to it; so does every escalation.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from shared.board.change import JSON
from shared.board.closing import PROBLEM, problem_light
from shared.board.lights import Light
from shared.board.record import Record, owner_of, rest_of
from shared.board.stages import CLOSED, ORDER, STAGE_DAY, Stage, stage_of
from shared.board.standing import NUMBER
from shared.forms.model import Wrong
from shared.inspection.item import WITHDRAWN, Entered, Item, address_of, item_of, of_kind

LOOKBACK, ESCALATION = "lookback", "escalation"
HELD, REBOUNDED = "held", "rebounded"
"""What a look-back finds: the problem is still solved, or has come back."""
WITHDRAWN_REASON: Final = "withdrawn_reason"
_SHORT: Final = 6
_TEMPORARY: Final = "T-"


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem with what was said to it since: look-backs and escalations, the oldest first.

    `authors`: stage → who entered its day.
    """

    item: Item
    lookbacks: tuple[Item, ...] = ()
    escalations: tuple[Item, ...] = ()
    authors: Mapping[str, str] = field(default_factory=dict)

    @property
    def stage(self) -> str:
        """How far its closing has come."""
        return stage_of(self.item.values)

    @property
    def closed(self) -> bool:
        """Whether it is struck off."""
        return self.stage in CLOSED

    @property
    def temporary(self) -> str:
        """Its number on the laptop where it was registered, for ever."""
        return temporary(self.item.id)

    @property
    def number(self) -> str:
        """What it is called: the office's number once it has one, else its temporary one."""
        return self.item.text(NUMBER) or self.temporary

    @property
    def reopened(self) -> int:
        """How many look-backs found it come back."""
        return sum(each.text("result") == REBOUNDED for each in self.lookbacks)

    def who(self, stage: str) -> str:
        """Who took it to a stage: the person named, else whoever entered it."""
        return self.item.text(f"{stage}_by") or self.authors.get(stage, "")

    def light(self, today: date, warning: int) -> Light:
        """What it shows on a day."""
        return problem_light(self.item.values, today, warning)


def temporary(item_id: str) -> str:
    """The number of a problem as long as the office has given it none."""
    return f"{_TEMPORARY}{item_id[:_SHORT]}"


def problems_of(records: Mapping[str, Record]) -> list[Problem]:
    """The problems of one unit, those due first before others."""
    looked, raised = _by_problem(records, LOOKBACK), _by_problem(records, ESCALATION)
    return [
        Problem(item, tuple(looked.get(item.id, ())), tuple(raised.get(item.id, ())), _authors(records[item.address]))
        for item in of_kind(records, PROBLEM, "due_on")
    ]


def called(problems: Iterable[Problem], wanted: str) -> list[Problem]:
    """The problems that somebody means by a number: the office's, the temporary one, an id, or how a number ends.

    An ending holds the whole serial, with as much before it as is wanted: `007`, `001-007`, `340111001-007`.
    """
    every, text = list(problems), wanted.strip().upper()
    if exact := [each for each in every if text in (each.number.upper(), each.temporary.upper(), each.item.id.upper())]:
        return exact
    return [each for each in every if _ends(each.number.upper(), text)]


def _ends(number: str, text: str) -> bool:
    (before, _, serial), (head, _, wanted) = number.rpartition("-"), text.rpartition("-")
    return serial == wanted and before.endswith(head)


def register(unit: str, values: Mapping[str, JSON], item_id: str) -> Entered:
    """Register a problem on a unit."""
    return Entered(Record(address_of(PROBLEM, unit, item_id)), {**values, "stage": Stage.OPEN.value})


def advance(record: Record, stage: str, on: date, by: str = "") -> Entered | Wrong:
    """Take a problem to the next stage of its closing, on this day, which is not before that of the stage before.

    `by` is who did it, if not who enters it.
    """
    if stage not in STAGE_DAY:
        return Wrong("no-such-stage", "stage", ", ".join(STAGE_DAY))
    now = stage_of({"stage": _standing_stage(record)})
    if ORDER[stage] != ORDER[now] + 1:
        return Wrong("not-next", "stage", now)
    before = item_of(record).day(STAGE_DAY[now]) if now in STAGE_DAY else None
    if before is not None and on < before:
        return Wrong("too-early", "on", before.isoformat())
    values: dict[str, JSON] = {"stage": stage, STAGE_DAY[stage]: on.isoformat()}
    if by:
        values[f"{stage}_by"] = by
    return Entered(record, values)


def reopen(record: Record, reason: str, on: date, item_id: str, due: date | None = None) -> list[Entered] | Wrong:
    """Open a problem again, as a look-back found it come back; the look-back stands beside it, a record of its own."""
    if stage_of({"stage": _standing_stage(record)}) not in CLOSED:
        return Wrong("not-closed", "stage")
    if not reason.strip():
        return Wrong("missing", "reason")
    unit, problem = owner_of(record.address), rest_of(record.address)
    moved: dict[str, JSON] = {"stage": Stage.OPEN.value, "reopened_on": on.isoformat(), "reason": reason}
    if due is not None:
        moved["due_on"] = due.isoformat()
    found = {"problem": problem, "on": on.isoformat(), "result": REBOUNDED, "note": reason}
    return [Entered(record, moved), Entered(Record(address_of(LOOKBACK, unit, item_id)), found)]


def look(record: Record, values: Mapping[str, JSON], on: date, item_id: str) -> Entered | Wrong:
    """Enter that a look-back on a problem that is struck off found it still solved; `values` say who and what."""
    if stage_of({"stage": _standing_stage(record)}) not in CLOSED:
        return Wrong("not-struck-off", "stage")
    found = {**values, "problem": rest_of(record.address), "on": on.isoformat(), "result": HELD}
    return Entered(Record(address_of(LOOKBACK, owner_of(record.address), item_id)), found)


def escalate(record: Record, values: Mapping[str, JSON], item_id: str) -> Entered:
    """Enter to whom above the unit a problem goes, when, and what is asked; the answer is entered on it later."""
    asked = {**values, "problem": rest_of(record.address)}
    return Entered(Record(address_of(ESCALATION, owner_of(record.address), item_id)), asked)


def withdraw(record: Record, reason: str) -> Entered | Wrong:
    """Take a problem back as a whole, as one that was none; it stays in the history with the reason."""
    if not reason.strip():
        return Wrong("missing", WITHDRAWN_REASON)
    return Entered(record, {WITHDRAWN: True, WITHDRAWN_REASON: reason})


def _standing_stage(record: Record) -> JSON:
    return min((stage_of({"stage": head.value}) for head in record.heads("stage")), key=ORDER.__getitem__, default=None)


def _authors(record: Record) -> dict[str, str]:
    return {stage: heads[0].author for stage, name in STAGE_DAY.items() if (heads := record.heads(name))}


def _by_problem(records: Mapping[str, Record], kind: str) -> dict[str, list[Item]]:
    found: dict[str, list[Item]] = {}
    for item in of_kind(records, kind):
        found.setdefault(item.text("problem"), []).append(item)
    return found
