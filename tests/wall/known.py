"""Facts for tests that tell what they drew: with a name in place of all that stands there."""

from __future__ import annotations

from tui.wall.facts import Facts


class Known:
    """The facts of the simulated district."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts

    def __repr__(self) -> str:
        return "the district"
