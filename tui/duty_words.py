"""My day and the chase list in words, on one line each, for screens and shell; nothing typed steers a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Final

from shared.board.lights import Light, State
from shared.board.stages import Stage
from shared.campaign.model import Rung
from shared.forms.shelf import forms
from shared.inspection.agenda import AHEAD, UNVISITED, Agenda, Part, Thing
from shared.inspection.chase import Chased
from shared.inspection.tasks import Task
from shared.messages import _, language, mark, pick
from shared.roster import kind_title
from tui.grid.plain import plain
from tui.ladder_words import days_words, rung_words
from tui.telling import field_told, where_told
from tui.words import label_word, state_word

_PARTS: Final[Mapping[Part, str]] = {
    Part.WAITING: mark("Waits for me"),
    Part.RETURNED: mark("Returned"),
    Part.TURNED: mark("Turned red since I last looked"),
    Part.DUE: mark("Due within {days} days"),
    Part.COLLISIONS: mark("Different values stand side by side"),
    Part.VISITS: mark("Visits planned for the next {days} days"),
    Part.UNVISITED: mark("Not visited for {unvisited} days"),
    Part.LOOKS: mark("Entries that need a look"),
}
_CHASED: Final = (
    mark("unit"), mark("code"), mark("town"), mark("kind"), mark("liaison"), mark("phone"), mark("responsible"),
    mark("what"), mark("due"), mark("days past due"), mark("rung"), mark("shown as"),
)  # fmt: skip


def part_words(part: Part) -> str:
    """What a part of the day is called."""
    return _(_PARTS[part]).format(days=AHEAD, unvisited=UNVISITED)


def what_words(task: Task) -> str:
    """A step by its number and title, or a problem by its own."""
    return f"{plain(task.name)} {plain(pick(task.title, task.title_en))}"


def thing_mark(thing: Thing) -> str:
    """The word of what a line shows, two cells wide."""
    if thing.task is not None:
        return thing.task.light.value
    return "! " if thing.part is Part.COLLISIONS else "  "


def thing_words(thing: Thing, ladder: Sequence[Rung]) -> str:
    """A line of the day, without its light."""
    name = plain(thing.name or thing.unit)
    match thing.part:
        case Part.COLLISIONS:
            fields = pick("、", ", ").join(field_told(field, thing.address) for field in thing.words)
            return f"{where_told(thing.address, name)}: {fields}"
        case Part.LOOKS:
            return f"[{label_word(thing.words[0])}] {where_told(thing.address, name)}"
        case Part.VISITS:
            return f"{name}  " + _("planned for") + f" {_near(thing.day, thing.days)}"
        case Part.UNVISITED:
            return f"{name}  {_visited(thing)}"
        case _:
            task = thing.task
            return name if task is None else f"{name}  {what_words(task)}  {_stands(thing, task, ladder)}"


def late_counts(day: Agenda) -> str:
    """How much is late in all, and how much of which nobody knows; nothing when nothing is."""
    late = _("Overdue in all: {count}.").format(count=day.late) if day.late else ""
    unheard = _("Past due, and nothing heard since: {count}.").format(count=day.unheard) if day.unheard else ""
    return "  ".join(words for words in (late, unheard) if words)


def chase_headings() -> tuple[str, ...]:
    """The headings over `chase_cells`."""
    return tuple(_(heading) for heading in _CHASED)


def chase_cells(row: Chased, ladder: Sequence[Rung]) -> tuple[str, ...]:
    """A line of the chase list as the cells of a table."""
    unit, task = row.unit, row.task
    people = (plain(row.liaison), plain(row.phone), plain(row.responsible))
    due = task.due.isoformat() if task.due is not None else ""
    where = (plain(unit.short), unit.code, plain(row.town_name), kind_title(unit.kind, language()))
    return (*where, *people, what_words(task), due, str(row.days), rung_words(ladder, row.rung), late_words(task.light))


def chase_words(row: Chased) -> str:
    """A line of the chase list to read: what, since when, and whom to call."""
    task = row.task
    due = _("due") + f" {task.due.isoformat()}" if task.due is not None else ""
    call = " ".join(text for text in (plain(row.liaison), plain(row.phone)) if text)
    caller = _("liaison") + f" {call}" if call else _("no liaison entered")
    answers = "  " + _("responsible") + f" {plain(row.responsible)}" if row.responsible else ""
    where = f"{plain(row.unit.short)} ({plain(row.town_name)})" if row.town != row.unit.code else plain(row.unit.short)
    return f"{task.light.value} {days_words(row.days)}  {where}  {what_words(task)}  {due}  {caller}{answers}"


def late_words(light: Light) -> str:
    """Whether it is overdue, or nobody knows."""
    return _("overdue") if light is Light.OVERDUE else _("unknown: nothing heard")


def _stands(thing: Thing, task: Task, ladder: Sequence[Rung]) -> str:
    due = _("due") + f" {task.due.isoformat()}" if task.due is not None else ""
    rung = rung_words(ladder, thing.rung)
    if thing.part in (Part.WAITING, Part.RETURNED):
        words = f"{_standing(task)} {_near(thing.day, thing.days)}".rstrip()
        words = words if task.light is Light.REVIEW else f"{words}  {due}"
        return f"{words}{pick('：', ': ')}{plain(task.reason)}" if task.reason and not task.is_problem else words
    if thing.part is Part.TURNED:
        return f"{due}{_comma()}{days_words(thing.days or 0)}" + (f"  ({rung})" if rung else "")
    return _("due") + f" {_near(thing.day, thing.days)}"


def _standing(task: Task) -> str:
    if task.is_problem:
        return _stages().get(task.state, plain(task.state))
    return _("open again since") if task.redo and task.state != State.RETURNED else state_word(task.state)


def _near(day: date | None, days: int | None) -> str:
    """A day, and how far off it is."""
    if day is None or days is None:
        return ""
    if days == 0:
        return day.isoformat() + _comma() + _("today")
    words = _("{days} ago") if days > 0 else _("in {days}")
    return day.isoformat() + _comma() + words.format(days=days_words(abs(days)))


def _comma() -> str:
    return pick("，", ", ")


def _visited(thing: Thing) -> str:
    if thing.day is None:
        return _("never visited")
    return _("last visited") + f" {_near(thing.day, thing.days)}"


def _stages() -> Mapping[str, str]:
    return {stage: pick(*titles) for stage, titles in _stage_titles().items()}


@cache
def _stage_titles() -> Mapping[str, tuple[str, str]]:
    field = forms()["problem"].field("stage")
    options = {} if field is None else {option.id: (option.title, option.title_en) for option in field.options}
    return {stage.value: options.get(stage.value, (stage.value, stage.value)) for stage in Stage}
