"""What a serving office does by the clock: look at what others wrote and at stalling peers, keep the board's file."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final

import structlog

from shared.errors import Refused

if TYPE_CHECKING:
    from server.desk import Desk

SHARE: Final = 4
"""The board's file is written at most a `1/SHARE` of the time, however large it is."""

_log = structlog.get_logger()


def chores(desk: Desk) -> dict[str, Callable[[], Awaitable[None]]]:
    """Everything that runs beside the doors, by name. Each runs on its own: a slow disk holds up no look at peers."""
    bounds = desk.bounds
    return {
        "commit": desk.committer.run,
        "watch-log": lambda: _every(bounds.look, desk.look_at_log),
        "watch-people": lambda: _every(bounds.look, desk.look_at_people),
        "watch-campaign": lambda: _every(bounds.look, desk.look_at_campaign),
        "watch-peers": lambda: _every(bounds.look, lambda: _look_at_peers(desk)),
        "hear-peers": lambda: _every(bounds.quiet / 2, lambda: _hear_peers(desk)),
        "keep-board": lambda: _keep_board(desk),
        "note-heard": lambda: _every(bounds.note, desk.note_heard),
    }


async def see_to(name: str, chore: Callable[[], Awaitable[None]], failed: asyncio.Event) -> None:
    """Run a chore until cancelled; when it ends by a fault say so and set `failed`: a server must not limp on."""
    try:
        await chore()
    except Exception:
        failed.set()
        _log.exception("stopping: a chore failed", chore=name)


async def _every(seconds: float, do: Callable[[], Awaitable[None]]) -> None:
    while True:
        await asyncio.sleep(seconds)
        await do()


async def _look_at_peers(desk: Desk) -> None:
    now = asyncio.get_running_loop().time()
    for session in list(desk.sessions):
        if session.stalled(now):
            session.expel(Refused("stalled", seconds=max(1, int(desk.bounds.stall))))
    desk.pass_on_news()


async def _hear_peers(desk: Desk) -> None:
    """Whoever is connected is heard of, also when nobody there enters anything: heartbeats have dropped the others."""
    for session in desk.sessions:
        desk.presence.note(session.author)


async def _keep_board(desk: Desk) -> None:
    pause = desk.bounds.save
    while True:
        await asyncio.sleep(pause)
        started = time.perf_counter()
        try:
            await desk.save_board()
        except OSError as fault:
            # The log is the truth and has its own word on full disks; the file is tried again, whole, later.
            _log.warning("board file not written", error=fault.strerror)
        pause = max(desk.bounds.save, SHARE * (time.perf_counter() - started))
