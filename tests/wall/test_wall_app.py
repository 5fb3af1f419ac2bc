"""The wall as it hangs: what comes in is painted where it changed, silence is said, and nobody has to touch it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import orjson
import pytest
from textual.geometry import Region
from textual.pilot import Pilot

from shared.board.change import Change
from shared.board.record import step_address
from tests.logbook import Logbook
from tests.small import SetClock
from tests.wall.district import NOW, opened
from tui.laptop import Laptop
from tui.messages import Arrived, HeardNews, LinkMoved, LinkState
from tui.profile import Identity, Profile
from tui.replica import Batch, Replica
from tui.wall.app import WallApp
from tui.wall.frame import asleep
from tui.wall.panel import Panel
from tui.wall.schedule import Slot
from tui.wall.screen import PARTS
from tui.wall.settings import Settings, parse_hours, shift_at
from tui.wall.sight import Sight

SIZE = (140, 40)
VILLAGE, TOWN = "340111001204", "340111001"
LIVE, GONE = (
    LinkMoved(LinkState.LIVE),
    LinkMoved(LinkState.OFFLINE, reason="refused", zh="服务没有运行", en="no server"),
)


class Hung:
    """A wall on a screen, by a clock that stands."""

    def __init__(self, app: WallApp, pilot: Pilot[None], clock: SetClock) -> None:
        self.app, self.pilot, self.clock = app, pilot, clock

    @property
    def text(self) -> str:
        """What the screen shows."""
        return "\n".join(strip.text for strip in self.app.screen._compositor.render_strips())

    @property
    def shown(self) -> Slot:
        """Which page it is."""
        return self.app.wall.hanging.rotation.shown

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds of it."""
        for _try in range(300):
            if holds():
                return
            await self.pilot.pause(0.01)
        raise AssertionError(self.text)

    async def pass_time(self, **by: float) -> None:
        """Let time pass, and the wall look at its clock."""
        self.clock.move(**by)
        self.app.wall.tick()
        await self.pilot.pause()

    async def tell(self, news: LinkMoved | HeardNews | Arrived) -> None:
        """Let the link say something."""
        self.app.board.tell(news)
        await self.pilot.pause()

    async def enter(self, number: int, step: str, values: dict[str, str], *, anew: bool = False) -> None:
        """Let an entry of somebody else arrive from the office; `anew`: and the whole board be made again by it."""
        change = Change(f"{number:032x}", step_address(VILLAGE, step), values, {}, "李员", "d2", NOW.isoformat())

        def take(replica: Replica) -> None:
            cursor = replica.cursor()
            assert cursor is not None
            book = Logbook()
            record = book.store(change)
            record = type(record)(cursor.seq + 1, record.body, "applied", "d2", NOW.isoformat(), f"{number:032x}")
            to = cursor._replace(seq=cursor.seq + 1, chain=f"{number:032x}")
            assert replica.apply(Batch(cursor, (record,), to, True)) is not None

        await self.app.keeper.run(take)
        await self.tell(Arrived(None if anew else frozenset([VILLAGE])))


@asynccontextmanager
async def hung(folder: Path, settings: Settings | None = None, size: tuple[int, int] = SIZE) -> AsyncIterator[Hung]:
    clock = SetClock(NOW)
    with opened(folder, clock) as laptop:
        app = WallApp(laptop, settings or Settings(), connect=False)
        async with app.run_test(size=size) as pilot:
            wall = Hung(app, pilot, clock)
            await wall.until(lambda: _ready(app))
            yield wall


def _listed(wall: Hung, step: str) -> bool:
    return any("陆大村" in line and step in line and "毕" in line for line in wall.text.splitlines())


def _ready(app: WallApp) -> bool:
    facts = app.wall.hanging.facts
    return facts is not None and facts.past is not None and bool(facts.changed)


async def test_a_wall_shows_the_towns_without_a_key(own: Path) -> None:
    async with hung(own) as wall:
        assert "骆岗街道" in wall.text
        assert "第 84 / 181 天" in wall.text
        assert wall.app.focused is None
        assert not [widget for widget in wall.app.screen.query("*") if widget.can_focus]


