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
from shared.campaign.model import Campaign
from shared.forms.shelf import forms
from shared.messages import _, pick
from shared.people.fields import group_of_field
from shared.people.words import value_told
from tui.form_words import field_in_form, place_in_form, value_in_form
from tui.grid.plain import plain
from tui.words import field_word, state_word, value_words

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


def tell(event: Event, unit_name: str, campaign: Campaign | None = None) -> str:
    """What an entry did, where and by whom: "王岗村 1.4: in progress → done (2026-11-20), by 李员".

    Nothing that people typed steers a terminal or breaks the line. Whether it counts is not said; a release is.
    `campaign`: whose words a form's answers are told in.
    """
    change = event.change
    if kind_of(change.record) == KIND:
        return _verdict(event, unit_name)
    where = where_told(change.record, unit_name)
    what = pick("，", ", ").join(_told(event, campaign))
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
    place = rest if kind in ("step", "unit") else place_in_form(address) or f"{kind} {rest}"
    return f"{plain(unit_name)} {place}".strip()


def field_told(name: str, address: str = "", campaign: Campaign | None = None) -> str:
    """A field as people say it, a unit's own fields too; `address` is the record it stands on."""
    if address and (found := field_in_form(address, name, campaign)) is not None:
        return found
    if name.startswith("window."):
        return _("window of phase {phase}").format(phase=plain(name[7:]))
    return field_word(name)


def state_mark(state: JSON) -> str:
    """A state as short as it can be said: one character in Chinese, a word in English."""
    text = _clipped(plain(str(state)))
    return pick(_MARKS.get(text, text), state_word(text))


def told_value(name: str, value: JSON, address: str = "", campaign: Campaign | None = None) -> str:
    """A field's value, short and on one line; "empty" for none. `address` is the record it stands on."""
    if value is None or value == "":
        return state_mark(State.TODO.value) if name == "state" else pick("空", "empty")
    if name == "state":
        return state_mark(value)
    if address and (found := value_in_form(address, name, value, campaign)) is not None:
        return _clipped(found)
    if isinstance(value, dict) and "first" in value and "last" in value:
        text = f"{value['first']} - {value['last']} {value.get('reason', '')}"
        return _clipped(plain(text.strip()))
    if isinstance(value, str) and not name.endswith("_on"):
        text = value_told(name, value) if group_of_field(name) else value
        return pick("「{}」", '"{}"').format(_clipped(plain(text)))
    return _clipped(value_words(name, value))


def _told(event: Event, campaign: Campaign | None) -> list[str]:
    values = event.change.values
    if "kind" in values and not event.before.get("kind") and kind_of(event.change.record) == "unit":
        return [_("put on the roster")]
    if not any(event.before.values()) and (form := forms().get(kind_of(event.change.record))) is not None:
        lead = [name for name in form.line if values.get(name)]
        names = [*lead, *(name for name in values if name not in lead)][:FIELDS_TOLD]
        return [f"{field_told(name, event.change.record, campaign)} {_value(event, name, campaign)}" for name in names]
    own_day = DATE_FIELD.get(str(values.get("state"))) if "state" in values else None
    names = sorted((name for name in values if name != own_day), key=lambda name: (name != "state", name))
    told = [_moved(event, name, own_day, campaign) for name in names[:FIELDS_TOLD]]
    rest = len(names) - len(told)
    return [*told, _("{count} more fields").format(count=rest)] if rest else told


def _moved(event: Event, name: str, own_day: str | None, campaign: Campaign | None) -> str:
    """One field, from what stood before to what stands after."""
    before, address = event.before.get(name, ()), event.change.record
    old = " | ".join(told_value(name, value, address, campaign) for value in before) or told_value(name, None)
    moved = f"{old} → {_value(event, name, campaign)}"
    if others := event.beside.get(name):  # its author had not seen these, so that it came from nowhere they were
        both = " | ".join(told_value(name, value, address, campaign) for value in others)
        moved = pick("{new}（与 {others} 并存）", "{new} (beside {others})").format(
            new=_value(event, name, campaign), others=both
        )
    if name != "state":
        return f"{field_told(name, address, campaign)} {moved}"
    day = event.change.values.get(own_day) if own_day is not None else None
    return f"{moved} ({plain(str(day))})" if day else moved


def _value(event: Event, name: str, campaign: Campaign | None) -> str:
    return told_value(name, event.change.values[name], event.change.record, campaign)


def _verdict(event: Event, unit_name: str) -> str:
    values, by = event.change.values, plain(event.change.author)
    released = values.get("verdict") == Verdict.RELEASED
    text = _("{unit}: held entry released, by {by}") if released else _("{unit}: held entry declined, by {by}")
    line = text.format(unit=plain(unit_name), by=by)
    reason = values.get("reason")
    return line + pick("：", ": ") + _clipped(plain(reason)) if isinstance(reason, str) and reason else line


def _clipped(text: str) -> str:
    return text if len(text) <= TEXT_TOLD else text[:TEXT_TOLD].rstrip() + "..."
