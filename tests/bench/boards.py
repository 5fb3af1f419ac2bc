"""Boards to measure, made by the office's own commands and filled over the wire, and the real server on top of them."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

from server.members import Members
from server.office import MEMBERS, utc_now
from shared.rights import Role
from tests.bench.edits import Edit, Edits, push
from tests.bench.line import Address, Line, Seat
from tests.bench.rosters import roster

SEATS: Final = 64
CODES: Final = 18
"""One-time codes for laptops; a server takes twenty tries a minute from one address."""
_IN_FLIGHT: Final = 8
_PUSH: Final = 256
_SECRETS: Final = "bench.json"
_ENV: Final = {"GUATU_LANG": "en", "PYTHONUNBUFFERED": "1"}


@dataclass(frozen=True, slots=True)
class Board:
    """A board's folder, who may speak on it, one-time codes for more, and entries for it that nobody has made yet."""

    folder: Path
    size: int
    area: str
    seats: Sequence[Seat]
    codes: Sequence[str]
    edits: Edits


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: where it listens, and how long it took to say so."""

    url: str
    at: Address
    pid: int
    seconds: float


def build(folder: Path, size: int, *, filled: bool = True) -> Board:
    """A board of so many units, each with `edits.TOUCHED` touched steps, or with none."""
    folder.mkdir(parents=True)
    units = roster(size, folder)
    place = folder / "board"
    office("init", place, "--campaign", "baohe-2009", "--start", "2026-09", "--area", units.area)
    office("roster", "import", place, "--streets", units.streets, "--villages", units.villages, "--area", units.area)
    seats, codes = _let_in(place, units.area)
    secrets = {"area": units.area, "seats": seats, "codes": codes, "steps": _steps(place)}
    (folder / _SECRETS).write_text(json.dumps(secrets), encoding="utf-8")
    board = opened(folder, size)
    if filled:
        with serving(place) as server:
            _fill(board, server)
    return board


def copied(kept: Path, folder: Path, size: int) -> Board:
    """A copy of a board that `build` made, to be written to."""
    shutil.copytree(kept, folder)
    return opened(folder, size)


def opened(folder: Path, size: int) -> Board:
    """The board of a folder that `build` made."""
    found = json.loads((folder / _SECRETS).read_text(encoding="utf-8"))
    seats = [Seat(*seat) for seat in found["seats"]]
    return Board(folder / "board", size, found["area"], seats, found["codes"], Edits(found["steps"]))


@contextmanager
def serving(folder: Path) -> Iterator[Server]:
    """The real server as a process of its own, until the block ends; then it is stopped as a service manager does."""
    command = [sys.executable, "-m", "server", "serve", str(folder), "--port", "0"]
    started = time.monotonic()
    with (folder.parent / "server.log").open("ab") as log:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True, env={**os.environ, **_ENV})
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        seconds = time.monotonic() - started
        assert line.startswith("listening on "), line
        url = line.removeprefix("listening on ").strip()
        host, _, port = url.partition("://")[2].rpartition(":")
        yield Server(url, Address(host, int(port)), process.pid, seconds)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def office(*arguments: str | Path) -> str:
    """What `guatu-server` prints."""
    command = [sys.executable, "-m", "server", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **_ENV})
    assert done.returncode == 0, done.stderr
    return done.stdout


def push_all(line: Line, edits: Iterator[Edit]) -> None:
    """Send all of these in large pushes, several at once, as a laptop that was away for long."""
    waiting = 0
    while True:
        while waiting < _IN_FLIGHT and (part := list(islice(edits, _PUSH))):
            line.send(push(part))
            waiting += 1
        if not waiting:
            return
        line.acked()
        waiting -= 1


def _fill(board: Board, server: Server) -> None:
    line = Line(server.at, board.seats[0])
    push_all(line, board.edits.filling(board.seats[0]))
    line.close()


def _let_in(folder: Path, area: str) -> tuple[list[Seat], list[str]]:
    """Members with a device each, and codes for more; straight into the file, as so many joins would be throttled."""
    members = Members(folder / MEMBERS, utc_now)
    seats: list[Seat] = []
    for number in range(SEATS):
        issued = members.enrol(members.add(f"测试{number + 1}", Role.LEAD, [area]), "bench")
        assert issued is not None
        seats.append(Seat(issued[1], issued[0].id, issued[0].member))
    codes = [members.add(f"新来{number + 1}", Role.LEAD, [area]) for number in range(CODES)]
    members.close()
    return seats, codes


def _steps(folder: Path) -> dict[str, list[str]]:
    """Unit → the steps that are asked of every unit of its kind."""
    campaign = json.loads(guatu("campaign", "show", "baohe-2009", "--json"))
    of_kind: dict[str, list[str]] = {}
    for workflow in campaign["workflows"]:
        found = [step["id"] for phase in workflow["phases"] for step in phase["steps"] if not step["condition"]]
        of_kind[workflow["id"]] = found
    units: list[dict[str, Any]] = json.loads(office("roster", "list", folder, "--json"))
    return {unit["code"]: of_kind[unit["kind"]] for unit in units}


def guatu(*arguments: str) -> str:
    """What `guatu` prints."""
    command = [sys.executable, "-m", "tui", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **_ENV})
    assert done.returncode == 0, done.stderr
    return done.stdout