@pytest.mark.parametrize("anew", [False, True])
async def test_a_change_is_painted_marked_for_a_minute_and_listed(own: Path, *, anew: bool) -> None:
    async with hung(own) as wall:
        await wall.tell(LIVE)
        await wall.enter(1, "3.1", {"state": "done", "done_on": "2026-11-23"}, anew=anew)
        await wall.until(lambda: _listed(wall, "3.1"))
        row = next(line for line in wall.text.splitlines() if "骆岗街道" in line)
        assert ">" in row.partition("骆岗")[0]
        await wall.pass_time(seconds=1)
        assert ">" not in next(line for line in wall.text.splitlines() if "骆岗街道" in line).partition("骆岗")[0]
        await wall.pass_time(seconds=61)
        assert ">" not in next(line for line in wall.text.splitlines() if "骆岗街道" in line).partition("骆岗")[0]


async def test_only_what_changed_is_painted_anew(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    painted: list[tuple[str | None, Region]] = []

    def refresh(panel: Panel, *regions: Region, **words: object) -> Panel:
        painted.extend((" ".join(panel.classes), region) for region in regions)
        return panel

    async with hung(own) as wall:
        await wall.tell(LIVE)
        wall.app.wall.action_hold()
        monkeypatch.setattr(Panel, "refresh", refresh)
        await wall.enter(1, "3.1", {"state": "done", "done_on": "2026-11-23"})
        rows = {region.y for panel, region in painted if panel == "centre"}
        assert len(rows) == 1, "one town's row"
        assert sum(region.area for _, region in painted) < SIZE[0] * SIZE[1] / 4
        painted.clear()
        wall.app.wall.paint()
        assert painted == [], "nothing has changed, nothing is painted"


async def test_something_that_turns_red_is_shown_once_and_then_the_pages_go_on(own: Path) -> None:
    async with hung(own) as wall:
        await wall.tell(LIVE)
        before = wall.shown
        await wall.enter(1, "2.1", {"state": "doing", "due_on": "2026-11-20"})
        assert wall.shown == Slot(f"town:{TOWN}")
        await wall.pass_time(seconds=21)
        assert wall.shown == before
        await wall.pass_time(seconds=5)
        assert wall.shown != Slot(f"town:{TOWN}")


async def test_silence_is_said_after_two_minutes_dimmed_after_ten_and_over_by_itself(own: Path) -> None:
    async with hung(own) as wall:
        await wall.tell(LIVE)
        await wall.pass_time(seconds=1)
        assert "数据截至 15:00:01（刚才）" in wall.text
        await wall.tell(GONE)
        await wall.pass_time(seconds=119)
        assert "与办公室断开" not in wall.text
        await wall.pass_time(seconds=2)
        assert "与办公室断开：数据截至 15:00:01（2分前）" in wall.text
        assert "服务未运行" in wall.text
        assert "数据停在" not in wall.text
        await wall.pass_time(minutes=8)
        assert "数据停在" in wall.text
        assert "/ / / / / /" in wall.text
        await wall.tell(LIVE)
        await wall.pass_time(seconds=1)
        assert "数据截至 15:10:03（刚才）" in wall.text
        assert "数据停在" not in wall.text
        assert "/ / / / / /" not in wall.text


async def test_a_town_that_falls_silent_turns_unknown_by_the_clock_alone(own: Path) -> None:
    async with hung(own) as wall:
        await wall.tell(LIVE)
        facts = wall.app.wall.hanging.facts
        assert facts is not None
        unknown = facts.counts.unknown
        await wall.pass_time(hours=72)
        await wall.until(lambda: (wall.app.wall.hanging.facts or facts).counts.unknown > unknown)
        now = wall.app.wall.hanging.facts
        assert now is not None
        assert now.counts.overdue == now.counts.due_soon == 0


async def test_news_of_who_was_heard_of_brings_a_town_back(own: Path) -> None:
    async with hung(own) as wall:
        facts = wall.app.wall.hanging.facts
        assert facts is not None
        silent = next(town for town in facts.towns if town.silent)
        heard = {silent.code: NOW.isoformat()}
        said = orjson.dumps(heard).decode()
        await wall.app.keeper.run(lambda replica: replica.set_meta("heard", said))
        await wall.tell(HeardNews(heard))
        await wall.until(
            lambda: not next(t for t in (wall.app.wall.hanging.facts or facts).towns if t.code == silent.code).silent
        )


async def test_midnight_makes_the_board_anew(own: Path) -> None:
    async with hung(own) as wall:
        await wall.tell(LIVE)
        wall.clock.now = NOW.replace(hour=0, minute=0, second=5) + timedelta(days=1)
        assert await wall.app.board.turn_day()
        wall.app.stir()
        await wall.until(lambda: wall.app.wall.hanging.facts is not None and "第 85 / 181 天" in wall.text)
        await wall.until(lambda: _past_day(wall) == wall.clock.now.date())


def _past_day(wall: Hung) -> object:
    facts = wall.app.wall.hanging.facts
    return facts.past.today if facts is not None and facts.past is not None else None


async def test_keys_of_a_meeting_pause_turn_jump_freeze_and_go_back_in_days(own: Path) -> None:
    async with hung(own) as wall:
        await wall.tell(LIVE)
        await wall.pilot.press("f2")
        await wall.pass_time(minutes=3)
        assert wall.shown == Slot("towns")
        assert "暂停" in wall.text
        await wall.pilot.press("f4")
        assert wall.shown == Slot("worst")
        await wall.pilot.press("f3")
        assert wall.shown == Slot("towns")
        await wall.pilot.press("3", "enter")
        assert wall.shown == Slot("town:340111003")
        await wall.pilot.press("f5")
        assert wall.shown == Slot("town:340111004")
        await wall.pilot.press("9", "9", "9", "enter")
        assert wall.shown == Slot("town:340111004"), "there is no such town"
        await wall.pilot.press("f6")
        assert "画面已冻结" in wall.text
        held = wall.app.wall.hanging.facts
        await wall.enter(1, "3.1", {"state": "done", "done_on": "2026-11-23"})
        assert wall.app.wall.hanging.facts is held
        await wall.pilot.press("f6", "f7")
        await wall.until(lambda: "挂图停在 2026-11-22" in wall.text)
        await wall.pilot.press("f8")
        await wall.until(lambda: "挂图停在" not in wall.text)


@pytest.mark.parametrize("size", [(80, 24), (120, 34), (240, 67), (40, 12)])
async def test_it_fills_any_screen_and_survives_a_resize(own: Path, size: tuple[int, int]) -> None:
    async with hung(own) as wall:
        await wall.pilot.resize_terminal(*size)
        await wall.pilot.pause()
        lines = wall.text.splitlines()
        assert len(lines) == size[1]
        assert wall.app.wall.hanging.layout.width <= size[0]
        assert "逾" in wall.text


def style_of(wall: Hung, text: str) -> object:
    """How a text on the screen is painted."""
    every = (segment for strip in wall.app.screen._compositor.render_strips() for segment in strip)
    return next(segment.style for segment in every if text in segment.text)


async def test_at_night_it_is_dimmed_and_later_only_the_time_is_there(own: Path) -> None:
    hours = (parse_hours("18:30-22:00"), parse_hours("22:00-06:00"))
    async with hung(own, Settings(dim=hours[0], off=hours[1])) as wall:
        await wall.tell(LIVE)
        bright = style_of(wall, "骆岗街道")
        wall.clock.now = NOW.replace(hour=19)
        await wall.pass_time(seconds=1)
        assert style_of(wall, "骆岗街道") != bright
        wall.clock.now = NOW.replace(hour=23)
        await wall.pass_time(seconds=1)
        assert wall.text.split() == ["23:00"]
        wall.clock.now = NOW.replace(hour=7) + timedelta(days=1)
        await wall.pass_time(seconds=1)
        assert "第 84 / 181 天" in wall.text


def test_the_frame_moves_within_its_margin_and_comes_back() -> None:
    places = [shift_at(NOW + timedelta(minutes=5 * at)) for at in range(18)]
    assert len(set(places)) == 9
    assert all(abs(one[0] - two[0]) + abs(one[1] - two[1]) <= 4 for one, two in pairwise(places))
    assert {axis for place in places for axis in place} == {0, 1, 2}


def test_the_time_at_night_stands_elsewhere_each_minute() -> None:
    from tui.wall.layouts import layout_for

    layout = layout_for(*SIZE)
    rows = {len(asleep(NOW + timedelta(minutes=at), layout)) for at in range(30)}
    assert len(rows) > 15


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [("18:30-07:00", ("18:30", "23:59", "06:59"), ("07:00", "12:00")), ("12:00-13:00", ("12:30",), ("13:00", "11:59"))],
)
def test_hours_may_go_over_midnight(text: str, inside: tuple[str, ...], outside: tuple[str, ...]) -> None:
    hours = parse_hours(text)
    assert hours is not None
    for at, holds in [*((at, True) for at in inside), *((at, False) for at in outside)]:
        hour, minute = map(int, at.split(":"))
        assert hours.hold(NOW.replace(hour=hour, minute=minute)) is holds


