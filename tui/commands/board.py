"""`guatu`: the board itself."""

from __future__ import annotations

from tui.commands.failing import plainly
from tui.laptop import Busy, Laptop


@plainly
def board() -> None:
    """Open the board; beside another guatu on this laptop it only reads."""
    from tui.app import GuatuApp  # noqa: PLC0415 -- Textual only where something is drawn

    try:
        laptop = Laptop(writing=True)
    except Busy:
        laptop = Laptop()
    with laptop:
        GuatuApp(laptop).run()
