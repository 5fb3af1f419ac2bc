"""A ledger over a log in memory, with nothing of an office around it."""

from __future__ import annotations

from pathlib import Path

from server.ledger import Author, Ledger, Outcome, Submission, offer
from server.log import SqliteLog
from server.offered import OFFICE
from server.store import Store
from shared.board.change import JSON, Change, to_json
from shared.board.record import unit_address
from shared.board.unit import values_of
from tests.small import UNITS, SetClock, campaign, entry

BOARD = "b0" * 16


class Plan:
    """What the ledger asks of campaigns, answered by the small one."""

    def verdict(self, kind: str, step: str, revision: int) -> str:
        workflow = campaign().workflow_for(kind)
        found = {each.id: each.retired for each in workflow.steps()} if workflow else {}
        return "unknown" if step not in found else "retired" if found[step] else "known"


class Book:
    """A ledger with its log and board, and the small board's units entered; over `log` it is another process's."""

    def __init__(self, steps: Plan | None = None, log: SqliteLog | None = None) -> None:
        self.log = log or SqliteLog(Path(":memory:"), board=BOARD)
        self.store = Store()
        self.ledger = Ledger(self.log, self.store, steps or Plan(), SetClock())
        if log is not None:
            self.ledger.catch_up()
            return
        self.enter(OFFICE, *(entry(OFFICE, unit_address(one.code), values_of(one)) for one in UNITS))

    def enter(self, author: Author, *changes: Change) -> list[Outcome]:
        """Commit these as one submission, and publish them."""
        return self.offer(author, *(to_json(change) for change in changes))

    def offer(self, author: Author, *bodies: JSON) -> list[Outcome]:
        """Commit these bodies, as they might come in, as one submission; those no log can keep are left out."""
        offered = tuple(one for body in bodies if (one := offer(body)) is not None)
        committed = self.ledger.commit([Submission(author, offered)])
        self.ledger.publish(committed)
        return list(committed.outcomes[0])

    def statuses(self, author: Author, *changes: Change) -> list[str]:
        """What became of each of these."""
        return [outcome.outcome for outcome in self.enter(author, *changes)]
