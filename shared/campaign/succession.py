"""What a further revision of a campaign may change of the one before, and what it does change.

Entries name a step by its id and the revision they answer, for ever. So an id is never given to another step: a step
that is not asked any more is retired and stays. Whether a step under a new title is still the same work no program can
tell; that it has a new title can be told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import Final, NamedTuple

from shared.campaign.calendar import Span, resolve
from shared.campaign.model import Campaign, Phase, Role, Step, Workflow
from shared.campaign.problems import CampaignInvalid, CampaignProblem, problem
from shared.campaign.rules import ROLE_KEYS

_TITLES: Final = frozenset({"title", "title_en"})
_HEAD: Final = ("title", "title_en", "start", "roles", "rules", "lists")


class LeftOut(NamedTuple):
    """A step that the written campaign no longer has, and that is kept as retired."""

    workflow: str
    step: str


@dataclass(frozen=True, slots=True)
class Succession:
    """The next revision of a campaign, and what was left out of it as it was written."""

    campaign: Campaign
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True, slots=True)
class StepChange:
    """A step that differs: `before` is missing when it is new. `fields` are the names of what else than titles differs.

    `items` tells of its checklist: the numbers of what is added, dropped and worded anew.
    """

    before: Step | None
    after: Step
    fields: tuple[str, ...] = ()
    items: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]] = ((), (), ())

    @property
    def retired(self) -> bool:
        """Whether it was asked before and is not any more."""
        return self.before is not None and self.after.retired and not self.before.retired

    @property
    def renamed(self) -> bool:
        """Whether it has another title."""
        before = self.before
        return before is not None and (before.title, before.title_en) != (self.after.title, self.after.title_en)


class WindowChange(NamedTuple):
    """A phase that runs on other days, or is printed with other words."""

    phase: int
    before: Span
    after: Span
    words: tuple[str, str]


@dataclass(frozen=True, slots=True)
class WorkflowChange:
    """What differs in one workflow; `fields` are the names of what concerns it as a whole."""

    workflow: Workflow
    new: bool
    steps: tuple[StepChange, ...]
    windows: tuple[WindowChange, ...]
    fields: tuple[str, ...]


def succeed(earlier: Sequence[Campaign], written: Campaign, start: str | None = None) -> Succession:
    """The written campaign as the revision that follows these, oldest first; it begins when the board's did.

    Raises `CampaignInvalid` with everything that would make an entry mean something else or nothing: another
    campaign, a workflow or phase that is gone, a kind of unit that follows another workflow, and a step id that was
    retired once and is asked again.
    """
    current = earlier[-1]
    found = list(_problems(earlier, written))
    if found:
        raise CampaignInvalid(found)
    left_out: list[LeftOut] = []
    flows = tuple(_completed(flow, current.workflow(flow.id), left_out) for flow in written.workflows)
    revision, roles = current.revision + 1, _roles(current, written, flows)
    successor = replace(written, start=start or current.start, revision=revision, workflows=flows, roles=roles)
    return Succession(successor, tuple(left_out))


def head_changes(before: Campaign, after: Campaign) -> tuple[str, ...]:
    """The names of what differs in the campaign as a whole."""
    return tuple(name for name in _HEAD if getattr(before, name) != getattr(after, name))


def workflow_changes(before: Campaign, after: Campaign) -> tuple[WorkflowChange, ...]:
    """The workflows in which anything differs, in the order of the later campaign."""
    changes = (_workflow_change(flow, before, after) for flow in after.workflows)
    return tuple(each for each in changes if each.new or each.steps or each.windows or each.fields)


def _problems(earlier: Sequence[Campaign], written: Campaign) -> Iterator[CampaignProblem]:
    current = earlier[-1]
    if written.id != current.id:
        yield problem("campaign_other", where="id", value=written.id, expected=current.id)
        return
    for flow in current.workflows:
        after = written.workflow(flow.id)
        if after is None:
            yield problem("workflow_gone", where=flow.id, value=flow.id)
            continue
        numbers = {phase.no for phase in after.phases}
        for phase in flow.phases:
            if phase.no not in numbers:
                yield problem("phase_gone", where=flow.id, value=phase.no)
        yield from _moved_kinds(flow, written)
        yield from _reused(flow.id, earlier, after)


def _moved_kinds(flow: Workflow, written: Campaign) -> Iterator[CampaignProblem]:
    for kind in (*flow.kinds, *flow.assumed_kinds):
        follows = written.workflow_for(kind)
        if written.workflow(flow.id) is not None and (follows is None or follows.id != flow.id):
            yield problem("kind_moved", where=flow.id, value=kind, expected=flow.id)


def _reused(workflow: str, earlier: Sequence[Campaign], after: Workflow) -> Iterator[CampaignProblem]:
    retired: dict[str, int] = {}
    for campaign in earlier:
        before = campaign.workflow(workflow)
        for step in before.steps() if before else ():
            if step.retired:
                retired.setdefault(step.id, campaign.revision)
    for step in after.steps():
        if step.id in retired and not step.retired:
            yield problem("step_reused", where=f"{workflow} {step.id}", value=step.id, expected=retired[step.id])


def _roles(current: Campaign, written: Campaign, flows: Sequence[Workflow]) -> tuple[Role, ...]:
    """The written roles, and those that only steps still name which were left out."""
    known = {role.id for role in written.roles}
    named = {name for flow in flows for step in flow.steps() for key in ROLE_KEYS for name in getattr(step, key)}
    return (*written.roles, *(role for role in current.roles if role.id in named - known))


def _completed(flow: Workflow, before: Workflow | None, left_out: list[LeftOut]) -> Workflow:
    """The workflow with every step it ever had, those it leaves out as retired."""
    if before is None:
        return flow
    known = {phase.no: phase for phase in before.phases}
    return replace(flow, phases=tuple(_whole(phase, known.get(phase.no), flow.id, left_out) for phase in flow.phases))


def _whole(phase: Phase, before: Phase | None, workflow: str, left_out: list[LeftOut]) -> Phase:
    there = {step.id for step in phase.steps}
    gone = [step for step in (before.steps if before else ()) if step.id not in there]
    left_out += [LeftOut(workflow, step.id) for step in gone if not step.retired]
    steps = sorted((*phase.steps, *(replace(step, retired=True) for step in gone)), key=lambda step: step.no)
    return replace(phase, steps=tuple(steps))


def _workflow_change(flow: Workflow, before: Campaign, after: Campaign) -> WorkflowChange:
    old = before.workflow(flow.id)
    if old is None:
        return WorkflowChange(flow, True, tuple(StepChange(None, step) for step in flow.steps()), (), ())
    known = {step.id: step for step in old.steps()}
    steps = tuple(_step_change(known.get(step.id), step) for step in flow.steps() if known.get(step.id) != step)
    return WorkflowChange(flow, False, steps, tuple(_windows(old, flow, before, after)), _fields(old, flow))


def _fields(old: Workflow, flow: Workflow) -> tuple[str, ...]:
    found = [f.name for f in fields(flow) if f.name != "phases" and getattr(old, f.name) != getattr(flow, f.name)]
    titles = {phase.no: (phase.title, phase.title_en) for phase in old.phases}
    if any(titles.get(phase.no) != (phase.title, phase.title_en) for phase in flow.phases):
        found.append("phases")
    return tuple(found)


def _step_change(before: Step | None, after: Step) -> StepChange:
    if before is None:
        return StepChange(None, after)
    names = (f.name for f in fields(after) if f.name not in (*_TITLES, "retired"))
    differing = tuple(name for name in names if getattr(before, name) != getattr(after, name))
    return StepChange(before, after, differing, _items(before, after))


def _items(before: Step, after: Step) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    old, new = ({item.no: item for item in step.checklist} for step in (before, after))
    added, dropped = tuple(no for no in new if no not in old), tuple(no for no in old if no not in new)
    return added, dropped, tuple(no for no in new if no in old and new[no] != old[no])


def _windows(old: Workflow, flow: Workflow, before: Campaign, after: Campaign) -> Iterator[WindowChange]:
    known = {phase.no: phase.window for phase in old.phases}
    for phase in flow.phases:
        window = known.get(phase.no)
        if window is None:
            continue
        was, now = resolve(window, before.start), resolve(phase.window, after.start)
        if was != now or window.words != phase.window.words:
            yield WindowChange(phase.no, was, now, (window.words, phase.window.words))
