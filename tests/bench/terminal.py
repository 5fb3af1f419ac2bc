"""A program in a real pseudo-terminal, and every byte it paints with the moment at which it came."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import Final, NamedTuple

import pyte

COLUMNS: Final = 200
ROWS: Final = 50
_BLOCK: Final = 1024 * 1024
_SAME_FRAME: Final = 0.01
"""Bytes that follow each other so closely are of one frame."""

Full = Callable[[Sequence[str]], bool]


class Painted(NamedTuple):
    """Some bytes, and when they came (seconds of the monotonic clock)."""

    at: float
    data: bytes


class Screened:
    """A running program. Its bytes are only kept while it is timed; what they show is worked out later."""

    def __init__(self, pid: int, fd: int, started: float) -> None:
        self.pid = pid
        self._fd = fd
        self.started = started

    def send(self, keys: bytes) -> float:
        """Type these bytes; returns when that was."""
        at = time.monotonic()
        os.write(self._fd, keys)
        return at

    def until_quiet(self, quiet: float, at_most: float = 30.0) -> list[Painted]:
        """What it paints, until it has painted nothing for so long."""
        found: list[Painted] = []
        latest = time.monotonic() + at_most
        while time.monotonic() < latest:
            ready, _, _ = select.select([self._fd], [], [], quiet if found else at_most)
            if not ready:
                break
            try:
                data = os.read(self._fd, _BLOCK)
            except OSError:
                break  # the program has ended
            found.append(Painted(time.monotonic(), data))
        return found


@contextmanager
def screened(
    command: Sequence[str], env: Mapping[str, str], columns: int = COLUMNS, rows: int = ROWS
) -> Iterator[Screened]:
    """Start a program in a terminal of 200×50, or of another size; it is killed when the block ends."""
    size = struct.pack("HHHH", rows, columns, 0, 0)
    started = time.monotonic()
    pid, fd = pty.fork()
    if pid == 0:
        fcntl.ioctl(0, termios.TIOCSWINSZ, size)
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        os.execvpe(command[0], list(command), {**kept, **env, "TERM": "xterm-256color"})  # compiled, as users have it
    try:
        yield Screened(pid, fd, started)
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(fd)


def first_full(painted: Sequence[Painted], full: Full) -> float | None:
    """When the last byte of the first frame came that this holds of; nothing when there was none."""
    screen = pyte.Screen(COLUMNS, ROWS)
    stream = pyte.ByteStream(screen)
    for number, part in enumerate(painted):
        stream.feed(part.data)
        if full(screen.display):
            return _end_of_frame([at for at, _ in painted[number:]])
    return None


def _end_of_frame(moments: Sequence[float]) -> float:
    """The last of these moments that follows the one before it at once."""
    for earlier, later in pairwise(moments):
        if later - earlier > _SAME_FRAME:
            return earlier
    return moments[-1]


def last_screen(painted: Sequence[Painted]) -> str:
    """What stands on the screen in the end, for a complaint."""
    screen = pyte.Screen(COLUMNS, ROWS)
    pyte.ByteStream(screen).feed(b"".join(data for _, data in painted))
    return "\n".join(line.rstrip() for line in screen.display)
