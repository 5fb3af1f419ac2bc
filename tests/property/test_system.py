"""Two to five laptops, an office, a bad wire, bad disks and bad days: every promise, after every step and at the end.

Each of eight runs has a seed of its own, so that every run of the tests is the same 2,048 histories. In one of them
hypothesis chooses, and makes what breaks a promise as short as it can be; in seven chance alone does, in half the
time. `python -m tests.soak` runs as many others as one likes.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import Final

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from tests.property.histories import STEPS, run_histories, small_pages
from tests.property.system.ending import come_to_an_end
from tests.property.system.rules import RULES
from tests.property.system.system import MAX_LAPTOPS, System

CHOSEN: Final = range(1)
BY_CHANCE: Final = range(1, 8)
HISTORIES: Final = 256
NAMES: Final = [name for name, (_, weight) in RULES.items() for _ in range(weight)]


class SystemMachine(RuleBasedStateMachine):
    """The rules of `tests/property/system/rules.py`, chosen and told again by hypothesis."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.stack.enter_context(small_pages())
        self.system: System | None = None

    @initialize(laptops=st.integers(2, MAX_LAPTOPS))
    def begin(self, laptops: int) -> None:
        self.system = System(laptops)

    @rule(name=st.sampled_from(NAMES), numbers=st.integers(0, 2**24 - 1))
    def step(self, name: str, numbers: int) -> None:
        assert self.system is not None
        self.system.sound = False
        happens, _ = RULES[name]
        happens(self.system, numbers >> 16, numbers >> 8 & 255, numbers & 255)

    @invariant()
    def every_promise_holds(self) -> None:
        if self.system is not None:
            self.system.check()

    def teardown(self) -> None:
        """The end of every history, unless a promise is broken already: faults stop, and all is well."""
        try:
            if self.system is not None and self.system.sound:
                come_to_an_end(self.system)
        finally:
            if self.system is not None:
                self.system.close()
            self.stack.close()


@pytest.mark.timeout(600)
@pytest.mark.parametrize("number", CHOSEN)
def test_every_promise_holds_after_every_step_and_at_the_end(number: int) -> None:
    machine = seed(number)(type(f"SystemMachine{number}", (SystemMachine,), {}))
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=HISTORIES,
            stateful_step_count=STEPS,
            database=None,
            phases=(Phase.explicit, Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.timeout(600)
@pytest.mark.parametrize("number", BY_CHANCE)
def test_every_promise_holds_whatever_happens_by_chance(number: int) -> None:
    assert sum(run_histories(number, HISTORIES).values()) == HISTORIES * STEPS
