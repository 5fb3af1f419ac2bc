"""The two lines at the top: the labels with their counts are whole at every width, whatever is wrong with the link."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from rich.cells import cell_len

from shared.board.status import Counts
from shared.messages import use
from tui.faults import FAULTS
from tui.messages import LinkMoved, LinkState
from tui.replica import Labels
from tui.screens.head import Head, first_line, second_line, short_link

NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)
BUSY = Labels(12, 3, 1045, 7)
SHORT = {"en": ("here 12", "sent 3", "board 1045", "look 7"), "zh": ("12", "3", "1045", "7")}


@pytest.fixture(params=["en", "zh"])
def lang(request: pytest.FixtureRequest) -> Iterator[str]:
    use(request.param)
    yield request.param
    use("en")


def head(link: LinkMoved, labels: Labels = BUSY, read_at: datetime | None = NOW, collisions: int = 0) -> Head:
    counts = Counts(steps=0, done=0)
    return Head("活动", "阶段", (1, 2), 3, counts, collisions, "王组长 (lead 340111)", link, read_at, NOW, labels)


@pytest.mark.parametrize("width", [80, 120, 160])
@pytest.mark.parametrize("code", [*FAULTS, "revoked", "other-board", "something-newer"])
def test_labels_and_what_is_wrong_stand_whole_at_every_width(lang: str, code: str, width: int) -> None:
    en, zh = FAULTS.get(code, ("No right since long ago, and this is a long sentence of it.", "权限已终止"))
    line = second_line(head(LinkMoved(LinkState.OFFLINE, reason=code, en=en, zh=zh)), width).plain
    assert cell_len(line) <= width
    for wanted in SHORT[lang]:
        assert wanted in line
    assert short_link(LinkMoved(LinkState.OFFLINE, reason=code)) in line or en in line or zh in line


OF_A_FILE = ("file-not-here", "file-not-there", "file-damaged", "no-files")
"""Faults of one file that is fetched: no state of the link."""


@pytest.mark.parametrize("code", FAULTS)
def test_each_fault_has_a_short_word(lang: str, code: str) -> None:
    assert "F12" not in short_link(LinkMoved(LinkState.OFFLINE, reason=code)) or code in ("address", "too-large",
        "broken-download", "internal", *OF_A_FILE)  # fmt: skip


def test_a_full_disk_is_told_while_the_link_is_live(lang: str) -> None:
    en, zh = FAULTS["disk-low"]
    moved = LinkMoved(LinkState.LIVE, reason="disk-low", en=en, zh=zh)
    line = second_line(head(moved, Labels(0, 0, 0, 0)), 80).plain
    assert {"en": "disk almost full", "zh": "磁盘将满"}[lang] in line


def test_where_there_is_room_everything_is_said_in_full() -> None:
    line = second_line(head(LinkMoved(LinkState.OFFLINE, reason="refused", en="No server.", zh="")), 160).plain
    assert "needs a look 7" in line
    assert "offline: No server." in line
    assert "王组长" in line


@pytest.mark.parametrize("width", [76, 78, 80])
def test_a_name_that_there_is_no_room_for_is_cut_where_all_can_see(width: int) -> None:
    moved = LinkMoved(LinkState.OFFLINE, reason="refused", en="No server.", zh="")
    line = second_line(head(moved), width).plain
    assert "王组长 (lead 340111)" not in line
    assert line.split("  ")[0].rstrip().endswith("..")
    assert cell_len(line) == width


def test_what_wants_a_person_names_the_page_that_settles_it() -> None:
    assert "collisions 2! F12" in first_line(head(LinkMoved(LinkState.LIVE), collisions=2), 120).plain
    assert "look 7 F12" in second_line(head(LinkMoved(LinkState.LIVE)), 120).plain
