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
    with tempfile.TemporaryDirectory(prefix="guatu-demo-") as folder, office(Path(folder)) as served:
        os.environ["GUATU_HOME"] = str(Path(folder) / "laptop")
        with redirect_stdout(sys.stderr):  # what is printed without a terminal is the frame and nothing else
            join(served.url, served.code, "demo")
        with Laptop(writing=True) as laptop:
            _show(laptop)


def _show(laptop: Laptop) -> None:
    from tui.app import GuatuApp  # noqa: PLC0415 -- Textual only where something is drawn

    if sys.stdin.isatty() and sys.stdout.isatty():
        GuatuApp(laptop).run()
        return
    from tui.screens.frame import one_frame  # noqa: PLC0415

    typer.echo(one_frame(GuatuApp(laptop, connect=False), *FRAME))


class Served:
    """The demonstration's office as another process, at one address for as long as it is started again."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._log = folder / "office", folder / "office.log"
        self._process: subprocess.Popen[str] | None = None
        self._port = "0"
        self.url = self.code = ""

    def start(self) -> None:
        """Let it answer; its address and a fresh code are known when this returns."""
        words = ["--lang", language(), "demo", str(self._folder), "--port", self._port]
        with self._log.open("ab") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "server", *words],
                stdout=subprocess.PIPE, stderr=errors, text=True, encoding="utf-8",
            )  # fmt: skip
        self.url, self.code = _answers(self._process)
        self._port = self.url.rpartition(":")[2] or "0"

    def stop(self) -> None:
        """End it, whatever it does."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


@contextmanager
def office(folder: Path) -> Iterator[Served]:
    """The office, started, until the block ends."""
    served = Served(folder)
    try:
        served.start()
        if not served.code:
            words = _("The demonstration's server did not start; its words are in {log}.")
            fail(words.format(log=folder / "office.log"), NO_OFFICE)
        yield served
    finally:
        served.stop()


def _answers(process: subprocess.Popen[str]) -> tuple[str, str]:
    url = code = ""
    for line in process.stdout or ():
        if line.startswith("listening on "):
            url = line.removeprefix("listening on ").strip()
        elif line.startswith("code: "):
            code = line.removeprefix("code: ").strip()
        if url and code:
            break
    return url, code
