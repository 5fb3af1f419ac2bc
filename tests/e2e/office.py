"""The office as its clerk runs it: real commands, a real process, a real port."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

DATA = Path(__file__).parents[2] / "server" / "data"
ENV = {"GUATU_LANG": "en", "PYTHONUNBUFFERED": "1"}


def office(*arguments: str | Path) -> str:
    """What `guatu-server` prints; fails with its words when it does not end with 0."""
    return _run("server", *arguments, env={})


def guatu(home: Path, *arguments: str | Path) -> str:
    """What `guatu` prints on the laptop whose profile is in `home`."""
    return _run("tui", *arguments, env={"GUATU_HOME": str(home)})


def make_board(folder: Path) -> None:
    """A board of Baohe district, as a clerk makes it."""
    office("init", folder, "--campaign", "baohe-2009", "--start", "2026-09", "--area", "340111")
    streets, villages = DATA / "baohe-streets.csv", DATA / "baohe-villages.csv"
    office("roster", "import", folder, "--streets", streets, "--villages", villages, "--area", "340111")


def add_member(folder: Path, name: str, role: str = "lead") -> str:
    """A new member's one-time code."""
    printed = office("member", "add", folder, name, "--role", role, "--area", "340111")
    return printed.strip().splitlines()[-1].removeprefix("code:").strip()


@contextmanager
def serving(folder: Path, port: int = 0) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The server's address and its process, until the block ends."""
    command = [sys.executable, "-m", "server", "serve", str(folder), "--port", str(port)]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env={**os.environ, **ENV}
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("listening on http://"), line
        yield line.removeprefix("listening on ").strip(), process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.wait(10)
        if process.stdout is not None:
            process.stdout.close()


def _run(module: str, *arguments: str | Path, env: dict[str, str]) -> str:
    command = [sys.executable, "-m", module, *map(str, arguments)]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
        env={**os.environ, **ENV, **env},
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout
