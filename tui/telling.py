"""A change in plain words, on one line, for the sync page, the history and the shell alike."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import Final

from shared.board.change import JSON
from shared.board.history import Event
from shared.board.holds import KIND, Verdict
from shared.board.lights import State
from shared.board.record import kind_of, rest_of
from shared.board.step import DATE_FIELD
from shared.messages import _, pick
from tui.grid.plain import plain
from tui.words import field_word, person_word, state_word, value_words

FIELDS_TOLD: Final = 6
"""So many fields of one change are told; the count of the others follows."""
TEXT_TOLD: Final = 40
"""So many characters of a text are told."""
_MARKS: Final = {
    State.TODO.value: "未",
    State.DOING.value: "办",
    State.SUBMITTED.value: "报",
    State.RETURNED.value: "退",
    State.DONE.value: "毕",
    State.NA.value: "免",
}


def tell(event: Event, unit_name: str) -> str:
    """What an entry did, where and by whom: "王岗村 1.4: in progress → done (2026-11-20), by 李员".

    Nothing that people typed steers a terminal or breaks the line. Whether it counts is not said; a release is.
    """
    change = event.change
    if kind_of(change.record) == KIND:
        return _verdict(event, unit_name)
    where = where_told(change.record, unit_name)
    what = pick("，", ", ").join(_told(event))
    if change.undoes is not None:
        what = _("taken back: {what}").format(what=what)
    line = _("{where}: {what}, by {by}").format(where=where, what=what, by=plain(change.author))
    if event.released_by:
        line += _("; released by {by}").format(by=plain(event.released_by))
    return line


def when_told(at: str, zone: tzinfo | None = None) -> str:
    """A moment, ISO 8601, as the clock on the wall shows it, to the minute; here, unless a zone is given."""
    try:
        return datetime.fromisoformat(at).astimezone(zone).strftime("%Y-%m-%d %H:%M")
    except (ValueError, OverflowError):
        return plain(at[:16]) or "-"


def where_told(address: str, unit_name: str) -> str:
    """Where on a unit: its name and the step's number, or the kind of another record with what it is called."""
    kind, rest = kind_of(address), plain(rest_of(address))
    place = rest if kind in ("step", "unit") else f"{kind} {rest}"
    return f"{plain(unit_name)} {place}".strip()


def field_told(name: str) -> str:
    """A field as people say it, a unit's own fields too."""
    if name.startswith("window."):
        return _("window of phase {phase}").format(phase=plain(name[7:]))
    return person_word(name[7:]) if name.startswith("person.") else field_word(name)


def state_mark(state: JSON) -> str:
    """A state as short as it can be said: one character in Chinese, a word in English."""
    text = _clipped(plain(str(state)))
    return pick(_MARKS.get(text, text), state_word(text))


def told_value(name: str, value: JSON) -> str:
    """A field's value, short and on one line; "empty" for none."""
    if value is None or value == "":
        return state_mark(State.TODO.value) if name == "state" else pick("空", "empty")
    if name == "state":
        return state_mark(value)
    if isinstance(value, dict) and "first" in value and "last" in value:
        text = f"{value['first']} - {value['last']} {value.get('reason', '')}"
        return _clipped(plain(text.strip()))
    if isinstance(value, str) and not name.endswith("_on"):
        return pick("「{}」", '"{}"').format(_clipped(plain(value)))
    return _clipped(value_words(name, value))


def _told(event: Event) -> list[str]:
    values = event.change.values
    if "kind" in values and not event.before.get("kind") and kind_of(event.change.record) == "unit":
        return [_("put on the roster")]
    own_day = DATE_FIELD.get(str(values.get("state"))) if "state" in values else None
    names = sorted((name for name in values if name != own_day), key=lambda name: (name != "state", name))
    told = [_moved(event, name, own_day) for name in names[:FIELDS_TOLD]]
    rest = len(names) - len(told)
    return [*told, _("{count} more fields").format(count=rest)] if rest else told


def _moved(event: Event, name: str, own_day: str | None) -> str:
    """One field, from what stood before to what stands after."""
    before = event.before.get(name, ())
    old = " | ".join(told_value(name, value) for value in before) or told_value(name, None)
    moved = f"{old} → {told_value(name, event.change.values[name])}"
    if others := event.beside.get(name):  # its author had not seen these, so that it came from nowhere they were
        both = " | ".join(told_value(name, value) for value in others)
        moved = pick("{new}（与 {others} 并存）", "{new} (beside {others})").format(
            new=told_value(name, event.change.values[name]), others=both
        )
    if name != "state":
        return f"{field_told(name)} {moved}"
    day = event.change.values.get(own_day) if own_day is not None else None
    return f"{moved} ({plain(str(day))})" if day else moved


def _verdict(event: Event, unit_name: str) -> str:
    values, by = event.change.values, plain(event.change.author)
    released = values.get("verdict") == Verdict.RELEASED
    text = _("{unit}: held entry released, by {by}") if released else _("{unit}: held entry declined, by {by}")
    line = text.format(unit=plain(unit_name), by=by)
    reason = values.get("reason")
    return line + pick("：", ": ") + _clipped(plain(reason)) if isinstance(reason, str) and reason else line


def _clipped(text: str) -> str:
    return text if len(text) <= TEXT_TOLD else text[:TEXT_TOLD].rstrip() + "..."
