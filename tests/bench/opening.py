"""Opening a laptop's replica as a process of its own: `python -m tests.bench.opening HOME [PENDING]`.

With a number, so many entries are made, on steps all over the board, and stay in the outbox. Without one the laptop is
opened and its board made, timed, and the memory held then is told; neither the start of Python nor a screen is in it.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from shared.board.change import Change
from shared.board.record import Record
from tests.bench.machine import memory_here
from tui.laptop import Laptop


class Opening(NamedTuple):
    """One opening: how long until the board was made, the memory held then, and how many entries wait to be sent."""

    seconds: float
    megabytes: float
    pending: int


def opened(home: Path) -> Opening:
    """Open a laptop that nobody else has open."""
    return Opening(*json.loads(_run(str(home))))


def fill(home: Path, pending: int) -> None:
    """Enter so much without a network."""
    _run(str(home), str(pending))


def _run(*arguments: str) -> str:
    command = [sys.executable, "-m", "tests.bench.opening", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _open(home: Path) -> Opening:
    started = time.perf_counter()
    with Laptop(home, writing=True) as laptop:
        view = laptop.view()
        pending = laptop.replica.outbox.size()
        seconds = time.perf_counter() - started
        assert view.rows
        return Opening(seconds, memory_here(), pending)


def _enter(home: Path, count: int) -> None:
    """One entry each on so many records that stand on the board, drawn by chance."""
    with Laptop(home, writing=True) as laptop:
        pen = laptop.pen(laptop.view())
        standing = [record for owner, _ in laptop.replica.every() for record in laptop.replica.records(owner).values()]
        random.Random(1).shuffle(standing)
        steps = (record for record in standing if record.address.startswith("step/"))
        laptop.save([_change(pen.change(record, {"note": "补录"}), record) for record in islice(steps, count)])


def _change(made: object, record: Record) -> Change:
    assert isinstance(made, Change), (made, record.address)
    return made


if __name__ == "__main__":
    if len(sys.argv) > 2:
        _enter(Path(sys.argv[1]), int(sys.argv[2]))
    else:
        sys.stdout.write(json.dumps(_open(Path(sys.argv[1]))))
