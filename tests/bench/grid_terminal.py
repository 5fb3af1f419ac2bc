"""The board in a real pseudo-terminal of 200 by 50: from a key to the last byte of the frame that answers it.

`python -m tests.bench.grid_terminal` prints a table; `run(sizes)` returns its figures. Textual's own table is measured
in the same run at the smallest size, so that a slow machine is seen for what it is.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pickle
import pty
import select
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Iterator, Mapping, Sequence
from itertools import cycle, islice
from pathlib import Path
from typing import Final, NamedTuple

from tests.bench.grid_rows import sample

WIDTH, HEIGHT = 200, 50
SIZES: Final = (149, 1_933, 20_000)
QUIET: Final = 0.06
"""Seconds without a byte after which a frame counts as complete; frames are 17 ms apart at most."""
_TICKS: Final = os.sysconf("SC_CLK_TCK")

Figures = dict[str, dict[str, float]]


class Act(NamedTuple):
    """Something to time: the keys that do it, in turn, how often, and the figure to come near, p50 and p95 in ms."""

    keys: tuple[bytes, ...]
    times: int
    aim: str


_DOWN, _PAGE_DOWN, _PAGE_UP, _F2, _F3, _F4 = b"\x1b[B", b"\x1b[6~", b"\x1b[5~", b"\x1bOQ", b"\x1bOR", b"\x1bOS"


ACTS: Final[Mapping[str, Act]] = {
    "cursor": Act((_DOWN,), 40, "3/7"),
    "live cell": Act((_F2,), 60, "2/7"),
    "line scroll": Act((_DOWN,), 40, "7/14"),
    "page": Act((_PAGE_DOWN, _PAGE_DOWN, _PAGE_UP, _PAGE_UP), 40, "12/20"),
    "filter": Act((_F3,), 10, "14"),
    "sort": Act((_F4,), 10, "84"),
}
_TO_LAST_LINE: Final = _DOWN * (HEIGHT - 4 - 40)


class Terminal:
    """A program on the far side of a pseudo-terminal; `frame` is how long it wrote and how much."""

    def __init__(self, which: str, rows: Path) -> None:
        self.started = time.perf_counter()
        here, there = pty.openpty()
        fcntl.ioctl(there, termios.TIOCSWINSZ, struct.pack("HHHH", HEIGHT, WIDTH, 0, 0))
        environment = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", "TEXTUAL_FPS": "120"}
        environment.pop("NO_COLOR", None)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.grid_apps", which, str(rows)],
            stdin=there, stdout=there, stderr=there, env=environment, cwd=Path(__file__).parents[2],
            start_new_session=True,
        )  # fmt: skip
        os.close(there)
        self.fd = here

    def frame(self, since: float, patience: float = 2.0, quiet: float = QUIET) -> tuple[float, int]:
        """Milliseconds from `since` to the last byte of what is being written, and how many bytes that was."""
        last, count = since, 0
        while select.select([self.fd], [], [], quiet if count else patience)[0]:
            count += len(os.read(self.fd, 1 << 16))
            last = time.perf_counter()
        return (last - since) * 1000, count

    def press(self, key: bytes) -> tuple[float, int]:
        """Press a key and wait for the frame that answers it."""
        start = time.perf_counter()
        os.write(self.fd, key)
        return self.frame(start)

    def cpu(self) -> float:
        """Milliseconds of processor time so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) * 1000 / _TICKS

    def memory(self) -> float:
        """Resident memory in MB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / 1024


@contextlib.contextmanager
def terminal(which: str, units: int) -> Iterator[Terminal]:
    """A running program; it is ended with its terminal. Its rows are made beforehand: they are not what is timed."""
    with tempfile.TemporaryDirectory() as folder:
        rows = Path(folder, "rows")
        rows.write_bytes(pickle.dumps(sample(units)))
        with ended(Terminal(which, rows)) as opened:
            yield opened


@contextlib.contextmanager
def ended(opened: Terminal) -> Iterator[Terminal]:
    """The program, which is ended with the block, whatever happens in it."""
    try:
        yield opened
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(opened.process.pid, signal.SIGKILL)
        opened.process.wait()
        os.close(opened.fd)


def measure(which: str, units: int) -> Figures:
    """All figures of one program at one size."""
    with terminal(which, units) as screen:
        started, size = screen.frame(screen.started, patience=60.0, quiet=1.0)
        figures: Figures = {"start": {"p50": started, "bytes": size}}
        for name, act in ACTS.items():
            if name == "line scroll":  # first bring the cursor to the last line, from where each key scrolls
                screen.press(_TO_LAST_LINE)
            before = screen.cpu()
            frames = [screen.press(key) for key in islice(cycle(act.keys), act.times)]
            figures[name] = summed(frames) | {"cpu": (screen.cpu() - before) / act.times}
        figures["memory"] = {"p50": screen.memory()}
    return figures


def summed(frames: Sequence[tuple[float, int]]) -> dict[str, float]:
    """Median and 95th percentile of the times, median of the bytes."""
    times = sorted(time for time, count in frames if count)
    return {
        "p50": statistics.median(times),
        "p95": times[min(len(times) - 1, round(0.95 * len(times)))],
        "bytes": statistics.median(count for _, count in frames),
    }


def run(sizes: Sequence[int] = SIZES) -> dict[str, Figures]:
    """Figures by program and size (`board 149`, `table 149`), then by act: p50, p95, cpu in ms, bytes, memory in MB."""
    found = {f"board {units}": measure("board", units) for units in sizes}
    found[f"table {min(sizes)}"] = measure("table", min(sizes))
    return found


def table(found: Mapping[str, Figures]) -> str:
    """The figures as lines of text: p50/p95 and, behind them, bytes and processor time."""
    names = ["start", *ACTS, "memory"]
    lines = [f"{'ms, p50/p95':<14}" + "".join(f"{name:>26}" for name in found) + f"{'aim':>8}"]
    for name in names:
        cells = "".join(f"{_cell(figures[name]):>26}" for figures in found.values())
        lines.append(f"{name:<14}{cells}{ACTS[name].aim if name in ACTS else '':>8}")
    return "\n".join(lines)


def _cell(figures: Mapping[str, float]) -> str:
    text = f"{figures['p50']:.1f}"
    if "p95" in figures:
        text += f"/{figures['p95']:.1f} cpu {figures['cpu']:.1f}"
    return text + (f" {figures['bytes'] / 1000:.1f}k" if "bytes" in figures else "")


if __name__ == "__main__":
    sys.stdout.write(table(run([int(size) for size in sys.argv[1:]] or SIZES)) + "\n")
