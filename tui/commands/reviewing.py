"""`guatu submit`, `approve` and `return`: a paper and what the reviewer says to it, with the step in one act."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from shared.board.change import JSON
from shared.board.chart import StepPlan
from shared.board.record import Record
from shared.campaign.model import Campaign
from shared.forms.model import Wrong
from shared.inspection import documents
from shared.inspection.documents import DOCUMENT
from shared.inspection.item import Entered
from shared.messages import _, pick
from shared.roster import Unit
from tui.commands.entering import enter, say_saved
from tui.commands.failing import Code, fail, plainly
from tui.commands.filling import Given, kept_file, say_json, values_given
from tui.commands.looking import unit_json
from tui.commands.naming import a_day, day_given, one_step, one_unit
from tui.entry_words import wrong_line
from tui.grid.plain import plain
from tui.laptop import Laptop


@plainly
def submit(
    wanted: str, step: str, given: Given, on: str | None = None, file: str | None = None, as_json: bool = False
) -> None:
    """Hand in a paper for a step, with its file if there is one: a new round, and the step waits for its reviewer."""
    with Laptop(writing=True) as laptop:
        day = day_given(on) or laptop.now().date()
        view, unit = one_unit(laptop, wanted)
        plan, campaign = one_step(view, unit, step), view.chart.campaign
        values = values_given(view, unit, DOCUMENT, given)
        records = laptop.replica.records(unit.code)
        if "sort" not in values and (sort := _sort(plan, records, unit)) is not None:
            values["sort"] = sort
        if file is not None:
            values["file"] = kept_file(laptop, file)
        pen = laptop.pen(view)
        act = documents.submit(laptop.step(unit, step), unit.code, step, values, day, pen.new_id())
        enter(laptop, view, act)
        if as_json:
            say_json(_paper(laptop, unit, step, values.get("sort")))
            return
        title, whom = plain(str(values["title"])), _reviewers(plan, campaign)
        what = _("{unit} {step}, {title}, waits for {whom}")
        say_saved(laptop, what.format(unit=plain(unit.short), step=step, title=title, whom=whom))


@plainly
def approve(wanted: str, steps: Sequence[str], on: str | None = None, as_json: bool = False) -> None:
    """Approve what waits on these steps of a unit, all of it in one act or none."""
    with Laptop(writing=True) as laptop:
        day = day_given(on) or laptop.now().date()
        view, unit = one_unit(laptop, wanted)
        chosen = list(dict.fromkeys(steps))
        records = laptop.replica.records(unit.code)
        act: list[Entered] = []
        for step in chosen:
            one_step(view, unit, step)
            found = documents.approve(laptop.step(unit, step), records, unit.code, step, day)
            act += _acceptable(found, step)
        enter(laptop, view, act)
        if as_json:
            say_json([step_story(laptop, unit, step) for step in chosen])
            return
        what = _("{unit} {steps} approved").format(unit=plain(unit.short), steps=pick("、", ", ").join(chosen))
        say_saved(laptop, what)


@plainly
def give_back(wanted: str, step: str, reason: str, due: str, on: str | None = None, as_json: bool = False) -> None:
    """Return what waits on a step, with what has to be mended and the new due day."""
    with Laptop(writing=True) as laptop:
        day, until = day_given(on) or laptop.now().date(), a_day(due)
        view, unit = one_unit(laptop, wanted)
        one_step(view, unit, step)
        records = laptop.replica.records(unit.code)
        found = documents.give_back(laptop.step(unit, step), records, unit.code, step, day, reason, until)
        enter(laptop, view, _acceptable(found, step))
        if as_json:
            say_json(step_story(laptop, unit, step))
            return
        what = _("{unit} {step} returned, due anew on {due}")
        say_saved(laptop, what.format(unit=plain(unit.short), step=step, due=until.isoformat()))


def step_story(laptop: Laptop, unit: Unit, step: str) -> dict[str, Any]:
    """One step as `guatu show` tells it, with its papers."""
    body = _unit_story(laptop, unit)
    found: dict[str, Any] = next(each for each in body["steps"] if each["id"] == step)
    return {**found, "documents": [each for each in body["documents"] if each["step"] == step]}


def _paper(laptop: Laptop, unit: Unit, step: str, sort: JSON) -> dict[str, Any]:
    papers: list[dict[str, Any]] = _unit_story(laptop, unit)["documents"]
    return next(each for each in papers if each["step"] == step and each["sort"] == sort)


def _unit_story(laptop: Laptop, unit: Unit) -> dict[str, Any]:
    view, one = one_unit(laptop, unit.code)
    return unit_json(view, one, laptop.replica.records(one.code))


def _acceptable(found: list[Entered] | Wrong, step: str) -> list[Entered]:
    """The act, or the end of the command with what is wrong on which step."""
    if isinstance(found, Wrong):
        fail(pick("{step}：{line}", "{step}: {line}").format(step=step, line=wrong_line(found)))
    return found


def _sort(plan: StepPlan, records: Mapping[str, Record], unit: Unit) -> str | None:
    """What sort of paper it is when nobody says: the only one the step asks for, or that of its last round."""
    asked = plan.step.documents
    if len(asked) == 1:
        return asked[0]
    before = [each for each in documents.dossiers(records, unit.code) if each.step == plan.step.id]
    if len(before) == 1:
        return before[0].sort or None
    if asked:
        line = _("Step {step} asks for several papers; say which with --sort: {sorts}.")
        fail(line.format(step=plan.step.id, sorts=", ".join(asked)), Code.USAGE)
    return None


def _reviewers(plan: StepPlan, campaign: Campaign) -> str:
    titles = {role.id: pick(role.title, role.title_en) for role in campaign.roles}
    named = [titles.get(each, each) for each in plan.step.reviewed_by]
    return pick("、", ", ").join(named) or _("the reviewer")
