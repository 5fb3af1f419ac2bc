"""Entries carried to the office on a stick, and the answers to them back: once, whatever is carried how often."""

from __future__ import annotations

import sqlite3
import stat
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from shutil import copytree
from types import SimpleNamespace

import pytest

from server.office import MEMBERS, Office
from server.taken import FILE
from shared.board.record import step_address
from tests.laptops import spoil
from tests.sticks import FIRST, Traveller, entered
from tests.unit.clerk import answer, parsed, refusal, run
from tui.laptop import Laptop

SECOND = "340111001204"


def test_entries_go_in_on_a_stick_and_the_answers_come_back(district: Path, started: Traveller) -> None:
    other = Traveller(started.stick / "other").starts(district, "--member", "李二")
    started.does("set", FIRST, "1.1", "doing")
    started.does("set", FIRST, "1.2", "done", "--on", "2026-11-01")
    out = started.stick / "out.bundle"
    said = started.does("bundle", out)
    device = started.identity.device
    assert said == (
        f"2 entries are in {out}; they stay here, too.\n"
        f"In the office: guatu-server take DIR FILE, then guatu-server bundle DIR OUT --for {device}.\n"
    )
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert started.labels() == (0, 2, 0, 0), "sent, and still here"
    taken = run("take", district, out)
    assert answer(taken) == f"2 entries of 王一 from device {device}, 2 new here\n  2 on the board\n"
    assert taken.stderr == f"its answers: guatu-server bundle DIR OUT --for {device}\n"
    other.does("set", SECOND, "1.1", "doing")
    other.hands_in(district)
    assert started.is_answered(district) == {
        "pushed": 2, "pulled": 3, "pending": 0, "conflicts": 0, "held": 0, "head": 153, "files_sent": 0, "files_due": 0,
    }  # fmt: skip
    assert started.labels() == (0, 0, 2, 0)
    other.is_answered(district)
    with Office(district) as office:
        whole = {owner: office.store.of(owner) for owner in office.store.owners()}
    assert started.board(whole) == other.board(whole) == whole


def test_the_same_bundle_twice_has_one_effect(district: Path, started: Traveller) -> None:
    started.does("set", FIRST, "1.1", "doing")
    first = started.hands_in(district)
    once = entered(district)
    again = started.hands_in(district)
    assert (first["new"], again["new"]) == (1, 0)
    assert first["outcomes"] == again["outcomes"] == {"applied": 1}
    assert entered(district) == once
    assert started.is_answered(district)["pushed"] == 1
    before = started.board()
    back = started.stick / "laptop.back"
    assert started.told("take", back)["pulled"] == 0
    assert started.does("join", "--bundle", back).startswith("Sent 0, read 0; 0 still here")
    assert (started.board(), started.labels()) == (before, (0, 0, 1, 0))


def test_answers_can_be_asked_for_with_nothing_to_hand_in(district: Path, started: Traveller) -> None:
    other = Traveller(started.stick / "other").starts(district)
    other.does("set", SECOND, "1.1", "doing")
    other.hands_in(district)
    assert started.hands_in(district) == {
        "device": started.identity.device, "member": "王一", "revoked": None, "entries": 0, "new": 0,
        "units_changed": 0, "outcomes": {}, "files": {"taken": 0, "there": 0, "missing": 0, "refused": {}},
    }  # fmt: skip
    assert started.is_answered(district)["pulled"] == 1


def test_a_refusal_comes_back_as_one(district: Path, tmp_path: Path) -> None:
    one = Traveller(tmp_path / "one").starts(district, "--area", "340111")
    with closing(sqlite3.connect(district / MEMBERS, isolation_level=None)) as people:
        people.execute("UPDATE member SET areas = '340111002'")
    one.does("set", FIRST, "1.1", "doing")
    said = answer(run("take", district, one.out()))
    assert "  1 held (no-right): stored, and not counted until somebody has decided\n" in said
    one.is_answered(district)
    assert one.labels() == (0, 0, 0, 1)
    assert one.identity.areas == ("340111002",)
    assert one.told("status")["units"] < 149, "the board it reads now"


