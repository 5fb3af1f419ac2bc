"""`guatu` without a word opens the board, and says what is wrong as the command line does."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from tests.tui import boards
from tui.cli import app
from tui.commands.failing import Code
from tui.commands.manners import only

ROOT = Path(__file__).parents[2]


def guatu(home: Path, *words: str, lang: str = "en") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "GUATU_HOME": str(home), "GUATU_LANG": lang}
    return subprocess.run(
        [sys.executable, "-m", "tui", *words], capture_output=True, text=True, encoding="utf-8", check=False, cwd=ROOT,
        env=environment,
    )  # fmt: skip


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_without_a_word_it_fails_as_the_command_line_does(tmp_path: Path, lang: str) -> None:
    bare, spoken = guatu(tmp_path, lang=lang), guatu(tmp_path, "status", lang=lang)
    assert bare.returncode == spoken.returncode == Code.NOT_JOINED
    assert bare.stderr == spoken.stderr
    assert bare.stderr.count("\n") == 1
    assert "guatu join" in bare.stderr


def test_a_damaged_file_is_one_line_and_its_code(tmp_path: Path) -> None:
    boards.laptop(tmp_path).close()
    (tmp_path / "replica.sqlite").write_bytes(b"no database at all" * 100)
    done = guatu(tmp_path)
    assert (done.returncode, done.stderr.count("\n")) == (Code.DISK, 1)


def test_the_board_opens_without_the_command_line(tmp_path: Path) -> None:
    script = (
        "import sys, tui.__main__ as begin, tui.commands.board as board\n"
        "sys.argv = ['guatu']\n"
        "heavy = ('typer', 'pydantic', 'aiohttp')\n"
        "board.board = lambda: print('open', [name for name in heavy if name in sys.modules])\n"
        "begin.main()\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout == "open []\n"


def test_the_boards_screens_load_no_command(tmp_path: Path) -> None:
    script = (
        "import sys, tui.app\n"
        "heavy = ('typer', 'pydantic', 'aiohttp', 'openpyxl')\n"
        "print([name for name in sys.modules if name in heavy or name.startswith('tui.commands')])\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("word", sorted(get_command(app).commands))  # type: ignore[attr-defined]  # it is a group
def test_a_command_put_together_alone_is_what_it_is_among_all(word: str) -> None:
    alone = only(app, word)
    assert list(get_command(alone).commands) == [word]  # type: ignore[attr-defined]
    below: Iterable[str] = getattr(get_command(alone).commands[word], "commands", ())  # type: ignore[attr-defined]
    for words in ([word, "--help"], *([word, each, "--help"] for each in below)):
        assert CliRunner().invoke(alone, words).output == CliRunner().invoke(app, words).output


@pytest.mark.parametrize("word", ["--help", "--lang", "nonsense", ""])
def test_what_is_no_command_gets_the_whole_program(word: str) -> None:
    assert only(app, word) is app
