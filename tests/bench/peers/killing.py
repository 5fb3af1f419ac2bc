"""`kill -9` of a server in the middle of edits, again and again: how many acknowledged ones are gone afterwards."""

from __future__ import annotations

import random
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from tests.bench.peers.running import Failed, serving
from tests.bench.peers.systems import System

APART: Final = 100_000
"""How far apart the numbers of two rounds lie; no round gets that far."""


class Round(NamedTuple):
    """One kill: edits acknowledged before it, and those of them that were gone after the restart."""

    acked: int
    lost: int


def rounds(system: System, folder: Path, ids: Sequence[str], count: int, draw: random.Random) -> Iterator[Round]:
    """So many kills of the server of a folder that has been loaded."""
    for number in range(1, count + 1):
        first = number * APART
        acked = _edit_until_killed(system, folder, first, draw.uniform(0.2, 0.8))
        with serving(system, folder) as server:
            found: Mapping[str, Sequence[str]] = server.asked("present")["found"]
        yield Round(len(acked), lost(acked, ids, found))


def lost(acked: Sequence[int], ids: Sequence[str], found: Mapping[str, Sequence[str]]) -> int:
    """How many acknowledged edits are neither found nor replaced by a later one of the same record."""
    return sum(all(_number(note) < number for note in found.get(ids[number % len(ids)], ())) for number in acked)


def _number(note: str) -> int:
    """Which edit a note is from; -1 for the one that was loaded."""
    return int(note[1:]) if note[:1] == "#" and note[1:].isdigit() else -1


def _edit_until_killed(system: System, folder: Path, first: int, seconds: float) -> list[int]:
    """The numbers of the edits that were acknowledged, one by one; the editor goes with the server, for good."""
    with serving(system, folder) as server:
        command = server.command("hammer", first)
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as editor:
            assert editor.stdout is not None
            if editor.stdout.readline() != "ready\n":
                raise Failed(f"{system.name}: its editor does not start")
            time.sleep(seconds)
            server.kill()
            editor.kill()
            lines = editor.stdout.read().split("\n")[:-1]
    return [int(line) for line in lines if line.isdigit()]
