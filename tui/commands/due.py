"""How many own files the office has not got yet, and how that is said."""

from __future__ import annotations

import typer

from shared.messages import ngettext
from tui.attachments import due
from tui.laptop import Laptop


def files_due(laptop: Laptop) -> int:
    """How many own files are here that the office has not confirmed."""
    return len(due(laptop.replica, laptop.profile.folder).here)


def tell_due(count: int) -> None:
    """Say that files are due, if any are, and which way they go."""
    if count:
        text = ngettext("{n} file is not at the office yet; guatu sync or the board sends it over the network.",
                        "{n} files are not at the office yet; guatu sync or the board sends them over the network.",
                        count)  # fmt: skip
        typer.echo(text.format(n=count))
