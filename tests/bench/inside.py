"""The log, and the log with its board, in this process: what the server adds to them is then plain."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import orjson

from server.ledger import Author, Submission, offer
from server.log import Draft, SqliteLog
from server.office import LOG, Office
from shared.board.change import content_hash
from shared.board.record import owner_of
from shared.rights import Role
from tests.bench.edits import Edit
from tests.bench.line import Seat


class LogOnly:
    """A board's log, without ledger and board."""

    def __init__(self, folder: Path) -> None:
        self._log = SqliteLog(folder / LOG)

    def seconds(self, groups: Sequence[Sequence[Edit]]) -> list[float]:
        """How long it took to append each group in one transaction."""
        drafts = [[_draft(edit) for edit in group] for group in groups]
        found: list[float] = []
        head = self._log.head()
        for group in drafts:
            started = time.perf_counter()
            records = self._log.append(head, group)
            found.append(time.perf_counter() - started)
            head = head._replace(seq=records[-1].seq, chain=records[-1].chain)
        return found

    def close(self) -> None:
        """Let go of the file."""
        self._log.close()


class LogAndBoard:
    """A board's folder opened as the office's commands open it: entries are read, judged, stored and folded in."""

    def __init__(self, folder: Path, seat: Seat, area: str) -> None:
        self._office = Office(folder)
        self._author = Author(seat.device, seat.member, Role.LEAD, (area,))

    def seconds(self, groups: Sequence[Sequence[Edit]]) -> list[float]:
        """How long it took from the bytes of each group to its outcomes."""
        found: list[float] = []
        for group in groups:
            started = time.perf_counter()
            offered = tuple(one for edit in group if (one := offer(orjson.loads(edit.body))) is not None)
            outcomes = self._office.submit([Submission(self._author, offered)])[0]
            found.append(time.perf_counter() - started)
            assert all(outcome.outcome == "applied" for outcome in outcomes), outcomes[0]
        return found

    def catch_up(self) -> None:
        """Take in what the log has been given by others."""
        self._office.ledger.catch_up()

    def close(self) -> None:
        """Let go of everything."""
        self._office.close()


def _draft(edit: Edit) -> Draft:
    address = orjson.loads(edit.body)["record"]
    return Draft(
        id=bytes.fromhex(edit.id),
        hash=content_hash(edit.body),
        address=address,
        owner=owner_of(address),
        status="applied",
        device="bench",
        at="2026-11-23T01:30:00.000+00:00",
        body=edit.body,
    )
