"""What people see and settle on the sync page: nothing in dispute is decided by anybody but them."""

from __future__ import annotations

import json
import stat
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from shared.board.change import JSON, Change
from shared.board.holds import hold_address
from shared.board.record import Record, step_address, unit_address
from tests.tui.arriving import (
    STEP,
    VILLAGE,
    arrive,
    comes,
    entry,
    go_live,
    land,
    lines_of,
    lists,
    lists_not,
    number_id,
    put_cursor,
    said,
    settled,
    shows,
    text_of,
)
from tests.tui.boards import laptop
from tests.waiting import until
from tui import attachments, greeting, stock
from tui.app import GuatuApp
from tui.messages import LinkMoved, LinkState
from tui.replica import Replica
from tui.screens.asking import Asking
from tui.screens.board import BoardScreen
from tui.screens.editor import StepEditor
from tui.screens.history.page import HistoryPage
from tui.screens.sync.page import SyncPage

SIZE = (120, 34)
HELD = step_address("340111100201", "1.2")


@pytest.fixture
def app(tmp_path: Path) -> GuatuApp:
    return GuatuApp(laptop(tmp_path), connect=False)


def running(app: GuatuApp, size: tuple[int, int] = SIZE) -> Any:
    return app.run_test(size=size, notifications=True)


async def collide(app: GuatuApp) -> None:
    """Two laptops have said different things of one step, both after seeing that it was in progress."""
    await arrive(
        app,
        entry(1, {"state": "doing", "started_on": "2026-09-01"}),
        mine(2, {"state": "done", "done_on": "2026-09-20", "note": "甲说"}, seen={"state": (1,)}),
        entry(3, {"state": "submitted", "submitted_on": "2026-09-21", "note": "乙说"}, seen={"state": (1,)}),
    )


async def open_page(app: GuatuApp, pilot: Pilot[None], wanted: str = "") -> None:
    await pilot.press("f12")
    await comes(app, SyncPage)
    if wanted:
        await lists(app, "#items", wanted)
    await settled(pilot)


def mine(number: int, values: dict[str, JSON], address: str = STEP, **more: Any) -> Change:
    """An entry that was made on this laptop."""
    return entry(number, values, address, device="d1", author="王组长", **more)


async def export(app: GuatuApp, pilot: Pilot[None], path: Path) -> None:
    """Ask for the held entry to be written to a file."""
    put_cursor(app, "#items", "[held")
    await pilot.press("enter")
    question = await comes(app, Asking)
    put_cursor(app, "#ways", "file")
    question.query_one("#text", Input).value = str(path)
    await pilot.press("enter")


async def record(app: GuatuApp, address: str = STEP) -> Record:
    owner = address.split("/")[1]
    return await app.keeper.run(lambda replica: replica.records(owner)[address])


def saved(change: Change, replica: Replica) -> None:
    replica.save([change])


async def own(app: GuatuApp) -> list[Change]:
    waiting = await app.keeper.run(lambda replica: replica.outbox.waiting())
    return [change for each in waiting if (change := each.change()) is not None]


async def test_values_stand_side_by_side_with_author_time_device_and_what_each_had_seen(app: GuatuApp) -> None:
    async with running(app) as pilot:
        await collide(app)
        await open_page(app, pilot, "state: done | submitted")
        put_cursor(app, "#items", "state:")
        shown = await shows(app, "#detail", "submitted")
        assert "陆大村  1.1" in shown
        for wanted in ("done  2026-09-20", "王组长", "this laptop", "李员", "laptop d2", "2026-11-01 08:00"):
            assert wanted in shown
        assert shown.count("had seen: in progress") == 2


async def test_a_number_and_enter_take_one_value_and_name_what_was_shown(app: GuatuApp) -> None:
    async with running(app) as pilot:
        await collide(app)
        await open_page(app, pilot, "state:")
        put_cursor(app, "#items", "state:")
        await pilot.press("2")
        await comes(app, Asking)
        await pilot.press("enter")
        await until(lambda: isinstance(app.screen, SyncPage))
        (made,) = await own(app)
        assert made.values == {"state": "submitted", "submitted_on": "2026-09-21"}
        assert set(made.seen["state"]) == {number_id(2), number_id(3)}
        assert (await record(app)).collisions() == ("note",)
        await lists_not(app, "#items", "state: ")
        assert "Settled" in said(app)