def test_a_board_put_back_is_healed_by_stick(district: Path, started: Traveller, tmp_path: Path) -> None:
    """The laptop's place is not in the office's log any more: it gets the board anew and keeps what it has."""
    backup = Path(copytree(district, tmp_path / "backup"))
    started.does("set", FIRST, "1.1", "doing")
    started.hands_in(district)
    started.is_answered(district)
    assert started.labels() == (0, 0, 1, 0)
    started.hands_in(backup)
    assert started.is_answered(backup)["head"] == 150
    assert started.labels() == (1, 0, 0, 0), "it is to be sent again"
    assert started.hands_in(backup)["new"] == 1
    assert started.is_answered(backup)["pushed"] == 1
    assert started.labels() == (0, 0, 1, 0)
    assert started.board()[FIRST][step_address(FIRST, "1.1")].value("state") == "doing"


def test_answers_that_do_not_follow_are_not_taken(district: Path, started: Traveller) -> None:
    started.does("set", FIRST, "1.1", "doing")
    started.hands_in(district)
    started.is_answered(district)
    stale = (started.stick / "laptop.back").read_bytes()
    started.does("set", FIRST, "1.1", "done", "--on", "2026-11-01")
    started.hands_in(district)
    started.is_answered(district)
    older = started.stick / "older"
    older.write_bytes(stale)
    assert started.told("take", older)["pulled"] == 0
    assert started.told("status")["head"] == 152, "what was read is not taken back"
    started.does("set", FIRST, "1.2", "doing")
    started.hands_in(district)
    answer(run("bundle", district, older, "--for", started.identity.device))
    with Laptop(started.home, writing=True) as laptop:
        cursor = laptop.replica.cursor()
        assert cursor is not None
        laptop.replica.install(cursor._replace(seq=cursor.seq - 1), [])
    assert started.refusal("take", older).endswith("[does-not-follow]")
    assert started.labels().saved == 3


# --- rights that have ended ---


def test_a_revoked_laptop_seals_a_bundle_and_its_entries_are_held(district: Path, started: Traveller) -> None:
    started.does("set", FIRST, "1.1", "doing")
    started.hands_in(district)
    started.does("set", FIRST, "1.2", "doing")
    answer(run("member", "revoke", district, "王一", "--by", "纪检办"))
    out = started.out()
    assert parsed(run("take", district, out, "--json"))["outcomes"] == {"applied": 1, "held:revoked": 1}
    result = run("take", district, out)
    assert "1 held (revoked)" in answer(result)
    assert result.stderr.startswith("纪检办 ended the rights of 王一 on 2026")
    with Office(district) as office:
        *_, record = office.log.read(150, 10)
        change = record.change()
        assert change is not None
        assert (record.status, record.device, change.author) == ("held:revoked", started.identity.device, "王一")
        assert office.store.get(step_address(FIRST, "1.2")) is None
    device = started.identity.device
    assert refusal(run("bundle", district, out, "--for", device), 1).startswith("the rights of 王一 have ended")


def test_who_is_reinstated_goes_on_where_they_were(district: Path, started: Traveller) -> None:
    answer(run("member", "revoke", district, "王一"))
    started.does("set", FIRST, "1.1", "doing")
    started.hands_in(district)
    answer(run("member", "reinstate", district, "王一"))
    started.does("set", FIRST, "1.2", "doing")
    assert started.hands_in(district)["outcomes"] == {"applied": 1, "held:revoked": 1}
    started.is_answered(district)
    assert started.labels() == (0, 0, 1, 1)


# --- a person's word ---


def test_a_bundle_that_changes_many_units_waits_for_a_word(district: Path, started: Traveller) -> None:
    with Office(district) as office:
        villages = [code for code in sorted(office.store.owners()) if len(code) == 12][:15]
    for code in villages[:14]:
        started.does("set", code, "1.1", "doing")
    assert parsed(run("take", district, started.out(), "--json"))["units_changed"] == 14
    answer(run("bundle", district, started.stick / "x", "--for", started.identity.device))
    started.does("take", started.stick / "x")
    for code in villages:
        started.does("set", code, "1.2", "doing")
    out = started.out()
    before = entered(district)
    line = refusal(run("take", district, out), 1)
    assert line == "this bundle changes the state of steps on 15 of 149 units; look, then give --yes [many]"
    assert entered(district) == before
    assert parsed(run("take", district, out, "--yes", "--json"))["outcomes"] == {"applied": 15}
    assert parsed(run("take", district, out, "--json"))["new"] == 0, "what is known already asks nobody"


