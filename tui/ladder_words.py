"""The ladder of escalation, days and lines in words, in the language spoken."""

from __future__ import annotations

from collections.abc import Sequence

from shared.campaign.model import Rung
from shared.messages import ngettext, pick
from tui.grid.plain import plain


def rung_words(ladder: Sequence[Rung], number: int) -> str:
    """What a rung is called, counted from 1; nothing below the ladder."""
    return plain(pick(ladder[number - 1].title, ladder[number - 1].title_en)) if 0 < number <= len(ladder) else ""


def ladder_words(ladder: Sequence[Rung]) -> str:
    """The whole ladder, as short as it can be said: `0 unit  +3 town  +7 district`."""
    days = (f"+{rung.days}" if rung.days else "0" for rung in ladder)
    return "  ".join(f"{day} {rung_words(ladder, number)}" for number, day in enumerate(days, 1))


def days_words(days: int) -> str:
    """So many days."""
    return ngettext("{n} day", "{n} days", days).format(n=days)


def lines_words(lines: int) -> str:
    """So many lines."""
    return ngettext("{n} line", "{n} lines", lines).format(n=lines)
