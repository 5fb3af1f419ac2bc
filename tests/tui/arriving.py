"""What comes from the office, without an office: entries put into the laptop's log, as the link puts them there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import OptionList, Static

from shared.board.change import JSON, Change, encode
from shared.board.log_record import APPLIED, Cursor, LogRecord
from shared.board.record import step_address
from tests.tui.boards import BOARD
from tests.waiting import until
from tui.app import GuatuApp
from tui.messages import Arrived, LinkMoved, LinkState
from tui.replica import Batch

VILLAGE = "340111001204"
STEP = step_address(VILLAGE, "1.1")
AT = "2026-11-18T00:00:00Z"


def number_id(number: int) -> str:
    """The id made of a number."""
    return f"{number:032x}"


def entry(
    number: int,
    values: Mapping[str, JSON],
    address: str = STEP,
    seen: Mapping[str, tuple[int, ...]] | None = None,
    device: str = "d2",
    author: str = "李员",
    **more: Any,
) -> Change:
    """An entry with an id made of a number, that has seen those made of these."""
    named = {name: tuple(map(number_id, ids)) for name, ids in (seen or {}).items()}
    return Change(number_id(number), address, dict(values), named, author, device, "2026-11-01T08:00:00+08:00", **more)


async def arrive(app: GuatuApp, *changes: Change, status: str = APPLIED, at: str = AT) -> None:
    """Let these entries come in, with this status in the office's log."""

    def apply(replica: Any) -> Any:
        start = replica.cursor()
        records = tuple(
            LogRecord(start.seq + n, encode(change), status, change.device, at, "00" * 16)
            for n, change in enumerate(changes, 1)
        )
        return replica.apply(Batch(start, records, Cursor(BOARD, records[-1].seq, "cd" * 16), True))

    applied = await app.keeper.run(apply)
    assert applied is not None
    app.board.tell(Arrived(applied.owners, applied.landed))


async def land(app: GuatuApp, status: str = APPLIED) -> None:
    """Let the office take in all that waits here."""
    waiting = await app.keeper.run(lambda replica: replica.outbox.waiting())
    await arrive(app, *(change for each in waiting if (change := each.change()) is not None), status=status)


def go_live(app: GuatuApp) -> None:
    """Let the link say that it is live."""
    app.board.tell(LinkMoved(LinkState.LIVE))


async def settled(pilot: Pilot[None]) -> None:
    """Wait until nothing is being done."""
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


async def shows(app: GuatuApp, selector: str, wanted: str) -> str:
    """Wait until a text of the screen on top holds this; all of it."""
    await until(lambda: wanted in text_of(app, selector))
    return text_of(app, selector)


def text_of(app: GuatuApp, selector: str) -> str:
    """A text of the screen on top; nothing while it is not there."""
    found = next(iter(app.screen.query(selector)), None)
    return str(found.content) if isinstance(found, Static) else ""


def lines_of(app: GuatuApp, selector: str) -> list[str]:
    """The lines of a list on the screen on top."""
    options = next(iter(app.screen.query(selector)), None)
    if not isinstance(options, OptionList):
        return []
    return [str(options.get_option_at_index(at).prompt) for at in range(options.option_count)]


async def lists(app: GuatuApp, selector: str, wanted: str) -> list[str]:
    """Wait until a list of the screen on top has a line that holds this; all its lines."""
    await until(lambda: any(wanted in line for line in lines_of(app, selector)))
    return lines_of(app, selector)


async def lists_not(app: GuatuApp, selector: str, unwanted: str) -> list[str]:
    """Wait until no line of a list holds this; all its lines."""
    await until(lambda: not any(unwanted in line for line in lines_of(app, selector)))
    return lines_of(app, selector)


async def comes(app: GuatuApp, kind: type[Screen[Any]]) -> Screen[Any]:
    """Wait until a screen of this kind is on top."""
    await until(lambda: isinstance(app.screen, kind) and app.screen.is_mounted)
    return app.screen


def put_cursor(app: GuatuApp, selector: str, wanted: str) -> None:
    """Put a list's cursor on the line that holds this."""
    options = app.screen.query_one(selector, OptionList)
    lines = lines_of(app, selector)
    options.highlighted = next(at for at, line in enumerate(lines) if wanted in line)


def said(app: GuatuApp) -> str:
    """All notifications that stand."""
    return "\n".join(note.message for note in app._notifications)
