"""One board's folder, opened: its log, its board, its people, its campaign, and the ledger over them."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import orjson
from filelock import FileLock, Timeout

from server import store as board_store
from server.atomic import sweep
from server.campaigns import CampaignShelf
from server.ledger import Author, Ledger, Outcome, Submission, offer
from server.log import HeadMoved, SqliteLog
from server.members import Members
from server.offered import OFFICE
from server.proof import Prover, read_key
from server.store import Store, StoreDamaged, Tables
from shared.board.change import Change, encode
from shared.campaign.model import Campaign

BATCH: Final = 2048
"""How many entries one transaction takes."""
LOG, BOARD, MEMBERS, CAMPAIGN, LOCK = "log.sqlite", "board.json", "members.sqlite", "campaign", "server.lock"


LOCK_SECONDS: Final = 3.0


class NotABoard(Exception):
    """This folder holds no board; `guatu-server init` makes one."""


class AlreadyABoard(Exception):
    """This folder holds a board already."""


class InUse(Exception):
    """A server is running on this folder."""


def utc_now() -> datetime:
    """The office's clock: the one place where the server asks what time it is."""
    return datetime.now(UTC)


def create(folder: Path, campaign: Campaign, area: str, clock: Callable[[], datetime] = utc_now) -> None:
    """Make an empty board for a campaign over one area in a folder; raises `AlreadyABoard`."""
    if (folder / LOG).exists():
        raise AlreadyABoard(folder.name)
    folder.mkdir(parents=True, exist_ok=True)
    CampaignShelf(folder / CAMPAIGN).add(campaign)
    SqliteLog(folder / LOG, board=secrets.token_hex(16)).close()
    Members(folder / MEMBERS, clock).close()
    with Office(folder, clock) as office:
        values = {"title": campaign.title, "revision": campaign.revision, "area": area}
        office.enter([office.change(f"campaign/{campaign.id}", values)])


class Office:
    """Everything in a board's folder. With `serving` it is the one server there and keeps `board.json` written."""

    def __init__(self, folder: Path, clock: Callable[[], datetime] = utc_now, *, serving: bool = False) -> None:
        if not (folder / LOG).exists():
            raise NotABoard(folder.name)
        self.folder = folder
        self.clock = clock
        self._lock = FileLock(folder / LOCK, thread_local=False)  # may be opened and closed by different threads
        self._keeps_board = self._take_lock(required=serving)
        if self._keeps_board:
            sweep(folder / BOARD)
        self.log = SqliteLog(folder / LOG)
        self.prover = Prover(read_key(folder))
        self.campaigns = CampaignShelf(folder / CAMPAIGN)
        self.store = open_store(folder / BOARD, self.log)
        self.ledger = Ledger(self.log, self.store, self.campaigns, clock)
        cursor = self.store.cursor()
        if cursor is not None:
            self.ledger.stand_at(cursor)
        self.ledger.catch_up()
        self.members = Members(folder / MEMBERS, clock)
        self.thread = ThreadPoolExecutor(1, "log")
        self._saved = cursor

    def __enter__(self) -> Office:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def area(self) -> str:
        """The area this board is for, a code prefix."""
        record = self.store.get(f"campaign/{self.campaigns.current.id}")
        return str(record.value("area", "")) if record else ""

    @property
    def saved_seq(self) -> int:
        """The place in the log at which `board.json` stands."""
        return self._saved.seq if self._saved is not None else 0

    def change(
        self,
        address: str,
        values: Mapping[str, object],
        seen: Mapping[str, tuple[str, ...]] | None = None,
        act: str | None = None,
    ) -> Change:
        """An entry of the office itself; `act` is what all entries of one bulk act have in common."""
        return Change(
            id=secrets.token_hex(16),
            record=address,
            values=values,
            seen=seen or {},
            author=OFFICE.member,
            device=OFFICE.device,
            at=self.clock().astimezone().isoformat(timespec="seconds"),
            revision=self.campaigns.current.revision,
            act=act,
        )

    def enter(self, changes: list[Change], author: Author = OFFICE) -> list[Outcome]:
        """Put entries through the ledger, from a command that is not the running server."""
        offered = tuple(one for change in changes if (one := offer(orjson.loads(encode(change)))) is not None)
        batches = (Submission(author, offered[start : start + BATCH]) for start in range(0, len(offered), BATCH))
        return [outcome for batch in batches for outcome in self.submit([batch])[0]]

    def submit(self, submissions: Sequence[Submission]) -> tuple[tuple[Outcome, ...], ...]:
        """Put what several authors offer through the ledger in one transaction; the caller bounds its size."""
        while True:
            try:
                committed = self.ledger.commit(submissions)
            except HeadMoved:
                self.ledger.catch_up()
                continue
            self.ledger.publish(committed)
            return committed.outcomes

    def unsaved(self) -> Tables | None:
        """What `board.json` should hold, or nothing when it does; taken by the thread that changes the board."""
        behind = self._keeps_board and self.store.cursor() != self._saved
        return self.store.image() if behind else None

    def write_board(self, image: Tables) -> None:
        """Write what `unsaved` gave. Meant for a thread of its own."""
        board_store.save(self.folder / BOARD, image)
        self._saved = board_store.cursor_of(image)

    def save_board(self) -> None:
        """Write `board.json` when it is behind."""
        image = self.unsaved()
        if image is not None:
            self.write_board(image)

    def close(self) -> None:
        """Write the board and let go of everything."""
        self.thread.shutdown(wait=True)
        self.save_board()
        self.log.close()
        self.members.close()
        if self._keeps_board:
            self._lock.release()

    def _take_lock(self, *, required: bool) -> bool:
        try:  # another office command holds it for a moment at most; a server holds it for good
            self._lock.acquire(timeout=LOCK_SECONDS if required else 0)
        except Timeout:
            if required:
                raise InUse(self.folder.name) from None
            return False
        return True


def open_store(path: Path, log: SqliteLog) -> Store:
    """The board in its file, or an empty one to be filled from the log when the file is missing, damaged or ahead."""
    try:
        store = board_store.load(path)
    except StoreDamaged:
        return Store()
    cursor = store.cursor()
    if cursor is None or cursor.board != log.board or log.chain_at(cursor.seq) != cursor.chain:
        return Store()
    return store
