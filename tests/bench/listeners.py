"""Many listeners in a process of their own: `python -m tests.bench.listeners`, told what to do by lines of JSON.

It is told once where to connect and as whom, and answers with a line when all have read to the head. Each further line
asks for a seq that all have to reach; the answer is when the last of them had each seq, on the monotonic clock.
"""

from __future__ import annotations

import json
import selectors
import subprocess
import sys
import time
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from operator import itemgetter
from typing import IO, Any, Final

from tests.bench.line import Address, Line, Place, Seat

_SMALL_BUFFER: Final = 4096
_GIVE_UP_NS: Final = 60_000_000_000


class Listeners:
    """The other end of the pipe: a process with so many listeners, `stopped` of which never read."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._orders: IO[str] = process.stdin
        self._answers: IO[str] = process.stdout

    def start(self, at: Address, seats: Sequence[Seat], cursor: Place, stopped: int) -> None:
        """Connect one listener per seat, the first of them `stopped`; returns when all others have read to the head."""
        self._ask({"at": at, "seats": list(seats), "cursor": cursor, "stopped": stopped})

    def reached(self, seq: int) -> dict[int, int]:
        """Seq → when the last listener had it, for everything since the last call, once all have reached `seq`."""
        return {int(number): at for number, at in self._ask(seq).items()}

    def _ask(self, order: Any) -> Any:
        self._orders.write(json.dumps(order) + "\n")
        self._orders.flush()
        line = self._answers.readline()
        assert line, "the listeners have ended; the server dropped one of them"
        return json.loads(line)


@contextmanager
def listening() -> Iterator[Listeners]:
    """A process for listeners, until the block ends."""
    command = [sys.executable, "-m", "tests.bench.listeners"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield Listeners(process)
    finally:
        process.kill()
        process.wait()


def main() -> None:
    """Listen, and answer on stdout."""
    order = json.loads(sys.stdin.readline())
    at, seats = Address(*order["at"]), [Seat(*seat) for seat in order["seats"]]
    stopped: int = order["stopped"]
    idle = [Line(at, seat, order["cursor"], buffer=_SMALL_BUFFER) for seat in seats[:stopped]]
    lines = [Line(at, seat, order["cursor"]) for seat in seats[stopped:]]
    for line in lines:
        line.until_head()
        line.arrivals = []
    _answer({})
    with selectors.DefaultSelector() as selector:
        for line in lines:
            selector.register(line, selectors.EVENT_READ, line)
        selector.register(sys.stdin, selectors.EVENT_READ)
        _serve(selector, lines, order["cursor"]["seq"])
    for line in (*idle, *lines):
        line.close()


def _serve(selector: selectors.BaseSelector, lines: Sequence[Line], told: int) -> None:
    while True:
        for key, _ in selector.select():
            if isinstance(key.data, Line):
                key.data.receive()
            elif order := sys.stdin.readline():
                told, after = int(order), told
                _answer(_complete(selector, lines, after, told))
            else:
                return


def _complete(selector: selectors.BaseSelector, lines: Sequence[Line], after: int, wanted: int) -> dict[int, int]:
    """Read on until everybody has what is wanted, then say when the last one had each seq."""
    latest = time.monotonic_ns() + _GIVE_UP_NS
    while min(line.reached for line in lines) < wanted:
        assert time.monotonic_ns() < latest, "some listener never got there"
        for key, _ in selector.select(timeout=1):
            if isinstance(key.data, Line):
                key.data.receive()
    arrivals = [line.arrivals or [] for line in lines]
    for line in lines:
        line.arrivals = []
    return {seq: max(_arrival(found, seq) for found in arrivals) for seq in range(after + 1, wanted + 1)}


def _arrival(found: Sequence[tuple[int, int]], seq: int) -> int:
    return found[bisect_left(found, seq, key=itemgetter(1))][0]


def _answer(answer: Any) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
