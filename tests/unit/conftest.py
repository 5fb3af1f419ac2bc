"""Boards for the tests of the command line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.messages import use
from tests.sticks import LEAD, Traveller
from tests.unit.clerk import STATISTICS, answer, run


@pytest.fixture
def english(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("GUATU_LANG", "en")
    yield
    use("en")


@pytest.fixture
def board(tmp_path: Path, english: None) -> Path:
    """An empty board of Baohe district."""
    folder = tmp_path / "board"
    answer(run("init", folder, "--start", "2026-09", "--area", "340111"))
    return folder


@pytest.fixture
def district(board: Path) -> Path:
    """A board with Baohe's roster."""
    answer(run("roster", "import", board, *STATISTICS))
    return board


@pytest.fixture
def traveller(tmp_path: Path) -> Traveller:
    """A laptop that has nothing yet."""
    return Traveller(tmp_path / "laptop")


@pytest.fixture
def started(traveller: Traveller, district: Path) -> Traveller:
    """One that has started from a bundle."""
    return traveller.starts(district, *LEAD)
