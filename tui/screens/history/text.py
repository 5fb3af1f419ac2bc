"""What a history says of itself: whose it is, and how far back this laptop knows it."""

from __future__ import annotations

from rich.text import Text

from shared.messages import _
from tui.chronicle import Line
from tui.grid.plain import plain
from tui.past import LINES, Scope
from tui.screens.asking import Inquiry, Way
from tui.screens.naming import unit_name
from tui.screens.sync.detail import told_text
from tui.view import BoardView


def head_text(view: BoardView | None, scope: Scope, count: int, behind: int) -> Text:
    """The title of a history. `behind`: the record of the log before which nothing is known here."""
    text = Text(_("History") + "  ", style="bold")
    text.append(scope_words(view, scope), style="bold")
    text.append(
        "  " + (_("the newest {count} entries") if count >= LINES else _("entries {count}")).format(count=count)
    )
    if behind:
        text.append("  " + _("as far as this laptop knows it"), style="dim")
    return text


def undo_inquiry(view: BoardView | None, told: Line, many: int) -> Inquiry:
    """Whether an entry is to be taken back, with the `many` entries of its act."""
    words = _("take it back") if many == 1 else _("take back all {count} entries of this act").format(count=many)
    return Inquiry(_("Take this back?"), told_text(view, told), [Way("back", Text(words))])


def scope_words(view: BoardView | None, scope: Scope) -> str:
    """Whose history it is."""
    if scope.person:
        return plain(scope.person)
    if scope.area:
        town = view.towns.get(scope.area) if view is not None else None
        return plain(town.name) if town is not None else plain(scope.area)
    return f"{unit_name(view, scope.unit)}  {plain(scope.step)}".rstrip()
