"""The top of the sync page: link, labels, progress, age, clock, disk, and what it means that a laptop was copied."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from rich.text import Text

from shared.messages import _, ngettext, pick
from tui.messages import LinkMoved, LinkState
from tui.replica import Labels
from tui.screens.head import age_of
from tui.screens.naming import moment

BAR: Final = 30
SKEW_SHOWN: Final = 120.0


@dataclass(frozen=True, slots=True)
class Standing:
    """How this laptop stands to the office. `copied`: since when it seems to have been copied or put back.

    `files_due`, `files_gone`: own files that the office has not got, and those of them that are not on this disk.
    """

    link: LinkMoved
    labels: Labels
    read_at: datetime | None
    now: datetime
    clock_offset: float | None = None
    copied: str = ""
    reading_only: str = ""
    files_due: int = 0
    files_gone: int = 0


def status_text(standing: Standing) -> Text:
    """Everything about the link in sentences."""
    text = link_text(standing.link)
    text.append("  " + age_of(standing.link, standing.read_at, standing.now))
    text.append("\n")
    text.append_text(labels_text(standing.labels))
    for words in files_words(standing.files_due, standing.files_gone):
        text.append("\n" + words, style="bold")
    if standing.reading_only:
        text.append("\n" + standing.reading_only, style="bold reverse")
    if standing.clock_offset is not None and abs(standing.clock_offset) > SKEW_SHOWN:
        text.append("\n" + clock_words(standing.clock_offset), style="bold")
    if standing.copied:
        text.append("\n" + copied_words(standing.copied), style="bold")
    return text


def link_text(link: LinkMoved) -> Text:
    """How the link stands, with the whole sentence of what is wrong, and how far it has caught up."""
    words = {
        LinkState.OFFLINE: _("offline"),
        LinkState.CONNECTING: _("connecting"),
        LinkState.CATCHING_UP: _("catching up"),
        LinkState.LIVE: _("live"),
    }
    text = Text(words[link.state], style="bold reverse" if link.state is LinkState.OFFLINE else "bold")
    if link.state is LinkState.CATCHING_UP:
        text.append("  " + progress(link.done, link.total))
    if reason := pick(link.zh, link.en):
        text.append("  " + reason, style="bold")
    return text


def progress(done: int, total: int) -> str:
    """A bar of ASCII with n of m behind it."""
    full = min(BAR, done * BAR // total) if total else 0
    return f"[{'#' * full}{'.' * (BAR - full)}]  " + _("{done} of {total}").format(done=done, total=total)


def labels_text(labels: Labels) -> Text:
    """The four labels with their counts."""
    text = Text()
    for words, number in (
        (_("saved here {n}"), labels.saved),
        (_("sent {n}"), labels.sent),
        (_("on the board {n}"), labels.on_board),
        (_("needs a look {n}"), labels.needs_look),
    ):
        text.append(words.format(n=number), style="bold" if number else "dim")
        text.append("   ")
    return text


def files_words(due: int, gone: int) -> list[str]:
    """How many files of papers the office has not got, and how many of them are gone; nothing when all are there."""
    words = []
    if due:
        text = ngettext("{n} file of a paper is not at the office yet; it follows its entry.",
                        "{n} files of papers are not at the office yet; they follow their entries.", due)  # fmt: skip
        words.append(text.format(n=due))
    if gone:
        text = ngettext("{n} file of a paper is not at the office, nor on this disk any more: enter the paper again.",
                        "{n} files of papers are not at the office, nor on this disk any more: enter them again.",
                        gone)  # fmt: skip
        words.append(text.format(n=gone))
    return words


def clock_words(offset: float) -> str:
    """How wrong this laptop's clock is, and that it does no harm."""
    words = _("This laptop's clock is {minutes} minutes {way}. Entries keep their order all the same; put it right.")
    way = _("fast") if offset > 0 else _("slow")
    return words.format(minutes=round(abs(offset) / 60), way=way)


def copied_words(since: str) -> str:
    """What it means that the office has met this laptop's data in two places."""
    words = _(
        "Since {since} the office has met this laptop's data in two states: it was copied to another machine, or put "
        "back from a backup. Nothing is lost and nothing clashes; but give each machine a code of its own."
    )
    return words.format(since=moment(since))