async def test_arrows_and_enter_take_a_value_as_well(app: GuatuApp) -> None:
    async with running(app) as pilot:
        await collide(app)
        await open_page(app, pilot, "state:")
        put_cursor(app, "#items", "state:")
        await pilot.press("enter")
        await comes(app, Asking)
        await pilot.press("down", "enter")
        await until(lambda: isinstance(app.screen, SyncPage))
        assert [dict(made.values)["state"] for made in await own(app)] == ["submitted"]


async def test_a_value_that_comes_while_the_question_stands_open_is_not_wiped(app: GuatuApp) -> None:
    async with running(app) as pilot:
        await collide(app)
        await open_page(app, pilot, "state:")
        put_cursor(app, "#items", "state:")
        await pilot.press("enter")
        question = await comes(app, Asking)
        await arrive(app, entry(4, {"state": "returned", "returned_on": "2026-09-22"}, device="d3"))
        await until(lambda: (view := app.board.view) is not None and view.collisions == 2)
        assert app.screen is question
        await pilot.press("1")
        await until(lambda: isinstance(app.screen, SyncPage))
        (made,) = await own(app)
        assert set(made.seen["state"]) == {number_id(2), number_id(3)}, "what was shown, not what stands when saving"
        assert [head.value for head in (await record(app)).heads("state") if head.id != made.id] == ["returned"]
        await lists(app, "#items", "returned")


async def test_notes_can_stand_both_in_one(app: GuatuApp) -> None:
    async with running(app) as pilot:
        await collide(app)
        await open_page(app, pilot, "note:")
        put_cursor(app, "#items", "note:")
        await pilot.press("enter")
        await comes(app, Asking)
        await pilot.press("3")
        await until(lambda: isinstance(app.screen, SyncPage))
        assert [made.values for made in await own(app)] == [{"note": "甲说\n乙说"}]


async def test_a_third_value_can_be_entered(app: GuatuApp) -> None:
    async with running(app) as pilot:
        await collide(app)
        await open_page(app, pilot, "note:")
        put_cursor(app, "#items", "note:")
        await pilot.press("enter")
        await comes(app, Asking)
        app.screen.query_one("#text", TextArea).text = "都不对 [b]"
        await pilot.press("4")
        await until(lambda: isinstance(app.screen, SyncPage))
        put_cursor(app, "#items", "state:")
        await pilot.press("enter")
        await comes(app, Asking)
        put_cursor(app, "#ways", "in progress")
        await pilot.press("enter")
        await until(lambda: isinstance(app.screen, SyncPage))
        third = {"state": "doing", "started_on": "2026-11-18"}
        assert [made.values for made in await own(app)] == [{"note": "都不对 [b]"}, third]
        await lists_not(app, "#items", "side by side")


async def test_many_are_settled_at_once_and_taken_back_as_one(app: GuatuApp) -> None:
    async with running(app) as pilot:
        await collide(app)
        await open_page(app, pilot, "state:")
        await pilot.press("ctrl+a", "f5")
        await comes(app, Asking)
        assert any("entered on this laptop" in line and "2 of 2" in line for line in lines_of(app, "#ways"))
        await pilot.press("1")
        await until(lambda: isinstance(app.screen, SyncPage))
        made = await own(app)
        assert {change.act for change in made} != {None}
        assert len({change.act for change in made}) == 1
        assert sorted(name for change in made for name in change.values) == ["done_on", "note", "state"]
        assert (await record(app)).collisions() == ()
        await pilot.press("ctrl+z")
        await until(lambda: "Taken back" in said(app))
        assert set((await record(app)).collisions()) == {"note", "state"}


