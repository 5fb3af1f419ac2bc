"""The files of papers on a stick beside the bundle that names them: whole, once, and no others."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from server.bounds import Bounds
from server.by_stick import LOCK, given_by, receive
from server.cabinet import BY_STICK, FOLDER, Cabinet
from server.office import Office
from shared.attached import HASHES, file_lines, hash_of, hashes_in, place_of
from shared.rights import Role
from tests.sticks import FIRST, Traveller
from tests.unit.clerk import answer, parsed, run

PAPER = b"a plan of three pages" * 999
NONE = {"taken": 0, "there": 0, "missing": 0, "refused": {}}


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """The folder on the stick."""
    return tmp_path / "files"


@pytest.fixture
def author(started: Traveller, tmp_path: Path) -> Traveller:
    """A laptop on which a paper with a file was entered, without any network."""
    paper = tmp_path / "方案.docx"
    paper.write_bytes(PAPER)
    started.does("submit", FIRST, "1.3", "--title", "活动方案", "--file", paper)
    return started


def lying(folder: Path, body: bytes = PAPER) -> Path:
    """Where a file belongs in a folder."""
    place = place_of(folder, hash_of(body))
    assert place is not None
    return place


def taken(district: Path, out: Path, *words: str | Path) -> Any:
    """What became of the files of a bundle."""
    return parsed(run("take", district, out, *words, "--json"))["files"]


def due(laptop: Traveller) -> int:
    """How many files wait here."""
    return int(laptop.told("status")["files_due"])


def test_a_paper_goes_in_with_its_file_and_the_laptop_hears_of_it(
    district: Path, author: Traveller, stick: Path
) -> None:
    out = author.stick / "out.bundle"
    said = author.does("bundle", out, "--files", stick)
    assert f"1 file of a paper is in {stick}; take the folder along." in said
    assert "guatu-server take DIR FILE --files FOLDER" in said
    assert lying(stick).read_bytes() == PAPER
    assert due(author) == 1, "on its way is not there"
    assert taken(district, out, "--files", stick) == {**NONE, "taken": 1}
    assert lying(district / FOLDER).read_bytes() == PAPER
    assert taken(district, out, "--files", stick) == {**NONE, "there": 1}
    author.is_answered(district)
    assert due(author) == 0
    assert "file" not in author.does("bundle", out)


def test_a_file_left_behind_is_said_on_both_ends_and_goes_later(district: Path, author: Traveller, stick: Path) -> None:
    out = author.stick / "out.bundle"
    assert "1 file of a paper does not go with it: --files FOLDER copies it" in author.does("bundle", out)
    assert taken(district, out) == NONE
    author.does("bundle", out, "--files", stick)
    assert "1 file of a paper goes with it and was not found" in answer(run("take", district, out))
    assert taken(district, out, "--files", stick / "elsewhere") == {**NONE, "missing": 1}
    assert taken(district, out, "--files", stick) == {**NONE, "taken": 1}


def test_what_is_not_the_file_it_should_be_is_not_taken(district: Path, author: Traveller, stick: Path) -> None:
    out = author.stick / "out.bundle"
    author.does("bundle", out, "--files", stick)
    lying(stick).write_bytes(PAPER[:-1] + b"X")
    assert taken(district, out, "--files", stick) == {**NONE, "refused": {"file-differs": 1}}
    assert not lying(district / FOLDER).exists()
    author.is_answered(district)
    assert due(author) == 1
    author.does("bundle", out, "--files", stick)
    assert lying(stick).read_bytes() == PAPER, "a copy that is damaged is made anew"
    assert taken(district, out, "--files", stick) == {**NONE, "taken": 1}


def test_a_file_that_the_bundle_does_not_name_stays_outside(district: Path, author: Traveller, stick: Path) -> None:
    out = author.stick / "out.bundle"
    author.does("bundle", out, "--files", stick)
    stray = lying(stick, b"stray")
    stray.parent.mkdir(parents=True, exist_ok=True)
    stray.write_bytes(b"stray")
    assert taken(district, out, "--files", stick) == {**NONE, "taken": 1}
    assert not lying(district / FOLDER, b"stray").exists()


def test_what_is_coming_by_wire_meanwhile_is_left_alone(district: Path, author: Traveller, stick: Path) -> None:
    out = author.stick / "out.bundle"
    author.does("bundle", out, "--files", stick)
    served = Cabinet(district / FOLDER, Bounds())
    arriving = served.begin(hash_of(b"wire"), "d9", 4)
    assert taken(district, out, "--files", stick) == {**NONE, "taken": 1}
    arriving.write(b"wire")
    served.keep(arriving)
    served.end(arriving)
    served.close()
    assert lying(district / FOLDER, b"wire").read_bytes() == b"wire"


def test_answers_wait_for_a_take_and_sweep_nothing_of_it(district: Path, author: Traveller, stick: Path) -> None:
    out = author.stick / "out.bundle"
    author.does("bundle", out, "--files", stick)
    assert taken(district, out, "--files", stick) == {**NONE, "taken": 1}
    coming = district / FOLDER / BY_STICK / "1.tmp"
    with ThreadPoolExecutor(1) as other:
        with FileLock(district / LOCK):
            coming.write_bytes(b"half of a file")
            asked = other.submit(given_by, district, author.identity.device)
            assert not wait([asked], timeout=0.3).done
            assert coming.exists()
            coming.unlink()
        assert asked.result(10) == (hash_of(PAPER),)


def test_a_link_on_the_stick_leads_nowhere(district: Path, author: Traveller, stick: Path, tmp_path: Path) -> None:
    out = author.stick / "out.bundle"
    author.does("bundle", out, "--files", stick)
    lying(stick).rename(tmp_path / "elsewhere")
    lying(stick).symlink_to(tmp_path / "elsewhere")
    assert taken(district, out, "--files", stick) == {**NONE, "missing": 1}


@pytest.mark.parametrize(
    ("bounds", "code"),
    [
        (Bounds(file=10), "file-too-large"),
        (Bounds(device_files=10), "file-share"),
        (Bounds(all_files=10), "files-full"),
        (Bounds(free=1 << 60), "files-full"),
    ],
)
def test_the_bounds_of_the_wire_hold_for_a_stick(
    district: Path, author: Traveller, stick: Path, bounds: Bounds, code: str
) -> None:
    author.does("bundle", author.stick / "out.bundle", "--files", stick)
    with Office(district) as office:
        giver = next(entry.author for entry in office.members.roll() if entry.author.device == author.identity.device)
        received = receive(district, stick, giver, [hash_of(PAPER)], bounds)
        assert received == (0, 0, 0, ((code, 1),))
        for nobody in (giver._replace(role=Role.VIEWER), giver._replace(areas=()), giver._replace(revoked=True)):
            assert receive(district, stick, nobody, [hash_of(PAPER)], Bounds()).refused == (("no-right", 1),)
    assert not lying(district / FOLDER).exists()


def test_files_are_named_line_by_line_and_nothing_else_is_a_name() -> None:
    import orjson

    names = [hash_of(str(number).encode()) for number in range(HASHES + 1)]
    lines = [orjson.loads(line) for line in file_lines(names)]
    assert [each for line in lines for each in hashes_in(line)] == names
    assert [len(line["hashes"]) for line in lines] == [HASHES, 1]
    for wrong in (None, "a" * 64, ["../../etc/passwd"], [1], [*names], names[0]):
        with pytest.raises(ValueError, match="hashes"):
            hashes_in({"kind": "files", "hashes": wrong})
