"""Whether this terminal draws block characters in one cell: where it takes two, figures are drawn with signs instead.

Asked of the terminal itself before anything is shown, as no setting says it: a character is written, and the terminal
tells where its cursor is.
"""

from __future__ import annotations

import os
import re
import select
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

PATIENCE: Final = 0.2
"""Seconds for an answer; a terminal that does not know the question says nothing."""
_ASK: Final = "\r\u2580\x1b[6n"
_CLEAR: Final = "\r\x1b[K"
_ANSWER: Final = re.compile(rb"\x1b\[(\d+);(\d+)R")


class Asked:
    """A question that was put to a terminal. Whoever has something else to do meanwhile loses no time by it.

    `read` waits for at most so many seconds and returns what came, nothing when nothing did.
    """

    def __init__(
        self,
        write: Callable[[str], object],
        read: Callable[[float], bytes],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._write, self._read, self._clock = write, read, clock
        self._end = clock() + PATIENCE
        write(_ASK)

    def blocks_are_narrow(self) -> bool:
        """Whether a block took one cell. Without an answer yes: nearly all terminals draw it so."""
        said = b""
        while more := self._read(max(0.0, self._end - self._clock())):
            said += more
            if (found := _ANSWER.search(said)) is not None:
                self._write(_CLEAR)
                return int(found[2]) == 2
        self._write(_CLEAR)
        return True


@contextmanager
def asking() -> Iterator[Callable[[], bool]]:
    """Ask the terminal this program runs in; what is given says whether blocks are narrow.

    They are taken to be so where there is no terminal, or none that can be asked.
    """
    if os.name == "nt" or not (sys.stdin.isatty() and sys.stdout.isatty()):
        yield lambda: True
        return
    with _raw(sys.stdin.fileno()) as terminal:
        yield Asked(_write, lambda seconds: _read(terminal, seconds)).blocks_are_narrow


def _write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def _read(terminal: int, seconds: float) -> bytes:
    ready, _, _ = select.select([terminal], [], [], seconds)
    return os.read(terminal, 64) if ready else b""


@contextmanager
def _raw(terminal: int) -> Iterator[int]:
    """The terminal hands over every byte at once, and shows none of them; afterwards it is as it was."""
    import termios  # noqa: PLC0415 -- not on every system
    import tty  # noqa: PLC0415

    before = termios.tcgetattr(terminal)
    try:
        tty.setcbreak(terminal)
        yield terminal
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)
