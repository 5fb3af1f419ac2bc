"""One frame of the wall, put together: four parts as values, and the lines of a whole screen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from shared.messages import pick
from tui.wall.bitmaps import drawn, width_of
from tui.wall.blocks import lines_of
from tui.wall.bottom import bottom
from tui.wall.box import Box, Means, Page
from tui.wall.critical import critical
from tui.wall.facts import Facts
from tui.wall.layouts import Layout
from tui.wall.lines import Band, Block, Ink, Line, blank, centred, filled, joined, line
from tui.wall.moment import Moment, Turn
from tui.wall.top import top
from tui.wall.trust import Freshness


class Frame(NamedTuple):
    """The four parts, each as many lines as the layout gives it."""

    top: Band
    critical: Band
    centre: Band
    bottom: Band

    @property
    def lines(self) -> tuple[Line, ...]:
        """All of them, from the top."""
        return tuple(each for band in self for each in joined(band))


def whole(page: Page, part: int, facts: Facts, moment: Moment, turn: Turn, layout: Layout, means: Means) -> Frame:
    """All four parts at one moment."""
    box = Box(layout.width, layout.centre, moment.now, means, moment.marked)
    return Frame(
        top(facts, moment, layout.width, words=means.words),
        trusted(critical(facts, layout, means), facts, moment),
        (Block(layout.width, centre(page, facts, box, part, moment)),),
        trusted((Block(layout.width, bottom(facts, turn, moment, layout, means)),), facts, moment),
    )


def trusted(band: Band, facts: Facts, moment: Moment) -> Band:
    """A band as it is, or dimmed when the data has stopped."""
    if moment.fresh is not Freshness.STOPPED or facts.as_of is not None:
        return band
    return tuple(Block(block.width, tuple(map(faded, block.lines))) for block in band)


def bare(lines: Sequence[Line], layout: Layout) -> Frame:
    """A frame of nothing but these lines."""
    padded, bands, at = [*lines, *[blank(layout.width)] * max(0, layout.height - len(lines))], list[Band](), 0
    for high in heights(layout):
        bands.append((Block(layout.width, tuple(padded[at : at + high])),))
        at += high
    return Frame(*bands)


def heights(layout: Layout) -> tuple[int, int, int, int]:
    """How many lines each part of a frame has."""
    return layout.top, layout.critical, layout.centre, layout.bottom


def centre(page: Page, facts: Facts, box: Box, part: int, moment: Moment) -> tuple[Line, ...]:
    """The page, or since when there is no data, in letters that are seen from afar."""
    lines = filled(page.draw(facts, box, part), box.width, box.height)
    if moment.fresh is not Freshness.STOPPED or facts.as_of is not None:
        return lines
    return stopped(lines, moment, box)


def stopped(lines: Sequence[Line], moment: Moment, box: Box) -> tuple[Line, ...]:
    """Everything dimmed and hatched, and across it the time at which the data stopped."""
    dimmed = [hatched(box.width) if at % 2 else faded(each) for at, each in enumerate(lines)]
    time = "--:--" if moment.seen is None else f"{moment.seen:%H:%M}"
    if moment.seen is not None and moment.seen.date() != moment.now.date():
        time = f"{moment.seen:%m-%d %H:%M}"
    said = pick("数据停在", "DATA STOPPED AT")
    pixels = box.means.typeface.pixels(said, box.means.names) if box.means.names else None
    words: tuple[Line, ...] = centred((said,), Ink.ALARM, box.width)
    if pixels is not None and len(pixels[0]) <= box.width:
        words = centred(lines_of(pixels, box.means.blocks), Ink.ALARM, box.width)
    scale = 2 if width_of(time, 2) <= box.width - 2 and box.height >= 16 else 1
    clock = centred(lines_of(drawn(time, scale), box.means.blocks), Ink.ALARM, box.width)
    over = [blank(box.width), *words, blank(box.width), *clock, blank(box.width)]
    first = max(0, (box.height - len(over)) // 2)
    return tuple([*dimmed[:first], *over, *dimmed[first + len(over) :]][: box.height])


def faded(line_: Line) -> Line:
    """A line that nobody should go by any more."""
    return tuple((text, Ink.QUIET) for text, _ink in line_)


def hatched(width: int) -> Line:
    """A line of strokes: what stands between them is not to be trusted, in whatever colours or none."""
    return line(width, ("/ " * (width // 2), Ink.RULE))


def framed(
    lines: Sequence[Line], layout: Layout, width: int, height: int, shift: tuple[int, int] = (0, 0)
) -> tuple[Line, ...]:
    """The frame on its screen: as many lines and cells as that has, moved by so many cells within the margin."""
    across, down = min(shift[0], max(0, width - layout.width)), min(shift[1], max(0, height - layout.height))
    before, after = " " * across, " " * max(0, width - layout.width - across)
    rows = [((before, Ink.PLAIN), *each, (after, Ink.PLAIN)) for each in lines]
    rows = [*[blank(width)] * down, *rows]
    return filled([line(width, *each) for each in rows], width, height)


def waiting(why: str, layout: Layout) -> tuple[Line, ...]:
    """What is shown before anything was ever read."""
    words = pick("正在等待办公室的数据", "Waiting for the office's data")
    return (*[line(layout.width)] * (layout.height // 2), *centred((words, why), Ink.STRONG, layout.width))


def asleep(now: datetime, layout: Layout) -> tuple[Line, ...]:
    """Outside office hours only the time stands there, each minute at another place."""
    row, column = now.minute * 7 % max(1, layout.height), now.minute * 13 % max(1, layout.width - 5)
    clock = line(layout.width, (" " * column, Ink.PLAIN), (f"{now:%H:%M}", Ink.QUIET))
    return (*[line(layout.width)] * row, clock)
