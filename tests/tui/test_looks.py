"""What the eye sees: board, unit's page and sync page at four sizes, in both languages and three palettes.

Without the line of keys at the bottom, which speaks the language in which a program was started.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
from textual.app import App
from textual.pilot import Pilot

from shared.messages import use
from tests.snapshots import agrees, sum_of
from tests.tui.boards import change, laptop, unit
from tui.app import GuatuApp

SIZES: Final = ((80, 24), (120, 34), (160, 40), (240, 67))
LOOKS: Final = (("classic", "dark"), ("okabe-ito", "light"), ("monochrome", "dark"))
VILLAGE: Final = "340111001204"
NAMES: Final = (
    ("340111001", "骆岗街道"),
    ("340111001008", "㙦塘社区居民委员会"),
    ("340111001009", "𡎚家圩社区居民委员会"),
    ("340111001204", "郢村村民委员会"),
    ("340111100", "淝河镇"),
    ("340111100201", "[bold]圩[/] Ａ１村民委员会"),
    ("340111100202", "合肥市第四十八中学滨湖校区"),
    ("340111100203", "\x1b[31m红\U0001f600村民委员会"),
)
"""Names of two to twelve characters, rare and full-width ones, markup and a sequence that would steer a terminal."""
ENTERED: Final = {
    (VILLAGE, "1.1"): [{"state": "done", "done_on": "2026-09-20", "note": "会议记录已整理 [link=x]\x1b[2J"}],
    (VILLAGE, "1.2"): [{"state": "done", "done_on": "2026-10-01"}, {"state": "doing"}],
    (VILLAGE, "1.3"): [{"state": "submitted", "submitted_on": "2026-10-30"}],
    ("340111001008", "1.1"): [{"state": "returned", "due_on": "2026-11-20", "note": "😀请补充"}],
    ("340111100201", "1.4"): [{"state": "na", "reason": "无党员大会"}],
}


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_the_screens_look_as_they_did(lang: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use(lang)
    found: dict[str, tuple[str, dict[str, str]]] = {}
    try:
        for palette, theme in LOOKS:
            monkeypatch.setenv("GUATU_PALETTE", palette)
            monkeypatch.setenv("GUATU_THEME", theme)
            await look(tmp_path / palette, lang, f"{palette} {theme}", found)
    finally:
        use("en")
    for name, (text, painted) in found.items():
        agrees(f"screens/{name}", text, painted)


async def look(folder: Path, lang: str, palette: str, found: dict[str, tuple[str, dict[str, str]]]) -> None:
    """Look at the three screens at every size; the text is the same in every palette with colours."""
    opened = laptop(folder, ENTERED, units=[unit(code, name) for code, name in NAMES])
    opened.save([change(77, f"step/{VILLAGE}/2.1", {"state": "doing"}, "王组长")])
    app = GuatuApp(opened, connect=False)
    async with app.run_test(size=SIZES[0]) as pilot:
        for size in SIZES:
            await pilot.resize_terminal(*size)
            await pilot.pause()
            app.main.grid.jump_to(VILLAGE)
            await settled(pilot, "BoardGrid")
            keep(app, f"board-{size[0]}x{size[1]}.{lang}", palette, found)
            app.open_unit(VILLAGE, "1.2")
            await settled(pilot, "#about")
            keep(app, f"unit-{size[0]}x{size[1]}.{lang}", palette, found)
            await pilot.press("escape")
            app.action_sync()
            await settled(pilot, "#items")
            keep(app, f"sync-{size[0]}x{size[1]}.{lang}", palette, found)
            await pilot.press("escape")


async def settled(pilot: Pilot[None], selector: str) -> None:
    """Wait until a part of the screen is there, and then until nothing moves any more."""
    before: list[str] = []
    for _try in range(100):
        await pilot.pause(0.02)
        now = lines_of(pilot.app)
        if now == before and pilot.app.screen.query(selector):
            return
        before = now
    raise AssertionError("\n".join(before))


def lines_of(app: App[None]) -> list[str]:
    """What the screen shows, line by line."""
    return [strip.text for strip in app.screen._compositor.render_strips()][:-1]


def keep(app: App[None], name: str, palette: str, found: dict[str, tuple[str, dict[str, str]]]) -> None:
    """Note what is on the screen."""
    text = "\n".join(line + "|" for line in lines_of(app))
    if palette.startswith("monochrome"):  # there a bar is a text of its own
        name += "-mono"
    known, painted = found.setdefault(name, (text, {}))
    assert known == text, f"{name} says something else in {palette}"
    painted[palette] = sum_of(list(strip) for strip in app.screen._compositor.render_strips()[:-1])
