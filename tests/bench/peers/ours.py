"""Drives guatu for the comparison: `python -m tests.bench.peers.ours WORK URL TASK HOME [NUMBER...]`.

Edits go over the wire of PROTOCOL.md as a laptop sends them; first sync and offline edits are those of whole laptops,
with their files. An acknowledgement is the office's `ack`: the edit is on its disk, by an fsync.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import sys
import time
import zlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import orjson

from tests.bench import laptop
from tests.bench.boards import Board, Server, opened, push_all
from tests.bench.editors import alone
from tests.bench.edits import Edit, push
from tests.bench.line import Address, Line, Place, Refused, Seat
from tests.bench.listeners import listening
from tests.bench.peers import task
from tests.bench.peers.pair import Pair

_SOCKETS: Final = 4
_GZIP: Final = 31


class Driver:
    """Whoever does one piece of work on a running server."""

    def __init__(self, url: str, filed: Sequence[task.Filed], home: Path) -> None:
        parts = urlsplit(url)
        self._at = Address(parts.hostname or "", parts.port or 0)
        self._server = Server(url, self._at, 0, 0.0)
        self._filed = filed
        self._home = home
        self._board: Board = opened(home, task.UNITS)
        self._editor = self._board.seats[0]

    def load(self) -> dict[str, Any]:
        """All records, in pushes of 256."""
        line = Line(self._at, self._editor)
        line.reports = False
        edits = [_edit(self._editor, one.id, _loaded(one.id), one.fields, None) for one in self._filed]
        started = time.perf_counter()
        push_all(line, iter(edits))
        return {"seconds": time.perf_counter() - started}

    def edit(self, first: int, count: int) -> dict[str, Any]:
        """One edit after the other, each to its ack."""
        line = self._at_head(self._editor)
        work = alone(line, [self._push(number) for number in range(first, first + count)])
        return {"ms": [each * 1000 for each in work.latencies]}

    def listen(self, first: int, count: int, every_ms: int) -> dict[str, Any]:
        """One edit every so often, from its first byte to the last listener."""
        frames = [self._push(number) for number in range(first, first + count)]
        seats = [seat for seat in self._board.seats[1:] for _ in range(_SOCKETS)][: task.LISTENERS]
        head = self._head()
        with listening() as listeners:
            listeners.start(self._at, seats, head, 0)
            work = alone(self._at_head(self._editor, head), frames, every_ms / 1000)
            reached = listeners.reached(max(work.sent))
        return {"ms": [(reached[seq] - sent) / 1e6 for seq, sent in work.sent.items()]}

    def sync(self, number: int) -> dict[str, Any]:
        """A new laptop, until the board stands on its disk and is live; what was before is read later, at leisure."""
        found = laptop.join(self._home / f"laptop-{number}", self._server, self._board.codes[number], whole=False)
        return {"seconds": found.seconds}

    def collide(self) -> dict[str, Any]:
        """Two laptops that were away."""
        homes = [self._home / name for name in ("left", "right")]
        for home, code in zip(homes, self._board.codes[2:], strict=False):
            laptop.join(home, self._server, code)
        with Pair(homes) as pair:
            spans = task.offline()
            pair.edit(0, [(self._filed[at].id, f"0:{at}") for at in spans.left])
            pair.edit(1, [(self._filed[at].id, f"1:{at}") for at in spans.right])
            seconds = pair.meet()
            both = [self._filed[at].id for at in spans.left if at in spans.right]
            return {"seconds": seconds, "kept": pair.kept(both)}

    def hammer(self, first: int) -> dict[str, Any]:
        """Edit for ever, and say the number of each edit that was acknowledged."""
        line = self._at_head(self._editor)
        _say("ready")
        with suppress(OSError, Refused):
            for number in range(first, sys.maxsize):
                line.send(self._push(number))
                line.acked()
                _say(str(number))
        return {}

    def present(self) -> dict[str, Any]:
        """What stands on the notes of all records, by what a laptop would be given."""
        found: dict[str, list[str]] = {}
        for line in self._snapshot().splitlines()[1:]:
            for address, kept in orjson.loads(line.partition(b"\t")[2]).items():
                found[address] = [entry[4]["note"] for entry in kept["entries"] if "note" in entry[4]]
        return {"found": found}

    def _push(self, number: int) -> bytes:
        """Edit `number` by somebody who saw the one before on this record."""
        address = self._filed[number % task.COUNT].id
        before = number - task.COUNT
        seen = _id_of(before) if before >= 0 else _loaded(address)
        return push([_edit(self._editor, address, _id_of(number), {"note": f"#{number}"}, seen)])

    def _head(self) -> Place:
        probe = Line(self._at, self._editor)
        probe.close()
        return probe.head

    def _at_head(self, seat: Seat, head: Place | None = None) -> Line:
        line = Line(self._at, seat, head or self._head())
        line.until_head()
        return line

    def _snapshot(self) -> bytes:
        headers = {"Authorization": f"Bearer {self._editor.token}"}
        connection = http.client.HTTPConnection(*self._at)
        connection.request("GET", "/api/v1/snapshot", headers=headers)
        led = connection.getresponse()
        led.read()
        connection.request("GET", led.headers["Location"], headers=headers)
        return zlib.decompress(connection.getresponse().read(), _GZIP)


def _edit(seat: Seat, address: str, change_id: str, values: task.Fields, seen: str | None) -> Edit:
    """A change; who made it and when travel beside its values, and are left out of them."""
    own = {name: value for name, value in values.items() if name not in ("by", "at")}
    body = {
        "id": change_id, "record": address, "set": own, "author": seat.member, "device": seat.device,
        "at": values.get("at", "2026-11-23T09:30:00+08:00"), "revision": 1, "format": 1,
        **({} if seen is None else {"seen": {name: [seen] for name in own}}),
    }  # fmt: skip
    return Edit(change_id, orjson.dumps(body, option=orjson.OPT_SORT_KEYS))


def _loaded(address: str) -> str:
    return hashlib.blake2b(address.encode(), digest_size=16).hexdigest()


def _id_of(number: int) -> str:
    return hashlib.blake2b(b"edit %d" % number, digest_size=16).hexdigest()


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main(work: str, url: str, filed: str, home: str, *numbers: str) -> None:
    """Do one piece of work and answer with a line of JSON."""
    driver = Driver(url, task.read(Path(filed)), Path(home))
    works: dict[str, Callable[..., dict[str, Any]]] = {
        "load": driver.load, "edit": driver.edit, "listen": driver.listen, "sync": driver.sync,
        "collide": driver.collide, "hammer": driver.hammer, "present": driver.present,
    }  # fmt: skip
    _say(json.dumps(partial(works[work], *map(int, numbers))()))


if __name__ == "__main__":
    main(*sys.argv[1:])
