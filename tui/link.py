"""The one sync client: it keeps this laptop connected for ever, or syncs once and stops (`guatu sync`)."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random
from typing import Final

import aiohttp

from shared.board.log_record import Cursor
from shared.protocol import STALL_SECONDS
from tui.courier import Courier
from tui.doors import Office
from tui.faults import Fault, diagnose, fault
from tui.fetch import take_snapshot
from tui.greeting import Ends
from tui.keeper import Keeper
from tui.messages import Arrived, LinkMoved, LinkNews, LinkState
from tui.profile import Profile
from tui.replica import NoRoom
from tui.talk import Finished, StartAnew, Talk

SLOWEST_RETRY: Final = 60.0
FIRST_RETRY: Final = 0.5
RESETS: Final = 3
"""So many times in a row an office may say that what it has just given out is not of its history."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How long the link waits, in seconds: before it tries again at first and at most, and for an answer."""

    first: float = FIRST_RETRY
    slowest: float = SLOWEST_RETRY
    stall: float = STALL_SECONDS
    breath: float = 1.0


@dataclass(frozen=True, slots=True)
class Tally:
    """What one stretch of syncing did; `why`: files are still due, and why that is so."""

    pushed: int = 0
    pulled: int = 0
    files: int = 0
    why: Fault | None = None


class Link:
    """This laptop's connection to the office. `tell` gets news on the loop, after it is on the disk."""

    def __init__(
        self,
        profile: Profile,
        keeper: Keeper,
        tell: Callable[[LinkNews], None],
        now: Callable[[], datetime],
        random: Random | None = None,
        pace: Pace | None = None,
    ) -> None:
        self._pace = pace or Pace()
        self._tell = tell
        self._ends = Ends(profile, keeper, self._hear, now, self._pace.stall, self._pace.breath)
        self._random = random or Random()  # noqa: S311 -- spreads retries, guards nothing
        self._courier = Courier(self._ends, self._random)
        self._talk: Talk | None = None
        self._woken = asyncio.Event()
        self._hurried = False
        self._newest = 0
        self._lived = 0.0
        self._tally = Tally()

    def nudge(self) -> None:
        """Something may wait to be sent. What has come since the last try ends the pause before the next."""
        self._woken.set()
        if self._talk is not None:
            self._talk.stirred.set()

    def hurry(self) -> None:
        """Somebody wants to connect now."""
        self._hurried = True
        self.nudge()

    async def run(self) -> None:
        """Stay connected for ever, with growing pauses after failures, spread by chance. Only cancelling ends it."""
        pause = self._pace.first
        while True:
            reason = await self._attempt()
            if self._lived > pause:
                pause = self._pace.first
            self._ends.tell(LinkMoved(LinkState.OFFLINE, reason=reason.code, en=reason.en, zh=reason.zh))
            await self._rest(pause * self._random.uniform(0.5, 1.0))
            pause = min(self._pace.slowest, pause * 2)

    async def sync(self) -> Tally:
        """Send and read until nothing is left, then stop. Raises `Fault`, or its `Refusal`, when that cannot be."""
        with suppress(Finished):
            await self._connect(until_idle=True)
            raise fault("cut")
        return self._tally

    async def _attempt(self) -> Fault:
        """One connection; why it ended. Whatever goes wrong, the next one is tried."""
        self._lived = 0.0
        try:
            self._newest = await self._ends.keeper.run(lambda replica: replica.outbox.newest())
            await self._connect()
        except Fault as reason:
            return reason
        except sqlite3.Error as wrong:
            return fault("disk", why=str(wrong))
        except Exception as wrong:
            return fault("internal", why=type(wrong).__name__)
        return fault("cut")

    async def _connect(self, *, until_idle: bool = False) -> None:
        """Talk to the office until it ends that. Raises `Fault` or `Finished`."""
        ends = self._ends
        self._tally = Tally()
        ends.tell(LinkMoved(LinkState.CONNECTING))
        try:
            async with Office(ends.profile.identity(), ends.now, ends.stall) as office:
                cursor = await ends.keeper.run(lambda replica: replica.cursor())
                common: int | None = None
                for _ in range(RESETS):
                    cursor = cursor or await self._take_snapshot(office, common)
                    try:
                        return await self._talk_from(office, cursor, until_idle=until_idle)
                    except Finished:
                        carried = await self._courier.carry(office)
                        self._tally = replace(self._tally, files=carried.sent, why=carried.why)
                        raise
                    except StartAnew as reset:
                        cursor, common = None, reset.common
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise diagnose(error, ends.now()) from None
        except NoRoom:
            raise fault("disk-low") from None
        raise fault("gap")

    async def _talk_from(self, office: Office, cursor: Cursor, *, until_idle: bool) -> None:
        talk = self._talk = Talk(self._ends, office, cursor, until_idle=until_idle)
        started = asyncio.get_running_loop().time()
        carrying = None if until_idle else asyncio.create_task(self._courier.keep_carrying(office), name="courier")
        try:
            async with office.live() as socket:
                await talk.run(socket)
        finally:
            if carrying is not None:
                carrying.cancel()
                await asyncio.gather(carrying, return_exceptions=True)
            self._talk = None
            self._lived = asyncio.get_running_loop().time() - started if talk.live else 0.0
            self._tally = Tally(self._tally.pushed + talk.pushed, self._tally.pulled + talk.pulled)

    def _hear(self, news: LinkNews) -> None:
        """Pass news on, and wake the courier when an entry has landed or the connection stands."""
        live = isinstance(news, LinkMoved) and news.state is LinkState.LIVE
        if live or (isinstance(news, Arrived) and news.landed):
            self._courier.stirred.set()
        self._tell(news)

    async def _take_snapshot(self, office: Office, common: int | None) -> Cursor:
        keeper, tell = self._ends.keeper, self._ends.tell
        before = await keeper.run(lambda replica: replica.cursor())
        cursor = await take_snapshot(office, keeper, common)
        read = max(0, cursor.seq - (before.seq if before else 0))
        self._tally = Tally(self._tally.pushed, self._tally.pulled + read)
        tell(Arrived(None))
        return cursor

    async def _rest(self, seconds: float) -> None:
        """Wait so long, or until somebody hurries or has entered something since the last try."""
        self._hurried = False
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while True:
                    self._woken.clear()
                    if self._hurried or await self._something_new():
                        break
                    await self._woken.wait()
        self._hurried = False

    async def _something_new(self) -> bool:
        with suppress(sqlite3.Error):
            return await self._ends.keeper.run(lambda replica: replica.outbox.newest()) > self._newest
        return False
