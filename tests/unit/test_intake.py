"""Entries from a stick at the ledger: each outcome, ended rights, takes that broke off; and which answers they get."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from server import intake
from server.bundling import Courier
from server.ledger import Author, Outcome
from server.office import Office
from server.taken import Stand, Taken
from shared.board.change import Change, to_json
from shared.board.log_record import Cursor
from shared.board.record import step_address
from shared.bundle import BundleWrong, Header, Purpose, pack, secret_of
from shared.protocol import MAX_FRAME
from shared.rights import Role
from tests.small import FAR_VILLAGE, MEMBER, SECOND, TOWN, VILLAGE, SetClock, entry, note, notes, state


class Guest:
    """A device that comes by stick."""

    def __init__(self, office: Office, name: str = "客", role: Role = Role.LEAD) -> None:
        office.members.admit(name, role, (TOWN,))
        self.office = office
        device, self.token = office.members.issue(name, "laptop")
        self.author = Author(device.id, name, role, (TOWN,))

    def bundle(self, *bodies: Any, cursor: Cursor | None = None, areas: Any = None) -> bytes:
        """These bodies in a bundle, one push each."""
        more = {"cursor": cursor._asdict() if cursor else None, "areas": areas}
        header = Header(Purpose.ENTRIES, self.office.log.board, self.author.device, "2026-04-10", more)
        told = [to_json(body) if isinstance(body, Change) else body for body in bodies]
        frames = [orjson.dumps({"kind": "push", "changes": [body]}) for body in told]
        return b"".join(pack(header, frames, secret_of(self.token)))

    def take(self, *bodies: Any, **more: Any) -> dict[str, int]:
        """Hand them in; the outcomes counted."""
        parcel = intake.read(self.office, self.bundle(*bodies, **more))
        with Taken(self.office.folder) as taken:
            return dict(intake.take(self.office, parcel, taken).outcomes)

    def stand(self) -> Stand:
        """Where the office takes it to stand."""
        with Taken(self.office.folder) as taken:
            return taken.stand(self.author.device)


@pytest.fixture
def guest(office: Office) -> Guest:
    return Guest(office)


def test_every_outcome_is_counted_and_only_what_no_batch_brings_is_kept_to_be_told(guest: Guest) -> None:
    known = note(guest.author, "bekannt")
    head = guest.office.ledger.head
    assert guest.take(known, cursor=head) == {"applied": 1}
    assert guest.stand() == Stand(head, None, ())
    other = entry(guest.author, known.record, {"note": "anders"}, change_id=known.id)
    far = note(guest.author, "x", FAR_VILLAGE)
    broken = {"id": "ab" * 16, "deep": "x" * 600_000}
    outcomes = guest.take(other, far, broken, cursor=guest.office.ledger.head, areas=[TOWN])
    assert outcomes == {"id-reused": 1, "held:no-right": 1, "malformed": 1}
    assert set(guest.stand().told) == {
        Outcome(known.id, "id-reused", head.seq + 1),
        Outcome("ab" * 16, "malformed", None),
    }
    assert guest.stand().areas == (TOWN,)


def test_what_stands_before_a_laptops_place_is_kept_to_be_told(guest: Guest) -> None:
    mine = note(guest.author, "x")
    guest.take(mine)
    head = guest.office.ledger.head
    assert guest.take(mine, cursor=head) == {"applied": 1}
    assert guest.stand().told == (Outcome(mine.id, "applied", head.seq),)


@pytest.mark.parametrize("role", [Role.ADMIN, Role.LEAD])
def test_nothing_of_whom_rights_have_ended_counts_whatever_it_is(office: Office, role: Role) -> None:
    guest = Guest(office, role=role)
    before = note(guest.author, "vorher")
    guest.take(before)
    office.members.revoke(guest.author.member, "纪检办")
    changes = [before, note(guest.author, "x"), note(guest.author, "x", FAR_VILLAGE), {"id": "ab" * 16, "odd": 1}]
    assert guest.take(*changes) == {"applied": 1, "held:revoked": 3}
    assert [each.value("note") for each in office.store.of(VILLAGE).values() if "note" in each.fields()] == ["vorher"]
    heard = {device.id: device.heard for device in office.members.devices()}
    office.members.reinstate(guest.author.member)
    assert guest.take(*changes) == {"applied": 1, "held:revoked": 3}, "the first answer again"
    assert guest.take(note(guest.author, "y", SECOND)) == {"applied": 1}
    office.members.revoke(guest.author.member)
    assert guest.take(note(MEMBER, "fremd")) == {"held:other-author": 1}, "nobody else has to look at it"
    assert heard[guest.author.device] is not None


def test_a_take_that_broke_off_is_gone_on_with(guest: Guest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "MAX_GROUP", 3)
    mine = notes(guest.author, map(str, range(10)), VILLAGE, SECOND)
    submit, count = guest.office.submit, 0

    def failing(submissions: Any) -> Any:
        nonlocal count
        count += 1
        if count == 3:
            raise OSError(28, "No space left on device")
        return submit(submissions)

    monkeypatch.setattr(guest.office, "submit", failing)
    head = guest.office.ledger.head
    with pytest.raises(OSError, match="space"):
        guest.take(*mine, cursor=head)
    assert guest.office.ledger.head.seq == head.seq + 6
    assert guest.stand() == Stand(), "where it stands is noted when all has been taken"
    assert guest.take(*mine, cursor=head) == {"applied": 10}
    log = [record.id for record in guest.office.log.read(head.seq, 100)]
    assert log == [each.id for each in mine]


def test_how_far_a_bundle_reaches_counts_units_whose_state_it_changes(guest: Guest) -> None:
    def reached(*changes: Change) -> tuple[int, int]:
        return intake.reached(guest.office, intake.read(guest.office, guest.bundle(*changes)))

    author = guest.author
    assert reached(note(author, "x"), state(author, "todo")) == (0, 7)
    twice = [state(author, "doing"), state(author, "doing", step="1.2")]
    assert reached(*twice, state(author, "doing", SECOND), state(author, "doing", "340111001999")) == (2, 7)
    guest.take(*twice)
    assert reached(*twice) == (0, 7), "what is known changes nothing"
    assert reached(state(author, "doing")) == (0, 7)
    assert reached(state(author, "submitted")) == (1, 7)
    guest.office.members.revoke(author.member)
    assert reached(state(author, "submitted")) == (0, 7), "what is held changes nothing"


@pytest.mark.parametrize("cursor", [7, {"board": "x"}, []])
def test_a_place_that_is_none_is_said_and_nothing_taken(guest: Guest, cursor: Any) -> None:
    header = Header(Purpose.ENTRIES, guest.office.log.board, guest.author.device, "2026", {"cursor": cursor})
    with pytest.raises(BundleWrong) as caught:
        intake.read(guest.office, b"".join(pack(header, [], secret_of(guest.token))))
    assert caught.value.code == "bad-line"


@pytest.mark.parametrize("areas", [7, "340111", [7], ["1"] * 65])
def test_areas_that_are_none_are_said_and_nothing_taken(guest: Guest, areas: Any) -> None:
    with pytest.raises(BundleWrong) as caught:
        intake.read(guest.office, guest.bundle(areas=areas))
    assert caught.value.code == "bad-line"


@pytest.mark.parametrize("line", [b"[]", b"7", b'{"kind":"push"}', b'{"kind":"push","changes":[]}', b"{", b"\xff"])
def test_a_line_that_is_none_is_said_with_its_number_and_nothing_taken(guest: Guest, line: bytes) -> None:
    header = Header(Purpose.ENTRIES, guest.office.log.board, guest.author.device, "2026", {})
    good = orjson.dumps({"kind": "push", "changes": [to_json(note(guest.author, "x"))]})
    head = guest.office.ledger.head
    with pytest.raises(BundleWrong) as caught:
        intake.read(guest.office, b"".join(pack(header, [good, line], secret_of(guest.token))))
    assert (caught.value.code, caught.value.details) == ("bad-line", {"line": 3})
    assert guest.office.log.head() == head


def test_a_push_on_a_stick_is_no_larger_than_one_on_the_wire(guest: Guest) -> None:
    """A small file may unpack to ever so much: what is read of it at once is bounded, whatever it claims."""
    with pytest.raises(BundleWrong) as caught:
        intake.read(guest.office, guest.bundle({"id": "ab" * 16, "deep": [[]] * MAX_FRAME}))
    assert (caught.value.code, caught.value.details) == ("bad-line", {"line": 2})


# --- which answers ---


def follows(office: Office, reader: Author, stand: Stand) -> bool:
    with Courier(office, reader) as courier:
        return courier.follows(stand)


def test_batches_answer_who_stands_in_this_log_with_these_areas(guest: Guest, monkeypatch: pytest.MonkeyPatch) -> None:
    office, head = guest.office, guest.office.ledger.head
    guest.take(*notes(guest.author, "abc"))
    stand = Stand(head, (TOWN,))
    assert follows(office, guest.author, stand)
    assert follows(office, guest.author, Stand(head, None))
    for other in (
        Stand(),
        stand._replace(areas=(TOWN, "340111002")),
        stand._replace(cursor=head._replace(chain="00" * 16)),
        stand._replace(cursor=head._replace(board="00" * 16)),
        stand._replace(cursor=head._replace(seq=head.seq + 99)),
    ):
        assert not follows(office, guest.author, other)
    monkeypatch.setattr("server.bundling.MAX_PAST", 2)
    assert not follows(office, guest.author, stand), "too far behind for batches"


def test_answers_that_begin_anew_tell_no_place_in_a_log_that_is_gone(guest: Guest) -> None:
    """A laptop that believed it would never hand that entry in again, and the office has lost it."""
    known = note(guest.author, "x")
    guest.take(known)
    gone, nowhere = Outcome("cd" * 16, "applied", 3), Outcome("ab" * 16, "malformed", None)
    with Courier(guest.office, guest.author) as courier:
        lines = [orjson.loads(line) for line in courier.anew((gone, nowhere))]
    acked = [Outcome(**each) for line in lines if line["kind"] == "ack" for each in line["results"]]
    assert acked == [nowhere, Outcome(known.id, "applied", guest.office.ledger.head.seq)]


def test_what_is_remembered_of_a_laptop_is_bounded_and_for_the_office_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.taken.MAX_TOLD", 3)
    told = tuple(Outcome(f"{n:032x}", "malformed", None) for n in range(9))
    with Taken(tmp_path) as taken:
        taken.note("d1", Stand(told=told))
    with Taken(tmp_path) as taken:
        assert taken.stand("d1").told == told[-3:]
        assert taken.stand("d2") == Stand()
    assert (tmp_path / "bundles.sqlite").stat().st_mode & 0o777 == 0o600


def test_a_bundle_of_the_office_is_made_for_its_reader(guest: Guest, clock: SetClock) -> None:
    guest.take(note(guest.author, "mein"), note(guest.author, "fern", FAR_VILLAGE))
    with Courier(guest.office, guest.author) as courier:
        lines = [orjson.loads(line) for line in courier.start()]
    owners = {line["owner"] for line in lines if line["kind"] == "unit"}
    assert {VILLAGE, SECOND} < owners
    assert FAR_VILLAGE not in owners
    assert step_address(VILLAGE, "1.1") in next(line["records"] for line in lines if line.get("owner") == VILLAGE)
    heard = next(line["areas"] for line in lines if line["kind"] == "heard")
    assert heard == {TOWN: clock().isoformat(timespec="seconds")}
