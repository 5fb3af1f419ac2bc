"""One child for each system call: it dies there, or is told a lie there, and then its folder is looked at."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from tests.faults import laptop_work, office_work
from tests.faults.cradle import EVERY, Cradle, Ended

FAILING: Final = frozenset(
    {"write", "pwrite64", "fsync", "fdatasync", "rename", "renameat", "renameat2", "ftruncate", "fallocate"}
)
"""The calls with which a disk says that it is full or broken."""
CHANGING: Final = FAILING | {"openat", "close", "unlink", "unlinkat", "mkdir"}
"""The calls before which the disk is not what it was before the last one; between them a death changes nothing."""
KILL, EIO, ENOSPC, LIE = "signal=KILL", "error=EIO", "error=ENOSPC", "retval=10"
EDQUOT, EROFS = "error=EDQUOT", "error=EROFS"
"""What may happen at a call. `LIE`: it writes nothing and says that it wrote ten bytes."""
KILLED: Final = -9
LARGEST_FILE: Final = 120_000
"""No file of the short works grows to so many bytes."""
GAVE_UP: Final = 3


class Subject(NamedTuple):
    """A work of the cradle: how its folder is made, what has to hold of it, and how long the work is."""

    work: str
    prepare: Callable[[Path], None]
    holds: Callable[..., None]
    size: dict[str, int]
    promises: int
    """How many things it promises when nothing happens to it."""
    commits: int
    """In how many durable transactions."""
    stops_when_full: bool
    """Whether a full disk ends it, as it ends a server; a laptop says no, and takes the entry once there is room."""


class Struck(NamedTuple):
    """A folder after something happened at the n-th of these calls."""

    call: str
    folder: Path
    ended: Ended

    def __str__(self) -> str:
        said = Path(f"{self.folder}.stderr")
        return (
            f"{self.call} {self.ended.code} {self.ended.said}\n{self.ended.injected}\n{said.read_text('utf-8')[-2000:]}"
        )


def entering(count: int = office_work.ENTRIES) -> Subject:
    """An office that takes so many entries, one transaction each."""
    return Subject(
        "entering", office_work.prepare, office_work.holds, {"count": count}, count, count, stops_when_full=True
    )


def serving(count: int = office_work.ENTRIES) -> Subject:
    """The same through a server and a socket."""
    return entering(count)._replace(work="serving")


def keeping(rounds: int = laptop_work.ROUNDS) -> Subject:
    """A laptop that saves, reads and starts anew so many times."""
    return Subject(
        "keeping",
        laptop_work.prepare,
        laptop_work.holds,
        {"rounds": rounds},
        laptop_work.STEPS * rounds,
        laptop_work.COMMITS * rounds,
        False,
    )


class Ward:
    """Where children are struck: each in a copy of its own of a folder that was made once."""

    def __init__(self, cradle: Cradle, subject: Subject, place: Path) -> None:
        self._cradle = cradle
        self.subject = subject
        self._made, self._place = place / "made", place
        subject.prepare(self._made)

    def calls(self, names: Iterable[str] | None = None) -> list[tuple[str, int]]:
        """Every call (of these names) that the work makes when nothing happens to it."""
        folder, ended = self._run()
        assert ended.code == 0, Struck("nothing", folder, ended)
        assert len(ended.said) == self.subject.promises
        assert len(list(filter(_syncs_ahead, ended.trace))) >= self.subject.commits, "each commit is on the disk"
        self.subject.holds(folder, ended.said, **self.subject.size)
        return [(name, n) for name, n in ended.calls() if names is None or name in names]

    def strike(self, how: str, calls: Iterable[tuple[str, int]]) -> Iterator[Struck]:
        """Let this happen at each of these calls in turn."""
        for name, n in calls:
            call = f"{name}:{how}:when={n}"
            yield Struck(call, *self._run(inject=call))

    def fill(self, sizes: Iterable[int]) -> Iterator[Struck]:
        """Let no file grow beyond each of these sizes: the write that crosses it is cut short, the next one fails."""
        for size in sizes:
            yield Struck(f"no file beyond {size}", *self._run(largest_file=size))

    def still_holds(self, struck: Struck) -> None:
        """Everything promised before the strike is there."""
        try:
            self.subject.holds(struck.folder, struck.ended.said, **self.subject.size)
        except BaseException as wrong:
            wrong.add_note(str(struck))
            raise

    def _run(self, inject: str = "", largest_file: int | None = None) -> tuple[Path, Ended]:
        folder = self._place / "struck"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self._made, folder)
        run = self._cradle.run
        return folder, run(self.subject.work, folder, inject, EVERY, largest_file, **self.subject.size)


def die_everywhere(ward: Ward, calls: Iterable[tuple[str, int]]) -> int:
    """Kill at each of these calls; how many deaths that were."""
    count = 0
    for count, struck in enumerate(ward.strike(KILL, calls), 1):  # noqa: B007
        assert struck.ended.code == KILLED, str(struck)
        ward.still_holds(struck)
    return count


def fail_everywhere(ward: Ward, how: str, calls: Iterable[tuple[str, int]]) -> int:
    """Fail at each of these calls; how many failures that were. Whoever could not commit commits nothing any more."""
    subject, count = ward.subject, 0
    for count, struck in enumerate(ward.strike(how, calls), 1):  # noqa: B007
        ended = struck.ended
        assert ended.injected, str(struck)
        assert ended.code in (0, GAVE_UP), str(struck)
        assert ended.code == GAVE_UP or len(ended.said) == subject.promises, str(struck)
        if _commits(ended.injected) and (how == EIO or subject.stops_when_full):
            assert not [line for line in _behind(ended) if _writes_ahead(line)], str(struck)
        ward.still_holds(struck)
    return count


def cut_short_everywhere(ward: Ward, sizes: Iterable[int]) -> int:
    """Cut a write short at each of these sizes; how many runs did not come to their end."""
    ends = 0
    for struck in ward.fill(sizes):
        assert struck.ended.code in (0, GAVE_UP), str(struck)
        ends += struck.ended.code == GAVE_UP
        ward.still_holds(struck)
    return ends


def _behind(ended: Ended) -> tuple[str, ...]:
    """The calls behind the one that failed."""
    return ended.trace[ended.trace.index(ended.injected) + 1 :]


def _commits(line: str) -> bool:
    """Whether this call makes a transaction durable."""
    return _writes_ahead(line) or _syncs_ahead(line)


def _writes_ahead(line: str) -> bool:
    return "sqlite-wal>" in line and "pwrite64(" in line


def _syncs_ahead(line: str) -> bool:
    return "sqlite-wal>" in line and "sync(" in line
