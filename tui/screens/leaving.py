"""Leaving a form in which something was typed: said once, done when it is said again."""

from __future__ import annotations

from shared.messages import _


class Leaving:
    """What stood in a form when it opened, and what stood when somebody first wanted to leave it."""

    def __init__(self) -> None:
        self._opened: object = None
        self._left: object = None
        self._known = False

    def opened(self, values: object) -> None:
        """This stands in the form before anybody typed."""
        self._opened, self._known = values, True

    def may_leave(self, values: object) -> bool:
        """Whether nothing would be lost, or it was said already that this would be."""
        if not self._known or values in (self._opened, self._left):
            return True
        self._left = values
        return False


def unsaved_words() -> str:
    """What is said before something typed is thrown away."""
    return _("What was typed is not saved: F2 saves it, Esc once more throws it away.")
