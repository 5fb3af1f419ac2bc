"""Laptops without a network: their commands, and a stick on which bundles go to the office and back."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import orjson
from typer.testing import CliRunner, Result

from server.office import Office
from tests.unit import clerk
from tui.cli import app
from tui.laptop import Laptop
from tui.profile import Identity, Profile
from tui.waiting import Labels

FIRST: Final = "340111001008"
"""A community of the real roster."""


LEAD: Final = ("--member", "王一", "--role", "lead")


class Traveller:
    """One laptop and the commands typed on it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.stick = home.parent

    def guatu(self, *words: str | Path, lang: str = "en") -> Result:
        """What a command says here."""
        environment = {"GUATU_HOME": str(self.home), "GUATU_LANG": lang}
        return CliRunner().invoke(app, [str(word) for word in words], env=environment)

    def does(self, *words: str | Path) -> str:
        """What a command that ends well says."""
        result = self.guatu(*words)
        assert (result.exit_code, result.stderr) == (0, ""), result.output
        return result.stdout

    def told(self, *words: str | Path) -> Any:
        """What it says to other programs."""
        return orjson.loads(self.does(*words, "--json"))

    def refusal(self, *words: str | Path) -> str:
        """The one line with which a command ends badly."""
        result = self.guatu(*words)
        assert result.exit_code == 1, result.output
        assert result.stderr.count("\n") == 1
        return result.stderr.removeprefix("guatu: ").rstrip("\n")

    def out(self) -> Path:
        """What waits here, in a bundle."""
        out = self.stick / f"{self.home.name}.out"
        self.does("bundle", out)
        return out

    @property
    def identity(self) -> Identity:
        """Who it is."""
        return Profile(self.home).identity()

    def labels(self) -> Labels:
        """How many own entries are where."""
        with Laptop(self.home) as laptop:
            return laptop.replica.labels()

    def board(self, owners: Iterable[str] = (FIRST,)) -> dict[str, Any]:
        """What it shows of these units."""
        with Laptop(self.home) as laptop:
            return {owner: laptop.replica.records(owner) for owner in owners}

    def starts(self, folder: Path, *words: str) -> Traveller:
        """Start from a bundle that the office has just made."""
        start = self.stick / f"{self.home.name}.start"
        clerk.answer(clerk.run("bundle", folder, start, *words))
        self.does("join", "--bundle", start)
        return self

    def hands_in(self, folder: Path, *words: str) -> Any:
        """Carry what waits here to the office; what became of it."""
        return clerk.parsed(clerk.run("take", folder, self.out(), *words, "--json"))

    def is_answered(self, folder: Path) -> Any:
        """Carry the answers back; what they did."""
        back = self.stick / f"{self.home.name}.back"
        clerk.answer(clerk.run("bundle", folder, back, "--for", self.identity.device))
        return self.told("take", back)


def entered(folder: Path) -> list[tuple[str, str]]:
    """What people have entered into a board's log behind its roster: the id and how it stands, in order."""
    with Office(folder) as office:
        return [(record.id, record.status) for record in office.log.read(150, 1000)]