def test_without_the_office_remembering_the_answers_are_the_whole_board(district: Path, started: Traveller) -> None:
    started.does("set", FIRST, "1.1", "doing")
    started.hands_in(district)
    (district / FILE).unlink()
    out = started.stick / "x"
    assert "; the board anew; " in answer(run("bundle", district, out, "--for", started.identity.device))
    assert started.told("take", out)["pushed"] == 1
    assert started.labels() == (0, 0, 1, 0)


# --- what no log keeps ---


def test_an_entry_whose_id_is_taken_gets_another_and_goes_with_the_next_bundle(
    district: Path, started: Traveller
) -> None:
    started.does("set", FIRST, "1.1", "doing")
    with Laptop(started.home, writing=True) as laptop:
        (waiting,) = laptop.replica.outbox.waiting()
        change = waiting.change()
        assert change is not None
    with Office(district) as office:
        office.enter([replace(change, values={"note": "anders"}, author="office", device="office")])
    assert started.hands_in(district)["outcomes"] == {"id-reused": 1}
    started.is_answered(district)
    assert started.labels() == (1, 0, 0, 0)
    assert started.hands_in(district)["outcomes"] == {"applied": 1}
    started.is_answered(district)
    assert started.labels() == (0, 0, 1, 0)
    assert started.board()[FIRST][step_address(FIRST, "1.1")].fields() == {"state", "started_on", "note"}


def test_an_entry_that_no_log_can_keep_needs_a_look_and_holds_up_no_other(district: Path, started: Traveller) -> None:
    started.does("set", FIRST, "1.1", "doing")
    started.does("set", FIRST, "1.2", "doing")
    with Laptop(started.home, writing=True) as laptop:
        spoil(laptop.replica.outbox, laptop.replica.outbox.waiting()[0].id)
    assert started.hands_in(district)["outcomes"] == {"applied": 1, "malformed": 1}
    started.is_answered(district)
    assert started.labels().on_board == 1
    assert started.hands_in(district)["new"] == 0


def test_what_asks_for_a_word_goes_on_no_stick(district: Path, started: Traveller) -> None:
    started.does("set", FIRST, "1.1", "doing")
    with Laptop(started.home, writing=True) as laptop:
        (waiting,) = laptop.replica.outbox.waiting()
        change = waiting.change()
        assert change is not None
        laptop.save([])
        laptop.replica.save([replace(change, id="ab" * 16)], asking=True)
    assert started.hands_in(district)["entries"] == 1
    assert started.labels() == (0, 1, 0, 1)


# --- a laptop whose disk is full ---


def test_a_disk_without_room_takes_nothing_and_can_take_it_later(
    district: Path, started: Traveller, traveller: Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    started.does("set", FIRST, "1.1", "doing")
    started.hands_in(district)
    back, other = started.stick / "back", Traveller(started.stick / "other")
    answer(run("bundle", district, back, "--for", started.identity.device))
    answer(run("bundle", district, started.stick / "start"))
    with monkeypatch.context() as full:
        full.setattr("tui.laptop.shutil.disk_usage", lambda _: SimpleNamespace(free=1024))
        for laptop, words in ((started, ("take", back)), (other, ("join", "--bundle", started.stick / "start"))):
            result = laptop.guatu(*words)
            assert (result.exit_code, result.stdout) == (7, "")
            assert result.stderr.startswith("guatu: This laptop's disk is almost full;")
    assert started.labels() == (0, 1, 0, 0)
    assert started.told("take", back)["pushed"] == 1
    assert other.does("join", "--bundle", started.stick / "start").startswith("Joined as laptop-1")
    assert other.told("status")["units"] == 149


def test_a_bundle_that_cannot_be_written_is_said_and_changes_no_label(district: Path, started: Traveller) -> None:
    started.does("set", FIRST, "1.1", "doing")
    for where, code in ((started.stick, 2), (started.stick / "nowhere" / "x", 7)):
        result = started.guatu("bundle", where)
        assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (code, "", 1)
    assert started.labels() == (1, 0, 0, 0)
    assert list(started.stick.glob(".*")) == []


def test_beside_another_guatu_nothing_is_written(district: Path, started: Traveller) -> None:
    with Laptop(started.home, writing=True):
        for words in (("bundle", started.stick / "x"), ("join", "--bundle", started.stick / "laptop.start")):
            assert started.guatu(*words).exit_code == 5
    assert not (started.stick / "x").exists()
