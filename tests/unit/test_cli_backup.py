"""`guatu-server backup`, `restore` and `restored`: whole or not at all, and nothing that was there is ever lost."""

from __future__ import annotations

import signal
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from filelock import FileLock

from server import lineage
from server.archive import BackupDamaged, unpack
from server.backup import make
from server.offered import Outcome
from server.office import BOARD, CAMPAIGN, LOCK, LOG, MEMBERS, Office, utc_now
from server.taken import Stand, Taken
from tests.unit.clerk import answer, changes, parsed, refusal, run, serving

pytestmark = pytest.mark.usefixtures("english")

Spoil = Callable[[dict[str, bytes]], None]


@pytest.fixture
def saved(district: Path, tmp_path: Path) -> Path:
    """A backup of a district with one member, a key and a setting."""
    answer(run("member", "add", district, "张三", "--role", "lead"))
    (district / "key").write_bytes(b"k" * 32)
    (district / "guatu.toml").write_text("port = 8765\n", "utf-8")
    answer(run("backup", district, tmp_path / "saved"))
    return tmp_path / "saved"


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, but locks."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != LOCK)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def parts(file: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rewritten(file: Path, spoil: Spoil) -> Path:
    """Another backup with some of its parts changed, each with a length and a digest that fit unless it is spoilt."""
    found = parts(file)
    spoil(found)
    other = file.with_name("other")
    with zipfile.ZipFile(other, "w") as archive:
        for name, body in found.items():
            archive.writestr(name, body)
    return other


def test_a_backup_says_in_one_line_what_it_holds_and_holds_all_that_cannot_be_made_anew(
    district: Path, tmp_path: Path
) -> None:
    answer(run("member", "add", district, "张三", "--role", "lead"))
    said = answer(run("backup", district, tmp_path / "saved"))
    assert said.startswith("saved: 150 log records, 1 people, 0 devices, 1 revisions of baohe-2009, as of 20")
    assert said.count("\n") == 1
    assert set(parts(tmp_path / "saved")) == {"manifest.json", LOG, MEMBERS, "campaign/000001.json", "key"}
    assert (tmp_path / "saved").stat().st_mode & 0o777 == 0o600
    assert names(tmp_path) == {"board", "saved"}


def test_a_backup_tells_other_programs_where_its_log_ends(district: Path, tmp_path: Path) -> None:
    told = parsed(run("backup", district, tmp_path / "saved", "--json"))
    with Office(district) as office:
        assert (told["board"], told["seq"], told["chain"]) == office.ledger.head
    assert (told["kind"], told["format"], told["campaign"]) == ("guatu-backup", 1, "baohe-2009")
    assert set(told["files"]) == {LOG, MEMBERS, "campaign/000001.json", "key"}


def test_a_file_that_is_there_is_left_alone_unless_told_otherwise(saved: Path, district: Path) -> None:
    before = saved.read_bytes()
    assert refusal(run("backup", district, saved), 2) == "there is a saved already; --force replaces it"
    assert saved.read_bytes() == before
    answer(run("member", "add", district, "李四", "--role", "member"))
    assert answer(run("backup", district, saved, "--force")).startswith("saved: 150 log records, 2 people")


def test_a_board_that_is_damaged_is_not_backed_up_over_a_good_backup(saved: Path, district: Path) -> None:
    before = saved.read_bytes()
    with closing(sqlite3.connect(district / LOG, isolation_level=None)) as log:
        log.execute("UPDATE log SET status = 'held:no-right' WHERE seq = 77")
    said = refusal(run("backup", district, saved, "--force"), 1)
    assert said == "nothing was written: the log's chain breaks at record 77"
    assert saved.read_bytes() == before
    assert names(saved.parent) == {"board", "saved"}


