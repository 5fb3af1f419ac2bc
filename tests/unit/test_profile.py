"""A profile: private files, one program that writes, a token that nothing shows."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from tui.laptop import Busy, Laptop, NothingYet
from tui.profile import HOLDER, IDENTITY, LOCK, Identity, NotJoined, Profile, ProfileDamaged, default_folder
from tui.replica import Replica

TOKEN = "tok-" + "s" * 40
LEAD = Identity("http://office:8080", TOKEN, "d1", "王组长", "lead", ("340111", "340111001"), "ab" * 16, "c" * 32)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "guatu"


@pytest.fixture
def profile(folder: Path) -> Profile:
    made = Profile(folder)
    made.keep(LEAD)
    return made


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_a_folder_without_an_identity_belongs_to_no_board(folder: Path) -> None:
    with pytest.raises(NotJoined):
        Profile(folder).identity()
    with pytest.raises(NotJoined):
        Laptop(folder, writing=True)
    assert not folder.exists(), "to ask leaves nothing behind"


def test_an_identity_comes_back_as_it_was_kept(profile: Profile, folder: Path) -> None:
    assert Profile(folder).identity() == LEAD


def test_only_its_user_reads_what_is_kept(profile: Profile, folder: Path) -> None:
    before = os.umask(0)
    try:
        assert profile.take()
        profile.keep(replace(LEAD, role="member"))
        Replica(profile.replica_path).close()
    finally:
        os.umask(before)
        profile.release()
    assert mode(folder) == 0o700
    assert {mode(folder / name) for name in (IDENTITY, LOCK, "replica.sqlite")} == {0o600}


def test_a_file_left_behind_by_a_crash_is_in_nobodys_way(profile: Profile, folder: Path) -> None:
    left = folder / f".{IDENTITY}.tmp"
    left.write_text("{", encoding="utf-8")
    left.chmod(0o644)
    profile.keep(replace(LEAD, role="member"))
    assert Profile(folder).identity().role == "member"
    assert mode(folder / IDENTITY) == 0o600
    assert not left.exists()


def test_a_failed_write_leaves_the_identity_that_was(
    profile: Profile, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tui.profile.os.fsync", full)
    with pytest.raises(OSError, match="space"):
        profile.keep(replace(LEAD, role="member"))
    assert Profile(folder).identity() == profile.identity() == LEAD


def test_the_token_is_in_no_words_about_a_device() -> None:
    for words in (repr(LEAD), str(LEAD), f"{LEAD}", repr([LEAD])):
        assert TOKEN not in words
        assert "王组长" in words


def test_keys_of_a_newer_guatu_do_no_harm(profile: Profile, folder: Path) -> None:
    body = json.loads((folder / IDENTITY).read_text(encoding="utf-8"))
    (folder / IDENTITY).write_text(json.dumps({**body, "colour": "red"}), encoding="utf-8")
    assert Profile(folder).identity() == LEAD


@pytest.mark.parametrize("text", ["", "{", "[]", "7", '{"url": "x"}', "null", '{"areas": 7}'])
def test_an_identity_that_cannot_be_read_is_said_so(profile: Profile, folder: Path, text: str) -> None:
    (folder / IDENTITY).write_text(text, encoding="utf-8")
    with pytest.raises(ProfileDamaged) as damaged:
        Profile(folder).identity()
    assert TOKEN not in str(damaged.value)


def test_what_the_office_says_is_written_when_it_is_new(profile: Profile, folder: Path) -> None:
    stamp = (folder / IDENTITY).stat().st_ino
    assert profile.update(role="lead", areas=("340111", "340111001")) == LEAD
    assert (folder / IDENTITY).stat().st_ino == stamp
    assert profile.update(role="viewer").role == "viewer"
    assert profile.identity().role == Profile(folder).identity().role == "viewer"


def test_one_program_writes_and_the_other_is_told_which(profile: Profile, folder: Path) -> None:
    assert profile.take()
    other = Profile(folder)
    assert not other.take()
    assert (other.held, other.holder()) == (False, str(os.getpid()))
    other.release()
    assert not Profile(folder).take(), "who holds nothing lets go of nothing"
    profile.release()
    assert other.take()
    other.release()


def test_another_process_is_kept_out_and_a_dead_one_keeps_nobody_out(profile: Profile, folder: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from tui.profile import Profile\n"
        "profile = Profile(Path(sys.argv[1])); print(profile.take(), flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline().strip() == "True"
        with pytest.raises(Busy) as busy:
            Laptop(folder, writing=True)
        assert busy.value.holder == str(holder.pid)
        holder.kill()
    with Laptop(folder, writing=True) as laptop:
        assert laptop.profile.held


def test_what_one_thread_has_taken_another_one_releases(profile: Profile, folder: Path) -> None:
    with ThreadPoolExecutor(1) as other:
        assert other.submit(profile.take).result()
    profile.release()
    again = Profile(folder)
    assert again.take()
    again.release()


def test_who_holds_it_is_unknown_rather_than_nonsense(profile: Profile, folder: Path) -> None:
    assert profile.holder() == "?"
    (folder / HOLDER).write_text("\x1b[2J", encoding="ascii")
    assert profile.holder() == "?"


def test_a_laptop_beside_the_writer_reads_and_one_that_failed_to_open_holds_nothing(
    profile: Profile, folder: Path
) -> None:
    with pytest.raises(NothingYet):
        Laptop(folder)
    with Laptop(folder, writing=True), Laptop(folder) as beside:
        assert not beside.profile.held
    (folder / "replica.sqlite").unlink()
    (folder / "replica.sqlite").mkdir()
    with pytest.raises(OSError, match="directory") as failed:
        Laptop(folder, writing=True)
    assert failed.value.__traceback__, "what failed is still there, with all that it held"
    assert Profile(folder).take()


def test_a_laptop_that_joined_but_never_wrote_has_nothing_to_read(profile: Profile, folder: Path) -> None:
    profile.replica_path.touch()
    with pytest.raises(NothingYet):
        Laptop(folder)


def test_the_folder_is_where_guatu_home_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GUATU_HOME", str(tmp_path / "here"))
    assert default_folder() == tmp_path / "here"
    monkeypatch.setenv("GUATU_HOME", "")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert default_folder().name == "guatu"
