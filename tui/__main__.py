"""Where `guatu` begins."""

from __future__ import annotations

import gc
import sys
from typing import Final

SELDOM: Final = (50_000, 10, 10)
"""The collector's pace while a program is put together, which makes much and leaves nothing to collect."""


def main() -> None:
    """Open the board when no word is typed behind `guatu`; else run the command line."""
    gc.set_threshold(*SELDOM)
    if sys.argv[1:]:
        from tui.cli import app  # noqa: PLC0415 -- so that importing this costs nothing
        from tui.commands.manners import only  # noqa: PLC0415

        only(app, sys.argv[1])(prog_name="guatu")
    else:
        _board()


def _board() -> None:
    """The board, without the command line: putting that together takes a fifth of the time to the first frame."""
    from shared.messages import choose, use  # noqa: PLC0415
    from tui.commands.board import board  # noqa: PLC0415

    use(choose(None))
    try:
        board()
    except Exception as fault:
        from tui.commands.failing import explained  # noqa: PLC0415 -- only for who has something to be told

        sys.exit(explained(fault))


if __name__ == "__main__":
    main()
