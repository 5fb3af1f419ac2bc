"""Bits that turn over on the disk are noticed, and nothing is made of them that anybody would take for the truth.

`python -m tests.soak --only rot` turns over as many as asked.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest
from typer.testing import CliRunner

from server.checking import check
from server.log import LogCorrupt
from server.office import BOARD, LOG, Office, open_store
from shared.messages import use
from tests.faults.rot import Shelf, rot_the_log, rotten
from tests.small import SetClock
from tests.tui.boards import laptop
from tui.cli import app
from tui.commands.failing import Code
from tui.profile import REPLICA

FLIPS = 150
"""Of some 200,000 bits of the log; most others lie where nothing is stored."""


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path)


def test_a_log_that_rots_is_never_given_out_and_a_check_finds_it(shelf: Shelf) -> None:
    assert rot_the_log(shelf, Random(5), FLIPS) > FLIPS // 10


def test_a_rotten_board_is_made_anew_from_the_log_whichever_bit_it_is(shelf: Shelf) -> None:
    with Office(shelf.folder, SetClock()) as office:
        good = office.store.image()
        for where in rotten(shelf.folder / BOARD, Random(6), FLIPS):
            store = open_store(shelf.folder / BOARD, office.log)
            assert store.cursor() in (None, office.store.cursor()), where
            assert store.cursor() is None or store.image() == good, where


def test_a_check_says_which_file_is_rotten_and_touches_neither(shelf: Shelf) -> None:
    for name in (BOARD, LOG):
        sound = (shelf.folder / name).read_bytes()
        torn = sound[: len(sound) // 2]
        (shelf.folder / name).write_bytes(torn)
        for _ in range(2):
            assert [(each.what, each.where) for each in check(shelf.folder).findings] == [(damage(name), name)]
            assert (shelf.folder / name).read_bytes() == torn
        (shelf.folder / name).write_bytes(sound)
    assert check(shelf.folder).findings == ()


def damage(name: str) -> str:
    return {BOARD: "board-damaged", LOG: "log-damaged"}[name]


def test_a_server_does_not_start_on_a_log_whose_chain_is_broken(shelf: Shelf) -> None:
    log = sqlite3.connect(shelf.folder / LOG, isolation_level=None)
    changed = "CAST(replace(CAST(body AS TEXT), '第3条', '第4条') AS BLOB)"
    assert log.execute(f"UPDATE log SET body = {changed} WHERE body <> {changed}").rowcount == 1
    log.close()
    (shelf.folder / BOARD).unlink()
    with pytest.raises(LogCorrupt):
        Office(shelf.folder, SetClock(), serving=True)


# --- a laptop ---


@pytest.fixture
def english() -> Iterator[None]:
    """Whatever language a command leaves behind, the next test starts in that of the source."""
    yield
    use("en")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A laptop with a small district and an entry of its own."""
    folder = tmp_path / "guatu"
    laptop(folder, {("340111001204", "1.1"): [{"note": "看过"}]}).close()
    return folder


def zeroed(body: bytes, page: int) -> bytes:
    return body[: page * 8192] + bytes(8192) + body[(page + 1) * 8192 :]


DAMAGES: list[Callable[[bytes], bytes]] = [
    lambda body: b"no database at all " * 1000,
    lambda body: body[: len(body) // 3],
    lambda body: zeroed(body, 0),
    lambda body: zeroed(body, 2),
    lambda body: body.replace(b'"cursor', b'"\xff\xfersor').replace(b"cursor[", b"cursor{"),
]
COMMANDS = [("status",), ("show", "340111001204"), ("set", "340111001204", "1.1", "doing")]


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: words[0])
@pytest.mark.parametrize("damage", DAMAGES, ids=["rubbish", "cut", "no head", "a lost page", "a rotten cursor"])
def test_a_damaged_replica_is_said_in_one_sentence_and_left_as_it_is(
    home: Path, damage: Callable[[bytes], bytes], words: tuple[str, ...]
) -> None:
    damaged = damage((home / REPLICA).read_bytes())
    (home / REPLICA).write_bytes(damaged)
    result = CliRunner().invoke(app, list(words), env={"GUATU_HOME": str(home), "GUATU_LANG": "en"})
    assert result.exit_code == Code.DISK, (result.output, result.exception)
    assert result.stderr.startswith("guatu: This laptop's data cannot be read or written: ")
    assert result.stderr.count("\n") == 1
    assert (home / REPLICA).read_bytes() == damaged
    shutil.rmtree(home)
