"""One laptop as a process of its own: `python -m tests.bench.laptop HOME [URL CODE]` syncs and says how long it took.

With an address and a one-time code it joins first. The time is that of the sync alone: connecting, reading what is
missing, and having it on the disk; neither the start of Python nor joining is in it.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, NamedTuple

from tests.bench.boards import Server


class Synced(NamedTuple):
    """One sync: how long it took, and up to which seq the laptop has read."""

    seconds: float
    seq: int


def join(home: Path, server: Server, code: str) -> Synced:
    """A new laptop's first sync."""
    return _run(str(home), server.url, code)


def sync(home: Path) -> Synced:
    """A sync of a laptop that has joined before."""
    return _run(str(home))


def move(home: Path, server: Server) -> None:
    """Tell a laptop that the server listens elsewhere now."""
    from tui.profile import Profile

    Profile(home).update(url=server.url)


def _run(*arguments: str) -> Synced:
    command = [sys.executable, "-m", "tests.bench.laptop", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return Synced(*json.loads(done.stdout))


def main(home: Path, url: str = "", code: str = "") -> None:
    """Join if asked to, sync, and say how long that took."""
    if url:
        _join(home, url, code)
    seconds, seq = asyncio.run(_sync(home))
    sys.stdout.write(json.dumps([seconds, seq]))


def _join(home: Path, url: str, code: str) -> None:
    from tui.doors import enrol
    from tui.profile import Identity, Profile

    answer: dict[str, Any] = asyncio.run(enrol(url, code, "bench"))
    told = {name: answer[name] for name in ("token", "device", "member", "role", "board", "campaign")}
    Profile(home).keep(Identity(url=url, areas=tuple(answer["areas"]), **told))


async def _sync(home: Path) -> tuple[float, int]:
    from tui.keeper import Keeper
    from tui.laptop import Laptop, local_now
    from tui.link import Link

    with Laptop(home, writing=True) as laptop:
        keeper = Keeper(laptop.replica)
        link = Link(laptop.profile, keeper, lambda _: None, local_now)
        started = time.perf_counter()
        await link.sync()
        seconds = time.perf_counter() - started
        keeper.stop()
        cursor = laptop.replica.cursor()
        assert cursor is not None
        return seconds, cursor.seq


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
