"""What is wrong with an entry, in a sentence that says what to do: for screens and for the shell."""

from __future__ import annotations

from typing import Final

from shared.board.record import kind_of
from shared.board.standing import settled
from shared.board.surveys import count_field
from shared.campaign.model import Campaign
from shared.forms.model import Form, Wrong
from shared.forms.shelf import form_of
from shared.inspection.item import Entered
from shared.messages import _, pick
from tui.entry import Problem
from tui.grid.plain import plain
from tui.words import field_word


def sentence(problem: Problem) -> str:
    """What is wrong with an entry, and what to do."""
    texts = {
        "no-right": _("Your role or area does not allow this entry; ask the office."),
        "nothing-entered": _("Nothing was changed."),
        "unknown-state": _("There is no such state."),
        "done-needs-date": _("Done needs its day."),
        "not-a-date": _("This is not a day; write it like 2026-11-23."),
        "too-long": _("This text is too long; at most {limit} characters."),
        "control-characters": _("This text holds control characters; remove them."),
        "replaced": _("Nothing of it stands any more: something else was entered since, or it was taken back already."),
        "unknown-before": _("What stood before is not known on this laptop; guatu sync reads it, or enter a value."),
        "unreadable": _("No format known here reads this entry; an office that is up to date can release it."),
        "decide-anew": _("A decision that is held is not released: decide on the entry itself, or decline this one."),
        "decided": _("A decision is not taken back; decide anew, or take back the entry that was released."),
        "missing": _("This must be filled in."),
        "not-a-number": _("This is not a whole number."),
        "out-of-range": _("This number lies outside {limit}."),
        "not-a-choice": _("This is none of the answers. {limit}"),
        "not-a-text": _("This is no text."),
        "not-a-file": _("This is no file that can be kept."),
        "no-such-file": _("There is no such file."),
        "not-a-plain-file": _("This is no plain file but a folder or a device."),
        "file-unreadable": _("This file cannot be read; look at who may read it."),
        "file-empty": _("This file is empty."),
        "file-too-large": _("This file is too large; at most {limit} MiB. Scan it more coarsely, or in parts."),
        "file-name": _("Give this file a plain name first: at most 120 characters, all of them printable."),
        "disk-low": _("This laptop's disk is almost full; what room is left is kept for what you enter."),
        "more-than": _("This is more than the number it is a part of ({limit})."),
        "no-valid": _("There is no valid sheet: nothing can be counted."),
        "sum-differs": _("The answers do not add up to the valid sheets: {limit}."),
        "not-submitted": _("Nothing waits for review on this step."),
        "due-passed": _("The new day lies in the past."),
        "too-early": _("This is before {limit}, the day of what comes before it."),
        "no-such-stage": _("There is no such stage; the next ones are {limit}."),
        "not-next": _("One stage after the other: now it stands at {limit}."),
        "not-struck-off": _("This problem is not struck off yet; a look-back comes after that."),
        "not-closed": _("This problem is not struck off; nothing has to be opened again."),
    }
    return texts[problem.code].format(limit=problem.limit).rstrip()


def wrong_line(wrong: Wrong) -> str:
    """What is wrong with an act, and with which of its words where the sentence alone does not say."""
    line = sentence(Problem(*wrong))
    return _titled(field_word(wrong.field), line) if wrong.code in _NAMELESS else line


def problem_line(entered: Entered, problem: Problem, campaign: Campaign) -> str:
    """What is wrong with what was entered, which field that is, and which numbers do not agree."""
    if problem.code in _WHOLE:
        return sentence(problem)
    form = form_of(kind_of(entered.record.address), campaign)
    if form is None:
        return _titled(field_word(problem.field), sentence(problem))
    if problem.code == "sum-differs":
        return _titled(_question_title(problem.field, campaign), sentence(problem))
    title = field_title(form, problem.field)
    if problem.code == "more-than":
        values = {**settled(entered.record), **entered.values}
        title, limit = f"{title} {values.get(problem.field)}", field_title(form, problem.limit)
        problem = Problem(problem.code, problem.field, f"{limit} {values.get(problem.limit)}")
    return _titled(title, sentence(problem))


def field_title(form: Form, name: str) -> str:
    """What a field of a form is called."""
    field = form.field(name)
    return pick(field.title, field.title_en) if field is not None else field_word(name)


def _question_title(name: str, campaign: Campaign) -> str:
    asked = (each for each in campaign.rules.questions if name.startswith(count_field(each.id, "")))
    return next((pick(each.title, each.title_en) for each in asked), plain(name))


def _titled(title: str, line: str) -> str:
    return f"{title}{pick('：', ': ')}{line}" if title else line


_NAMELESS: Final = frozenset(("missing",))
_WHOLE: Final = frozenset(("no-right", "nothing-entered"))
"""Problems with an entry as a whole, whatever field they were found in."""
