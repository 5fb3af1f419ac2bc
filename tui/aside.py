"""Files that a person asked for: there wholly or not at all, and readable by their user alone."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from tui.profile import PRIVATE


def write_aside(path: Path, parts: Iterable[bytes]) -> None:
    """Write beside the place, flush to the disk, and move into it; on any error what was there stands as it was."""
    aside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        aside.unlink(missing_ok=True)
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), PRIVATE)
        with open(descriptor, "wb") as file:  # noqa: PTH123 -- the descriptor carries the mode
            file.writelines(parts)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    except BaseException as fault:
        if isinstance(fault, OSError) and fault.filename == str(aside):
            fault.filename = str(path)  # the name that was asked for says more than the one beside it
        aside.unlink(missing_ok=True)
        raise
