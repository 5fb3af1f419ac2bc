"""Who may do what where: the table of role, area and action, every cell of it through the ledger."""

from __future__ import annotations

import pytest

from server.ledger import Author
from server.offered import OFFICE
from shared.board.change import Change, to_json
from shared.board.record import step_address, unit_address
from shared.rights import Action, Role, role_of
from tests.small import FAR_VILLAGE, LEAD, MEMBER, SECOND, TOWN, VILLAGE, entry, note, state
from tests.unit.ledgers import Book


@pytest.fixture
def book() -> Book:
    return Book()


VIEWER = Author("d-wall", "墙", Role.VIEWER, ("*",))
KINDS = ("problem", "visit", "survey", "document", "meeting")
STAGES = {"check": "checked", "sign": "signed", "publish": "published"}
OWN, OTHER = VILLAGE, FAR_VILLAGE
AREAS = {"town": (TOWN,), "unit": (VILLAGE,), "every": ("*",), "none": ()}
ALLOWED = """
    role    areas  on     edit approve return check sign publish plan decide administer
    viewer  town   own    -    -       -      -     -    -       -    -      -
    viewer  every  own    -    -       -      -     -    -       -    -      -
    viewer  every  other  -    -       -      -     -    -       -    -      -
    member  town   own    yes  -       -      -     -    -       -    -      -
    member  town   other  -    -       -      -     -    -       -    -      -
    member  unit   own    yes  -       -      -     -    -       -    -      -
    member  unit   other  -    -       -      -     -    -       -    -      -
    member  every  other  yes  -       -      -     -    -       -    -      -
    member  none   own    -    -       -      -     -    -       -    -      -
    lead    town   own    yes  yes     yes    yes   yes  yes     yes  yes    -
    lead    town   other  -    -       -      -     -    -       -    -      -
    lead    unit   own    yes  yes     yes    yes   yes  yes     yes  yes    -
    lead    unit   other  -    -       -      -     -    -       -    -      -
    lead    every  other  yes  yes     yes    yes   yes  yes     yes  yes    -
    lead    none   own    -    -       -      -     -    -       -    -      -
    admin   town   own    yes  yes     yes    yes   yes  yes     yes  yes    yes
    admin   town   other  -    -       -      -     -    -       -    -      -
    admin   unit   own    yes  yes     yes    yes   yes  yes     yes  yes    yes
    admin   every  own    yes  yes     yes    yes   yes  yes     yes  yes    yes
    admin   every  other  yes  yes     yes    yes   yes  yes     yes  yes    yes
    admin   none   own    -    -       -      -     -    -       -    -      -
"""


def cells() -> list[tuple[str, str, str, str, bool]]:
    head, *lines = [line.split() for line in ALLOWED.strip().splitlines()]
    return [(*line[:3], action, line[n] == "yes") for line in lines for n, action in enumerate(head) if n > 2]  # type: ignore[misc]


def act(action: str, book: Book, author: Author, code: str) -> list[Change]:
    """Entries that amount to this action, each way there is to do it."""
    if action == "edit":
        return [note(author, "x", code), state(author, "doing", code, "1.2"), state(author, "done", code, "1.2"),
                *(entry(author, f"{kind}/{code}/1", {"note": "x"}) for kind in KINDS),
                entry(author, f"problem/{code}/1", {"stage": "measured"}),
                entry(author, f"problem/{code}/1", {"stage": "open", "reason": "反弹"})]  # fmt: skip
    if action == "approve":
        (submitted,) = book.enter(OFFICE, state(OFFICE, "submitted", code))
        return [
            state(author, "done", code, seen={"state": [submitted.id]}),
            entry(author, step_address(code, "1.2"), {"approved_on": "2026-04-10"}),
            entry(author, f"document/{code}/1", {"outcome": "approved", "answered_on": "2026-04-10"}),
        ]
    if action == "return":
        answer = {"outcome": "returned", "answered_on": "2026-04-10"}
        return [state(author, "returned", code), entry(author, f"document/{code}/1", answer)]
    if action in STAGES:
        return [entry(author, f"problem/{code}/1", {"stage": STAGES[action]})]
    if action == "plan":
        window = {"first": "2026-03-01", "last": "2026-05-01", "reason": "秋收"}
        fields = (
            {"window.1": window},
            {"person.liaison": "李联络"},
            {"figure.members": 46},
            {"tie.department": "局"},
        )
        return [entry(author, unit_address(code), values) for values in fields]
    if action == "decide":
        refused = note(VIEWER, "x", code)
        book.enter(VIEWER, refused)
        address = f"hold/{code}/{refused.id}"
        return [entry(author, address, {"verdict": v, "change": to_json(refused)}) for v in ("declined", "released")]
    return [entry(author, unit_address(code), {"name": "x"}), entry(author, f"problem/{code}/1", {"number": "x"})]


