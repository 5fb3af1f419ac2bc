"""Files on the laptop: whole and durable before anything names them, private, and never a path that a person gave."""

from __future__ import annotations

import errno
import os
import socket
import stat
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from shared.attached import MAX_FILE, hash_of, named_in
from shared.forms.checks import is_file
from tests.small import LEAD, VILLAGE, entry
from tests.tui import boards
from tui import attachments
from tui.attachments import FETCHED, OWN, keep, keep_fetched, path_of, read
from tui.commands.syncing import begin_anew
from tui.entry import Problem
from tui.profile import Profile
from tui.replica import RESERVE, Replica

BODY = "甲村实施方案".encode()


def plenty(_: Path) -> int:
    return RESERVE * 100


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    path = tmp_path / "方案 第二稿.docx"
    path.write_bytes(BODY)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "profile"
    made.mkdir()
    return made


class TestKeeping:
    """What a record names is here, whole, before it is named."""

    def test_a_kept_file_is_what_a_record_holds_and_lies_under_its_hash(self, folder: Path, paper: Path) -> None:
        value = keep(folder, paper)
        assert is_file(value)
        assert value == {"hash": hash_of(BODY), "name": "方案 第二稿.docx", "size": len(BODY)}
        assert (folder / OWN / hash_of(BODY)).read_bytes() == BODY
        paper.unlink()
        assert read(folder, hash_of(BODY)) == BODY

    def test_nobody_else_reads_it(self, folder: Path, paper: Path) -> None:
        keep(folder, paper)
        assert stat.S_IMODE((folder / OWN).stat().st_mode) == 0o700
        assert stat.S_IMODE((folder / OWN / hash_of(BODY)).stat().st_mode) == 0o600

    def test_it_is_flushed_then_named_and_the_name_is_flushed(
        self, folder: Path, paper: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        keep(folder, paper)
        paper.write_bytes(b"another")
        done: list[str] = []
        flush, rename = os.fsync, Path.replace

        def flushes(descriptor: int) -> None:
            done.append(_kind(descriptor))
            flush(descriptor)

        def renames(path: Path, to: Path) -> Path:
            done.append("rename")
            return rename(path, to)

        monkeypatch.setattr(os, "fsync", flushes)
        monkeypatch.setattr(Path, "replace", renames)
        keep(folder, paper)
        assert done == ["file", "rename", "folder"]

    def test_the_same_file_twice_is_one_and_a_torn_one_is_made_whole(self, folder: Path, paper: Path) -> None:
        assert keep(folder, paper) == keep(folder, paper)
        place = folder / OWN / hash_of(BODY)
        place.write_bytes(BODY[:5])
        assert read(folder, hash_of(BODY)) is None, "what is no longer the file is not given out as it"
        keep(folder, paper)
        assert place.read_bytes() == BODY
        assert [each.name for each in (folder / OWN).iterdir()] == [hash_of(BODY)]

    def test_the_same_file_at_once_in_many_threads_is_kept_whole(self, folder: Path, paper: Path) -> None:
        found: list[object] = []
        threads = [threading.Thread(target=lambda: found.append(keep(folder, paper))) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(found) == 8
        assert all(is_file(each) for each in found)
        assert [each.read_bytes() for each in (folder / OWN).iterdir()] == [BODY]

    def test_a_link_in_its_place_is_replaced_and_leads_nobody_elsewhere(self, folder: Path, paper: Path) -> None:
        victim = folder / "victim"
        victim.write_bytes(BODY)
        (folder / OWN).mkdir()
        (folder / OWN / hash_of(BODY)).symlink_to(victim)
        assert path_of(folder, hash_of(BODY)) is None
        keep(folder, paper)
        assert not (folder / OWN / hash_of(BODY)).is_symlink()

    def test_a_link_in_the_place_of_the_folder_is_not_followed(self, folder: Path, paper: Path, tmp_path: Path) -> None:
        (tmp_path / "elsewhere").mkdir()
        (folder / OWN).symlink_to(tmp_path / "elsewhere")
        with pytest.raises(NotADirectoryError):
            keep(folder, paper)
        assert list((tmp_path / "elsewhere").iterdir()) == []


def _kind(descriptor: int) -> str:
    return "folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file"


class TestRefusing:
    """What cannot be kept is refused with a code, and nothing is left behind."""

    def refused(self, folder: Path, path: Path) -> str:
        found = keep(folder, path, plenty)
        assert isinstance(found, Problem)
        assert not (folder / OWN).exists()
        return found.code

    def test_what_is_not_there(self, folder: Path, paper: Path) -> None:
        assert self.refused(folder, folder / "none") == "no-such-file"
        assert self.refused(folder, paper / "below") == "no-such-file"
        assert self.refused(folder, Path("a\0b")) == "file-unreadable"

    def test_what_is_no_plain_file_is_not_waited_for(self, folder: Path) -> None:
        os.mkfifo(folder / "pipe")
        assert self.refused(folder, folder / "pipe") == "not-a-plain-file"
        assert self.refused(folder, folder) in ("not-a-plain-file", "file-unreadable")
        assert self.refused(folder, Path("/dev/zero")) == "not-a-plain-file"
        with socket.socket(socket.AF_UNIX) as door:
            door.bind(str(folder / "s"))
            assert self.refused(folder, folder / "s") == "file-unreadable"

    def test_one_byte_too_many(self, folder: Path, paper: Path) -> None:
        with paper.open("wb") as file:
            file.truncate(MAX_FILE + 1)
        assert self.refused(folder, paper) == "file-too-large"
        with paper.open("wb") as file:
            file.truncate(MAX_FILE)
        assert is_file(keep(folder, paper, plenty))

    def test_an_empty_one(self, folder: Path, paper: Path) -> None:
        paper.write_bytes(b"")
        assert self.refused(folder, paper) == "file-empty"

    @pytest.mark.parametrize(
        "name", ["a\nb", "a\x1b[2Jb", "a\u202egnp.exe", "x" * 121, b"\xff.doc".decode("utf-8", "surrogateescape")]
    )
    def test_a_name_that_would_steer_a_terminal_or_mislead(self, folder: Path, name: str) -> None:
        (folder / name).write_bytes(BODY)
        assert self.refused(folder, folder / name) == "file-name"

    def test_a_disk_that_is_almost_full_before_anything_is_written(self, folder: Path, paper: Path) -> None:
        found = keep(folder, paper, lambda _: RESERVE + len(BODY) - 1)
        assert found == Problem("disk-low", "file")
        assert not (folder / OWN).exists()
        assert is_file(keep(folder, paper, lambda _: RESERVE + len(BODY)))

    def test_a_disk_that_fills_up_meanwhile_leaves_nothing_half_written(
        self, folder: Path, paper: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(_: int) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(os, "fsync", full)
        (folder / OWN).mkdir()
        assert keep(folder, paper) == Problem("disk-low", "file")
        assert list((folder / OWN).iterdir()) == []


class TestFetched:
    """What came from the office has a bound; own files are never dropped for it."""

    def test_the_oldest_make_room_and_own_ones_stay(self, folder: Path, paper: Path) -> None:
        keep(folder, paper)
        for number in range(4):
            body = bytes([number]) * 100
            place = keep_fetched(folder, hash_of(body), body, plenty, most=250)
            assert isinstance(place, Path)
            os.utime(place, (number, number))
        left = {each.read_bytes()[0] for each in (folder / FETCHED).iterdir()}
        assert left == {2, 3}
        assert read(folder, hash_of(BODY)) == BODY
        assert attachments.fetched(folder) == sorted(hash_of(bytes([number]) * 100) for number in (2, 3))

    def test_what_a_dead_writer_left_counts_and_goes(self, folder: Path) -> None:
        (folder / FETCHED).mkdir()
        (folder / FETCHED / ".x.1.tmp").write_bytes(b"x" * 200)
        os.utime(folder / FETCHED / ".x.1.tmp", (1, 1))
        keep_fetched(folder, hash_of(BODY), BODY, plenty, most=250)
        keep_fetched(folder, hash_of(b"y" * 100), b"y" * 100, plenty, most=250)
        assert not (folder / FETCHED / ".x.1.tmp").exists()

    def test_room_for_own_entries_is_left(self, folder: Path) -> None:
        assert keep_fetched(folder, hash_of(BODY), BODY, lambda _: RESERVE) == Problem("disk-low", "file")

    @pytest.mark.parametrize("digest", ["../profile.json", "", ".", "A" * 64, "a" * 63, "a" * 64 + "\n"])
    def test_what_is_no_hash_is_no_path(self, folder: Path, digest: str) -> None:
        (folder / "profile.json").write_text("{}")
        (folder / OWN).mkdir()
        assert path_of(folder, digest) is None


class TestDue:
    """Which files the office has not confirmed, told by the own entries that name them."""

    def test_what_an_own_entry_names_is_due_until_the_office_has_it(self, folder: Path, paper: Path) -> None:
        replica = Replica(folder / "replica.sqlite", device=LEAD.device)
        value = keep(folder, paper)
        assert isinstance(value, dict)
        lost = {"hash": "0" * 64, "name": "x", "size": 1}
        said = 'a text that says "hash": and no more'
        replica.save([
            entry(LEAD, f"document/{VILLAGE}/{'1' * 32}", {"file": value, "note": said}),
            entry(LEAD, f"document/{VILLAGE}/{'2' * 32}", {"file": lost}),
            entry(LEAD, f"document/{VILLAGE}/{'3' * 32}", {"note": said, "file": None}),
        ])  # fmt: skip
        found = attachments.due(replica, folder)
        assert [each.hash for each in found.here] == [hash_of(BODY)]
        assert [each.hash for each in found.gone] == ["0" * 64]
        assert attachments.own(replica, gone_out=True) == {}, "an entry that has not left has no file that should"
        attachments.note_confirmed(replica, [hash_of(BODY)])
        assert attachments.due(replica, folder).here == ()
        attachments.note_confirmed(replica, [], [hash_of(BODY)])
        assert len(attachments.due(replica, folder).here) == 1, "an office that was put back may have lost it"
        replica.close()

    def test_the_files_of_an_entry_that_is_carried_whole_are_named_too(self) -> None:
        value = {"hash": "a" * 64, "name": "x", "size": 1}
        assert [each.hash for each in named_in({"status": "held:area", "change": {"set": {"file": value}}})] == [
            "a" * 64
        ]
        assert list(named_in({"file": {**value, "size": -1}, "change": {"set": 3}})) == []


def test_the_files_of_another_board_go_aside_with_its_entries(folder: Path, paper: Path) -> None:
    profile = Profile(folder)
    profile.keep(replace(boards.identity(), board="00" * 16))
    Replica(profile.replica_path).close()
    keep(folder, paper)
    aside = begin_anew(profile, "11" * 16)
    assert aside is not None
    assert read(aside, hash_of(BODY)) == BODY
    assert path_of(folder, hash_of(BODY)) is None
