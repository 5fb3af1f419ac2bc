"""`guatu` as people type it, on a laptop that has read an office's log from its beginning, without any network."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import orjson
from typer.testing import CliRunner, Result

from shared.board.change import JSON, Change
from shared.board.record import step_address, unit_address
from shared.board.unit import values_of
from shared.campaign.calendar import with_start
from shared.campaign.codec import dump
from shared.campaign.loader import builtin
from tests.logbook import Logbook, change
from tests.tui import boards
from tui.cli import app
from tui.commands.failing import Code
from tui.profile import Profile
from tui.replica import Replica

VILLAGE, COMMUNITY, FAR = "340111001204", "340111001008", "340111100201"
STEP: Final = step_address(VILLAGE, "1.1")
FIRST: Final = "2026-09-01"


class Shell:
    """One laptop and its command line. `book` is the office's log; `read` brings what was written there since."""

    def __init__(self, folder: Path, book: Logbook, role: str = "lead", areas: tuple[str, ...] = ("340111",)) -> None:
        self.home, self.book = folder, book
        profile = Profile(folder)
        profile.keep(boards.identity(role, areas))
        with self._replica() as replica:
            replica.keep_campaign("c", orjson.dumps(dump(with_start(builtin("baohe-2009"), "2026-09"))))
            replica.install(book.cursor(0), [])
        self.read()

    def read(self) -> None:
        """Take in what the office's log holds by now."""
        with self._replica() as replica:
            cursor = replica.cursor()
            assert cursor is not None
            assert replica.apply(self.book.batch(cursor)) is not None

    def send(self, status: str = "applied") -> None:
        """Have the office take all that is ready to be sent, and read it back."""
        with self._replica() as replica:
            for waiting in replica.outbox.due(1000, 10**6):
                entry = waiting.change()
                assert entry is not None
                self.book.store(entry, status)
        self.read()

    def run(self, *words: str | Path, lang: str = "en") -> Result:
        """What a command line gives."""
        environment = {"GUATU_HOME": str(self.home), "GUATU_LANG": lang}
        return CliRunner().invoke(app, [str(word) for word in words], env=environment)

    def say(self, *words: str | Path, lang: str = "en") -> str:
        """What a command that ends well says."""
        result = self.run(*words, lang=lang)
        assert (result.exit_code, result.stderr) == (0, ""), result.output
        return result.stdout

    def tell(self, *words: str | Path) -> Any:
        """What it says to other programs."""
        return orjson.loads(self.say(*words, "--json"))

    def refuse(self, *words: str | Path, code: Code = Code.WRONG) -> str:
        """The one line with which it ends badly."""
        result = self.run(*words)
        assert (result.exit_code, result.stdout) == (code, ""), result.output
        assert result.stderr.startswith("guatu: ")
        assert result.stderr.count("\n") == 1
        return result.stderr.removeprefix("guatu: ").rstrip("\n")

    def values(self, code: str = VILLAGE, step: str = "1.1") -> dict[str, list[JSON]]:
        """What stands on a step here: field → the values of its heads."""
        with self._replica() as replica:
            record = replica.records(code).get(step_address(code, step))
        names = record.fields() if record is not None else ()
        return {name: [head.value for head in record.heads(name)] for name in names} if record is not None else {}

    def waiting(self) -> list[Change]:
        """What waits here to be sent."""
        with self._replica() as replica:
            return [entry for each in replica.outbox.waiting() if (entry := each.change()) is not None]

    def _replica(self) -> _Opened:
        return _Opened(self.home / "replica.sqlite")


class _Opened(Replica):
    """The laptop's file, for as long as a block takes."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, device="d1")

    def __enter__(self) -> _Opened:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def district() -> Logbook:
    """An office that has entered its units on the first day of September."""
    book = Logbook()
    for number, (code, name) in enumerate(boards.UNITS, 1):
        write(book, change(number, values_of(boards.unit(code, name)), unit_address(code), device="office"), FIRST)
    return book


def write(book: Logbook, entry: Change, day: str = "", status: str = "applied") -> Change:
    """Write an entry into the office's log, at noon of a day in UTC if one is given."""
    record = book.store(entry, status)
    if day:
        book.records[-1] = replace(record, at=f"{day}T12:00:00.000+00:00")
    return entry


def entry(
    number: int,
    values: Mapping[str, JSON],
    address: str = STEP,
    seen: Mapping[str, Iterable[int]] | None = None,
    author: str = "李员",
    device: str = "d2",
) -> Change:
    """Somebody's entry, with an id made of a number from 100 on; below are the office's."""
    return replace(change(number, values, address, seen, device), author=author)
