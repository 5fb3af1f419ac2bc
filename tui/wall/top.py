"""The top of the wall: which campaign, phase and day, the time, and how far what hangs there can be trusted."""

from __future__ import annotations

from rich.cells import cell_len

from shared.board.lights import Light
from shared.messages import pick
from tui.wall.cells import age, word
from tui.wall.facts import Facts
from tui.wall.lines import Band, Block, Ink, Piece, line, right, safe
from tui.wall.moment import Moment
from tui.wall.trust import Freshness


def top(facts: Facts, moment: Moment, width: int, *, words: bool = True) -> Band:
    """Campaign and phase over how old the data is, or what is wrong; beside them day and clock over how far all are."""
    number, of = facts.day
    day = pick("第 {} / {} 天", "day {} of {}").format(number, of)
    counts = facts.counts
    percent = f"{100 * counts.done // counts.steps}%" if counts.steps else "-"
    done = f"{word(Light.DONE.value, words=words).rstrip()} {counts.done}/{counts.steps}  {percent}"
    aside = (f"{day}   {moment.now:%m-%d %H:%M}", done)
    wide = min(width, max(map(cell_len, aside)) + 1)
    titles = [(f"{safe(facts.title)}  ", Ink.STRONG), (safe(facts.phase), Ink.PLAIN)]
    left = (line(width - wide, *titles), line(width - wide, *_standing(facts, moment, words=words)))
    return Block(width - wide, left), Block(wide, tuple(line(wide, (right(text, wide), Ink.STRONG)) for text in aside))


def _standing(facts: Facts, moment: Moment, *, words: bool) -> list[Piece]:
    """How old the data is; as a banner from two minutes on."""
    if facts.as_of is not None:
        return [(pick(" 挂图停在 {} 当天结束时 ", " as it stood at the end of {} ").format(facts.as_of), Ink.AMBER)]
    if moment.seen is None:
        return [(pick(" 尚未读到数据 ", " nothing read yet ") + safe(moment.why), Ink.ALARM)]
    seen = f"{moment.seen:%H:%M:%S}" if moment.seen.date() == moment.now.date() else f"{moment.seen:%m-%d %H:%M}"
    since = age(moment.seen, moment.now)
    pieces: list[Piece] = []
    if moment.fresh is Freshness.FRESH:
        pieces.append((pick("数据截至 {}（{}）", "data as of {} ({})").format(seen, since), Ink.PLAIN))
    else:
        said = pick(" 与办公室断开：数据截至 {}（{}） ", " no office: data as of {} ({}) ").format(seen, since)
        pieces.append((said + safe(moment.why), Ink.AMBER if moment.fresh is Freshness.LATE else Ink.ALARM))
    oldest = min((town.heard for town in facts.towns if town.heard is not None), default=None)
    if oldest is not None and moment.fresh is Freshness.FRESH:
        pieces.append(
            (pick("  最久未联络的镇街 {}", "  town heard of longest ago {}").format(age(oldest, moment.now)), Ink.QUIET)
        )
    if facts.counts.unknown:
        unknown = word(Light.UNKNOWN.value, words=words).rstrip()
        pieces.append((f"  {unknown}{facts.counts.unknown}", Light.UNKNOWN.value))
    if facts.collisions:
        pieces.append((pick("  {}处不一致!", "  {} collisions!").format(facts.collisions), Ink.AMBER))
    if moment.frozen:
        pieces.append((pick("  画面已冻结 F6", "  frozen F6"), Ink.AMBER))
    return pieces
