"""What can be wrong with a roster, as values: collected, bounded, never raised."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from server.roster.messages import MESSAGES

MAX_PROBLEMS: Final = 200
WHOLE_FILE: Final = 0
"""The row of a problem that concerns the file and no row of it."""

Param = str | int

WARNINGS: Final = frozenset(
    {
        "closes-many",
        "closing-withheld",
        "lost-character",
        "merged-cells",
        "other-sheets",
        "parent-closed",
        "private-use",
        "repeated-row",
        "same-name",
        "school-level-missing",
        "unknown-column",
    }
)
"""The codes that say "look at this"; every other code keeps its row, or its file, out of the import."""


class Place(NamedTuple):
    """Where something was read: rows are counted as a spreadsheet shows them, the first row of the file is 1."""

    file: str
    row: int = WHOLE_FILE


@dataclass(frozen=True, slots=True)
class RowProblem:
    """One thing that is wrong: where, in which column, and a code of `messages.MESSAGES` with its values."""

    file: str
    row: int
    column: str
    code: str
    params: Mapping[str, Param] = field(default_factory=dict)

    @property
    def warns_only(self) -> bool:
        """Whether the row is imported all the same."""
        return self.code in WARNINGS


@dataclass(frozen=True, slots=True)
class Problems:
    """Up to 200 problems in the order of the files and rows, errors before warnings where there is no room for all.

    `more` were found and are not listed; `errors` and `warnings` count all of them.
    """

    listed: tuple[RowProblem, ...] = ()
    more: int = 0
    errors: int = 0
    warnings: int = 0


class Tally:
    """Collects problems while files are read and compared, and keeps no more of them than it will list."""

    def __init__(self) -> None:
        self._errors: list[RowProblem] = []
        self._warnings: list[RowProblem] = []
        self._files: dict[str, int] = {}
        self.errors = 0
        self.warnings = 0

    def add(self, place: Place, code: str, column: str = "", /, **params: Param) -> None:
        """Count one problem, and keep it while there is room. The code is one of `messages.MESSAGES`."""
        if code not in MESSAGES:
            raise KeyError(code)
        self._keep(RowProblem(place.file, place.row, column, code, params))

    def include(self, problems: Problems) -> None:
        """Count and keep what somebody else has collected."""
        for problem in problems.listed:
            self._keep(problem)
        listed_errors = sum(not problem.warns_only for problem in problems.listed)
        self.errors += problems.errors - listed_errors
        self.warnings += problems.warnings - (len(problems.listed) - listed_errors)

    def close(self) -> Problems:
        """All that was found, with its bound."""
        kept = (self._errors + self._warnings)[:MAX_PROBLEMS]
        kept.sort(key=lambda problem: (self._files[problem.file], problem.row))
        return Problems(tuple(kept), self.errors + self.warnings - len(kept), self.errors, self.warnings)

    def _keep(self, problem: RowProblem) -> None:
        self._files.setdefault(problem.file, len(self._files))
        if problem.warns_only:
            self.warnings += 1
        else:
            self.errors += 1
        kept = self._warnings if problem.warns_only else self._errors
        if len(kept) < MAX_PROBLEMS:
            kept.append(problem)


def joined(each: Iterable[Problems]) -> Problems:
    """Several collections as one, with one bound."""
    tally = Tally()
    for problems in each:
        tally.include(problems)
    return tally.close()
