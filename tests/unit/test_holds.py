"""Held changes: noted where those who may decide see them, released whole or declined with a reason, never lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.ledger import Author, Ledger
from server.log import SqliteLog
from server.store import Store
from shared.board.change import JSON, Change, to_json
from shared.board.holds import MAX_KEPT, hold_address
from shared.board.record import step_address
from shared.rights import Role
from tests.small import FAR_VILLAGE, LEAD, MEMBER, TOWN, VILLAGE, SetClock, entry, note, state
from tests.unit.ledgers import Book, Plan

FAR_LEAD = Author("d-far", "远组长", Role.LEAD, ("340111002",))


@pytest.fixture
def book() -> Book:
    return Book()


def verdict(author: Author, held: Change, said: str, **more: JSON) -> Change:
    """What somebody decides on a held entry."""
    values: dict[str, JSON] = {"verdict": said, "of": held.device, **more}
    if said == "released":
        values.setdefault("change", to_json(held))
    return entry(author, hold_address(held.record.split("/")[1], held.id), values)


def stands(book: Book, code: str = VILLAGE, step: str = "1.1", name: str = "note") -> list[JSON]:
    """The values on a field of the office's board."""
    record = book.store.get(step_address(code, step))
    return [head.value for head in record.heads(name)] if record is not None else []


def test_a_held_change_is_noted_where_its_area_reads_it_and_does_not_count(book: Book) -> None:
    refused = note(MEMBER, "越界", FAR_VILLAGE)
    assert book.statuses(MEMBER, refused) == ["held:no-right"]
    noted = book.store.get(hold_address(FAR_VILLAGE, refused.id))
    assert noted is not None
    assert (noted.value("status"), noted.value("device"), noted.value("change")) == (
        "held:no-right", MEMBER.device, to_json(refused),
    )  # fmt: skip
    assert (noted.entries[0].author, noted.entries[0].at) == (refused.author, refused.at)
    assert stands(book, FAR_VILLAGE) == []


def test_a_large_held_change_is_noted_without_its_text(book: Book) -> None:
    refused = note(MEMBER, "长" * MAX_KEPT, FAR_VILLAGE)
    book.enter(MEMBER, refused)
    noted = book.store.get(hold_address(FAR_VILLAGE, refused.id))
    assert noted is not None
    assert noted.value("change") is None
    assert book.statuses(FAR_LEAD, verdict(FAR_LEAD, refused, "released")) == ["applied"]


def test_what_nobody_can_read_is_noted_at_the_office(book: Book) -> None:
    body = {**to_json(note(MEMBER, "x")), "set": 1}
    assert [outcome.outcome for outcome in book.offer(MEMBER, body)] == ["held:undecodable"]
    assert book.store.get(hold_address("", str(body["id"]))) is not None


def test_a_released_change_counts_with_its_first_author_and_id(book: Book) -> None:
    refused = note(MEMBER, "放行", FAR_VILLAGE)
    book.enter(MEMBER, refused)
    assert book.statuses(FAR_LEAD, verdict(FAR_LEAD, refused, "released", reason="情况属实")) == ["applied"]
    record = book.store.get(step_address(FAR_VILLAGE, "1.1"))
    assert record is not None
    assert [(head.id, head.author, head.value) for head in record.heads("note")] == [
        (refused.id, MEMBER.member, "放行")
    ]


def test_a_release_keeps_to_what_its_author_had_seen(book: Book) -> None:
    """Somebody has replaced the held entry before it was released: it is born replaced, and collides with nothing."""
    refused = note(MEMBER, "早", FAR_VILLAGE)
    later = note(FAR_LEAD, "晚", FAR_VILLAGE, seen={"note": [refused.id]})
    book.enter(MEMBER, refused)
    book.enter(FAR_LEAD, later, verdict(FAR_LEAD, refused, "released"))
    assert stands(book, FAR_VILLAGE) == ["晚"]


def test_a_declined_change_stays_where_it_is_with_the_reason(book: Book) -> None:
    refused = note(MEMBER, "不对", FAR_VILLAGE)
    book.enter(MEMBER, refused)
    assert book.statuses(FAR_LEAD, verdict(FAR_LEAD, refused, "declined", reason="填错了村")) == ["applied"]
    noted = book.store.get(hold_address(FAR_VILLAGE, refused.id))
    assert noted is not None
    assert (noted.value("verdict"), noted.value("reason"), noted.value("status")) == (
        "declined", "填错了村", "held:no-right",
    )  # fmt: skip
    assert stands(book, FAR_VILLAGE) == []


def test_a_change_and_its_release_in_one_transaction_are_judged_in_turn(book: Book) -> None:
    refused = note(FAR_LEAD, "越界", VILLAGE)
    held, released = book.statuses(FAR_LEAD, refused), book.statuses(LEAD, verdict(LEAD, refused, "released"))
    assert (held, released) == (["held:no-right"], ["applied"])
    assert stands(book) == ["越界"]


@pytest.mark.parametrize("author", [MEMBER, LEAD, Author("d-w", "墙", Role.VIEWER, ("*",))], ids=lambda a: a.role)
def test_who_may_not_enter_in_the_area_decides_nothing_there(book: Book, author: Author) -> None:
    refused = note(MEMBER, "越界", FAR_VILLAGE)
    book.enter(MEMBER, refused)
    for said in ("released", "declined"):
        assert book.statuses(author, verdict(author, refused, said)) == ["held:no-right"]
    assert stands(book, FAR_VILLAGE) == []


def test_a_release_gives_nobody_rights_that_the_releasing_one_lacks(book: Book) -> None:
    renamed = entry(MEMBER, f"unit/{VILLAGE}", {"name": "新名"})
    assert book.statuses(MEMBER, renamed) == ["held:no-right"]
    assert book.statuses(LEAD, verdict(LEAD, renamed, "released")) == ["held:no-right"]


