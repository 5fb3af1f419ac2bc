"""The calendar of a campaign: ten-day words become days, and a unit's own windows replace the printed ones.

Everything here is a pure function of a campaign, its first month and days that are passed in. The words are those of
domain.md, "Windows": 初 is day 1 as a start and day 5 as an end, 上旬 1 and 10, 中旬 11 and 20, 下旬 21 and the
month's last day; a month alone runs from its first to its last day; 底 is the last day and starts nothing.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final, NamedTuple

from shared.campaign.model import Campaign, Moment, Phase, Step, Window, Workflow
from shared.campaign.problems import CampaignInvalid, CampaignProblem, problem

START_DAYS: Final = MappingProxyType({"初": 1, "上旬": 1, "中旬": 11, "下旬": 21, "": 1})
END_DAYS: Final = MappingProxyType({"初": 5, "上旬": 10, "中旬": 20})
"""Words that are not listed end on the month's last day."""

_MONTH: Final = re.compile(r"(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])", re.ASCII)


class Span(NamedTuple):
    """The days from `first` to `last`, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days the span has."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class UnitWindow:
    """A unit's own window for one phase (harvest, Spring Festival, winter holiday), with the reason it gave.

    Raises `CampaignInvalid` when it ends before it starts or gives no reason.
    """

    first: date
    last: date
    reason: str

    def __post_init__(self) -> None:
        found = self.problem_with(self.first, self.last, self.reason)
        if found is not None:
            raise CampaignInvalid([found])

    @staticmethod
    def problem_with(first: date, last: date, reason: str) -> CampaignProblem | None:
        """What stops these entries from being a unit's window, or nothing; for editors and stored records."""
        if last < first:
            return problem("window_order", where="last")
        if not reason.strip():
            return problem("reason_missing", where="reason")
        return None


@dataclass(frozen=True, slots=True)
class PhasePlan:
    """When one phase runs for one unit: `span` holds, `printed` and `words` are the plan's, `reason` the unit's."""

    no: int
    words: str
    span: Span
    printed: Span
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Breach:
    """The concentrated activity is too short: it must last `months` and so reach `earliest_last`."""

    months: int
    span: Span
    earliest_last: date

    @property
    def days_short(self) -> int:
        """How many days are missing."""
        return (self.earliest_last - self.span.last).days


def start_problem(start: str) -> CampaignProblem | None:
    """What is wrong with a first month, or nothing: `YYYY-MM` in the years 1900 to 2199."""
    return None if _MONTH.fullmatch(start) else problem("start_format", where="start", value=start)


def with_start(campaign: Campaign, start: str) -> Campaign:
    """The same campaign begun in another month; the printed words stay. Raises `CampaignInvalid` (`start_format`)."""
    _year_and_month(start)
    return replace(campaign, start=start)


def resolve(window: Window, start: str) -> Span:
    """The days a window means when the campaign begins in the month `start` (domain.md, "Windows").

    Raises `CampaignInvalid` for a `start` that is no month and for a window that starts with 底.
    """
    return Span(_first_day(window.start, start), _last_day(window.end, start))


def plan_for(
    workflow: Workflow, start: str, overrides: Mapping[int, UnitWindow] | None = None
) -> tuple[PhasePlan, ...]:
    """When each phase runs for a unit whose own windows are given by phase number; numbers unknown here are ignored."""
    own = overrides or {}
    return tuple(_phase_plan(phase, start, own.get(phase.no)) for phase in workflow.phases)


def opens(step: Step, span: Span, campaign_first: date) -> date:
    """The first day a step counts as open: its phase's, or the campaign's for one that runs throughout.

    The plan: 解决问题要贯穿活动始终. A unit that moved its phase before the campaign opens it on that day.
    """
    return min(campaign_first, span.first) if step.throughout else span.first


def due_day(span: Span, own: date | None = None) -> date:
    """The day a step is due: the one the unit planned, else the end of its phase (domain.md, "Windows")."""
    return own or span.last


def campaign_span(campaign: Campaign) -> Span:
    """From the first to the last day of any printed window of any workflow."""
    spans = [resolve(phase.window, campaign.start) for w in campaign.workflows for phase in w.phases]
    return Span(min(span.first for span in spans), max(span.last for span in spans))


def day_of(span: Span, today: date) -> tuple[int, int]:
    """Today is day n of m: n is below 1 before the span and above m after it, by as many days."""
    return (today - span.first).days + 1, span.days


def minimum_months_breach(workflow: Workflow, plans: Sequence[PhasePlan]) -> Breach | None:
    """Whether the concentrated activity (集中活动) is shorter than the workflow's `minimum_months`.

    It is measured in calendar months from the first day of the first phase to the last day of the rectification phase.
    The plan (part four; requirements H2-H4) asks six months of town and street organs, at least four of all others,
    and puts two months of consolidation (巩固提高) after them, which therefore do not count. A breach is shown, not
    forbidden (domain.md, "Windows").
    """
    by_no = {plan.no: plan.span for plan in plans}
    first, rectification = workflow.phases[0].no, rectification_phase(workflow)
    if not workflow.minimum_months or first not in by_no or rectification not in by_no:
        return None
    span = Span(by_no[first].first, by_no[rectification].last)
    reached = _last_of_months(span.first, workflow.minimum_months)
    return Breach(workflow.minimum_months, span, reached) if span.last < reached else None


def rectification_phase(workflow: Workflow) -> int:
    """The number of the phase that ends the concentrated activity.

    It is the last one with a step that a failed survey opens again (`redo`), or the last of all when none is marked.
    """
    marked = [phase.no for phase in workflow.phases if any(step.redo for step in phase.steps)]
    return marked[-1] if marked else workflow.phases[-1].no


def _phase_plan(phase: Phase, start: str, own: UnitWindow | None) -> PhasePlan:
    printed = resolve(phase.window, start)
    if own is None:
        return PhasePlan(phase.no, phase.window.words, printed, printed)
    return PhasePlan(phase.no, phase.window.words, Span(own.first, own.last), printed, own.reason)


def _first_day(moment: Moment, start: str) -> date:
    if moment.word not in START_DAYS:
        raise CampaignInvalid([problem("start_word", where="start.word", value=moment.word)])
    year, month = _month_after(start, moment.month)
    return date(year, month, START_DAYS[moment.word])


def _last_day(moment: Moment, start: str) -> date:
    year, month = _month_after(start, moment.month)
    return date(year, month, END_DAYS.get(moment.word) or monthrange(year, month)[1])


def _month_after(start: str, months: int) -> tuple[int, int]:
    year, month = _year_and_month(start)
    years, index = divmod(month - 1 + months, 12)
    return year + years, index + 1


def _year_and_month(start: str) -> tuple[int, int]:
    found = start_problem(start)
    if found is not None:
        raise CampaignInvalid([found])
    return int(start[:4]), int(start[5:])


def _last_of_months(first: date, months: int) -> date:
    """The last day of so many months that begin on `first`; where the day does not exist, the month's last."""
    years, index = divmod(first.month - 1 + months, 12)
    year, month = first.year + years, index + 1
    length = monthrange(year, month)[1]
    if first.day > length:
        return date(year, month, length)
    return date(year, month, first.day) - timedelta(days=1)