@pytest.mark.parametrize("text", ["", "18:30", "25:00-26:00", "a-b", "18:30-"])
def test_what_is_no_part_of_a_day_is_none(text: str) -> None:
    assert parse_hours(text) is None


async def test_before_anything_was_read_it_waits_and_says_for_what(tmp_path: Path) -> None:
    profile = Profile(tmp_path / "new")
    profile.keep(Identity("http://127.0.0.1:9", "t", "d1", "挂图", "viewer", ("340111",), "ab" * 16, "c"))
    Replica(profile.replica_path).close()
    with Laptop(tmp_path / "new", SetClock(NOW), writing=True) as laptop:
        app = WallApp(laptop, Settings(), connect=False)
        async with app.run_test(size=SIZE) as pilot:
            await pilot.pause()
            app.board.tell(GONE)
            await pilot.pause()
            app.wall.tick()
            await pilot.pause()
            text = "\n".join(strip.text for strip in app.screen._compositor.render_strips())
            assert "正在等待办公室的数据" in text
            assert "服务未运行" in text


async def test_nothing_of_the_board_can_be_entered_here(own: Path) -> None:
    async with hung(own) as wall:
        for key in ("e", "u", "a", "ctrl+a", "ctrl+z", "f12", "ctrl+p", "escape", "insert"):
            await wall.pilot.press(key)
        assert wall.app.screen is wall.app.wall
        assert wall.app.board.labels == (0, 0, 0, 0)


