"""What is noted of a board that was put back: whole, bounded, and telling one restore from the next."""

from __future__ import annotations

from pathlib import Path

import pytest

from server import lineage
from server.lineage import MAX_ASTRAY, MAX_OF_ONE, MAX_RESTORES, Astray, Lineage, Opening, Restore
from shared.board.log_record import Cursor

HEAD = Cursor("b0" * 16, 40, "cc" * 16)


def at(hour: int) -> str:
    return f"2026-04-10T{hour:02}:00:00+00:00"


def astray(device: str = "d1", seq: int = 50, hour: int = 12) -> Astray:
    return Astray(device, at(hour), seq, f"{seq:032x}", HEAD.seq)


COMMAND = Restore(at(9), 30, "aa" * 16, backup=at(1))


def test_what_is_written_is_read(tmp_path: Path) -> None:
    noted = Lineage((COMMAND, Restore(at(10), 40, "bb" * 16, noticed_by="d1")), (astray(),))
    lineage.write(tmp_path, noted)
    assert lineage.read(tmp_path) == noted


@pytest.mark.parametrize(
    "body", [None, b"", b"{", b"[]", b'{"restores": 1}', b'{"restores": [{"x": 1}], "astray": []}']
)
def test_a_note_that_is_missing_or_torn_stops_nobody(tmp_path: Path, body: bytes | None) -> None:
    if body is not None:
        (tmp_path / lineage.FILE).write_bytes(body)
    assert lineage.read(tmp_path) == Lineage()


def test_a_laptop_is_ahead_by_what_the_log_lacks_and_never_by_less_than_nothing() -> None:
    assert (astray(seq=50).ahead, astray(seq=40).ahead, astray(seq=7).ahead) == (10, 0, 0)


@pytest.mark.parametrize(
    ("heard", "restores"),
    [
        (None, 1),  # never heard of: the restore that is known explains it
        (at(8), 1),  # not heard of since
        (at(9), 1),
        (at(10), 2),  # heard of since, so it stood in the new log: that was put back again
    ],
)
def test_only_who_was_heard_of_since_a_restore_shows_another_one(heard: str | None, restores: int) -> None:
    noted = Opening(at(11), HEAD, {"d1": heard}).noticing(Lineage((COMMAND,)), astray())
    assert noted is not None
    assert len(noted.restores) == restores
    assert noted.astray == (astray(),)
    if restores == 2:
        assert noted.restores[-1] == Restore(at(11), HEAD.seq, HEAD.chain, noticed_by="d1")


def test_the_first_astray_laptop_of_a_board_that_knows_of_no_restore_shows_one() -> None:
    opening = Opening(at(11), HEAD, {"d1": at(10), "d2": at(10)})
    first = opening.noticing(Lineage(), astray())
    assert first is not None
    assert [each.noticed_by for each in first.restores] == ["d1"]
    second = opening.noticing(first, astray("d2", 51))
    assert second is not None
    assert second.restores == first.restores
    assert opening.noticing(second, astray(hour=23)) is None, "the same laptop at the same place is known"


def test_notes_are_bounded_and_one_laptop_cannot_push_out_the_others() -> None:
    noted = Lineage().with_astray(astray("quiet"))
    for seq in range(1000, 1000 + 5 * MAX_OF_ONE):
        noted = noted.with_astray(astray("loud", seq))
    assert [each.device for each in noted.astray] == ["quiet"] + ["loud"] * MAX_OF_ONE
    assert noted.astray[-1].seq == 999 + 5 * MAX_OF_ONE
    for number in range(2 * MAX_ASTRAY):
        noted = noted.with_astray(astray(f"d{number}"))
    assert len(noted.astray) == MAX_ASTRAY
    for hour in range(2 * MAX_RESTORES):
        noted = noted.with_restore(COMMAND._replace(seq=hour))
    assert [each.seq for each in noted.restores] == list(range(MAX_RESTORES, 2 * MAX_RESTORES))
