"""Bits that turn over in a file while nobody looks."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Final, NamedTuple

from server.checking import check
from server.log import Known, LogCorrupt, LogOfNewerFormat
from server.office import LOG, Office
from server.store import Tables
from shared.board.log_record import LogRecord
from tests.faults import office_work
from tests.small import SetClock

DAMAGED: Final = (LogCorrupt, LogOfNewerFormat, sqlite3.DatabaseError)
"""How an office says that it will not give out what is there; `guatu-server` has a sentence for each."""


def rotten(path: Path, random: Random, count: int) -> Iterator[str]:
    """The file with one bit turned over, in so many places in turn; as it was again when all is done."""
    sound = path.read_bytes()
    for place in sorted(random.sample(range(8 * len(sound)), min(count, 8 * len(sound)))):
        body = bytearray(sound)
        body[place // 8] ^= 1 << (place % 8)
        path.write_bytes(body)
        yield f"bit {place % 8} of byte {place // 8}"
    path.write_bytes(sound)


class Shelf:
    """A board's folder that was put away in order, what it gives out, and a place for rotten copies of it."""

    def __init__(self, place: Path) -> None:
        self.folder, self._copy = place / "board", place / "rotten"
        office_work.prepare(self.folder)
        assert office_work.enter(self.folder, lambda said: None, 30) == 0
        self.good = given_out(self.folder)

    def copy(self) -> Path:
        """The folder as it is now, in a place of its own."""
        shutil.rmtree(self._copy, ignore_errors=True)
        return Path(shutil.copytree(self.folder, self._copy))


class GivenOut(NamedTuple):
    """All that readers of a board are given, and what is looked up in it."""

    records: list[LogRecord]
    board: Tables
    found: dict[bytes, Known]
    histories: dict[str, list[LogRecord]]


def given_out(folder: Path) -> GivenOut:
    """What an office gives out from this folder; raises what it raises."""
    with Office(folder, SetClock()) as office:
        records = office.log.read(0, 10_000)
        ids = [bytes.fromhex(change.id) for record in records if (change := record.change()) is not None]
        histories = {owner: office.log.history(owner, 100) for owner in office.store.owners()}
        return GivenOut(records, office.store.image(), office.log.find(ids), histories)


def rot_the_log(shelf: Shelf, random: Random, count: int) -> int:
    """Turn so many bits of the log over, one at a time; how many of them mattered.

    Either it gives out what it gave out, or it says that it is damaged; what it does not find any more, a check finds.
    """
    mattered = 0
    for where in rotten(shelf.folder / LOG, random, count):
        noticed = _is_noticed(shelf.copy())
        try:
            found = given_out(shelf.copy())
        except DAMAGED:
            mattered += 1
            assert noticed, where
            continue
        assert found.records == shelf.good.records, where
        assert found.board == shelf.good.board, where
        assert noticed or found == shelf.good, where
        mattered += noticed
    return mattered


def _is_noticed(folder: Path) -> bool:
    try:
        return bool(check(folder).findings)
    except DAMAGED:
        return True
