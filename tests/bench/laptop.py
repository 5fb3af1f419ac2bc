"""One laptop as a process of its own: `python -m tests.bench.laptop HOME [URL CODE]` syncs and says how long it took.

With an address and a one-time code it joins first. The time is that of the sync alone: connecting, reading what is
missing, and having it on the disk; neither the start of Python nor joining is in it. The board stands, and is live,
before the laptop reads what was in the log before its first sync; with a last word `stand` it stops then.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from tests.bench.boards import Server


class Synced(NamedTuple):
    """One sync: how long until the board stood, up to which seq it had read then, and how long until all was done."""

    seconds: float
    seq: int
    whole: float


def join(home: Path, server: Server, code: str, *, whole: bool = True) -> Synced:
    """A new laptop's first sync; without `whole` it ends as soon as the board stands."""
    return _run(str(home), server.url, code, *(() if whole else ("stand",)))


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


def main(home: Path, url: str = "", code: str = "", until: str = "") -> None:
    """Join if asked to, sync, and say how long that took."""
    if url:
        _join(home, url, code)
    sys.stdout.write(json.dumps(asyncio.run(_sync(home, whole=until != "stand"))))


def _join(home: Path, url: str, code: str) -> None:
    from tui.doors import enrol
    from tui.laptop import local_now
    from tui.profile import Identity, Profile

    answer: dict[str, Any] = asyncio.run(enrol(url, code, "bench", local_now))
    told = {name: answer[name] for name in ("token", "device", "member", "role", "board", "campaign")}
    Profile(home).keep(Identity(url=url, areas=tuple(answer["areas"]), **told))


async def _sync(home: Path, *, whole: bool) -> Synced:
    from tui.keeper import Keeper
    from tui.laptop import Laptop, local_now
    from tui.link import Link
    from tui.messages import LinkMoved, LinkNews, LinkState

    stood: list[float] = []

    def tell(news: LinkNews) -> None:
        if isinstance(news, LinkMoved) and news.state is LinkState.LIVE:
            stood.append(time.perf_counter())
            if not whole:
                syncing.cancel()

    with Laptop(home, writing=True) as laptop:
        keeper = Keeper(laptop.replica)
        link = Link(laptop.profile, keeper, tell, local_now)
        started = time.perf_counter()
        syncing = asyncio.create_task(link.sync())
        with suppress(asyncio.CancelledError):
            await syncing
        ended = time.perf_counter()
        keeper.stop()
        cursor = laptop.replica.cursor()
        assert cursor is not None
        return Synced(stood[0] - started, cursor.seq, ended - started)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
