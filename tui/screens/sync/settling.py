"""Settling collisions: the answers to one and to many, and the entry that each makes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from rich.text import Text

from shared.board.change import JSON
from shared.board.holds import KIND as HOLD
from shared.board.record import Record, kind_of
from shared.messages import _
from tui.entry import STATES
from tui.form_words import value_typed
from tui.questions import Policy, Question, settled_by
from tui.screens.asking import Answer, Inquiry, Way
from tui.screens.naming import field_name, place_name, short_value
from tui.screens.sync.detail import question_text
from tui.view import BoardView
from tui.words import state_word

Entry = tuple[Record, Mapping[str, JSON]]
TAKE, STATE, BOTH, OTHER = "take-", "state-", "both", "other"
_TYPED = ("note", "reason")


def inquiry_of(view: BoardView | None, question: Question, device: str, first: int = 0) -> Inquiry:
    """A collision as a question: take one, both in one for notes, or a third value."""
    typed = _is_typed(question)
    return Inquiry(
        title=_("Which one holds?"),
        body=question_text(view, question, device, dense=True),
        ways=_ways(view, question, typed),
        caption=_("Another value") if typed else "",
        text=_proposed(question) if typed else "",
        lines=question.field in _TYPED,
        first=min(first, len(question.sides) - 1),
    )


def values_for(question: Question, answer: Answer, today: date) -> Mapping[str, JSON]:
    """What an answer enters."""
    if answer.way.startswith(TAKE):
        return question.take(int(answer.way.removeprefix(TAKE)))
    if answer.way.startswith(STATE):
        return question.enter(answer.way.removeprefix(STATE), today)
    if answer.way == BOTH:
        return question.both() or {}
    text = answer.text.strip()
    if question.field in _TYPED:
        return question.enter(text, today)
    return question.enter(value_typed(question.collision.address, question.field, text), today)


def inquiry_of_many(view: BoardView | None, questions: Sequence[Question], device: str) -> Inquiry:
    """Many collisions as one question; each answer says how many it settles, the others stay as they are."""
    body = Text()
    for question in questions[:8]:
        values = " | ".join(
            short_value(view, question.field, head.value, question.collision.address)
            for head in question.collision.heads
        )
        place = place_name(view, question.collision.address)
        body.append(f"{place}  {field_name(view, question.collision.address, question.field)}: {values}\n")
    if len(questions) > 8:
        body.append(_("... and {count} more").format(count=len(questions) - 8))
    words = {
        Policy.MINE: _("what was entered on this laptop"),
        Policy.THEIRS: _("what was entered on the other laptop"),
        Policy.LATEST: _("what was entered last, by the laptops' own clocks"),
        Policy.BOTH: _("both texts in one"),
    }
    counts = {policy: len(entries_for(questions, policy, device)) for policy in words}
    settles = _("settles {n} of {all}")
    ways = [
        Way(policy.value, Text(f"{text}  ({settles.format(n=counts[policy], all=len(questions))})"))
        for policy, text in words.items()
        if counts[policy]
    ]
    return Inquiry(_("Settle {count} at once").format(count=len(questions)), body, ways)


def entries_for(questions: Sequence[Question], policy: Policy, device: str) -> list[Entry]:
    """The entries by which a policy settles those that it answers."""
    found = ((question.record, settled_by(question, policy, device)) for question in questions)
    return [(record, values) for record, values in found if values is not None]


def _ways(view: BoardView | None, question: Question, typed: bool) -> list[Way]:
    ways = [
        Way(
            f"{TAKE}{number}",
            Text(
                _("take: {value}").format(
                    value=short_value(view, question.field, side.head.value, question.collision.address)
                )
            ),
        )
        for number, side in enumerate(question.sides)
    ]
    if question.both() is not None:
        ways.append(Way(BOTH, Text(_("both in one"))))
    if _is_state(question):
        standing = {side.head.value for side in question.sides if isinstance(side.head.value, str)}
        third = [state for state in STATES if state not in standing]
        ways += [
            Way(STATE + state, Text(_("neither, but: {value}").format(value=state_word(state)))) for state in third
        ]
    if typed:
        ways.append(Way(OTHER, Text(_("the value typed below"))))
    return ways


def _is_state(question: Question) -> bool:
    return question.field == "state" and kind_of(question.collision.address) == "step"


def _is_typed(question: Question) -> bool:
    """Whether a third value can be typed: texts and days, not states, ticks, windows and decisions."""
    if _is_state(question) or kind_of(question.collision.address) == HOLD:
        return False
    return all(side.head.value is None or isinstance(side.head.value, str) for side in question.sides)


def _proposed(question: Question) -> str:
    both = question.both()
    if both is not None:
        return str(both[question.field])
    return str(question.sides[0].head.value or "")
