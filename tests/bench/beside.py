"""Start to first full frame of guatu beside other programs, in turns, each in a virtual environment of its own.

`python -m tests.bench.beside` makes the environments in `out/beside` (once), and a laptop that has read 149 units.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import venv
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from tests.bench import laptop
from tests.bench.boards import build, serving
from tests.bench.figures import middle
from tests.bench.start import EMPTY, Opened, is_filled, opened, shows_text
from tests.bench.terminal import Full

OUT: Final = Path(__file__).parent / "out" / "beside"
ROUNDS: Final = 5
SIZE: Final = 149


class Program(NamedTuple):
    """A program, how it is installed, what starts it, when its first frame is full, and what is taken out again.

    posting dies at once where its optional tree-sitter is of another version than its grammars.
    """

    name: str
    packages: Sequence[str]
    words: Sequence[str]
    full: Full
    without: Sequence[str] = ()


def has_lines(screen: Sequence[str]) -> bool:
    """Whether a screen is drawn from near its top to near its bottom, as far as can be told of any program."""
    filled = [at for at, line in enumerate(screen) if line.strip()]
    return bool(filled) and filled[0] < 4 and filled[-1] > len(screen) - 4


PROGRAMS: Final = (
    Program("kanban-tui", ("kanban-tui==0.21.2",), ("ktui",), has_lines),
    Program("posting", ("posting==2.11.1",), ("posting",), has_lines, ("tree-sitter",)),
    Program("harlequin", ("harlequin==2.17.0",), ("harlequin", "--no-download-tzdata"), has_lines),
)


def main() -> None:
    """Measure all of them in turns, and print medians."""
    chosen = [program for program in PROGRAMS if _installed(program)]
    with tempfile.TemporaryDirectory() as folder:
        board = build(Path(folder) / "of", SIZE)
        home = Path(folder) / "laptop"
        with serving(board.folder) as server:
            laptop.join(home, server, board.codes[-1], whole=False)
        found = _in_turns(chosen, home, Path(folder))
    for name, each in found.items():
        milliseconds, rounds = middle(one.milliseconds for one in each)
        megabytes = middle(one.megabytes for one in each)[0]
        sys.stdout.write(f"{name:<20}{milliseconds:>7.0f} ms{megabytes:>7.0f} MB   {[round(r) for r in rounds]}\n")


def _in_turns(programs: Sequence[Program], home: Path, folder: Path) -> dict[str, list[Opened]]:
    ours = {"GUATU_HOME": str(home), "GUATU_LANG": "zh"}
    theirs = {
        "HOME": str(folder / "home"),
        "XDG_CONFIG_HOME": str(folder / "config"),
        "XDG_DATA_HOME": str(folder / "data"),
    }
    for place in theirs.values():
        Path(place).mkdir(parents=True, exist_ok=True)
    found: dict[str, list[Opened]] = {}
    for _round in range(ROUNDS):
        found.setdefault("empty Textual app", []).append(opened(EMPTY, {}, shows_text))
        found.setdefault("guatu", []).append(opened((sys.executable, "-m", "tui"), ours, is_filled))
        wall = (sys.executable, "-m", "tui", "wall")
        found.setdefault("guatu wall", []).append(opened(wall, ours, has_lines))
        for program in programs:
            command = (str(OUT / program.name / "bin" / program.words[0]), *program.words[1:])
            found.setdefault(program.name, []).append(opened(command, theirs, program.full))
    return found


def _installed(program: Program) -> bool:
    """Make the program's environment unless it is there; without a network it is left out, and said so."""
    place = OUT / program.name
    if (place / "bin" / program.words[0]).exists():
        return True
    venv.create(place, with_pip=True)
    pip = [str(place / "bin" / "python"), "-m", "pip", "install", "--quiet", *program.packages]
    done = subprocess.run(pip, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.stderr.write(f"{program.name} could not be installed: {done.stderr.strip().splitlines()[-1:]}\n")
    for package in program.without:
        subprocess.run([*pip[:3], "uninstall", "--quiet", "--yes", package], capture_output=True, check=False)
    return done.returncode == 0


if __name__ == "__main__":
    main()
