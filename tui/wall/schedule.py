"""Which pages take turns: all that have something to show now, in their order, and those of towns that are late."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from tui.wall.box import Box, Page
from tui.wall.facts import Facts
from tui.wall.lines import safe
from tui.wall.pages.burnup import BurnUp
from tui.wall.pages.phases import Phases
from tui.wall.pages.problems import Problems
from tui.wall.pages.since import Since
from tui.wall.pages.surveys import Surveys
from tui.wall.pages.town import OneTown
from tui.wall.pages.towns import Towns
from tui.wall.pages.visits import Visits
from tui.wall.pages.worst import Worst

PAGES: Final[tuple[Page, ...]] = (
    Towns(), Worst(), Phases(), BurnUp(), Since(), Problems(), Visits(), Surveys(),
)  # fmt: skip
"""The pages that are about all towns, in the order in which they take turns."""
MOST_TOWNS: Final = 8
"""So many towns that are late have a page of their own in turn; any other is a key away."""
MOST_PARTS: Final = 2
TOWN: Final = "town:"


class Slot(NamedTuple):
    """One part of a page, by the page's name and its number from 0."""

    page: str
    part: int = 0


def slots(facts: Facts, box: Box) -> tuple[Slot, ...]:
    """What takes turns now; at least one."""
    found = [Slot(page.name, part) for page in _turning(facts) for part in range(_in_turn(page, facts, box))]
    return tuple(found) or (Slot(PAGES[0].name),)


def _in_turn(page: Page, facts: Facts, box: Box) -> int:
    """How many parts of a page take turns: of a long register its beginning, of the towns all."""
    parts = page.parts(facts, box)
    return parts if page.name == Towns.name else min(parts, MOST_PARTS)


def page_named(name: str) -> Page | None:
    """The page of this name: one of all towns, or `town:CODE`."""
    if name.startswith(TOWN):
        return OneTown(name.removeprefix(TOWN))
    return next((page for page in PAGES if page.name == name), None)


def title_of(slot: Slot, facts: Facts, *, words: bool = True) -> str:
    """What a page is called; that of a town by the town's name, or its code where no Chinese can be shown."""
    if slot.page.startswith(TOWN):
        code = slot.page.removeprefix(TOWN)
        name = next((safe(town.name) for town in facts.towns if town.code == code), "")
        return name if name and words else code
    page = page_named(slot.page)
    return page.title() if page is not None else slot.page


def _turning(facts: Facts) -> Iterator[Page]:
    yield from PAGES
    late = sorted((town for town in facts.towns if town.counts.overdue), key=lambda town: -town.counts.overdue)
    for town in sorted(late[:MOST_TOWNS], key=lambda town: town.code):
        yield OneTown(town.code)
