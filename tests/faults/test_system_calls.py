"""Death, a full disk, a broken disk and a lying one at every system call of office and laptop (promises 1 and 4).

strace strikes: `-e inject` at the n-th call of a name, for every name and n of an undisturbed run. What was
acknowledged or called saved before is there afterwards, once; every file opens; the chain verifies; `board.json` opens
or is made anew, equal. `python -m tests.soak --only system-calls` strikes longer works, at calls that only look, too.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from server.checking import check
from tests.faults.cradle import Cradle
from tests.faults.deaths import (
    CHANGING,
    EIO,
    ENOSPC,
    FAILING,
    GAVE_UP,
    LARGEST_FILE,
    LIE,
    Subject,
    Ward,
    cut_short_everywhere,
    die_everywhere,
    entering,
    fail_everywhere,
    keeping,
    serving,
)  # fmt: skip

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="strace strikes on Linux alone")

PARTS = 2
"""Each enumeration is cut into so many tests, so that every core has some."""


@pytest.fixture
def ward(cradle: Cradle, subject: Subject, tmp_path: Path) -> Ward:
    return Ward(cradle, subject, tmp_path)


def share(calls: Sequence[tuple[str, int]], part: int) -> Sequence[tuple[str, int]]:
    """Every so-many-th call, so that all kinds are in every part."""
    return calls[part::PARTS]


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("subject", [entering(), keeping()], ids=lambda subject: subject.work)
def test_a_death_at_any_call_takes_nothing_back(ward: Ward, part: int) -> None:
    calls = share(ward.calls(CHANGING), part)
    assert die_everywhere(ward, calls) == len(calls) > 40


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize(
    ("subject", "how"), [(entering(), EIO), (keeping(), EIO), (entering(), ENOSPC), (keeping(), ENOSPC)],
    ids=lambda each: each.work if isinstance(each, Subject) else each.partition("=")[2],
)  # fmt: skip
def test_after_a_failed_commit_nothing_is_acknowledged_or_tried_again(ward: Ward, how: str, part: int) -> None:
    calls = share(ward.calls(FAILING), part)
    assert fail_everywhere(ward, how, calls) == len(calls) > 25


@pytest.mark.parametrize("subject", [serving()], ids=lambda subject: subject.work)
def test_a_server_whose_disk_fails_says_nothing_that_is_not_so_and_stops(ward: Ward) -> None:
    """Through a real socket: each sync and each move, and every fourth of the writes, which `entering` has all of."""
    calls = [(name, n) for name, n in ward.calls(FAILING) if name != "pwrite64" or n % 4 == 1]
    assert fail_everywhere(ward, EIO, calls) == len(calls) > 20


@pytest.mark.parametrize("subject", [entering(), keeping()], ids=lambda subject: subject.work)
def test_a_write_that_is_cut_short_at_any_place_takes_nothing_back(ward: Ward) -> None:
    sizes = range(0, LARGEST_FILE, 1777)
    assert cut_short_everywhere(ward, sizes) > 20


@pytest.mark.parametrize("subject", [entering()], ids=lambda subject: subject.work)
def test_a_disk_that_says_it_wrote_what_it_did_not_is_found_out(ward: Ward) -> None:
    """Whatever still opens holds all that was acknowledged, or a check says what is wrong."""
    noticed = 0
    for struck in ward.strike(LIE, ward.calls({"write", "pwrite64"})):
        assert struck.ended.code in (0, GAVE_UP), str(struck)
        if check(struck.folder).findings:
            noticed += 1
        else:
            ward.still_holds(struck)
    assert noticed
