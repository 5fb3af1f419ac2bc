"""Pictures of screens kept as text: what stands there cell by cell, and a short sum of how it is painted.

`GUATU_SNAPSHOTS=write python -m pytest tests/wall tests/tui/test_looks.py` writes them anew; a change is then read in
the diff like any other.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from rich.segment import Segment

KEPT: Final = Path(__file__).parent / "kept"
WRITE: Final = os.environ.get("GUATU_SNAPSHOTS") == "write"


def agrees(name: str, text: str, painted: Mapping[str, str]) -> None:
    """The picture of this name is this; `painted`: palette → the sum of its styles. Fails with what differs."""
    body = text + "\n" + "".join(f"\n{palette}: {value}" for palette, value in sorted(painted.items())) + "\n"
    path = KEPT / f"{name}.txt"
    if WRITE:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(body, encoding="utf-8")
        return
    assert path.exists(), f"there is no picture {name} yet: GUATU_SNAPSHOTS=write"
    kept = path.read_text(encoding="utf-8")
    assert body == kept, f"{name} looks different: read it, then GUATU_SNAPSHOTS=write"


def sum_of(lines: Iterable[Iterable[Segment]]) -> str:
    """A short sum of the styles of a screen, run by run."""
    told = hashlib.blake2b(digest_size=8)
    for line in lines:
        for text, style, _control in line:
            told.update(f"{len(text)}:{style}\n".encode())
    return told.hexdigest()