async def test_the_panels_fill_the_screen_whatever_the_shift(own: Path) -> None:
    async with hung(own) as wall:
        heights = [wall.app.wall.query(f".{name}").first().size.height for name in PARTS]
        layout = wall.app.wall.hanging.layout
        assert heights == [layout.top, layout.critical, layout.centre, layout.bottom]
        for _shift in range(9):
            await wall.pass_time(minutes=5)
            assert "各镇街" in wall.text or wall.shown.page != "towns"


@pytest.mark.parametrize(
    ("sight", "soon", "later"),
    [
        (Sight(75, 3), "普通行 23 角分", None),
        (Sight(55, 5), "普通行 10 角分，看不清：字号调大到不超过 25 行", "看不清：字号调大到不超过 25 行"),
    ],
)
async def test_a_wall_says_when_it_cannot_be_read_from_there(
    own: Path, sight: Sight, soon: str, later: str | None
) -> None:
    async with hung(own, Settings(sight=sight)) as wall:
        await wall.pass_time(seconds=1)
        assert soon in wall.text
        await wall.pass_time(seconds=90)
        assert "角分" in wall.text if later else "角分" not in wall.text
        assert later is None or later in wall.text


def test_what_cannot_be_read_is_enlarged() -> None:
    from tui.wall.layouts import layout_for

    usual, cramped = layout_for(160, 40), layout_for(160, 40, sight=Sight(43, 5))
    assert cramped.scale >= usual.scale
    assert cramped.names > usual.names
    assert layout_for(240, 60, sight=Sight(55, 5)).scale > layout_for(240, 60).scale


async def test_once_the_offices_log_has_come_the_past_is_drawn(own: Path) -> None:
    async with hung(own) as wall:
        hanging = wall.app.wall.hanging
        assert hanging.gathering is not None
        hanging.gathering.note_past(None, NOW)
        assert hanging.facts is not None
        assert hanging.facts.past is None
        await wall.tell(Arrived(frozenset()))
        await wall.until(lambda: hanging.facts is not None and hanging.facts.past is not None)
