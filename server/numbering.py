"""The office's own numbers, `2026-340111001-007`: by year and town, in the order in which entries reach the office.

Whoever registers a problem without a network has a number of their own until then; the record keeps both. A number is
an ordinary entry of the office, in the transaction of the entry that it numbers, so that every laptop and every history
has it like anything else.
"""

from __future__ import annotations

import re
from collections import ChainMap
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Final

from server.offered import OFFICE
from shared.board.change import Change
from shared.board.record import Record, kind_of, owner_of
from shared.board.standing import NUMBER
from shared.roster import town_of

NUMBERED: Final = frozenset({"problem"})
"""The kinds of record that the office numbers."""
_FORM: Final = re.compile(r"([0-9]{4}-.{1,16})-([0-9]{3,18})")
"""As `given` writes it, whatever the code of a unit is."""


class Numbers:
    """The highest serial given in each year and town; what stands on the board is read when the first one is wanted."""

    def __init__(self, standing: Callable[[str], Iterable[Record]], new_id: Callable[[], str]) -> None:
        self._standing = standing
        self._new_id = new_id
        self._highest: dict[str, int] | None = None

    def note(self, record: Record) -> None:
        """Take in the numbers that stand on a record, as another process or a laptop may have brought them."""
        if self._highest is not None and kind_of(record.address) in NUMBERED:
            _take(self._highest, record)

    def given(self, records: Iterable[Record], now: datetime) -> Iterator[Change]:
        """The office's entries that give each of these the next number of its town and year.

        They count once they stand on the board: what a failed transaction gave is given again.
        """
        highest: ChainMap[str, int] | None = None
        for record in records:
            highest = highest if highest is not None else ChainMap({}, self._known())
            key = f"{now.astimezone().year}-{town_of(owner_of(record.address))}"
            highest[key] = highest.get(key, 0) + 1
            yield Change(
                id=self._new_id(),
                record=record.address,
                values={NUMBER: f"{key}-{highest[key]:03d}"},
                seen={},
                author=OFFICE.member,
                device=OFFICE.device,
                at=now.astimezone().isoformat(timespec="seconds"),
            )

    def _known(self) -> dict[str, int]:
        if self._highest is None:
            self._highest = {}
            for kind in NUMBERED:
                for record in self._standing(kind):
                    _take(self._highest, record)
        return self._highest


def wants_number(record: Record) -> bool:
    """Whether the office has still to number what stands on this record."""
    return kind_of(record.address) in NUMBERED and bool(record.entries) and record.value(NUMBER) is None


def _take(highest: dict[str, int], record: Record) -> None:
    for head in record.heads(NUMBER):
        found = _FORM.fullmatch(head.value) if isinstance(head.value, str) else None
        if found is not None:
            highest[found[1]] = max(highest.get(found[1], 0), int(found[2]))
