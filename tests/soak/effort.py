"""How long a soak runs, and the word it says about it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Effort:
    """What was asked for: `histories` of the model, `rounds` of what kills and cuts, and where chance begins.

    `place` is an empty folder for whatever a soak makes.
    """

    histories: int
    rounds: int
    seed: int
    place: Path


class Counted(NamedTuple):
    """How many of what were survived."""

    number: int
    of_what: str
