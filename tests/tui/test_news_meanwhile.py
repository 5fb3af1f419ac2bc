"""News comes while a page opens, while it is being left, while the program ends: nobody sees an error."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual.screen import Screen

from shared.roster import Unit
from tests.tui.arriving import VILLAGE, arrive, comes, entry, lines_of, lists
from tests.tui.boards import laptop
from tests.waiting import event, until
from tui.acting import Records
from tui.app import Follows, GuatuApp
from tui.live_board import Delta
from tui.past import Scope
from tui.screens.board import BoardScreen
from tui.screens.history.page import HistoryPage
from tui.screens.sync.page import SyncPage
from tui.screens.unit_page import UnitPage

PAGES: dict[str, Callable[[GuatuApp], Screen[Any]]] = {
    "unit": lambda app: UnitPage(app.board, _view(app).units[VILLAGE], app.light_style),
    "sync": lambda app: SyncPage(app.board),
    "history": lambda app: HistoryPage(app.board, Scope(unit=VILLAGE)),
}


def _view(app: GuatuApp) -> Any:
    assert app.board.view is not None
    return app.board.view


class Held:
    """The disk does nothing until it is let go."""

    def __init__(self, app: GuatuApp) -> None:
        self._begun, self._go = threading.Event(), threading.Event()
        self._work = app.keeper.run(self._wait)

    def _wait(self, _replica: object) -> None:
        self._begun.set()
        self._go.wait(20)

    async def __aenter__(self) -> Held:
        self._task = asyncio.ensure_future(self._work)
        await event(self._begun.wait)
        return self

    async def __aexit__(self, *_exc: object) -> None:
        self._go.set()
        await self._task

    def let_go(self) -> None:
        """Let the disk work."""
        self._go.set()


@pytest.mark.parametrize("kind", PAGES)
async def test_news_that_comes_before_a_page_is_made_is_no_error(tmp_path: Path, kind: str) -> None:
    app = GuatuApp(laptop(tmp_path), connect=False)
    async with app.run_test(size=(120, 40)):
        await until(lambda: app.board.view is not None)
        page = PAGES[kind](app)
        assert isinstance(page, Follows)
        app.push_screen(page)
        assert not page.is_mounted
        await app.absorbed(Delta(whole=True, touched=frozenset({VILLAGE})))
        await until(lambda: page.is_mounted)


async def test_a_page_may_be_left_while_the_disk_reads_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = GuatuApp(laptop(tmp_path), connect=False)
    reading, go_on, records = asyncio.Event(), asyncio.Event(), app.board.records

    async def slowly(unit: Unit) -> Records:
        reading.set()
        await go_on.wait()
        return await records(unit)

    async with app.run_test(size=(120, 40)):
        await until(lambda: app.board.view is not None)
        app.open_unit(VILLAGE)
        await comes(app, UnitPage)
        await until(lambda: lines_of(app, "#steps"))
        monkeypatch.setattr(app.board, "records", slowly)
        app.board.touched({VILLAGE})
        await reading.wait()
        page = app.screen
        app.pop_screen()
        await until(lambda: not page.children)
        go_on.set()
        await arrive(app, entry(7, {"state": "done", "done_on": "2026-09-20"}))
        await until(lambda: _view(app).rows[VILLAGE].done)


async def test_a_unit_page_shows_what_came_while_it_was_read(tmp_path: Path) -> None:
    app = GuatuApp(laptop(tmp_path), connect=False)
    async with app.run_test(size=(120, 40)):
        await until(lambda: app.board.view is not None)
        app.open_unit(VILLAGE)
        await arrive(app, entry(7, {"note": "山路滑坡"}))
        await lists(app, "#steps", "山路滑坡")


async def test_the_program_may_end_while_news_is_taken_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = GuatuApp(laptop(tmp_path), connect=False)
    absorbing, absorb = asyncio.Event(), app.board.absorb

    async def telling() -> Delta:
        absorbing.set()
        return await absorb()

    async def let_go_when_gone(held: Held) -> None:
        await until(lambda: not app.main.children)
        held.let_go()

    async with app.run_test(size=(120, 40)):
        await until(lambda: app.board.view is not None and app.main.is_mounted)
        held = await Held(app).__aenter__()
        monkeypatch.setattr(app.board, "absorb", telling)
        app.board.touched({VILLAGE})
        await absorbing.wait()
        gone = asyncio.create_task(let_go_when_gone(held))
    await gone


async def test_a_board_may_be_resized_before_it_is_made(tmp_path: Path) -> None:
    app = GuatuApp(laptop(tmp_path), connect=False)
    async with app.run_test(size=(120, 40)):
        app.push_screen(board := BoardScreen(app.board, app.palette))
        assert not board.children
        board._show_legend()
        await until(lambda: board.is_mounted)
