"""`guatu`: the board itself."""

from __future__ import annotations

from tui.laptop import Busy, Laptop


def board() -> None:
    """Open the board; beside another guatu on this laptop it only reads. Raises what `failing` explains."""
    from tui.app import GuatuApp  # noqa: PLC0415 -- Textual only where something is drawn

    try:
        laptop = Laptop(writing=True)
    except Busy:
        laptop = Laptop()
    with laptop:
        GuatuApp(laptop).run()
