"""`guatu demo`: a living district on this machine, in one command."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path

import typer

from shared.messages import _, language
from tui.commands.failing import NO_OFFICE, fail
from tui.commands.syncing import join
from tui.laptop import Laptop

FRAME = (160, 40)
STOP_SECONDS = 5


def demo() -> None:
    """Start a server with a simulated district beside this program and open its board.

    Without a terminal one frame of the board is printed as text.
    """
    typer.echo(_("Making a district of 149 units with a campaign in full swing ..."), err=True)
    with tempfile.TemporaryDirectory(prefix="guatu-demo-") as folder, _office(Path(folder)) as (url, code):
        os.environ["GUATU_HOME"] = str(Path(folder) / "laptop")
        with redirect_stdout(sys.stderr):  # what is printed without a terminal is the frame and nothing else
            join(url, code, "demo")
        with Laptop(writing=True) as laptop:
            _show(laptop)


def _show(laptop: Laptop) -> None:
    from tui.app import GuatuApp  # noqa: PLC0415 -- Textual only where something is drawn

    if sys.stdin.isatty() and sys.stdout.isatty():
        GuatuApp(laptop).run()
        return
    from tui.screens.frame import one_frame  # noqa: PLC0415

    typer.echo(one_frame(GuatuApp(laptop, connect=False), *FRAME))


@contextmanager
def _office(folder: Path) -> Iterator[tuple[str, str]]:
    """The office as another process: its address and a fresh code, until the block ends."""
    command = [sys.executable, "-m", "server", "--lang", language(), "demo", str(folder / "office"), "--port", "0"]
    log = folder / "office.log"
    with log.open("wb") as errors:
        office = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True, encoding="utf-8")
    try:
        url, code = _answers(office)
        if not code:
            fail(_("The demonstration's server did not start; its words are in {log}.").format(log=log), NO_OFFICE)
        yield url, code
    finally:
        office.terminate()
        try:
            office.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            office.kill()
            office.wait()


def _answers(office: subprocess.Popen[str]) -> tuple[str, str]:
    url = code = ""
    for line in office.stdout or ():
        if line.startswith("listening on "):
            url = line.removeprefix("listening on ").strip()
        elif line.startswith("code: "):
            code = line.removeprefix("code: ").strip()
        if url and code:
            break
    return url, code
