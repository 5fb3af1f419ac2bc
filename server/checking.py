"""Whether a board's folder holds what was entered: the log's chain, its index, and the board against a rebuild.

Nothing here writes, takes the folder's lock or repairs, so that a check can run beside the server at any time.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import orjson

from server import copying
from server import store as board_store
from server.campaigns import CampaignShelf
from server.ledger import Ledger
from server.log import Known, LogCorrupt, SqliteLog, verify
from server.office import BOARD, CAMPAIGN, LOG, NotABoard, utc_now
from server.store import META, Store, StoreDamaged, Tables
from shared.board.change import content_hash
from shared.board.log_record import Cursor, LogRecord
from shared.board.record import owner_of
from shared.campaign.problems import CampaignInvalid

_PAGE: Final = 1000


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be: a stable word for what, and where (a seq, an address, a file)."""

    what: str
    where: str


@dataclass(frozen=True, slots=True)
class Report:
    """What a check has seen. `board` is the seq at which `board.json` stands; `findings` is empty when all is well."""

    head: int = 0
    board: int | None = None
    records: int = 0
    held: int = 0
    findings: tuple[Finding, ...] = field(default=())


def check(folder: Path) -> Report:
    """Look at everything in a board's folder; raises `NotABoard`."""
    if not (folder / LOG).exists():
        raise NotABoard(folder.name)
    return _found(_of_log(folder), *(Finding("file-damaged", where) for where in copying.damaged(folder)))


def _of_log(folder: Path) -> Report:
    try:
        with closing(SqliteLog(folder / LOG)) as log:
            head = verify(log)
            if not log.is_sound():
                return Report(findings=(Finding("log-damaged", LOG),))
            held, index = _index(log)
            report = Report(head=head.seq, held=held, findings=tuple(index))
            return _with_board(report, folder, log)
    except LogCorrupt as fault:
        return Report(findings=(Finding("chain-broken", str(fault.seq)),))
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError:
        return Report(findings=(Finding("log-damaged", LOG),))


def _index(log: SqliteLog) -> tuple[int, list[Finding]]:
    """How many records are held, and the records that the log would not find again: by their id, or in a history."""
    held, found, seq = 0, [], 0
    while records := log.read(seq, _PAGE):
        ids = {record.seq: bytes.fromhex(orjson.loads(record.body)["id"]) for record in records}
        known, filed = log.find(ids.values()), {n: place for n, *place in log.filed(seq, _PAGE)}
        for record in records:
            held += not record.applied
            stored = Known(record.seq, record.status, content_hash(record.body), record.device)
            if known.get(ids[record.seq]) != stored or not _is_filed(record, *filed[record.seq]):
                found.append(Finding("index-differs", str(record.seq)))
        seq = records[-1].seq
    return held, found


def _is_filed(record: LogRecord, address: str, owner: str) -> bool:
    """Whether a history holds this record; what was undecodable when it came in is in none."""
    change = record.change()
    return not address or change is None or (address, owner) == (change.record, owner_of(change.record))


def _with_board(report: Report, folder: Path, log: SqliteLog) -> Report:
    shelf = _shelf(folder)
    if shelf is None:
        return _found(report, Finding("campaign-damaged", CAMPAIGN))
    try:
        return _compared(report, orjson.loads((folder / BOARD).read_bytes()), log, shelf, folder)
    except FileNotFoundError:
        return _found(report, Finding("board-missing", BOARD))
    except (ValueError, KeyError, TypeError, AttributeError):
        return _found(report, Finding("board-damaged", BOARD))


def _compared(report: Report, tables: Tables, log: SqliteLog, shelf: CampaignShelf, folder: Path) -> Report:
    """The report with every record of the file that is not as the log makes it, whoever wrote the file."""
    (meta,) = tables.pop(META).values()
    cursor = Cursor(str(meta["board"]), int(meta["seq"]), str(meta["chain"]))
    if cursor.board != log.board or log.chain_at(cursor.seq) != cursor.chain:
        return _found(report, Finding("board-of-other-log", BOARD))
    differing = list(_differences(tables, _rebuilt(log, shelf, cursor).image()))
    if not differing and not _opens(folder / BOARD):
        differing.append(Finding("board-damaged", BOARD))
    count = sum(map(len, tables.values()))
    return _found(replace(report, board=cursor.seq, records=count), *differing)


def _opens(board: Path) -> bool:
    """Whether the server would take this file."""
    try:
        board_store.load(board)
    except StoreDamaged:
        return False
    return True


def _shelf(folder: Path) -> CampaignShelf | None:
    try:
        shelf = CampaignShelf(folder / CAMPAIGN)
        shelf.digest()
    except (CampaignInvalid, KeyError, ValueError):
        return None
    return shelf


def _rebuilt(log: SqliteLog, shelf: CampaignShelf, cursor: Cursor) -> Store:
    """The board as the log makes it, as far as the file had come: by the very ledger that the server runs."""
    store = Store()
    ledger = Ledger(log, store, shelf, utc_now)
    while (missed := ledger.missed()).records and ledger.head.seq < cursor.seq:
        wanted = cursor.seq - ledger.head.seq
        ledger.publish(replace(missed, records=missed.records[:wanted], changes=missed.changes[:wanted]))
    return store


def _differences(ours: Tables, rebuilt: Tables) -> Iterator[Finding]:
    for kind in sorted({*ours, *rebuilt} - {META}):
        left, right = ours.get(kind, {}), rebuilt.get(kind, {})
        for number in sorted({*left, *right}, key=int):
            if number not in right:
                yield Finding("only-on-board", f"{kind}/{left[number].get('id')}")
            elif number not in left:
                yield Finding("missing-on-board", f"{kind}/{right[number]['id']}")
            elif left[number] != right[number]:
                yield Finding("record-differs", f"{kind}/{right[number]['id']}")


def _found(report: Report, *findings: Finding) -> Report:
    return replace(report, findings=(*report.findings, *findings))
