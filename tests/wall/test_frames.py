"""Whatever stands on the board, every line of every page is exactly as wide as the screen, and nothing steers it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from shared.messages import use
from tests.wall.district import NOW
from tests.wall.known import Known
from tui.wall.blocks import Blocks
from tui.wall.box import Box, Means
from tui.wall.facts import Facts
from tui.wall.frame import framed, whole
from tui.wall.layouts import layout_for
from tui.wall.lines import Line, text_of, width_of
from tui.wall.moment import Moment, Turn
from tui.wall.schedule import PAGES, Slot, page_named, slots, title_of
from tui.wall.trust import Freshness
from tui.wall.typeface import Latin, find_typeface

SIZES: Final = ((80, 24), (120, 34), (160, 40), (240, 67))
NAMES: Final = (
    "圩", "郢", "淝河", "㙦塘村", "𡎚家圩", "滨湖世纪社区", "合肥市第四十八中学滨湖校区", "Ａ１小学 A1",
    "[bold red]村[/]",
    "\x1b[31m红\x1b[0m\x07村", "\U0001f468\u200d\U0001f469\u200d\U0001f467家\U0001f1e8\U0001f1f3村",
    "a\u0301\u200b村", "\u202e倒村", "ｱｲｳ村", "", "   ", "甲\n乙\t丙", "村" * 200,
)  # fmt: skip
TEXTS: Final = ("=cmd()", "\x1b]0;x\x07题", "[link=http://x]y[/link]", "沟渠堵塞\r\n积水", "😀" * 40, "")


def hostile(facts: Facts, draw: int) -> Facts:
    """The same board under names and texts that people should not have typed."""
    towns = tuple(
        replace(town, name=NAMES[(at + draw) % len(NAMES)], over=10**draw) for at, town in enumerate(facts.towns)
    )
    rows = {
        code: tuple(replace(row, name=NAMES[(at + draw) % len(NAMES)]) for at, row in enumerate(each))
        for code, each in facts.rows.items()
    }
    changed = tuple(
        replace(each, unit=NAMES[(at + draw) % len(NAMES)], step="\x1b[5m" + each.step)
        for at, each in enumerate(facts.changed)
    )
    registers = replace(
        facts.registers,
        problems=tuple(
            each._replace(unit=NAMES[at % len(NAMES)], title=TEXTS[at % len(TEXTS)], number="2026-\x1b1")
            for at, each in enumerate(facts.registers.problems)
        ),
        surveys=tuple(each._replace(unit=NAMES[at % len(NAMES)]) for at, each in enumerate(facts.registers.surveys)),
        unvisited=tuple(
            each._replace(unit=NAMES[at % len(NAMES)]) for at, each in enumerate(facts.registers.unvisited)
        ),
    )
    title = NAMES[draw % len(NAMES)]
    return replace(facts, title=title, towns=towns, rows=rows, changed=changed, registers=registers)


def lines_of(facts: Facts, slot: Slot, size: tuple[int, int], means: Means, moment: Moment) -> tuple[Line, ...]:
    page = page_named(slot.page)
    assert page is not None
    layout = layout_for(*size)
    means = replace(means, names=layout.names)
    turn = Turn(title_of(slot, facts, words=means.words), 1, 9, 3)
    frame = whole(page, slot.part, facts, moment, turn, layout, means)
    for part, high in zip(frame, (layout.top, layout.critical, layout.centre, layout.bottom), strict=True):
        assert {len(block.lines) for block in part} == {high}
        assert sum(block.width for block in part) == layout.width
        assert all(width_of(line) == block.width for block in part for line in block.lines)
    return framed(frame.lines, layout, *size, shift=(2, 1))


def check(lines: tuple[Line, ...], size: tuple[int, int]) -> None:
    assert len(lines) == size[1]
    for line in lines:
        text = text_of(line)
        assert cell_len(text) == size[0], repr(text)
        assert text.isprintable(), repr(text)


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_page_fills_its_screen_exactly(facts: Facts, size: tuple[int, int], lang: str) -> None:
    use(lang)
    typeface = find_typeface()
    layout = layout_for(*size)
    box = Box(layout.width, layout.centre, NOW, Means(names=layout.names))
    for slot in (*slots(facts, box), *(Slot(page.name, 99) for page in PAGES), Slot("town:nowhere")):
        for means in (Means(typeface=typeface), Means(Blocks.ASCII, Latin(), hidden=True, ranked=False, words=False)):
            check(lines_of(facts, slot, size, means, Moment(NOW, seen=NOW)), size)


@settings(max_examples=60)
@given(
    draw=st.integers(0, len(NAMES) - 1),
    width=st.integers(40, 260),
    height=st.integers(12, 80),
    page=st.sampled_from([*(page.name for page in PAGES), "town:340111001"]),
    fresh=st.sampled_from(Freshness),
    lang=st.sampled_from(["zh", "en"]),
    words=st.booleans(),
)
def test_no_name_and_no_size_shifts_a_column(
    known: Known, draw: int, width: int, height: int, page: str, fresh: Freshness, lang: str, words: bool
) -> None:
    use(lang)
    moment = Moment(NOW, fresh, NOW - timedelta(minutes=5), "\x1b[31m", marked=frozenset(["340111001"]), typed="12")
    means = Means(typeface=find_typeface(), words=words)
    check(lines_of(hostile(known.facts, draw), Slot(page), (width, height), means, moment), (width, height))


def test_a_board_without_units_has_pages_too(facts: Facts) -> None:
    nothing = replace(facts.registers, problems=(), stages={}, visited=(), unvisited=(), surveys=())
    empty = replace(facts, towns=(), rows={}, changed=(), past=None, before=None, moved={}, registers=nothing)
    for page in PAGES:
        check(lines_of(empty, Slot(page.name), (120, 34), Means(), Moment(NOW)), (120, 34))


def test_where_no_chinese_can_be_shown_none_is_shown(facts: Facts) -> None:
    use("en")
    phases = tuple(replace(phase, title=f"Phase {phase.no}") for phase in facts.phases)
    facts = replace(facts, title="Campaign", phase="Phase", phases=phases)
    layout = layout_for(120, 34)
    box = Box(layout.width, layout.centre, NOW, Means(words=False))
    for slot in slots(facts, box):
        means = Means(Blocks.ASCII, Latin(), words=False, hidden=True)
        for line in lines_of(facts, slot, (120, 34), means, Moment(NOW, seen=NOW)):
            assert text_of(line).isascii(), text_of(line)


def test_a_wall_that_hides_texts_shows_none_of_a_problem(facts: Facts) -> None:
    titles = {each.title for each in facts.registers.problems}
    shown = "\n".join(
        text_of(line)
        for line in lines_of(facts, Slot("problems"), (240, 67), Means(hidden=True), Moment(NOW, seen=NOW))
    )
    assert facts.registers.problems[0].number in shown
    assert not [title for title in titles if title in shown]


def test_what_is_late_soon_and_done_is_told_without_any_colour(facts: Facts) -> None:
    """Every light is a word, and the legend says what each word means; the figures that matter have theirs."""
    text = "\n".join(map(text_of, lines_of(facts, Slot("towns"), (160, 40), Means(), Moment(NOW, seen=NOW))))
    for word, meaning in (("逾", "过了时限还没有完成"), ("临", "日内到期"), ("毕", "按时完成"), ("？", "48小时未联络")):
        assert f"{word} {meaning}" in text or f"{word} 3{meaning}" in text
    assert "逾 逾期" in text
    assert "临 临期" in text


@pytest.mark.parametrize(
    ("fresh", "said"),
    [(Freshness.FRESH, "数据截至 14:32:00"), (Freshness.LATE, "与办公室断开：数据截至 14:32:00（28分前）")],
)
def test_the_age_of_the_data_is_always_there(facts: Facts, fresh: Freshness, said: str) -> None:
    moment = Moment(NOW, fresh, NOW - timedelta(minutes=28), "无网络")
    text = "\n".join(map(text_of, lines_of(facts, Slot("towns"), (120, 34), Means(), moment)))
    assert said in text
    assert ("无网络" in text) == (fresh is Freshness.LATE)


def test_a_board_that_stopped_says_when_in_big_letters_and_shows_no_green(facts: Facts) -> None:
    moment = Moment(NOW, Freshness.STOPPED, NOW - timedelta(minutes=28))
    lines = lines_of(facts, Slot("towns"), (160, 40), Means(), moment)
    inks = {ink for line in lines[3:] for text, ink in line if text.strip()}
    assert inks <= {"quiet", "rule", "alarm", "plain"}, "nothing is painted as if it were known"
    assert any("数据停在" in text_of(line) for line in lines)
    assert sum("/ / / /" in text_of(line) for line in lines) >= 3
