"""Offering the sync page by itself: a sentence and a mark, never anything that takes the keys from who is typing."""

from __future__ import annotations

from shared.messages import _
from tui.holding import may_decide
from tui.live_board import LiveBoard
from tui.messages import LinkState


class Offer:
    """Knows what has been offered, so that a sentence comes only when more wants a person than before."""

    def __init__(self) -> None:
        self._told = 0
        self._copied = ""

    def of(self, board: LiveBoard) -> str | None:
        """What to say after a sync that leaves something to do; nothing when nothing is new, or the link not live."""
        if board.link.copied and board.link.copied != self._copied:
            self._copied = board.link.copied
            return _("This laptop's data seems to have been copied or put back: F12 says what that means.")
        if board.view is None or board.link.state is not LinkState.LIVE:
            return None
        collisions, held = board.view.collisions, undecided(board)
        wants = collisions + held + board.labels.needs_look
        more, self._told = wants > self._told, wants
        return _wants_words(collisions, board.labels.needs_look, held) if more else None


def undecided(board: LiveBoard) -> int:
    """How many held entries wait for a decision that this device may make."""
    view, identity = board.view, board.identity
    if view is None:
        return 0
    return sum(count for owner, count in view.undecided.items() if may_decide(identity, owner))


def _wants_words(collisions: int, looks: int, held: int) -> str:
    parts = []
    if collisions:
        parts.append(_("collisions {count}").format(count=collisions))
    if looks:
        parts.append(_("entries of yours that need a look {count}").format(count=looks))
    if held:
        parts.append(_("held entries to decide on {count}").format(count=held))
    return _("F12 shows: {what}.").format(what=", ".join(parts))
