"""Files that are there wholly or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

_BLOCK: Final = 256 * 1024


def write_aside(path: Path, chunks: Iterable[bytes], mode: int = 0o644) -> None:
    """Write to a temporary file in the same folder, flush it to the disk, and move it into place.

    On any error the old file stands as it was and the error is raised; a flush is never tried twice.
    """
    aside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        aside.unlink(missing_ok=True)  # whoever put it there would have chosen its mode, or where it leads
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with open(descriptor, "wb", buffering=_BLOCK) as file:  # noqa: PTH123 -- the descriptor carries the mode
            file.writelines(chunks)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    except BaseException as fault:
        if isinstance(fault, OSError) and fault.filename == str(aside):
            fault.filename = str(path)  # the name that was asked for says more than the one beside it
        aside.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sweep(path: Path) -> None:
    """Remove what writers of this file have left half-written when they died; nobody may be writing it now."""
    for aside in path.parent.glob(f".{path.name}.*.tmp"):
        aside.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable, where the system can (Windows keeps them itself)."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
