"""What counts as come back after a restore, by whose time, and what an answer that came back is late for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from server import lineage
from server.late_answers import late_answers
from server.lineage import Astray, Lineage, Restore
from server.log import Draft
from server.office import Office
from server.returned import Healing, healing
from shared.board.change import Change, content_hash, encode
from shared.board.record import owner_of
from tests.revised import revised, update
from tests.small import LEAD, MEMBER, TOWN, VILLAGE, SetClock, note, state

BEFORE, AFTER = "2026-04-10T03:00:00.000+00:00", "2026-04-10T05:00:00.000+00:00"
RESTORED = "2026-04-10T04:00:00+00:00"
DISTANT = "2027-04-10T12:00:00+08:00"


def store(office: Office, change: Change, device: str, at: str, status: str = "applied") -> None:
    """A log record that a device handed in, with the office's time."""
    body = encode(change)
    key = bytes.fromhex(change.id)
    draft = Draft(key, content_hash(body), change.record, owner_of(change.record), status, device, at, body)
    office.log.append(office.log.head(), [draft])


def put_back(office: Office) -> None:
    """Note that this board was put back to where it stands."""
    head = office.log.head()
    lineage.write(office.folder, Lineage((Restore(RESTORED, head.seq, head.chain, BEFORE),)))


def counted(office: Office) -> list[tuple[str, int, int, int]]:
    report: Healing = healing(office.folder)
    return [(each.device, each.entries, each.own, each.held) for each in report.returned]


EARLY = replace(note(LEAD, "x"), at="2026-04-10T11:00:00+08:00")
LATE = replace(note(LEAD, "x"), at="2026-04-10T13:00:00+08:00")


@pytest.mark.parametrize(
    ("change", "device", "at", "status", "found"),
    [
        (EARLY, LEAD.device, AFTER, "applied", (1, 1, 0)),  # its own laptop sends it again
        (LATE, LEAD.device, AFTER, "applied", None),  # an entry like any other
        (replace(LATE, at=DISTANT), LEAD.device, BEFORE, "applied", (1, 1, 0)),  # a laptop a year off: the office knows
        (replace(EARLY, at="morgens"), LEAD.device, AFTER, "applied", None),
        (LATE, MEMBER.device, AFTER, "held:unproven", (1, 0, 1)),  # another laptop has it, and no proof
        (EARLY, MEMBER.device, BEFORE, "applied", (1, 0, 0)),
        (EARLY, MEMBER.device, AFTER, "held:other-author", None),  # somebody in another's name
        (replace(EARLY, device="office"), MEMBER.device, BEFORE, "applied", (1, 0, 0)),
        (replace(EARLY, device="office"), "office", AFTER, "applied", None),  # the office's commands never wait
    ],
)
def test_what_counts_as_come_back(
    office: Office, change: Change, device: str, at: str, status: str, found: tuple[int, int, int] | None
) -> None:
    store(office, note(MEMBER, "davor"), LEAD.device, BEFORE)  # in the backup: not what came back
    put_back(office)
    store(office, change, device, at, status)
    assert counted(office) == ([] if found is None else [(device, *found)])


def test_who_gave_back_most_is_named_first(office: Office) -> None:
    put_back(office)
    for device, count in (("d1", 1), ("d2", 3), ("d3", 1)):
        for _ in range(count):
            store(office, note(LEAD, "x"), device, BEFORE)
    assert [device for device, *_ in counted(office)] == ["d2", "d1", "d3"]


def test_only_devices_that_may_speak_are_waited_for(office: Office, clock: SetClock) -> None:
    put_back(office)
    for name, heard in (("王", AFTER), ("李", BEFORE), ("赵", None), ("钱", None)):
        issued = office.members.enrol(office.members.add(name, LEAD.role, (TOWN,)), "laptop")
        assert issued is not None
        if heard is not None:
            office.members.note_heard({issued[0].id: (heard, 1)})
    office.members.revoke("钱")
    assert sorted((each.member, each.heard) for each in healing(office.folder).silent) == [
        ("李", BEFORE), ("赵", None),
    ]  # fmt: skip


def test_who_has_just_brought_something_is_not_waited_for(office: Office) -> None:
    """A running server notes only every now and then whom it has heard."""
    issued = office.members.enrol(office.members.add("王", LEAD.role, (TOWN,)), "laptop")
    assert issued is not None
    office.members.note_heard({issued[0].id: (BEFORE, 1)})
    put_back(office)
    assert [each.device for each in healing(office.folder).silent] == [issued[0].id]
    store(office, note(LEAD, "x"), issued[0].id, AFTER)
    assert healing(office.folder).silent == ()


def test_who_has_come_with_a_cursor_from_before_is_not_waited_for(office: Office) -> None:
    issued = office.members.enrol(office.members.add("王", LEAD.role, (TOWN,)), "laptop")
    assert issued is not None
    put_back(office)
    noted = lineage.read(office.folder)
    came = Astray(issued[0].id, AFTER, office.log.head().seq + 3, "00" * 16, office.log.head().seq)
    lineage.write(office.folder, replace(noted, astray=(came,)))
    assert healing(office.folder).silent == ()


def test_an_answer_that_came_back_is_late_only_if_the_office_first_had_it_late(office: Office, clock: SetClock) -> None:
    clock.move(hours=1)
    update(office.folder, revised(), clock)
    clock.move(hours=1)
    late = state(LEAD, "doing", VILLAGE, "1.2")
    store(office, state(LEAD, "doing", VILLAGE, "1.2"), "d9", BEFORE)
    store(office, late, "d9", "2026-04-10T07:00:00.000+00:00")
    with Office(office.folder, clock) as again:
        assert [each.change for each in late_answers(again)] == [late.id]
