"""A clerk at the command line: what `guatu-server` answers, how it refuses, and what it leaves in the log."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

import orjson
from typer.testing import CliRunner, Result

from server.cli import app
from server.office import LOG

ROOT: Final = Path(__file__).parents[2]
DATA: Final = ROOT / "server" / "data"
STATISTICS: Final = ("--streets", DATA / "baohe-streets.csv", "--villages", DATA / "baohe-villages.csv")
CODE: Final = re.compile(r"code: [0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\n")


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def answer(result: Result) -> str:
    """What a command that ended well said on stdout."""
    assert result.exit_code == 0, result.output
    return result.stdout


def refusal(result: Result, code: int) -> str:
    """The one line with which a command ended badly."""
    assert (result.exit_code, result.stdout) == (code, ""), result.output
    line = result.stderr
    assert line.startswith("guatu-server: ")
    assert line.count("\n") == 1, line
    return line.removeprefix("guatu-server: ").rstrip("\n")


def parsed(result: Result) -> Any:
    return orjson.loads(answer(result))


@contextmanager
def serving(*words: str | Path, largest_file: int | None = None) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A process that serves, and the first line it prints; its disk is full once a file has `largest_file` bytes."""
    limit = (
        "" if largest_file is None else f"import resource as r; r.setrlimit(r.RLIMIT_FSIZE, ({largest_file},) * 2); "
    )
    command = [sys.executable, "-c", f"{limit}from server.__main__ import main; main()", *map(str, words)]
    environment = {**os.environ, "GUATU_LANG": "en"}
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=ROOT,
        env=environment,
    )
    try:
        assert process.stdout is not None
        yield process, process.stdout.readline()
    finally:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def changes(folder: Path) -> list[dict[str, Any]]:
    """Every change in a board's log, in order."""
    with closing(sqlite3.connect(folder / LOG)) as log:
        return [orjson.loads(body) for (body,) in log.execute("SELECT body FROM log ORDER BY seq")]
