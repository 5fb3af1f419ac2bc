"""Files between this laptop and the office: own ones are handed over after their entries, others fetched on demand.

Neither waits for the board nor holds it up: a file that does not get through stays due, and its entry is sent all the
same.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Final, NamedTuple

import aiohttp

from shared.attached import Attached, hash_of
from tui import attachments
from tui.attachments import free_beside
from tui.doors import MAX_ASKED, Office
from tui.entry import Problem
from tui.faults import FAULTS, Fault, Refusal, diagnose, fault
from tui.greeting import Ends
from tui.profile import Profile

SLOWEST: Final = 600.0
"""Seconds that a courier rests at most between two tries on one connection."""
_OLDER: Final = ("not-found", "bad-method")
_HOPELESS: Final = ("no-files", "no-right")
"""An office that keeps no files, or none of this device: it is asked again at the next connection."""
_OF_ONE: Final = ("file-too-large", "file-differs")
"""What is wrong with one file, and not with the next."""


class Carried(NamedTuple):
    """What one round did: how many files the office took, and why others are still due, if the office or the way said
    so."""

    sent: int = 0
    why: Fault | None = None


class Courier:
    """Hands over the files that own entries name and the office lacks, one at a time, each anew when it broke off.

    `stirred` wakes it: an entry may have reached the office.
    """

    def __init__(self, ends: Ends, random: Random) -> None:
        self._ends = ends
        self._random = random
        self.stirred = asyncio.Event()

    async def keep_carrying(self, office: Office) -> None:
        """Hand over what is due whenever it is, with growing pauses after failures, until cancelled or hopeless."""
        pause = self._ends.breath
        while True:
            await self.stirred.wait()
            self.stirred.clear()
            why = (await self.carry(office)).why
            if why is None:
                pause = self._ends.breath
                continue
            if why.code in _HOPELESS:
                return
            await asyncio.sleep(pause * self._random.uniform(0.5, 1.0))
            pause = min(SLOWEST, pause * 2)
            self.stirred.set()

    async def carry(self, office: Office) -> Carried:
        """One round: ask what the office lacks, and hand that over. It never raises but when it is cancelled."""
        sent = 0
        trouble: Fault | None = None
        try:
            for digest in await self._missing(office):
                try:
                    sent += await self._hand_over(office, digest)
                except Refusal as refusal:
                    if refusal.code not in _OF_ONE:
                        raise
                    trouble = refusal
        except (Fault, aiohttp.ClientError, OSError, TimeoutError) as error:
            trouble = diagnose(error, self._ends.now())
        except sqlite3.Error as wrong:
            trouble = fault("disk", why=str(wrong))
        return Carried(sent, trouble)

    async def _missing(self, office: Office) -> list[str]:
        """The own files that the office lacks, the oldest first; what it has is confirmed, and what it lost is not."""
        named = await self._ends.keeper.run(lambda replica: list(attachments.own(replica, gone_out=True))[::-1])
        missing: list[str] = []
        for start in range(0, len(named), MAX_ASKED):
            asked = named[start : start + MAX_ASKED]
            lacking = set(await self._ask(office, asked))
            await self._note([each for each in asked if each not in lacking], lacking & set(asked))
            missing += [each for each in asked if each in lacking]
        return missing

    async def _ask(self, office: Office, hashes: Sequence[str]) -> list[str]:
        try:
            return await office.missing_files(hashes)
        except Refusal as refusal:
            raise (fault("no-files") if refusal.code in _OLDER else refusal) from None

    async def _hand_over(self, office: Office, digest: str) -> int:
        body = await asyncio.to_thread(attachments.read, self._ends.profile.folder, digest)
        if body is None:  # gone from this disk; it stays due, and nobody can send it
            return 0
        await office.put_file(digest, body)
        await self._note([digest], ())
        return 1

    async def _note(self, there: Sequence[str], missing: Sequence[str] | set[str]) -> None:
        await self._ends.keeper.run(lambda replica: attachments.note_confirmed(replica, there, missing))


async def fetch(
    profile: Profile, file: Attached, now: Callable[[], datetime], room: Callable[[Path], int] = free_beside
) -> Path:
    """Where a file lies on this laptop, fetched from the office if it is not here yet, and checked.

    Raises `Fault`: `file-not-here` when the office cannot be reached, `file-not-there` when it has no such file (yet),
    `file-damaged`, `disk-low`; `Refusal` when the office says no.
    """
    folder = profile.folder
    here = await asyncio.to_thread(_whole, folder, file.hash)
    if here is not None:
        return here
    body = await _from_office(profile, file.hash, now)
    if await asyncio.to_thread(hash_of, body) != file.hash:
        raise fault("file-damaged")
    kept = await asyncio.to_thread(attachments.keep_fetched, folder, file.hash, body, room)
    if isinstance(kept, Problem):
        raise fault("disk-low")
    return kept


async def _from_office(profile: Profile, digest: str, now: Callable[[], datetime]) -> bytes:
    try:
        async with Office(profile.identity(), now) as office:
            return await office.file(digest)
    except Refusal as refusal:
        if refusal.code != "not-found":
            raise
        en, zh = FAULTS["file-not-there"]
        raise Refusal("file-not-there", en, zh) from None
    except (Fault, aiohttp.ClientError, OSError, TimeoutError) as error:
        why = diagnose(error, now())
        en, zh = FAULTS["file-not-here"]
        raise Fault("file-not-here", en.format(why=why.en), zh.format(why=why.zh)) from None


def _whole(folder: Path, digest: str) -> Path | None:
    return attachments.path_of(folder, digest) if attachments.read(folder, digest) is not None else None
