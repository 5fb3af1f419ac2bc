"""What can be done with a step or with something entered on a unit, by whom it may: each as a form to open.

Pure functions of values. The form of an act is small; what is done with it are the rules of `shared.inspection`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from shared.board.change import JSON
from shared.board.closing import PROBLEM
from shared.board.lights import State
from shared.board.record import Record, kind_of, step_address
from shared.board.redo import is_redone, is_survey, redo_of
from shared.board.stages import Stage
from shared.board.standing import settled
from shared.board.step import view as step_view
from shared.campaign.model import Campaign, Step
from shared.forms import acts
from shared.forms.checks import wrongs
from shared.forms.model import Form, Wrong
from shared.forms.shelf import form_of
from shared.inspection import documents, problems
from shared.inspection.documents import DOCUMENT
from shared.inspection.item import Entered, item_of
from shared.inspection.problems import ESCALATION
from shared.inspection.visits import VISIT, finding_values, findings_of
from shared.messages import _, pick
from shared.rights import ALLOWED, Action, Role
from tui.acting import Records
from tui.grid.plain import plain
from tui.screens.filling import Opening, Values

NEXT: Final[Mapping[str, tuple[Stage, Action]]] = {
    Stage.OPEN.value: (Stage.MEASURED, Action.EDIT),
    Stage.MEASURED.value: (Stage.CHECKED, Action.CHECK),
    Stage.CHECKED.value: (Stage.SIGNED, Action.SIGN),
    Stage.SIGNED.value: (Stage.PUBLISHED, Action.PUBLISH),
}
"""After each stage of a problem the next one, and what it amounts to."""


class Deed(NamedTuple):
    """One thing to do: what it is called, and the form that asks for what it needs."""

    words: str
    opening: Opening


@dataclass(frozen=True, slots=True)
class Doing:
    """Who does it, on which unit and day, in which campaign, with what stands there; `new_id` draws the ids."""

    role: Role
    unit: str
    workflow: str
    today: date
    campaign: Campaign
    records: Records
    new_id: Callable[[], str]

    def may(self, action: Action) -> bool:
        """Whether the role allows this."""
        return action in ALLOWED[self.role]

    def asking(self, form: Form, make: Callable[[Values], list[Entered] | Entered | Wrong], **offered: JSON) -> Opening:
        """The form of an act, its own check first."""

        def made(values: Values) -> list[Entered] | Wrong:
            if found := wrongs(form, values, self.campaign, self.workflow):
                return found[0]
            act = make(values)
            return [act] if isinstance(act, Entered) else act

        return Opening(form, made, {}, offered)


def of_step(doing: Doing, step: Step) -> list[Deed]:
    """What can be done with a step: hand in a paper, and for the reviewer to approve it or give it back."""
    record = doing.records.get(step_address(doing.unit, step.id)) or Record(step_address(doing.unit, step.id))
    found = (
        [Deed(_handing_words(doing, step, record), _handing_in(doing, step, record))] if doing.may(Action.EDIT) else []
    )
    if step_view(record).state != State.SUBMITTED:
        return found
    if doing.may(Action.APPROVE):
        found.insert(0, Deed(_("Approve"), _approving(doing, step, record)))
    if doing.may(Action.RETURN):
        found.insert(1, Deed(_("Return"), _returning(doing, step, record)))
    return found


def of_record(doing: Doing, address: str) -> list[Deed]:
    """What can be done with something that was entered, next to changing it; taking it back comes last."""
    record = doing.records.get(address)
    if record is None or not doing.may(Action.EDIT):
        return []
    found = list(_OF_KIND.get(kind_of(address), _nothing)(doing, record))
    words = _("Take it back as a whole")
    return [*found, Deed(words, doing.asking(acts.WITHDRAW, lambda values: problems.withdraw(record, _text(values))))]


def _of_problem(doing: Doing, record: Record) -> Iterator[Deed]:
    problem = problems.Problem(item_of(record))
    following = NEXT.get(problem.stage)
    if following is not None and doing.may(following[1]):
        yield Deed(_stage_words(following[0]), _advancing(doing, record, following[0]))
    day = doing.today.isoformat()
    if problem.closed:
        held = doing.asking(
            acts.HELD,
            lambda values: problems.look(record, _without(values, "on"), _day(values, "on"), doing.new_id()),
            on=day,
        )
        yield Deed(_("Look-back: still solved"), held)
        reopening = doing.asking(
            acts.REOPEN,
            lambda values: problems.reopen(
                record,
                _text(values),
                doing.today,
                doing.new_id(),
                _day(values, "due_on") if "due_on" in values else None,
            ),
        )
        yield Deed(_("Look-back: it came back"), reopening)
    else:
        form = form_of(ESCALATION, doing.campaign)
        if form is not None:
            raised = doing.asking(form, lambda values: problems.escalate(record, values, doing.new_id()), on=day)
            yield Deed(_("Escalate"), raised)


def _of_visit(doing: Doing, record: Record) -> Iterator[Deed]:
    visit, form = item_of(record), form_of(PROBLEM, doing.campaign)
    if form is None:
        return
    for finding in findings_of(visit):
        opening = Opening(
            form,
            lambda values: [problems.register(doing.unit, values, doing.new_id())],
            {},
            finding_values(visit, finding),
        )
        yield Deed(_("Becomes a problem: {finding}").format(finding=plain(finding)), opening)


def _of_document(doing: Doing, record: Record) -> Iterator[Deed]:
    step_id = item_of(record).text("step")
    flow = doing.campaign.workflow(doing.workflow)
    step = next((each for each in flow.steps() if each.id == step_id), None) if flow is not None else None
    if step is not None:
        yield from of_step(doing, step)


def _nothing(_doing: Doing, _record: Record) -> Iterator[Deed]:
    yield from ()


_OF_KIND: Final[Mapping[str, Callable[[Doing, Record], Iterator[Deed]]]] = {
    PROBLEM: _of_problem,
    VISIT: _of_visit,
    DOCUMENT: _of_document,
}


def _handing_words(doing: Doing, step: Step, record: Record) -> str:
    """What it is to hand in a paper; on a step that is done, and not to be done again, that it goes back to review."""
    shown = step_view(record)
    sheets = {address: settled(each) for address, each in doing.records.items() if is_survey(address)}
    redo = redo_of(sheets, doing.campaign.rules) if step.redo else None
    if shown.state != State.DONE or (redo is not None and not is_redone(settled(record), redo)):
        return _("Hand in a paper")
    day = shown.days.get("done_on")
    words = _("Hand in another paper: this step, done on {day}, goes back to review")
    return words.format(day=day.isoformat() if day is not None else "-")


def _handing_in(doing: Doing, step: Step, record: Record) -> Opening:
    form = form_of(DOCUMENT, doing.campaign)
    assert form is not None
    offered: dict[str, JSON] = {"sort": step.documents[0]} if step.documents else {}

    def make(values: Values) -> list[Entered] | Wrong:
        return documents.submit(record, doing.unit, step.id, values, doing.today, doing.new_id())

    return Opening(form, make, {}, offered)


def _approving(doing: Doing, step: Step, record: Record) -> Opening:
    return doing.asking(
        acts.APPROVE,
        lambda values: documents.approve(record, doing.records, doing.unit, step.id, _day(values, "on")),
        on=doing.today.isoformat(),
    )


def _returning(doing: Doing, step: Step, record: Record) -> Opening:
    def make(values: Values) -> list[Entered] | Wrong:
        due = _day(values, "due_on")
        return documents.give_back(record, doing.records, doing.unit, step.id, doing.today, _text(values), due)

    return doing.asking(acts.GIVE_BACK, make)


def _advancing(doing: Doing, record: Record, stage: Stage) -> Opening:
    def make(values: Values) -> Entered | Wrong:
        return problems.advance(record, stage.value, _day(values, "on"), str(values.get("by") or ""))

    return doing.asking(acts.ADVANCE, make, on=doing.today.isoformat())


def _stage_words(stage: Stage) -> str:
    words = {
        Stage.MEASURED: ("整改措施已完成", "The measure is done"),
        Stage.CHECKED: ("已现场核查", "Checked on site"),
        Stage.SIGNED: ("签字销号", "Sign it off"),
        Stage.PUBLISHED: ("已公示反馈", "Published"),
    }
    return pick(*words[stage])


def _text(values: Values) -> str:
    return str(values.get("reason") or "")


def _day(values: Values, name: str) -> date:
    return date.fromisoformat(str(values[name]))


def _without(values: Values, name: str) -> dict[str, JSON]:
    return {key: value for key, value in values.items() if key != name}
