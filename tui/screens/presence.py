"""Whether a screen still has anything to show things on: news and readings come when they come."""

from __future__ import annotations

from typing import Any

from textual.screen import Screen


def present(screen: Screen[Any]) -> bool:
    """Whether a screen has been made and is not being left: only then are all its widgets there.

    Ask again after every wait; a page may be left, and the program ended, while the disk reads.
    """
    return screen.display and bool(screen.children)
