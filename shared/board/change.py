"""One person's entry as an immutable value, and its form on disk and on the wire."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

import orjson

JSON = Any
"""Anything that `orjson` reads: the values of fields are data, never interpreted here."""

FORMAT: Final = 1
MAX_FIELDS: Final = 64
MAX_SEEN: Final = 256
MAX_BYTES: Final = 64 * 1024
MAX_STORED: Final = 512 * 1024
"""A change above this many canonical bytes is not stored at all, so that every record fits into a frame."""

_ID = re.compile(r"[0-9a-f]{32}\Z")
_NAME = re.compile(r"[a-z][\w.-]{0,63}\Z")
_ADDRESS = re.compile(r"(?!meta/)[a-z][a-z-]{0,31}(/[^/\x00-\x1f\x7f]{1,64}){1,3}\Z")
_KEYS: Final = frozenset(
    ("id", "record", "set", "seen", "author", "device", "at", "revision", "format", "act", "undoes")
)


class Undecodable(ValueError):
    """An entry that is no change of any format this program reads; `key` names what is wrong with it."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


@dataclass(frozen=True, slots=True)
class Change:
    """One person's entry on one record.

    `id`: 128 random bits, 32 hex digits. `record`: the address, `step/340111001008/1.4`.
    `values`: field → value. `seen`: field → the ids whose values stood on the screen when the editor opened.
    `at`: the laptop's wall clock, ISO 8601; shown, never used for order. `revision`: the campaign revision answered.
    `act`: what several changes of one bulk act have in common. `undoes`: the change this one takes back.
    `extra`: keys of a newer format, carried through untouched.
    """

    id: str
    record: str
    values: Mapping[str, JSON]
    seen: Mapping[str, tuple[str, ...]]
    author: str
    device: str
    at: str
    revision: int = 1
    format: int = FORMAT
    act: str | None = None
    undoes: str | None = None
    extra: Mapping[str, JSON] = field(default_factory=dict)

    def with_id(self, new_id: str) -> Change:
        """The same entry under another id, for the laptop whose id turned out to be taken."""
        return replace(self, id=new_id)


def is_id(value: object) -> bool:
    """Whether this is the id of a change: 32 lower-case hex digits."""
    return isinstance(value, str) and _ID.match(value) is not None


def is_field(name: object) -> bool:
    """Whether this names a field: a small letter, then letters and digits of any script, `_`, `.` and `-`; 64 at most.

    An office's own columns become fields under their own names, `attribute.党员数`.
    """
    return isinstance(name, str) and _NAME.match(name) is not None


def to_json(change: Change) -> dict[str, JSON]:
    """The change as a JSON object; absent options are left out, unknown keys of newer formats come back."""
    body: dict[str, JSON] = {
        **change.extra,
        "id": change.id,
        "record": change.record,
        "set": dict(change.values),
        "author": change.author,
        "device": change.device,
        "at": change.at,
        "revision": change.revision,
        "format": change.format,
    }
    if change.seen:
        body["seen"] = {name: list(ids) for name, ids in change.seen.items()}
    if change.act is not None:
        body["act"] = change.act
    if change.undoes is not None:
        body["undoes"] = change.undoes
    return body


def encode(change: Change) -> bytes:
    """The canonical bytes of a change: JSON with sorted keys."""
    return canonical(to_json(change))


def canonical(body: JSON) -> bytes:
    """JSON with sorted keys at every level, so that equal content has equal bytes."""
    return orjson.dumps(body, option=orjson.OPT_SORT_KEYS)


def content_hash(encoded: bytes) -> bytes:
    """BLAKE2b-128 of a change's canonical bytes: tells a resent change from another one under the same id."""
    return hashlib.blake2b(encoded, digest_size=16).digest()


def from_json(body: JSON) -> Change:
    """Read a change of any format ever released, or raise `Undecodable` with the key that is wrong."""
    if not isinstance(body, dict):
        raise Undecodable("change")
    return Change(
        id=_text(body, "id", _ID),
        record=_text(body, "record", _ADDRESS),
        values=_values(body.get("set")),
        seen=_seen(body.get("seen", {})),
        author=_short(body, "author"),
        device=_short(body, "device"),
        at=_short(body, "at"),
        revision=_number(body, "revision"),
        format=_number(body, "format"),
        act=_optional_id(body, "act"),
        undoes=_optional_id(body, "undoes"),
        extra={key: value for key, value in body.items() if key not in _KEYS},
    )


def _text(body: dict[str, JSON], key: str, form: re.Pattern[str]) -> str:
    value = body.get(key)
    if not isinstance(value, str) or form.match(value) is None:
        raise Undecodable(key)
    return value


def _short(body: dict[str, JSON], key: str) -> str:
    value = body.get(key)
    if not isinstance(value, str) or not 0 < len(value) <= 128 or not value.isprintable():
        raise Undecodable(key)
    return value


def _number(body: dict[str, JSON], key: str) -> int:
    value = body.get(key, 1)
    if type(value) is not int or not 0 < value < 2**31:
        raise Undecodable(key)
    return value


def _optional_id(body: dict[str, JSON], key: str) -> str | None:
    return None if body.get(key) is None else _text(body, key, _ID)


def _values(fields: JSON) -> dict[str, JSON]:
    if not isinstance(fields, dict) or not 0 < len(fields) <= MAX_FIELDS:
        raise Undecodable("set")
    if not all(map(is_field, fields)):
        raise Undecodable("set")
    return fields


def _seen(seen: JSON) -> dict[str, tuple[str, ...]]:
    if not isinstance(seen, dict) or len(seen) > MAX_FIELDS:
        raise Undecodable("seen")
    result: dict[str, tuple[str, ...]] = {}
    for name, ids in seen.items():
        if not is_field(name) or not isinstance(ids, list) or len(ids) > MAX_SEEN:
            raise Undecodable("seen")
        if not all(is_id(item) for item in ids):
            raise Undecodable("seen")
        result[name] = tuple(ids)
    return result