def test_what_is_no_board_is_not_backed_up(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert refusal(run("backup", tmp_path / "empty", tmp_path / "saved"), 4).startswith("empty holds no board")
    assert names(tmp_path) == {"empty"}


def test_a_board_that_is_put_back_is_the_board_that_was(saved: Path, district: Path, tmp_path: Path) -> None:
    said = answer(run("restore", saved, tmp_path / "new"))
    assert said.startswith("new: 150 log records, 1 people")
    assert names(tmp_path / "new") == {
        LOG, MEMBERS, CAMPAIGN, BOARD, "guatu.toml", "key", "restored.json", LOCK,
    }  # fmt: skip
    assert parsed(run("check", tmp_path / "new", "--json"))["ok"]
    assert changes(tmp_path / "new") == changes(district)
    there, here = (parsed(run("export", folder, "--json")) for folder in (district, tmp_path / "new"))
    assert there | {"at": ""} == here | {"at": ""}
    for secret in (MEMBERS, "key"):
        assert (tmp_path / "new" / secret).stat().st_mode & 0o077 == 0
    with Office(tmp_path / "new", serving=True) as office:
        assert office.enter([office.change("group/一组", {"title": "一组"})])[0].outcome == "applied"
    assert parsed(run("check", tmp_path / "new", "--json"))["head"] == 151


def test_a_board_that_stands_there_is_put_aside_whole_and_only_when_told_so(
    saved: Path, district: Path, tmp_path: Path
) -> None:
    with Office(district) as office:
        office.enter([office.change("group/一组", {"title": "一组"})])
    (district / "server.pem").write_text("not guatu's", "utf-8")
    before = contents(district)
    assert refusal(run("restore", saved, district), 4) == "board holds a board already"
    assert contents(district) == before
    said = answer(run("restore", saved, district, "--force"))
    assert said.splitlines()[1] == "what was there is in before-restore-1"
    aside = contents(district / "before-restore-1")
    assert aside == {name: body for name, body in before.items() if name != "server.pem"}
    assert (district / "server.pem").read_text("utf-8") == "not guatu's"
    assert len(changes(district / "before-restore-1")) == len(changes(district)) + 1
    assert answer(run("restore", saved, district, "--force")).splitlines()[1] == "what was there is in before-restore-2"
    assert contents(district / "before-restore-1") == aside
    assert parsed(run("check", district, "--json"))["ok"]


def test_where_laptops_stood_that_came_by_stick_goes_aside_with_the_log_it_is_about(
    saved: Path, district: Path
) -> None:
    with Taken(district) as taken:
        taken.note("d1", Stand(told=(Outcome("ab" * 16, "applied", 3),)))
    answer(run("restore", saved, district, "--force"))
    with Taken(district) as taken, Taken(district / "before-restore-1") as before:
        assert taken.stand("d1") == Stand()
        assert before.stand("d1").told != ()


def test_a_backup_of_another_board_is_told(saved: Path, district: Path, tmp_path: Path) -> None:
    answer(run("init", tmp_path / "new", "--area", "340111"))
    told = run("restore", saved, tmp_path / "new", "--force")
    assert told.stderr.startswith("what was there was another board; its laptops are refused by this one\n")
    assert parsed(run("restore", saved, tmp_path / "new", "--force", "--json"))["other_board"] is False


def test_entries_that_only_stood_in_the_journal_are_put_aside_with_the_log(saved: Path, district: Path) -> None:
    with closing(sqlite3.connect(district / LOG)) as holding:  # keeps the journal from being folded in
        holding.execute("SELECT COUNT(*) FROM log").fetchone()
        with Office(district) as office:
            office.enter([office.change("group/一组", {"title": "一组"})])
        assert (district / f"{LOG}-wal").stat().st_size > 0
        answer(run("restore", saved, district, "--force"))
    assert len(changes(district / "before-restore-1")) == len(changes(district)) + 1
    assert len(changes(district)) == 150


def test_a_log_that_is_broken_is_put_aside_as_it_is(saved: Path, district: Path) -> None:
    (district / LOG).write_bytes(b"broken" * 1000)
    answer(run("restore", saved, district, "--force"))
    assert (district / "before-restore-1" / LOG).read_bytes() == b"broken" * 1000
    assert parsed(run("check", district, "--json"))["ok"]


def test_a_folder_that_is_served_is_not_touched(saved: Path, district: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.restore.LOCK_SECONDS", 0.05)
    before = contents(district)
    with FileLock(district / LOCK):
        assert refusal(run("restore", saved, district, "--force"), 4) == "a server is running on board already"
    assert contents(district) == before


def test_a_folder_with_other_things_in_it_is_not_taken_for_an_empty_one(saved: Path, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "letter.txt").write_text("dear", "utf-8")
    said = refusal(run("restore", saved, tmp_path / "home"), 4)
    assert said == "home holds other things; --force leaves them there"
    assert names(tmp_path / "home") - {LOCK} == {"letter.txt"}
    answer(run("restore", saved, tmp_path / "home", "--force"))
    assert names(tmp_path / "home") >= {"letter.txt", LOG}


def _manifest(**more: Any) -> Spoil:
    def spoil(found: dict[str, bytes]) -> None:
        found["manifest.json"] = orjson.dumps({**orjson.loads(found["manifest.json"]), **more})

    return spoil


def _without(name: str) -> Spoil:
    def spoil(found: dict[str, bytes]) -> None:
        del found[name]

    return spoil


def _with(name: str, body: bytes) -> Spoil:
    def spoil(found: dict[str, bytes]) -> None:
        found[name] = body

    return spoil


def _declared(name: str, body: bytes, as_name: str = "") -> Spoil:
    """A part of which the manifest tells the truth."""

    def spoil(found: dict[str, bytes]) -> None:
        import hashlib

        told = orjson.loads(found["manifest.json"])
        told["files"][as_name or name] = {
            "bytes": len(body),
            "digest": hashlib.blake2b(body, digest_size=16).hexdigest(),
        }
        found["manifest.json"] = orjson.dumps(told)
        found[name] = body

    return spoil


def _flipped(found: dict[str, bytes]) -> None:
    found[LOG] = found[LOG][:5000] + bytes([found[LOG][5000] ^ 1]) + found[LOG][5001:]


SPOILED: list[tuple[Spoil, str]] = [
    (_manifest(kind="something"), "not-a-backup"),
    (_manifest(format=2), "newer-format"),
    (_manifest(files=7), "not-a-backup"),
    (_manifest(seq=149), "head-differs"),
    (_manifest(board="00" * 16), "head-differs"),
    (_without("manifest.json"), "not-a-backup"),
    (_without(LOG), "part-missing"),
    (_without(MEMBERS), "part-missing"),
    (_without("key"), "part-missing"),
    (_flipped, "part-differs"),
    (_with("key", b"longer than it was" * 9), "part-differs"),
    (_with("snapshots/x", b""), "part-unknown"),
    (_declared("../escaped", b"x"), "part-unknown"),
    (_declared("/tmp/escaped", b"x"), "part-unknown"),
    (_declared("campaign/000001.json", b"{}"), "campaign-damaged"),
    (_declared(MEMBERS, b"no database" * 99), "people-damaged"),
    (_declared(LOG, b"no database" * 99), "log-damaged"),
]


@pytest.mark.parametrize(("spoil", "why"), SPOILED)
def test_a_backup_that_is_not_whole_is_refused_and_nothing_is_touched(
    saved: Path, district: Path, tmp_path: Path, spoil: Spoil, why: str
) -> None:
    other = rewritten(saved, spoil)
    with pytest.raises(BackupDamaged) as damaged:
        unpack(other, tmp_path / "apart")
    assert damaged.value.why == why
    before = contents(district)
    assert refusal(run("restore", other, district, "--force"), 1).startswith("other cannot be put back: ")
    assert contents(district) == before
    assert refusal(run("restore", other, tmp_path / "new"), 1)
    assert not (tmp_path / "new").exists()
    assert not (tmp_path / "escaped").exists()


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_part_that_no_guatu_has_packed_so_is_refused_like_any_damage(
    saved: Path, tmp_path: Path, method: int
) -> None:
    found = parts(saved)
    with zipfile.ZipFile(tmp_path / "odd", "w", method) as archive:
        for name, body in found.items():
            archive.writestr(name, body)
        begins = archive.getinfo(LOG).header_offset + 30 + len(LOG)
    raw = bytearray((tmp_path / "odd").read_bytes())
    for at in range(begins + 12, begins + 60):
        raw[at] ^= 0xFF
    (tmp_path / "odd").write_bytes(raw)
    said = refusal(run("restore", tmp_path / "odd", tmp_path / "new"), 1)
    assert said == "odd cannot be put back: this is no backup, or it is cut short"
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("size", [0, 1, 1000, -1, -100])
def test_a_backup_that_was_cut_short_is_refused(saved: Path, tmp_path: Path, size: int) -> None:
    saved.write_bytes(saved.read_bytes()[:size])
    assert refusal(run("restore", saved, tmp_path / "new"), 1) == (
        "saved cannot be put back: this is no backup, or it is cut short"
    )
    assert not (tmp_path / "new").exists()


def test_a_chain_that_was_broken_behind_its_digest_is_found(saved: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(":memory:")) as log:
        log.deserialize(parts(saved)[LOG].replace(b"\x02\x02", b"\x01\x01", 1))  # as a file without a journal
        log.execute("UPDATE log SET device = 'd-else' WHERE seq = 20")
        log.commit()
        other = rewritten(saved, _declared(LOG, log.serialize()))
    said = refusal(run("restore", other, tmp_path / "new"), 1)
    assert said == "other cannot be put back: the log's chain breaks at record 20"


def test_what_a_restore_left_behind_when_it_was_cut_off_does_no_harm(saved: Path, tmp_path: Path) -> None:
    left = tmp_path / "new" / ".restoring" / "board"
    left.mkdir(parents=True)
    (left / LOG).write_bytes(b"half")
    answer(run("restore", saved, tmp_path / "new"))
    assert ".restoring" not in names(tmp_path / "new")
    assert parsed(run("check", tmp_path / "new", "--json"))["ok"]


@pytest.mark.parametrize("name", [CAMPAIGN, MEMBERS, "guatu.toml", "key", BOARD, "restored.json", LOG])
def test_a_restore_that_dies_on_the_way_leaves_no_board_but_the_old_one_aside(
    saved: Path, district: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    whole = Path.rename

    def rename(self: Path, target: Path) -> Path:
        if self.name == name and ".restoring" in self.parts:
            raise OSError(5, "gone")
        return whole(self, target)

    before = changes(district)
    monkeypatch.setattr(Path, "rename", rename)
    assert refusal(run("restore", saved, district, "--force"), 3)
    assert refusal(run("check", district), 4).startswith("board holds no board")
    monkeypatch.setattr(Path, "rename", whole)
    assert changes(district / "before-restore-1") == before
    answer(run("restore", saved, district, "--force"))
    assert changes(district) == before


def test_a_restore_notes_when_and_to_which_head_and_a_backup_does_not_carry_that_on(
    saved: Path, tmp_path: Path
) -> None:
    told = parsed(run("restore", saved, tmp_path / "new", "--json"))
    (noted,) = lineage.read(tmp_path / "new").restores
    assert (noted.seq, noted.chain, noted.backup) == (told["seq"], told["chain"], told["at"])
    assert abs(datetime.fromisoformat(noted.at) - utc_now()) < timedelta(minutes=5)
    answer(run("backup", tmp_path / "new", tmp_path / "second"))
    assert "restored.json" not in parts(tmp_path / "second")
    assert answer(run("restored", tmp_path / "new")).startswith(f"restored at {noted.at} to log record 150, from")


def test_a_note_of_another_log_is_no_note_of_this_one(saved: Path, district: Path, tmp_path: Path) -> None:
    with Office(district) as office:
        office.enter([office.change("group/一组", {"title": "一组"})])
    answer(run("backup", district, tmp_path / "later"))
    answer(run("restore", tmp_path / "later", tmp_path / "new"))
    for name in (f"{LOG}-wal", f"{LOG}-shm"):
        (tmp_path / "new" / name).unlink(missing_ok=True)
    (tmp_path / "new" / LOG).write_bytes(parts(saved)[LOG])  # put back further, by hand
    said = answer(run("restored", tmp_path / "new"))
    assert said == "this board was never put back from a backup, as far as is known here\n"


def test_a_board_that_was_never_put_back_says_so(district: Path) -> None:
    assert answer(run("restored", district)).startswith("this board was never put back")
    assert parsed(run("restored", district, "--json")) == {
        "restored": None, "head": 150, "returned": [], "silent": [], "astray": [], "earlier": [],
    }  # fmt: skip


def test_a_backup_takes_no_more_room_than_it_was_told(saved: Path, tmp_path: Path) -> None:
    other = rewritten(saved, _with("key", b"\0" * 50_000_000))
    with pytest.raises(BackupDamaged):
        unpack(other, tmp_path / "apart")
    assert (tmp_path / "apart" / "key").stat().st_size <= 32


def test_a_backup_is_made_beside_a_server_in_full_swing_and_put_back_when_it_has_ended(tmp_path: Path) -> None:
    board, file = tmp_path / "demo", tmp_path / "saved"
    with serving("demo", board, "--pace", "0.05") as (server, line):
        assert line.startswith("listening on ")
        before = parsed(run("check", board, "--json"))["head"]
        told = parsed(run("backup", board, file, "--json"))
        assert told["seq"] >= before
        assert refusal(run("restore", file, board, "--force"), 4) == "a server is running on demo already"
        server.send_signal(signal.SIGTERM)
        assert server.wait(10) == 0
    answer(run("restore", file, board, "--force"))
    report = parsed(run("check", board, "--json"))
    assert (report["ok"], report["head"]) == (True, told["seq"])
    with serving("serve", board) as (_server, line):
        assert line.startswith("listening on ")


def test_making_one_twice_in_a_row_gives_the_same_board(district: Path, tmp_path: Path) -> None:
    first, second = (make(district, tmp_path / name, utc_now()) for name in ("one", "two"))
    assert first.files[LOG] == second.files[LOG]
    assert first.chain == second.chain