@pytest.mark.parametrize(("role", "areas", "where", "action", "allowed"), cells())
def test_rights(book: Book, role: str, areas: str, where: str, action: str, allowed: bool) -> None:
    author = Author("d-one", "某人", Role(role), AREAS[areas])
    changes = act(action, book, author, OWN if where == "own" else OTHER)
    assert book.statuses(author, *changes) == ["applied" if allowed else "held:no-right"] * len(changes)


def test_the_table_of_rights_has_every_role_and_every_action() -> None:
    assert {cell[0] for cell in cells()} == {role.value for role in Role}
    assert {cell[3] for cell in cells()} == {action.value for action in Action}


@pytest.mark.parametrize("areas", [(TOWN,), ("*",)])
def test_what_belongs_to_no_unit_is_the_offices_alone(book: Book, areas: tuple[str, ...]) -> None:
    for role in Role:
        author = Author("d-one", "某人", role, areas)
        may = role is Role.ADMIN and areas == ("*",)
        for address in ("campaign/small", "group/1"):
            assert book.statuses(author, entry(author, address, {"title": "x"})) == [
                "applied" if may else "held:no-right"
            ]


def test_an_area_of_one_organisation_does_not_open_its_neighbours(book: Book) -> None:
    book.enter(OFFICE, *(entry(OFFICE, unit_address(f"{TOWN}-S{n}"), {"kind": "village"}) for n in ("10", "100")))
    author = Author("d-one", "某人", Role.MEMBER, (f"{TOWN}-S10",))
    changes = [note(author, "x", f"{TOWN}-S10"), note(author, "x", f"{TOWN}-S100"), note(author, "x", TOWN)]
    assert book.statuses(author, *changes) == ["applied", "held:no-right", "held:no-right"]


def test_a_role_that_is_not_known_here_has_the_least_rights(book: Book) -> None:
    author = Author("d-one", "某人", role_of("emperor"), ("*",))
    assert book.statuses(author, note(author, "x")) == ["held:no-right"]


def test_approving_what_was_submitted_in_the_same_batch_is_still_approving(book: Book) -> None:
    submitted = [state(MEMBER, "submitted", code) for code in (VILLAGE, SECOND)]
    approved = [
        state(MEMBER, "done", code, seen={"state": [change.id]})
        for code, change in zip((VILLAGE, SECOND), submitted, strict=True)
    ]
    assert book.statuses(MEMBER, *submitted, *approved) == ["applied", "applied", "held:no-right", "held:no-right"]
    assert book.statuses(LEAD, *(state(LEAD, "done", c, seen={"state": [s.id]}) for c, s in zip(
        (VILLAGE, SECOND), submitted, strict=True))) == ["applied", "applied"]  # fmt: skip


@pytest.mark.parametrize(
    ("address", "name"),
    [
        (unit_address(VILLAGE), "name"),
        (unit_address(VILLAGE), "kind"),
        (f"problem/{VILLAGE}/1", "number"),
        (f"document/{VILLAGE}/1", "outcome"),
        (step_address(VILLAGE, "1.1"), "approved_on"),
    ],
)
def test_what_one_may_not_enter_one_may_not_take_away_either(book: Book, address: str, name: str) -> None:
    (stood,) = book.enter(OFFICE, entry(OFFICE, address, {name: "x"}))
    lesser = LEAD if address.startswith("unit/") else MEMBER
    taking = entry(lesser, address, {"person.liaison": "李"}, seen={name: [stood.id]})
    clearing = entry(lesser, address, {name: None})
    assert book.statuses(lesser, taking, clearing) == ["held:no-right", "held:no-right"]
    record = book.store.get(address)
    assert record is not None
    assert "x" in [head.value for head in record.heads(name)]


def test_no_record_is_of_the_kind_in_which_the_board_keeps_its_place(book: Book) -> None:
    bodies = [to_json(entry(MEMBER, f"note/{VILLAGE}/1", {"v": 1}))]
    bodies[0]["record"] = f"meta/{VILLAGE}/1"
    (outcome,) = book.offer(MEMBER, *bodies)
    assert outcome.outcome == "held:undecodable"
    assert book.store.get(f"meta/{VILLAGE}/1") is None
