"""Histories by chance: a seed says all that happens in one, so that a night of them can be told again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random
from typing import Final
from unittest.mock import patch

from tests.property.system.ending import come_to_an_end
from tests.property.system.rules import RULES, Rule
from tests.property.system.system import MAX_LAPTOPS, System

STEPS: Final = 50
_RULES: Final[list[Rule]] = [rule for rule, weight in RULES.values() for _ in range(weight)]


def run_histories(seed: int, count: int, steps: int = STEPS) -> Counter[str]:
    """Run `count` histories made of a seed; how often each rule was chosen.

    A promise that is broken raises `AssertionError` with the number of the history, and what happened in it as notes.
    """
    counts: Counter[str] = Counter()
    for number in range(count):
        run_history(Random(f"{seed}/{number}"), counts, f"history {number} of seed {seed}", steps)
    return counts


def run_history(
    chance: Random,
    counts: Counter[str],
    name: str = "",
    steps: int = STEPS,
    look: Callable[[System], None] = lambda system: None,
) -> None:
    """Run one history to its end, where somebody may take a look at what has become of all."""
    told: list[str] = []
    with small_pages():
        system = System(2 + chance.randrange(MAX_LAPTOPS - 1))
        try:
            for _ in range(steps):
                happens, numbers = chance.choice(_RULES), [chance.randrange(256) for _ in range(3)]
                told.append(f"{happens.__name__}{tuple(numbers)}")
                counts[happens.__name__] += 1
                happens(system, *numbers)
                system.check()
            come_to_an_end(system)
            look(system)
        except BaseException as broken:
            broken.add_note(f"in {name}, {len(system.laptops)} laptops: " + "; ".join(told))
            raise
        finally:
            system.close()


@contextmanager
def small_pages() -> Iterator[None]:
    """The office's bounds so small that a few records are more than one batch, and more than its memory."""
    with patch("server.feed.MAX_BATCH_RECORDS", 2), patch("server.feed.TAIL_RECORDS", 4):
        yield