def test_a_verdict_on_anything_but_what_is_held_is_held_itself(book: Book) -> None:
    refused, applied = note(MEMBER, "越界", FAR_VILLAGE), note(FAR_LEAD, "好", FAR_VILLAGE)
    book.enter(MEMBER, refused)
    book.enter(FAR_LEAD, applied)
    other = {**to_json(refused), "set": {"note": "换了"}}
    wrong = [
        verdict(FAR_LEAD, note(MEMBER, "没有", FAR_VILLAGE), "declined"),
        verdict(FAR_LEAD, applied, "declined"),
        verdict(FAR_LEAD, refused, "released", change=other),
        verdict(FAR_LEAD, refused, "released", change=to_json(applied)),
        verdict(FAR_LEAD, refused, "released", change="?"),
        verdict(FAR_LEAD, refused, "declined", of="d-other"),
        verdict(FAR_LEAD, refused, "declined", status="applied"),
    ]
    assert book.statuses(FAR_LEAD, *wrong) == ["held:unknown-hold"] * len(wrong)
    assert stands(book, FAR_VILLAGE) == ["好"]


def test_a_verdict_that_is_held_is_given_anew_and_never_let_count(book: Book) -> None:
    """It would stand as given without what it lets count: the entry would look released and be on no board."""
    refused = note(MEMBER, "越界", FAR_VILLAGE)
    book.enter(MEMBER, refused)
    beyond = verdict(LEAD, refused, "released")
    assert book.statuses(LEAD, beyond) == ["held:no-right"]
    assert book.statuses(FAR_LEAD, verdict(FAR_LEAD, beyond, "released")) == ["held:unknown-hold"]
    noted = book.store.get(hold_address(FAR_VILLAGE, refused.id))
    assert noted is not None
    assert noted.value("verdict") is None
    assert book.statuses(FAR_LEAD, verdict(FAR_LEAD, refused, "released")) == ["applied"]
    assert stands(book, FAR_VILLAGE) == ["越界"]


@pytest.mark.parametrize(
    "values", [{"verdict": "later"}, {"verdict": ["declined"]}, {"reason": "x"}, {"of": "d-member"}]
)
def test_what_is_no_verdict_decides_nothing(book: Book, values: dict[str, JSON]) -> None:
    refused = note(MEMBER, "越界", FAR_VILLAGE)
    book.enter(MEMBER, refused)
    said = entry(FAR_LEAD, hold_address(FAR_VILLAGE, refused.id), values)
    assert book.statuses(FAR_LEAD, said) == ["held:unknown-hold"]


@pytest.mark.parametrize("field", ["status", "device"])
def test_a_verdict_takes_nothing_away_of_what_the_office_noted(book: Book, field: str) -> None:
    """Whoever names the note itself as seen would have it vanish, for everybody and undecidable from then on."""
    refused = note(MEMBER, "越界", FAR_VILLAGE)
    book.enter(MEMBER, refused)
    address = hold_address(FAR_VILLAGE, refused.id)
    hiding = entry(FAR_LEAD, address, {"verdict": "declined"}, seen={field: [refused.id]})
    assert book.statuses(FAR_LEAD, hiding) == ["held:unknown-hold"]
    noted = book.store.get(address)
    assert noted is not None
    assert noted.value(field) is not None


def test_an_entry_on_a_step_that_came_later_can_be_released_then(book: Book) -> None:
    class Later(Plan):
        known = False

        def verdict(self, kind: str, step: str, revision: int) -> str:
            return "known" if self.known and step == "9.9" else super().verdict(kind, step, revision)

    steps = Later()
    book = Book(steps)
    early = state(MEMBER, "doing", VILLAGE, "9.9")
    assert book.statuses(MEMBER, early) == ["held:unknown-step"]
    assert book.statuses(LEAD, verdict(LEAD, early, "released")) == ["held:unknown-step"]
    steps.known = True
    assert book.statuses(LEAD, verdict(LEAD, early, "released")) == ["applied"]
    assert stands(book, step="9.9", name="state") == ["doing"]


def test_a_board_made_anew_from_the_log_knows_what_was_held_and_decided(book: Book) -> None:
    held = [note(MEMBER, text, FAR_VILLAGE) for text in "甲乙丙"]
    book.enter(MEMBER, *held)
    book.enter(FAR_LEAD, verdict(FAR_LEAD, held[0], "released"), verdict(FAR_LEAD, held[1], "declined", reason="x"))
    anew = Store()
    ledger = Ledger(book.log, anew, Plan(), SetClock())
    ledger.catch_up()
    assert anew.image() == book.store.image()


def test_the_log_tells_its_newest_verdict() -> None:
    book = Book()
    assert book.log.last_verdict() == 0
    refused = note(MEMBER, "越界", FAR_VILLAGE)
    book.enter(MEMBER, refused)
    (outcome,) = book.enter(FAR_LEAD, verdict(FAR_LEAD, refused, "declined"))
    book.enter(LEAD, note(LEAD, "x"))
    book.enter(MEMBER, verdict(MEMBER, refused, "released"))  # held itself: whoever may not decide sets nothing going
    assert book.log.last_verdict() == outcome.seq
    assert SqliteLog(Path(":memory:"), board="00" * 16).last_verdict() == 0


def test_an_area_reads_what_is_held_in_it_under_its_own_owner() -> None:
    assert hold_address(TOWN, "0" * 32) == f"hold/{TOWN}/{'0' * 32}"
    assert hold_address("", "0" * 32) == f"hold/office/{'0' * 32}"
