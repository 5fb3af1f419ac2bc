"""The rooms keep to themselves: what may know of what, and what is not loaded before it is needed."""

from __future__ import annotations

import subprocess
import sys

import pytest

ALL_SHARED = (
    "import pkgutil, importlib, shared;"
    "[importlib.import_module(m.name) for m in pkgutil.walk_packages(shared.__path__, 'shared.')]"
)
BOARD = "import shared.board.chart, shared.board.reduce, shared.campaign.loader, shared.rights, shared.roster"


def loaded(work: str) -> set[str]:
    """The top-level modules a fresh interpreter has after this."""
    ask = f"{work}; import sys; print(' '.join(sorted({{name.partition('.')[0] for name in sys.modules}})))"
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True, timeout=60)
    return set(done.stdout.split())


def test_shared_brings_neither_screen_nor_network_nor_database() -> None:
    assert not loaded(ALL_SHARED) & {"textual", "aiohttp", "sqlite3", "tinydb", "server", "tui"}


def test_the_values_of_the_board_need_no_validator() -> None:
    assert "pydantic" not in loaded(BOARD)


def test_the_first_frame_needs_neither_network_nor_validator_nor_the_office() -> None:
    assert not loaded("import tui.app") & {"aiohttp", "pydantic", "tinydb", "server", "openpyxl"}


DRAWS_NOTHING = (
    "looking", "entering", "planning", "settling", "deciding", "undoing", "recounting", "comparing", "entering_many",
    "today", "chasing",
)  # fmt: skip


@pytest.mark.parametrize("command", DRAWS_NOTHING)
def test_a_command_that_draws_nothing_loads_no_screen_and_no_network(command: str) -> None:
    assert not loaded(f"import tui.cli, tui.commands.{command}") & {"textual", "aiohttp", "server"}
