"""`guatu wall`: the board on a screen that nobody touches; one frame of it as text; its pages; its reading test."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import typer

from shared.messages import _, use
from tui.commands.failing import Code, fail, plainly
from tui.commands.looking import UNKNOWN_PAST
from tui.commands.naming import past_day
from tui.laptop import Busy, Laptop
from tui.wall.probe import asking

if TYPE_CHECKING:
    from tui.wall.facts import Facts
    from tui.wall.settings import Settings

FPS: Final = "30"
"""Frames in a second at most: a wall has nothing to animate, and what changes is still seen at once."""
SMALLEST: Final = (40, 12)
LARGEST: Final = (1000, 400)


@dataclass(frozen=True)
class Wish:
    """What was typed behind `guatu wall`."""

    preset: str = ""
    inches: float | None = None
    metres: float | None = None
    dwell: float = 0.0
    dim: str = ""
    off: str = ""
    size: str = ""
    page: str = "towns"
    as_of: str | None = None
    hidden: bool = False
    ranked: bool = True
    ascii: bool = False
    minutes: tuple[float, float] = (2.0, 10.0)
    """After how long without the office a banner says so, and all is dimmed."""


@plainly
def wall(wish: Wish) -> None:
    """Hang the board on this screen; beside another guatu of this profile it only reads."""
    console = on_console(os.environ)
    if console:
        typer.echo(_CONSOLE, err=True)
        use("en")
    os.environ.setdefault("TEXTUAL_FPS", FPS)  # read when Textual is first imported
    with asking() as narrow:
        from tui.wall.app import WallApp  # noqa: PLC0415 -- Textual only where something is drawn, while it answers

        settings = settings_of(wish, console=console, narrow=narrow())
    try:
        laptop = Laptop(writing=True)
    except Busy:
        laptop = Laptop()
    with laptop:
        WallApp(laptop, settings).run()


@plainly
def once(wish: Wish) -> None:
    """Print one frame as text, exactly as wide and high as asked for."""
    columns, rows = size_of(wish.size) if wish.size else shutil.get_terminal_size((120, 34))
    with Laptop() as laptop:
        for line in frame_lines(laptop, wish, (columns, rows)):
            typer.echo(line)


def frame_lines(laptop: Laptop, wish: Wish, size: tuple[int, int]) -> list[str]:
    """The lines of one frame; a page or day that there is not ends the command."""
    from tui.as_of import NotKnown  # noqa: PLC0415
    from tui.wall.layouts import layout_for  # noqa: PLC0415
    from tui.wall.lines import text_of  # noqa: PLC0415
    from tui.wall.once import facts_now, facts_on, frame_of, means_of, moment_of  # noqa: PLC0415
    from tui.wall.schedule import TOWN, Slot, page_named  # noqa: PLC0415

    settings = settings_of(wish, console=on_console(os.environ), narrow=True)
    name, _sign, part = wish.page.partition("#")
    if page_named(name) is None or not (part or "1").isdecimal():
        fail(_("There is no page {page}; guatu wall --pages lists them.").format(page=wish.page), Code.USAGE)
    facts = facts_now(laptop)
    if wish.as_of is not None:
        found = facts_on(laptop.replica, laptop.identity, laptop.now(), past_day(wish.as_of, laptop))
        if isinstance(found, NotKnown):
            fail(_(UNKNOWN_PAST), Code.NOT_JOINED)
        facts = found
    slot = Slot(_town(name, facts) if name.startswith(TOWN) else name, max(0, int(part[:6] or 1) - 1))
    layout = layout_for(*size, settings.preset, settings.sight)
    return [
        text_of(line) for line in frame_of(facts, moment_of(laptop), slot, layout, means_of(settings, layout), size)
    ]


@plainly
def pages() -> None:
    """List the pages, those of towns by their codes, too."""
    from tui.wall.schedule import PAGES  # noqa: PLC0415

    for page in PAGES:
        typer.echo(f"{page.name:<10}{page.title()}")
    with Laptop() as laptop:
        for code, town in laptop.view().towns.items():
            typer.echo(f"town:{code}  {town.name}")


@plainly
def test(wish: Wish) -> None:
    """Print the reading test for this terminal, or for the size asked for."""
    from tui.wall.reading_test import reading_test  # noqa: PLC0415

    with asking() as narrow:
        settings = settings_of(wish, console=on_console(os.environ), narrow=narrow())
    size = size_of(wish.size) if wish.size else shutil.get_terminal_size((120, 34))
    for line in reading_test(settings.sight, (size[0], size[1]), settings.typeface, settings.blocks):
        typer.echo(line)


def settings_of(wish: Wish, *, console: bool, narrow: bool) -> Settings:
    """What was typed as settings; what is wrong ends the command. `narrow`: whether blocks take one cell."""
    from tui.wall.blocks import Blocks  # noqa: PLC0415
    from tui.wall.layouts import PRESETS  # noqa: PLC0415
    from tui.wall.rotation import Dwell  # noqa: PLC0415
    from tui.wall.settings import Settings, parse_hours  # noqa: PLC0415
    from tui.wall.sight import parse_sight  # noqa: PLC0415
    from tui.wall.trust import Patience  # noqa: PLC0415
    from tui.wall.typeface import Latin, find_typeface  # noqa: PLC0415

    if wish.preset and wish.preset not in PRESETS:
        text = _("There is no preset {name}; there are {names}.")
        fail(text.format(name=wish.preset, names=", ".join(PRESETS)), Code.USAGE)
    for text in (wish.dim, wish.off):
        if text and parse_hours(text) is None:
            fail(_("{text} is no part of a day; write 18:30-07:00.").format(text=text), Code.USAGE)
    for number in (wish.inches, wish.metres):
        if number is not None and not 0 < number < 1000:
            fail(_("{number} cannot be the measure of a wall.").format(number=number), Code.USAGE)
    if not 0 < wish.minutes[0] <= wish.minutes[1] <= 24 * 60:
        fail(_("Say so first, dim later: minutes above 0, at most a day."), Code.USAGE)
    narrow = narrow and not wish.ascii and not console
    return Settings(
        preset=wish.preset,
        sight=parse_sight(wish.inches, wish.metres),
        dwell=Dwell(wish.dwell) if wish.dwell > 0 else Dwell(),
        hidden=wish.hidden,
        ranked=wish.ranked,
        blocks=Blocks.HALF if narrow else Blocks.ASCII,
        typeface=Latin() if console or not narrow else find_typeface(),
        words=not console,
        dim=parse_hours(wish.dim) if wish.dim else None,
        off=parse_hours(wish.off) if wish.off else None,
        patience=Patience(*(timedelta(minutes=each) for each in wish.minutes)),
    )


def size_of(text: str) -> tuple[int, int]:
    """A size in cells as it is typed, `140x40`; what is none ends the command."""
    columns, found, rows = text.lower().partition("x")
    if not (found and columns.isdecimal() and rows.isdecimal() and columns.isascii() and rows.isascii()):
        fail(_("{text} is no size; write columns x rows, 140x40.").format(text=text), Code.USAGE)
    size = (int(columns[:6]), int(rows[:6]))
    if not all(low <= each <= high for low, each, high in zip(SMALLEST, size, LARGEST, strict=True)):
        fail(_("A wall has 40 to 1000 columns and 12 to 400 rows."), Code.USAGE)
    return size


def on_console(environment: Mapping[str, str]) -> bool:
    """Whether this is the console of Linux, which has no Chinese characters at all."""
    return environment.get("TERM", "") == "linux" and sys.platform.startswith("linux")


_CONSOLE: Final = (
    "guatu wall: this is the Linux console, which cannot show Chinese. Units are shown by their codes and lights by\n"
    "letters (L late, S soon, R to review, B returned, A again, D done, ? unknown). For Chinese start it in a\n"
    "graphical terminal or in kmscon; tui/README.md says how to set up a wall.\n"
    "这是 Linux 控制台，无法显示中文：单位以代码、状态以字母表示。"
    "要显示中文，请在图形终端或 kmscon 中运行，见 tui/README.md。"
)


def _town(name: str, facts: Facts) -> str:
    """A town's page by its code, or by its name."""
    wanted = name.removeprefix("town:")
    found = [town.code for town in facts.towns if wanted in (town.code, town.name)]
    if not found:
        fail(_("There is no town {name}.").format(name=wanted), Code.WRONG)
    return f"town:{found[0]}"
