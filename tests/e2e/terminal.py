"""A real pseudo-terminal with a screen that can be read: what a person at the keyboard has."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Self

import pyte

BLOCK = 65536


class Terminal:
    """A program in a pseudo-terminal of a given size. `wait_for` reads until the screen shows what is asked for."""

    def __init__(
        self,
        command: Sequence[str],
        env: Mapping[str, str],
        columns: int = 120,
        rows: int = 34,
        *,
        deaf: bool = False,
    ) -> None:
        """`deaf`: the program is not told when the terminal is closed."""
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            if deaf:
                signal.signal(signal.SIGHUP, signal.SIG_IGN)
            size_env = {"COLUMNS": str(columns), "LINES": str(rows), "TERM": "xterm-256color"}
            os.execvpe(command[0], list(command), {**os.environ, **env, **size_env})
        size = struct.pack("HHHH", rows, columns, 0, 0)
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, size)
        self._code: int | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._code is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        if self._fd >= 0:
            os.close(self._fd)

    @property
    def text(self) -> str:
        """What stands on the screen now, line by line."""
        columns = range(self._screen.columns)
        lines = (self._screen.buffer[row] for row in range(self._screen.lines))
        return "\n".join("".join(line[column].data for column in columns) for line in lines)

    def send(self, keys: str) -> None:
        """Type these bytes."""
        os.write(self._fd, keys.encode())

    def close(self) -> None:
        """Close the terminal, as somebody who closes its window."""
        os.close(self._fd)
        self._fd = -1

    def wait_for(self, holds: Callable[[str], bool], seconds: float = 30.0) -> str:
        """The screen as soon as this holds of it; fails with the screen when it never does."""
        deadline = time.monotonic() + seconds
        while not holds(self.text):
            left = deadline - time.monotonic()
            assert left > 0, f"never came; the screen shows:\n{self.text}"
            self._read(left)
        return self.text

    def wait_for_text(self, wanted: str, seconds: float = 30.0) -> str:
        """The screen as soon as this text stands on it."""
        return self.wait_for(lambda text: wanted in text, seconds)

    def ended(self, seconds: float = 15.0) -> int:
        """The exit code, once the program has ended."""
        deadline = time.monotonic() + seconds
        while self._code is None:
            assert time.monotonic() < deadline, f"still running; the screen shows:\n{self.text}"
            self._read(0.1)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self._code = os.waitstatus_to_exitcode(status)
        return self._code

    def _read(self, seconds: float) -> None:
        if self._fd < 0:
            time.sleep(seconds)
            return
        ready, _, _ = select.select([self._fd], [], [], seconds)
        if ready:
            try:
                self._stream.feed(os.read(self._fd, BLOCK))
            except OSError:
                return
