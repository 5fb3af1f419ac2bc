"""`guatu demo --offline`: pull the plug, edit on two laptops, plug in. Each step is a command anybody can repeat."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import orjson
import typer

from shared.messages import _
from tui.commands.failing import Code, fail
from tui.laptop import local_now

AREA: Final = "340111"
VILLAGE, STEP, OTHER = "陆大村", "1.1", "1.2"
STOP_SECONDS: Final = 10


class Stage:
    """A folder with an office and two laptops, the commands that are run there, and what they answer."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._office: subprocess.Popen[str] | None = None
        self._port = "0"
        self.url = ""

    def say(self, text: str) -> None:
        """Tell what comes next."""
        typer.secho(f"\n# {text}", bold=True)

    def bring(self, sheet: str) -> None:
        """Lay one of the sheets that come with guatu into the folder."""
        spec = find_spec("server")
        data = Path(spec.origin).parent / "data" if spec is not None and spec.origin else Path()
        shutil.copy(data / sheet, self._folder / sheet)

    def laptop(self, name: str, *words: str, quiet: bool = False) -> str:
        """Run `guatu` on one of the laptops, as it would be typed there."""
        home = str(self._folder / name)
        return self._run(f"GUATU_HOME={name} guatu", ["-m", "tui"], words, {"GUATU_HOME": home}, quiet=quiet)

    def office(self, *words: str, quiet: bool = False) -> str:
        """Run `guatu-server` in the office."""
        return self._run("guatu-server", ["-m", "server"], words, {}, quiet=quiet)

    def plug_in(self) -> None:
        """Start the office's server, at the address it had before."""
        words = ["serve", "office", "--port", self._port]
        typer.echo(f"$ guatu-server {' '.join(words)} &")
        self._office = subprocess.Popen(
            [sys.executable, "-m", "server", *words], cwd=self._folder, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True, encoding="utf-8", env=self._environment({"GUATU_LANG": "en"}),
        )  # fmt: skip
        line = self._office.stdout.readline() if self._office.stdout else ""
        self.url = line.removeprefix("listening on ").strip()
        self._port = self.url.rpartition(":")[2]
        if not self._port.isdigit():
            fail(_("The demonstration's server did not start."), Code.NO_OFFICE)

    def pull_the_plug(self) -> None:
        """Stop the server; nobody can reach the office any more."""
        if self._office is not None:
            self._office.terminate()
            try:
                self._office.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._office.kill()
                self._office.wait()
            self._office = None

    def _run(
        self, shown: str, module: Sequence[str], words: Sequence[str], more: Mapping[str, str], *, quiet: bool
    ) -> str:
        typer.echo(f"$ {shown} {' '.join(_quoted(word) for word in words)}")
        done = subprocess.run(
            [sys.executable, *module, *words], cwd=self._folder, capture_output=True, text=True, encoding="utf-8",
            env=self._environment(more), check=False,
        )  # fmt: skip
        if not quiet or done.returncode:
            typer.echo("".join(f"  {line}\n" for line in (done.stdout + done.stderr).splitlines()), nl=False)
        if done.returncode:
            fail(_("The demonstration stopped: that command ended with {code}.").format(code=done.returncode))
        return done.stdout

    def _environment(self, more: Mapping[str, str]) -> dict[str, str]:
        """This program's environment, in which a command finds the very guatu that runs it."""
        root = str(Path(__file__).parents[2])
        path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
        return {**os.environ, "PYTHONPATH": path, "PYTHONUTF8": "1", **more}


def offline_demo() -> None:
    """Play it, print each step, and end with a check: exit code 0 when everything is there, once, on all of them."""
    with tempfile.TemporaryDirectory(prefix="guatu-demo-") as folder:
        stage = Stage(Path(folder))
        try:
            _open(stage)
            _part(stage)
            _meet(stage)
            wrong = _check(stage)
        finally:
            stage.pull_the_plug()
    if wrong:
        fail(_("Something is not as promised: {what}.").format(what=", ".join(wrong)))
    typer.secho("\n" + _("Everything is there, once, on both laptops and in the office."), bold=True)


def _open(stage: Stage) -> None:
    stage.say(_("An office with its district, and two laptops that have read the board"))
    names = ("streets", "villages")
    for name in names:
        stage.bring(f"baohe-{name}.csv")
    stage.office("init", "office", "--campaign", "baohe-2009", "--start", f"{local_now():%Y-%m}", "--area", AREA)
    sheets = [f"--{name}=baohe-{name}.csv" for name in names]
    stage.office("roster", "import", "office", *sheets, "--area", AREA, quiet=True)
    codes = [
        stage.office("member", "add", "office", name, "--role", "lead", "--area", AREA).split()[-1]
        for name in ("甲组长", "乙组长")
    ]
    stage.plug_in()
    for name, code in zip(("a", "b"), codes, strict=True):
        stage.laptop(name, "join", stage.url, code)


def _part(stage: Stage) -> None:
    stage.say(_("The plug is pulled; both go on entering, partly the same things"))
    stage.pull_the_plug()
    stage.laptop("a", "set", VILLAGE, STEP, "doing")
    stage.laptop("b", "set", VILLAGE, STEP, "done", "--note", "两委已开会")
    stage.laptop("a", "set", VILLAGE, OTHER, "doing", "--note", "甲在场")
    stage.laptop("b", "set", "淝河镇", STEP, "submitted")


def _meet(stage: Stage) -> None:
    stage.say(_("The plug is back; whoever syncs sends, reads, and is told what collided"))
    stage.plug_in()
    for name in ("a", "b", "a"):
        stage.laptop(name, "sync")
    stage.say(_("Both values are kept, and somebody decides; that is a change like any other"))
    _take_done(stage)
    stage.laptop("a", "undo", "--yes")
    _take_done(stage)
    for name in ("a", "b"):
        stage.laptop(name, "sync")
    stage.laptop("b", "log", VILLAGE)


def _take_done(stage: Stage) -> None:
    (collision,) = [each for each in _conflicts(stage, "a") if each["field"] == "state"]
    takes = next(n for n, each in enumerate(collision["values"], 1) if each["value"] == "done")
    stage.laptop("a", "settle", collision["id"], "--take", str(takes))


def _conflicts(stage: Stage, name: str) -> list[Any]:
    stage.laptop(name, "conflicts")
    found: list[Any] = orjson.loads(stage.laptop(name, "conflicts", "--json", quiet=True))
    return found


def _check(stage: Stage) -> list[str]:
    """What is not as promised, in words for programs; nothing when all is well."""
    stage.say(_("The check"))
    stands = [orjson.loads(stage.laptop(name, "status", "--json", quiet=True)) for name in ("a", "b")]
    unit = orjson.loads(stage.laptop("b", "show", VILLAGE, "--json", quiet=True))
    stage.office("check", "office")
    steps = {step["id"]: step for step in unit["steps"]}
    holds = {
        "equal": stands[0]["digest"] == stands[1]["digest"],
        "nothing-waits": all(each["pending"] == 0 == each["held"] for each in stands),
        "settled": all(each["conflicts"] == 0 for each in stands),
        "taken": steps[STEP]["state"] == "done",
        "both-kept": (steps[STEP]["note"], steps[OTHER]["note"]) == ("两委已开会", "甲在场"),
    }
    for name, well in holds.items():
        typer.echo(f"  {'ok' if well else 'NO'}  {name}")
    return [name for name, well in holds.items() if not well]


def _quoted(word: str) -> str:
    return f'"{word}"' if " " in word else word
