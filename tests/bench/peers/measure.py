"""All systems in turns, round by round: load, first sync, edits, listeners, offline edits; then the kills."""

from __future__ import annotations

import random
import shutil
import statistics
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Final

from tests.bench.boards import build
from tests.bench.effort import Effort
from tests.bench.figures import Aim, Figure, percentile
from tests.bench.machine import load, memory_of
from tests.bench.peers import task
from tests.bench.peers.killing import Round, rounds
from tests.bench.peers.running import TASK, Failed, Serving, end, serving
from tests.bench.peers.systems import GUATU, PEERS, System
from tests.bench.peers.wire import counted

BENCH: Final = "peers"
_EVERY_MS: Final = 20
_EDITS_FROM: Final = 0
_LISTENERS_FROM: Final = 1_000
LOAD: Final = "bulk load|records/s"
EDIT_P50, EDIT_P99 = "acknowledged edit, p50|ms", "acknowledged edit, p99|ms"
ALL_P50, ALL_P99 = "edit → last of 50 listeners, p50|ms", "edit → last of 50 listeners, p99|ms"
OFFLINE: Final = "2 × 500 offline edits until both are equal|s"
KEPT: Final = "both values kept, of 50 collisions|"
FIRST: Final = "first sync|s"
BYTES: Final = "first sync|kB"
MEMORY: Final = "server's memory then|MB"
LOAD_AVERAGE: Final = "load of the machine meanwhile|"
LOST: Final = "kill -9 of the server: acknowledged edits lost|"
ACKED: Final = "kill -9 of the server: acknowledged edits|"
AIMS: Final[dict[str, Aim]] = {
    LOAD: Aim(10_000, at_least=True),
    EDIT_P50: Aim(0.8),
    EDIT_P99: Aim(4.0),
    ALL_P50: Aim(4.0),
    ALL_P99: Aim(12.0),
    OFFLINE: Aim(0.5),
    KEPT: Aim(task.COLLIDING, at_least=True),
    FIRST: Aim(0.05),
    BYTES: Aim(300),
    LOST: Aim(0),
}


@dataclass(slots=True)
class Score:
    """What was measured of one system; why it is left out, when it is."""

    system: System
    missing: str = ""
    found: dict[str, list[float]] = field(default_factory=dict)
    kills: list[Round] = field(default_factory=list)

    def note(self, name: str, value: float) -> None:
        """One more round's number."""
        self.found.setdefault(name, []).append(value)


def measure(effort: Effort, folder: Path, names: Sequence[str] = ()) -> Iterator[Figure]:
    """All that is asked for, each system in a folder of its own that begins empty in every round."""
    chosen = [GUATU, *(peer for peer in PEERS if not names or peer.name in names)]
    scores = [Score(system, system.missing()) for system in chosen]
    prepared = _prepared(folder)
    for number in range(effort.peer_rounds):
        for score in scores:
            if not score.missing:
                _attempt(score, prepared, effort, last=number == effort.peer_rounds - 1)
    for score in scores:
        if score.missing:
            sys.stdout.write(f"{score.system.name} is left out: {score.missing}\n")
        yield from _figures(score)


def _attempt(score: Score, prepared: Path, effort: Effort, *, last: bool) -> None:
    """One round of one system. One that fails is left out from then on; what it has shown stands."""
    with tempfile.TemporaryDirectory(dir=prepared.parent) as folder:
        here = Path(folder) / "of"
        shutil.copytree(prepared, here)
        try:
            with serving(score.system, here) as server:
                _works(score, server, effort)
            if last:
                ids = [one.id for one in task.read(here / TASK)]
                score.kills += rounds(score.system, here, ids, effort.kills, random.Random(1))
        except Failed as problem:
            score.missing = str(problem)
        finally:
            end(score.system, here)


def _works(score: Score, server: Serving, effort: Effort) -> None:
    score.note(LOAD, task.COUNT / server.asked("load")["seconds"])
    score.note(FIRST, server.asked("sync", 0)["seconds"])
    with counted(server.port) as wire:
        server.asked("sync", 1, port=wire.port)
        score.note(BYTES, wire.received / 1000)
    own: list[float] = server.asked("edit", _EDITS_FROM, effort.paced)["ms"]
    score.note(EDIT_P50, percentile(own, 0.50))
    score.note(EDIT_P99, percentile(own, 0.99))
    ways: list[float] = server.asked("listen", _LISTENERS_FROM, effort.paced // 2, _EVERY_MS)["ms"]
    score.note(ALL_P50, percentile(ways, 0.50))
    score.note(ALL_P99, percentile(ways, 0.99))
    merged = server.asked("collide")
    score.note(OFFLINE, merged["seconds"])
    score.note(KEPT, merged["kept"])
    score.note(MEMORY, memory_of(server.process.pid))
    score.note(LOAD_AVERAGE, load())


def _prepared(folder: Path) -> Path:
    """A folder to copy: a board of guatu's without entries, and the work for everybody."""
    board = build(folder / "prepared", task.UNITS, filled=False)
    addresses = list(islice(board.edits.across(), task.COUNT))
    task.write(folder / "prepared" / TASK, task.records(addresses))
    return folder / "prepared"


def _figures(score: Score) -> Iterator[Figure]:
    if score.kills:
        score.note(LOST, sum(kill.lost for kill in score.kills))
        score.note(ACKED, sum(kill.acked for kill in score.kills))
    for name, each in score.found.items():
        title, _, measure_of = name.partition("|")
        aim = AIMS.get(name) if score.system is GUATU else None
        middle = statistics.median(each)
        yield Figure(BENCH, task.UNITS, title, middle, measure_of, aim, tuple(each), score.system.name)