async def test_the_space_bar_marks_one_and_only_that_one_is_settled(app: GuatuApp) -> None:
    async with running(app) as pilot:
        await collide(app)
        await open_page(app, pilot, "note:")
        put_cursor(app, "#items", "note:")
        await pilot.press("space", "f5")
        await comes(app, Asking)
        put_cursor(app, "#ways", "both texts")
        await pilot.press("enter")
        await until(lambda: isinstance(app.screen, SyncPage))
        assert (await record(app)).collisions() == ("state",)


async def test_when_the_disk_refuses_the_question_stays_with_what_was_typed(
    app: GuatuApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    async with running(app) as pilot:
        await collide(app)
        await open_page(app, pilot, "note:")
        put_cursor(app, "#items", "note:")
        await pilot.press("enter")
        question = await comes(app, Asking)
        question.query_one("#text", TextArea).text = "写了很久"
        monkeypatch.setattr(app.laptop.replica, "save", full)
        await pilot.press("4")
        await until(lambda: "No space" in text_of(app, "#problem"))
        assert app.screen is question
        assert question.query_one("#text", TextArea).text == "写了很久"


async def test_own_entries_are_listed_each_with_how_far_it_has_come(app: GuatuApp) -> None:
    async with running(app) as pilot:
        view = app.board.view
        assert view is not None
        unit = view.units[VILLAGE]
        await app.board.enter(unit, "1.3", await app.board.records(unit), {"note": "还在本机"})
        await arrive(app, mine(5, {"note": "被暂存"}, HELD), status="held:no-right")
        await open_page(app, pilot, "[saved here]")
        lines = lines_of(app, "#items")
        assert any("[held: no right in that area]" in line for line in lines)
        status = await shows(app, "#status", "needs a look 1")
        assert "saved here 1" in status
        await land(app)
        await lists(app, "#items", "Went out since you last looked")
        await shows(app, "#status", "on the board 1")


async def test_what_came_in_is_told_in_plain_words_until_somebody_has_looked(app: GuatuApp) -> None:
    async with running(app) as pilot:
        await arrive(
            app,
            entry(1, {"state": "doing"}),
            entry(2, {"state": "done", "done_on": "2026-09-20"}, seen={"state": (1,)}),
        )
        await open_page(app, pilot, "陆大村 1.1: in progress -> done (2026-09-20), by 李员")
        await pilot.press("escape")
        await until(lambda: isinstance(app.screen, BoardScreen))
        await arrive(app, entry(3, {"note": "新的"}, step_address(VILLAGE, "1.2")))
        await open_page(app, pilot, "新的")
        assert not any("1.1" in line for line in lines_of(app, "#items"))


async def test_a_held_entry_is_released_by_who_may_and_counts(app: GuatuApp) -> None:
    async with running(app) as pilot:
        await arrive(app, entry(7, {"note": "要放行"}, HELD), status="held:no-right")
        await open_page(app, pilot, "Held by the office")
        put_cursor(app, "#items", "要放行")
        await pilot.press("enter")
        await comes(app, Asking)
        await pilot.press("1")
        await until(lambda: isinstance(app.screen, SyncPage))
        (made,) = await own(app)
        assert made.record == hold_address("340111100201", number_id(7))
        assert (made.values["verdict"], made.values["of"]) == ("released", "d2")
        await land(app)
        await until(lambda: "released" in "".join(lines_of(app, "#items")))
        assert (await record(app, HELD)).value("note") == "要放行"
        await lists_not(app, "#items", "Held by the office")


async def test_to_decline_takes_a_reason(app: GuatuApp) -> None:
    async with running(app) as pilot:
        await arrive(app, entry(7, {"note": "不行"}, HELD), status="held:no-right")
        await open_page(app, pilot, "Held by the office")
        put_cursor(app, "#items", "不行")
        await pilot.press("enter")
        question = await comes(app, Asking)
        await pilot.press("2")
        await until(lambda: "reason" in text_of(app, "#problem"))
        question.query_one("#text", Input).value = "数字不实"
        await pilot.press("2")
        await until(lambda: isinstance(app.screen, SyncPage))
        (made,) = await own(app)
        assert (made.values["verdict"], made.values["reason"]) == ("declined", "数字不实")
        assert "change" not in made.values


async def test_who_may_not_decide_sees_held_entries_and_cannot(tmp_path: Path) -> None:
    app = GuatuApp(laptop(tmp_path, role="member"), connect=False)
    async with running(app) as pilot:
        await arrive(app, entry(7, {"note": "看看"}, HELD), status="held:no-right")
        await open_page(app, pilot, "Held by the office")
        put_cursor(app, "#items", "看看")
        await pilot.press("enter")
        await until(lambda: "does not allow" in said(app))
        assert isinstance(app.screen, SyncPage)


async def test_two_who_decided_differently_are_a_collision_with_a_name(app: GuatuApp) -> None:
    async with running(app) as pilot:
        held = entry(7, {"note": "争议"}, HELD)
        await arrive(app, held, status="held:no-right")
        where = hold_address("340111100201", number_id(7))
        await arrive(
            app,
            entry(8, {"verdict": "declined", "reason": "甲"}, where, device="d3"),
            entry(9, {"verdict": "declined", "reason": "乙"}, where, device="d4"),
        )
        await until(lambda: app.board.view is not None and not app.board.view.undecided)
        assert app.board.view is not None
        assert app.board.view.collisions == 0, "who decided alike have nothing to settle"
        await arrive(app, entry(10, {"verdict": "released", "reason": "丙"}, where, device="d5"))
        await open_page(app, pilot, "decision: declined | declined | released")
        assert app.board.view.collisions == 1


async def test_a_held_entry_is_mended_and_entered_anew(app: GuatuApp) -> None:
    async with running(app) as pilot:
        written = {"state": "done", "done_on": "2026-09-20", "note": "写好的"}
        await arrive(app, mine(5, written, HELD), status="held:no-right")
        await open_page(app, pilot, "写好的")
        put_cursor(app, "#items", "[held")
        await pilot.press("enter")
        await comes(app, Asking)
        await pilot.press("1")
        editor = await comes(app, StepEditor)
        assert editor.query_one("#note", TextArea).text == "写好的"
        assert editor.query_one("#day", Input).value == "2026-09-20"
        editor.query_one("#note", TextArea).text = "改好的"
        await pilot.press("f2")
        await until(lambda: isinstance(app.screen, SyncPage))
        (made,) = await own(app)
        assert made.values == {"state": "done", "done_on": "2026-09-20", "note": "改好的"}
        await until(lambda: app.board.labels.needs_look == 0)


async def test_a_held_entry_is_dismissed_and_stays_in_the_history(app: GuatuApp) -> None:
    async with running(app) as pilot:
        await arrive(app, mine(5, {"note": "算了"}, HELD), status="held:no-right")
        await open_page(app, pilot, "算了")
        put_cursor(app, "#items", "[held")
        await pilot.press("enter")
        await comes(app, Asking)
        put_cursor(app, "#ways", "ask no more")
        await pilot.press("enter")
        await until(lambda: app.board.labels.needs_look == 0)
        history = await app.keeper.run(lambda replica: replica.history("340111100201"))
        assert number_id(5) in [record.id for record, _label in history]


async def test_a_held_entry_is_written_to_a_file_that_only_its_user_reads(app: GuatuApp, tmp_path: Path) -> None:
    path = tmp_path / "held.json"
    async with running(app) as pilot:
        await arrive(app, mine(5, {"note": "=1+1"}, HELD), status="held:no-right")
        await open_page(app, pilot, "=1+1")
        await export(app, pilot, path)
        await until(lambda: isinstance(app.screen, SyncPage))
        await export(app, pilot, path)
        await until(lambda: "File exists" in text_of(app, "#problem"))
    body = json.loads(path.read_text(encoding="utf-8"))
    assert (body["status"], body["change"]["set"]) == ("held:no-right", {"note": "=1+1"})
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_the_page_says_how_the_link_stands_and_what_is_wrong_in_whole_sentences(app: GuatuApp) -> None:
    async with running(app) as pilot:
        await open_page(app, pilot)
        app.board.tell(LinkMoved(LinkState.CATCHING_UP, 30, 120))
        assert "[#######......................." in await shows(app, "#status", "30 of 120")
        app.board.tell(
            LinkMoved(LinkState.OFFLINE, reason="stalled", en="The connection stands, but nothing.", zh="停")
        )
        await shows(app, "#status", "The connection stands, but nothing.")
        app.board.tell(LinkMoved(LinkState.LIVE, clock_offset=-600.0, copied="2026-11-17T08:00:00Z"))
        shown = await shows(app, "#status", "10 minutes slow")
        assert "copied to another machine" in shown
        assert "2026-11-17 08:00" in shown


async def test_the_page_is_offered_by_a_sentence_and_takes_no_keys_from_who_is_typing(app: GuatuApp) -> None:
    async with running(app) as pilot:
        await pilot.press("right", "down", "f2")
        editor = await comes(app, StepEditor)
        go_live(app)
        await collide(app)
        await until(lambda: "F12 shows: collisions 2" in said(app))
        assert app.screen is editor
        count = len(app._notifications)
        go_live(app)
        await pilot.pause()
        assert len(app._notifications) == count, "said once for what is new, not at each stir"


async def test_history_of_what_is_under_the_cursor_is_a_key_away(app: GuatuApp) -> None:
    async with running(app) as pilot:
        await collide(app)
        await open_page(app, pilot, "state:")
        await pilot.press("f3")
        await comes(app, HistoryPage)
        await lists(app, "#entries", "1.1")


@pytest.mark.parametrize("size", [(80, 24), (120, 34), (160, 40)])
async def test_the_page_fits(app: GuatuApp, size: tuple[int, int]) -> None:
    async with running(app, size) as pilot:
        await collide(app)
        await open_page(app, pilot, "state:")
        put_cursor(app, "#items", "state:")
        await shows(app, "#detail", "submitted")
        strips = app.screen._compositor.render_strips()
        assert all(strip.cell_length == size[0] for strip in strips)
        painted = "\n".join(strip.text for strip in strips)
        for wanted in ("saved here 0", "state: done | submitted", "had seen"):
            assert wanted in painted


async def test_a_unit_of_ones_own_record_in_dispute_is_listed_too(app: GuatuApp) -> None:
    async with running(app) as pilot:
        where = unit_address(VILLAGE)
        await arrive(
            app, entry(1, {"person.liaison": "张"}, where), entry(2, {"person.liaison": "赵"}, where, device="d3")
        )
        await open_page(app, pilot, "liaison")


def test_the_fact_that_a_laptop_was_copied_has_one_name() -> None:
    assert stock.COPIED == greeting.COPIED


async def test_files_that_the_office_has_not_got_are_said_until_it_has_them(app: GuatuApp, tmp_path: Path) -> None:
    paper = tmp_path / "方案.docx"
    paper.write_bytes(b"three pages")
    folder = app.board.profile.folder
    async with running(app) as pilot:
        kept = attachments.keep(folder, paper)
        assert isinstance(kept, dict)
        gone = {**kept, "hash": "ab" * 32}
        for number, value in ((1, kept), (2, gone)):
            change = mine(number, {"title": "方案", "file": value}, f"document/{VILLAGE}/{number:032x}")
            await app.keeper.run(partial(saved, change))
        await open_page(app, pilot)
        await shows(app, "#status", "1 file of a paper is not at the office yet")
        await shows(app, "#status", "1 file of a paper is not at the office, nor on this disk any more")
        await app.keeper.run(lambda replica: attachments.note_confirmed(replica, [kept["hash"], "ab" * 32]))
        page = await comes(app, SyncPage)
        assert isinstance(page, SyncPage)
        page._look_around()
        await until(lambda: "file of a paper" not in text_of(app, "#status"))
