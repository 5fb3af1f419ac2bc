"""The floor that everything durable stands on: lines of the same size appended to a file, each group with one fsync."""

from __future__ import annotations

import os
import time
from pathlib import Path
from types import TracebackType
from typing import Final, Self

GROUP: Final = 64
"""Lines (or entries) that share one fsync (or one transaction), where they are grouped."""
AROUND: Final = 160
"""What the log keeps beside a change's own bytes: its number, hash, address, owner, status, device, time and chain."""


class Floor:
    """A file that lines are appended to, on the disk the boards are on."""

    def __init__(self, folder: Path, line: int) -> None:
        self._line = b"x" * (line + AROUND - 1) + b"\n"
        self._file = os.open(folder / "floor.txt", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._file)

    def seconds(self, count: int, group: int = 1) -> list[float]:
        """How long each of so many groups took until it was on the disk."""
        block = self._line * group
        found: list[float] = []
        for _ in range(count):
            started = time.perf_counter()
            os.write(self._file, block)
            os.fsync(self._file)
            found.append(time.perf_counter() - started)
        return found
