"""What has to agree inside a campaign whose tables are in shape: numbers, ids, roles, kinds and windows.

Each rule yields findings with their place in one table; the `Part` they were found in makes them problems.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from itertools import pairwise
from typing import Final, NamedTuple

from shared.campaign.calendar import END_DAYS, START_DAYS, start_problem
from shared.campaign.model import Campaign, Moment, Phase, Step, Window, Workflow
from shared.campaign.problems import CampaignProblem, problem

ROLE_KEYS: Final = ("reviewed_by", "informed", "filed_with", "reported_to", "attended_by")
NEVER_EARLIER: Final = 31

_WORD: Final = re.compile("上旬|中旬|下旬|初|底")
_NUMBER: Final = re.compile("[0-9]+")
_BETWEEN: Final = re.compile("[至到—–~～-]+")


class Finding(NamedTuple):
    """A problem before it knows its file: where in the table, which code, and what the message is filled with."""

    where: str
    code: str
    value: object = ""
    expected: str = ""


class Part(NamedTuple):
    """One table to check: `file` as messages name it (empty for JSON), the place of the table in it, and the table."""

    file: str
    prefix: str
    table: object

    def problem(self, finding: Finding) -> CampaignProblem:
        """The finding as a problem of this part."""
        where = ".".join(part for part in (self.prefix, finding.where) if part)
        return problem(finding.code, file=self.file, where=where, value=finding.value, expected=finding.expected)


def of_head(campaign: Campaign) -> Iterator[Finding]:
    """What does not agree in campaign.toml itself."""
    yield from _twice("roles[{}].id", [role.id for role in campaign.roles])
    yield from _twice("rules.grades[{}].id", [grade.id for grade in campaign.rules.grades])
    yield from _twice("rules.questions[{}].id", [question.id for question in campaign.rules.questions])
    for n, (before, rung) in enumerate(pairwise(campaign.rules.ladder), 2):
        if rung.days <= before.days:
            yield Finding(f"rules.ladder[{n}].days", "ladder_order", rung.days, str(before.days))
    yield from _twice("lists[{}].id", [each.id for each in campaign.lists])
    for n, each in enumerate(campaign.lists, 1):
        yield from _twice(f"lists[{n}].items[{{}}].id", [item.id for item in each.items])


def of_workflow(workflow: Workflow, roles: frozenset[str] | None) -> Iterator[Finding]:
    """What does not agree in one workflow; `roles` are those of the campaign, if they could be read."""
    yield from _twice("kinds[{}]", workflow.kinds)
    yield from _twice("assumed_kinds[{}]", workflow.assumed_kinds)
    for kind in sorted(set(workflow.kinds) & set(workflow.assumed_kinds)):
        yield Finding("assumed_kinds", "duplicate", kind)
    for n, phase in enumerate(workflow.phases, 1):
        where = f"phases[{n}]"
        if phase.no != n:
            yield Finding(f"{where}.no", "phase_numbers", phase.no, str(n))
        yield from _of_window(f"{where}.window", phase.window)
        yield from _of_numbers(where, phase)
        for m, step in enumerate(phase.steps, 1):
            yield from _of_step(f"{where}.steps[{m}]", phase, step, roles)


def of_workflows(workflows: Sequence[Workflow]) -> Iterator[tuple[int, Finding]]:
    """What does not agree between workflows, with the index of the later one."""
    seen: set[str] = set()
    owner: dict[str, int] = {}
    for index, workflow in enumerate(workflows):
        if workflow.id in seen:
            yield index, Finding("id", "duplicate", workflow.id)
        seen.add(workflow.id)
        for key, kinds in (("kinds", workflow.kinds), ("assumed_kinds", workflow.assumed_kinds)):
            for n, kind in enumerate(kinds, 1):
                first = owner.setdefault(kind, index)
                if first != index:
                    yield index, Finding(f"{key}[{n}]", "kind_twice", kind, workflows[first].id)


def of_order(order: Sequence[str], workflow_ids: Sequence[str]) -> Iterator[Finding]:
    """What an `order` list names twice, in vain, or not at all; no workflow at all is a finding too."""
    if not workflow_ids:
        yield Finding("", "no_workflow")
    if not order:
        return
    yield from _twice("order[{}]", order)
    for n, each in enumerate(order, 1):
        if each not in workflow_ids:
            yield Finding(f"order[{n}]", "order_unknown", each)
    for each in workflow_ids:
        if each not in order:
            yield Finding("order", "order_missing", each)


def warnings(campaign: Campaign) -> tuple[CampaignProblem, ...]:
    """The windows whose printed words and moments disagree (`words_disagree`); such a campaign can still be used.

    Compared are the ten-day words and, where the words hold Arabic numbers, the months. A campaign moved by
    `with_start` keeps its printed words, so only one as written is worth checking.
    """
    return tuple(
        problem("words_disagree", file=f"{w.id}.toml", where=f"phases[{n}].window.words", value=words, expected=m)
        for w in campaign.workflows
        for n, phase in enumerate(w.phases, 1)
        for words, m in _disagreeing(phase.window, campaign.start)
    )


def _of_window(where: str, window: Window) -> Iterator[Finding]:
    if window.start.word not in START_DAYS:
        yield Finding(f"{where}.start.word", "start_word")
    elif _last(window.end) < (window.start.month, START_DAYS[window.start.word]):
        yield Finding(f"{where}.end", "window_order")


def _last(moment: Moment) -> tuple[int, int]:
    return moment.month, END_DAYS.get(moment.word, NEVER_EARLIER)


def _of_numbers(where: str, phase: Phase) -> Iterator[Finding]:
    for n, (before, step) in enumerate(pairwise(phase.steps), 2):
        if step.no <= before.no:
            yield Finding(f"{where}.steps[{n}].no", "step_numbers", step.no, str(before.no))


def _of_step(where: str, phase: Phase, step: Step, roles: frozenset[str] | None) -> Iterator[Finding]:
    wanted = f"{phase.no}.{step.no}"
    if step.id != wanted:
        yield Finding(f"{where}.id", "step_id", step.id, wanted)
    for key, numbers in (
        ("checklist", [item.no for item in step.checklist]),
        ("remarks", [item.no for item in step.remarks]),
        ("substeps", [part.no for part in step.substeps]),
    ):
        yield from _twice(where + "." + key + "[{}].no", numbers)
    yield from _twice(where + ".documents[{}]", step.documents)
    for key in ROLE_KEYS:
        yield from _of_roles(f"{where}.{key}", getattr(step, key), roles)


def _of_roles(where: str, named: tuple[str, ...], roles: frozenset[str] | None) -> Iterator[Finding]:
    yield from _twice(where + "[{}]", named)
    for n, role in enumerate(named, 1):
        if roles is not None and role not in roles:
            near = get_close_matches(role, sorted(roles), n=1)
            yield Finding(f"{where}[{n}]", "role_unknown", role, f" ({near[0]}?)" if near else "")


def _twice(place: str, names: Iterable[str]) -> Iterator[Finding]:
    seen: set[str] = set()
    for n, name in enumerate(names, 1):
        if name in seen:
            yield Finding(place.format(n), "duplicate", name)
        seen.add(name)


def _disagreeing(window: Window, start: str) -> Iterator[tuple[str, str]]:
    parts = [part for part in _BETWEEN.split(window.words) if part]
    if start_problem(start) is not None:
        return
    moments = (window.start, window.end)
    if len(parts) == len(moments):
        agree = all(_says(part, moment, start, exactly=True) for part, moment in zip(parts, moments, strict=True))
    else:  # one word only, or a separator that was left out in print: each moment has to stand somewhere
        agree = all(_says(window.words, moment, start, exactly=False) for moment in moments)
    if not agree:
        yield window.words, " - ".join(_named(moment, start) for moment in moments)


def _says(words: str, moment: Moment, start: str, *, exactly: bool) -> bool:
    found = set(_WORD.findall(words))
    wanted = {moment.word} - {""}
    numbers = {int(number) for number in _NUMBER.findall(words)}
    month_said = not numbers or _month(moment, start) in numbers
    return month_said and (found == wanted if exactly else found >= wanted)


def _month(moment: Moment, start: str) -> int:
    return (int(start[5:]) - 1 + moment.month) % 12 + 1


def _named(moment: Moment, start: str) -> str:
    return f"{_month(moment, start)}月{moment.word}"
