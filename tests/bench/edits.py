"""Entries as a laptop makes them, ready to travel: each on a step of some unit, each naming what it saw there."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator, Mapping, Sequence
from itertools import count, zip_longest
from typing import Any, Final, NamedTuple

import orjson

from tests.bench.line import Seat, framed

TOUCHED: Final = 12
"""Steps per unit that somebody has touched already on a board to be measured."""
_NOTES: Final = ("", "", "", "会议记录已整理", "外出党员用电话传达", "征求意见表已收回，共收到意见二十三条")


class Edit(NamedTuple):
    """A change and its canonical bytes."""

    id: str
    body: bytes


class Edits:
    """Entries without end. `steps` gives each unit's steps; the first `TOUCHED` of each hold what `filling` enters."""

    def __init__(self, steps: Mapping[str, Sequence[str]], seed: int = 1) -> None:
        self._steps = steps
        self._draw = random.Random(seed)
        self._addresses = [f"step/{unit}/{step}" for unit, found in steps.items() for step in found]
        self._latest = {address: _first_id(address) for address in self._filled()}

    def filling(self, seat: Seat) -> Iterator[Edit]:
        """The entries of a campaign half done: `TOUCHED` steps of each unit. Always the same."""
        for address in self._filled():
            number = int(_first_id(address)[:4], 16)
            values: dict[str, Any] = {"state": "done", "done_on": f"2026-10-{number % 28 + 1:02}"}
            if note := _NOTES[number % len(_NOTES)]:
                values["note"] = note
            yield _edit(seat, address, _first_id(address), values, None)

    def next(self, seat: Seat) -> Edit:
        """A further entry on some step, made by somebody who saw what stood there."""
        address = self._draw.choice(self._addresses)
        seen, fresh = self._latest.get(address), f"{self._draw.getrandbits(128):032x}"
        self._latest[address] = fresh
        values = {"state": "done", "done_on": f"2026-11-{self._draw.randint(1, 30):02}"}
        return _edit(seat, address, fresh, values, seen)

    def pushes(self, seat: Seat, count: int) -> list[bytes]:
        """So many frames with one entry each."""
        return [push([self.next(seat)]) for _ in range(count)]

    def turning(self, seat: Seat) -> Iterator[bytes]:
        """Frames without end with one entry each, every one of which changes what its step shows."""
        for number in count():
            address = self._addresses[number * 7919 % len(self._addresses)]
            for state in ("returned", "submitted"):
                seen, fresh = self._latest.get(address), f"{self._draw.getrandbits(128):032x}"
                self._latest[address] = fresh
                yield push([_edit(seat, address, fresh, {"state": state}, seen)])

    def across(self) -> Iterator[str]:
        """All addresses: the first step of every unit, then every unit's second, and so on."""
        for steps in zip_longest(*self._steps.values()):
            for unit, step in zip(self._steps, steps, strict=True):
                if step is not None:
                    yield f"step/{unit}/{step}"

    def _filled(self) -> Iterator[str]:
        for unit, steps in self._steps.items():
            for step in steps[:TOUCHED]:
                yield f"step/{unit}/{step}"


def push(edits: Sequence[Edit]) -> bytes:
    """A frame that sends these."""
    return framed(b'{"kind":"push","changes":[%b]}' % b",".join(edit.body for edit in edits))


def _first_id(address: str) -> str:
    return hashlib.blake2b(address.encode(), digest_size=16).hexdigest()


def _edit(seat: Seat, address: str, change_id: str, values: Mapping[str, Any], seen: str | None) -> Edit:
    body = {
        "id": change_id,
        "record": address,
        "set": values,
        "author": seat.member,
        "device": seat.device,
        "at": "2026-11-23T09:30:00+08:00",
        "revision": 1,
        "format": 1,
    }
    if seen is not None:
        body["seen"] = {name: [seen] for name in values}
    return Edit(change_id, orjson.dumps(body, option=orjson.OPT_SORT_KEYS))
