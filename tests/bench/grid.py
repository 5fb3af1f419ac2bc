"""The grid's own measurement in a real terminal, brought into the same tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from tests.bench import grid_terminal
from tests.bench.figures import Aim, Figure

BENCH: Final = "grid"
_AIMS: Final[dict[tuple[str, str], Aim]] = {
    ("cursor", "p50"): Aim(6),
    ("cursor", "p95"): Aim(14),
    ("live cell", "p50"): Aim(4),
    ("live cell", "p95"): Aim(14),
    ("live cell", "bytes"): Aim(1_000),
    ("page", "p50"): Aim(40),
    ("filter", "p50"): Aim(28),
    ("sort", "p50"): Aim(168),
}
"""Twice what the prototype took."""


def measure(sizes: Sequence[int]) -> Iterator[Figure]:
    """What `grid_terminal` measures, as figures; Textual's own table only where it was measured beside."""
    for title, acts in grid_terminal.run(sizes).items():
        program, _, size = title.rpartition(" ")
        for act, found in acts.items():
            for kind, value in found.items():
                aim = _AIMS.get((act, kind)) if program == "board" else None
                yield Figure(BENCH, int(size), f"{program}: {act}, {kind}", value, _measure_of(act, kind), aim)


def _measure_of(act: str, kind: str) -> str:
    if kind == "bytes":
        return "bytes"
    return "MB" if act == "memory" else "ms"
