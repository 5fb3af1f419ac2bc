"""A record's file from a screen: fetched from the office if it is not here, and written where a person wants it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from rich.text import Text
from textual.app import App

from shared.attached import Attached
from shared.messages import _, pick
from tui.exporting import write_new
from tui.grid.plain import plain
from tui.live_board import LiveBoard
from tui.screens.asking import Answer, Asking, Inquiry, Way


def ask_file(app: App[Any], board: LiveBoard, file: Attached) -> None:
    """Ask where a file is to be written, and write it there; one that is there stays as it is."""
    size = _("{size} bytes").format(size=f"{file.size:,}")
    ways = [Way("write", Text(_("Write it to this new file")))]
    inquiry = Inquiry(_("A copy of the file"), Text(f"{plain(file.name)}  {size}"), ways, _("File"), _proposed(file))

    async def write(answer: Answer) -> str | None:
        if not answer.text.strip():
            return _("This must be filled in.")
        return await _written(board, file, Path(answer.text.strip()))

    def said(answer: Answer | None) -> None:
        if answer is not None:
            app.notify(_("Written: {file}.").format(file=plain(answer.text.strip())), markup=False)

    app.push_screen(Asking(inquiry, write), said)


async def _written(board: LiveBoard, file: Attached, path: Path) -> str | None:
    from tui.courier import fetch  # noqa: PLC0415 -- aiohttp only where the network may be used
    from tui.faults import Fault  # noqa: PLC0415

    try:
        source = await fetch(board.profile, file, board.now)
        await asyncio.to_thread(lambda: write_new(path.expanduser(), source.read_bytes()))
    except Fault as failed:
        return pick(failed.zh, failed.en)
    except FileExistsError:
        return _("{file} is there already; give another name.").format(file=plain(str(path)))
    except OSError as failed_here:
        return _("Not written: {why}.").format(why=plain(str(failed_here.strerror or failed_here)))
    return None


def _proposed(file: Attached) -> str:
    """A new file in this person's folder; a name that somebody typed becomes no path."""
    name = plain(file.name).replace("/", "_").replace("\\", "_").lstrip(".") or file.hash[:8]
    return str(Path.home() / name)
