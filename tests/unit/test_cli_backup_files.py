"""The files of papers beside a backup: each copied once, checked, brought back where missing, and never thrown away."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.cabinet import FOLDER
from server.office import LOG
from shared.attached import hash_of, place_of
from tests.unit.clerk import answer, parsed, run

pytestmark = pytest.mark.usefixtures("english")

BODIES = (b"first paper", b"second paper")


def put(folder: Path, body: bytes) -> Path:
    place = place_of(folder, hash_of(body))
    assert place is not None
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(body)
    return place


def bodies(folder: Path) -> set[bytes]:
    return {path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def filed(district: Path) -> Path:
    """A district with two files of papers."""
    for body in BODIES:
        put(district / FOLDER, body)
    return district


def test_a_backup_says_what_it_leaves_out_and_copies_it_when_asked_each_once(filed: Path, tmp_path: Path) -> None:
    beside = tmp_path / "papers"
    said = run("backup", filed, tmp_path / "one")
    assert said.stderr == "2 files of papers are not in it; --files FOLDER copies them\n"
    said = run("backup", filed, tmp_path / "two", "--files", beside)
    assert "papers: 2 files copied, 0 were there already" in answer(said)
    assert said.stderr == ""
    assert bodies(beside) == set(BODIES)
    assert {path.stat().st_mode & 0o777 for path in beside.rglob("*") if path.is_file()} == {0o600}
    put(filed / FOLDER, b"third")
    told = parsed(run("backup", filed, tmp_path / "three", "--files", beside, "--json"))
    assert told["attachments"] == {"copied": 1, "there": 2, "damaged": []}


def test_a_damaged_file_is_named_and_not_carried_on_and_the_rest_is(filed: Path, tmp_path: Path) -> None:
    place = put(filed / FOLDER, BODIES[0])
    place.write_bytes(b"FIRST paper")
    said = run("backup", filed, tmp_path / "saved", "--files", tmp_path / "papers")
    assert said.exit_code == 1
    assert f"{hash_of(BODIES[0])} is damaged and was not copied" in said.stderr
    assert bodies(tmp_path / "papers") == {BODIES[1]}
    assert (tmp_path / "saved").exists()
    report = run("check", filed)
    assert report.exit_code == 1
    assert f"files/{place.parent.name}/{place.name}: not the file it was" in report.output


def test_a_restore_brings_back_what_is_missing_and_throws_nothing_away(filed: Path, tmp_path: Path) -> None:
    beside = tmp_path / "papers"
    answer(run("backup", filed, tmp_path / "saved", "--files", beside))
    put(filed / FOLDER, b"after the backup")
    put(filed / FOLDER, BODIES[0]).unlink()
    said = answer(run("restore", tmp_path / "saved", filed, "--force", "--files", beside))
    assert "files: 1 files copied, 1 were there already" in said
    assert bodies(filed / FOLDER) == {*BODIES, b"after the backup"}
    new = tmp_path / "new"
    answer(run("restore", tmp_path / "saved", new, "--files", beside))
    assert bodies(new / FOLDER) == set(BODIES)
    (new / LOG).unlink()


def test_a_folder_with_nothing_but_files_is_free_for_a_restore(filed: Path, tmp_path: Path) -> None:
    answer(run("backup", filed, tmp_path / "saved"))
    put(tmp_path / "new" / FOLDER, BODIES[0])
    answer(run("restore", tmp_path / "saved", tmp_path / "new"))
    assert bodies(tmp_path / "new" / FOLDER) == {BODIES[0]}
