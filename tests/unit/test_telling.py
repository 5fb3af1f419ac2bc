"""What happened, in plain words of either language: each change on one line, each outcome in one sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta, timezone
from pathlib import Path

import pytest

from shared.board.change import JSON, to_json
from shared.board.history import Event, events
from shared.board.holds import hold_address
from shared.board.record import step_address, unit_address
from shared.messages import use
from tests.logbook import STEP, UNIT, Logbook, change, number_id, unit
from tui.reasons import reason_words
from tui.telling import tell, when_told

ROOT = Path(__file__).resolve().parents[2]
HELD = ("held:no-right", "held:unproven", "held:unknown-hold", "held:revoked")


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    use("en")
    yield
    use("en")


def told(values: Mapping[str, JSON], *before: Mapping[str, JSON], address: str = STEP, name: str = "王岗村") -> str:
    """What is told of an entry that saw these before it."""
    book = Logbook()
    for number, each in enumerate(before, 1):
        book.store(change(number, each, address))
    seen = {field: [n for n, each in enumerate(before, 1) if field in each] for field in values}
    book.store(change(99, values, address, seen))
    return tell(list(events(book.records))[-1], name)


def test_an_entry_whose_author_had_not_seen_what_stood_there_is_told_beside_it() -> None:
    book = Logbook()
    for number, value in enumerate(("doing", "done", "returned"), 1):
        book.store(change(number, {"state": value}))
    assert [tell(each, "王岗村") for each in events(book.records)] == [
        "王岗村 1.1: not started → in progress, by 李员",
        "王岗村 1.1: done (beside in progress), by 李员",
        "王岗村 1.1: returned (beside in progress | done), by 李员",
    ]
    use("zh")
    assert tell(list(events(book.records))[-1], "王岗村") == "王岗村 1.1: 退（与 办 | 毕 并存），由 李员"


def test_a_new_state_is_told_from_what_to_what_where_and_by_whom() -> None:
    done = {"state": "done", "done_on": "2026-11-20"}
    assert told(done, {"state": "doing"}) == "王岗村 1.1: in progress → done (2026-11-20), by 李员"
    assert told(done) == "王岗村 1.1: not started → done (2026-11-20), by 李员"
    use("zh")
    assert told(done, {"state": "doing"}).startswith("王岗村 1.1: 办 → 毕 (2026-11-20)")


def test_both_values_of_a_collision_are_told_as_what_stood_before() -> None:
    assert told({"state": "doing"}, {"state": "todo"}, {"state": "returned"}).startswith(
        "王岗村 1.1: not started | returned → in progress,"
    )


def test_notes_days_and_windows_are_told_with_their_names() -> None:
    assert told({"note": "交了"}, {"note": "没交"}) == '王岗村 1.1: note "没交" → "交了", by 李员'
    assert told({"due_on": "2026-11-20"}) == "王岗村 1.1: due empty → 2026-11-20, by 李员"
    window = {"first": "2026-09-20", "last": "2026-12-05", "reason": "秋收"}
    line = told({"window.1": window}, address=unit_address(UNIT))
    assert line == "王岗村: window of phase 1 empty → 2026-09-20 - 2026-12-05 秋收, by 李员"


def test_a_unit_that_is_entered_first_is_told_in_three_words() -> None:
    book = Logbook()
    book.store(unit(1))
    assert tell(next(events(book.records)), "村008") == "村008: put on the roster, by 李员"


@pytest.mark.parametrize(
    "text", ["\x1b[2J", "一\n二", "\u202e反", "字" * 4000, "[bold]"], ids=["escape", "lines", "bidi", "long", "markup"]
)
def test_nothing_typed_steers_the_terminal_or_breaks_the_line(text: str) -> None:
    for line in (told({"note": text}, {"note": text}), told({"state": text}), told({"note": "x"}, name=text[:64])):
        assert line.isprintable()
        assert len(line) < 400


def test_a_change_of_many_fields_stays_one_line() -> None:
    assert told({f"tick.{n:02}": True for n in range(40)}).endswith("item 05 empty → yes, 34 more fields, by 李员")


def test_a_release_says_whose_entry_counts_now_and_who_let_it() -> None:
    book = Logbook()
    held = change(1, {"state": "doing"})
    book.store(held, "held:no-right")
    body = {"verdict": "released", "reason": "可以", "of": "d1", "change": to_json(held)}
    book.store(change(2, body, hold_address(UNIT, number_id(1)), device="d9"))
    lines = [tell(event, "王岗村") for event in events(book.records)]
    assert lines[1] == "王岗村: held entry released, by 李员: 可以"
    assert lines[2] == "王岗村 1.1: not started → in progress, by 李员; released by 李员"


def test_what_takes_something_back_says_so() -> None:
    book = Logbook()
    book.store(change(1, {"state": "doing"}))
    back = change(2, {"state": None}, seen={"state": [1]})
    event = Event(book.records[0], replace(back, undoes=number_id(1)), {"state": ("doing",)})
    assert tell(event, "王岗村") == "王岗村 1.1: taken back: in progress → not started, by 李员"


def test_a_record_that_is_no_step_is_told_by_its_kind() -> None:
    assert told({"note": "x"}, address=f"visit/{UNIT}/7").startswith("王岗村 visit 7: note ")
    assert told({"note": "x"}, address=step_address(UNIT, "1.10")).startswith("王岗村 1.10: ")


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("2026-11-02T17:30:59.000+00:00", "2026-11-03 01:30"),
        ("2026-11-02T17:30:59+08:00", "2026-11-02 17:30"),
        ("gestern\x1b[2J", "gestern?[2J"),
        ("9999-12-31T23:59:59-08:00", "9999-12-31T23:59"),
        ("", "-"),
    ],
)
def test_a_moment_is_told_by_the_clock_on_the_wall(at: str, said: str) -> None:
    assert when_told(at, timezone(timedelta(hours=8))) == said


def outcomes() -> list[str]:
    """Every outcome that the protocol's table names."""
    page = (ROOT / "shared" / "PROTOCOL.md").read_text(encoding="utf-8")
    return re.findall(r"^\| `([a-z:-]+)` \| (?:yes|no) \|", page, re.MULTILINE)


@pytest.mark.parametrize("outcome", [*outcomes(), *HELD, "declined", "released", "refused", "asking"])
def test_every_outcome_has_a_sentence_of_its_own_in_both_languages(outcome: str) -> None:
    english = reason_words(outcome)
    use("zh")
    chinese = reason_words(outcome)
    assert english != chinese
    assert "does not know" not in english
    assert chinese.endswith("。")
    assert english.endswith(".")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_reason_of_a_newer_office_is_told_as_held(lang: str) -> None:
    use(lang)
    assert "held:something-new" in reason_words("held:something-new")
    assert reason_words("held:\x1b[2J" + "x" * 500).isprintable()
    assert len(reason_words("held:" + "x" * 500)) < 200
