"""What the board's file and table promise: plain TinyDB reads them, a crash leaves a board or none, and the log remakes
any board byte for byte."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

import orjson
import pytest
from tinydb import TinyDB, where

from server import store as stores
from server.ledger import Ledger, Submission, offer
from server.log import SqliteLog
from server.office import BOARD, LOG, Office
from server.store import Store, StoreDamaged, load, save
from shared.board.change import to_json
from shared.board.log_record import Cursor
from shared.board.record import Record, from_json
from tests.small import ADMIN, LEAD, SECOND, UNITS, VILLAGE, SetClock, make_office, note, state


def rebuilt(office: Office) -> Store:
    """The board made anew from nothing but the log."""
    store = Store()
    Ledger(office.log, store, office.campaigns, office.clock).catch_up()
    return store


def bytes_of(store: Store, folder: Path) -> bytes:
    save(folder / "other.json", store.image())
    return (folder / "other.json").read_bytes()


def test_plain_tinydb_opens_the_file_and_queries_it(office: Office) -> None:
    office.enter([state(ADMIN, "doing"), state(ADMIN, "done", SECOND)], ADMIN)
    office.save_board()
    db = TinyDB(office.folder / BOARD, encoding="utf-8")
    assert len(db.table("unit")) == len(UNITS)
    (found,) = db.table("step").search(where("id") == f"{SECOND}/1.1")
    assert from_json(f"step/{SECOND}/1.1", found).value("state") == "done"
    assert db.table("meta").get(doc_id=1)["seq"] == office.ledger.head.seq  # type: ignore[index]
    db.close()


def test_documents_bear_the_number_of_the_record_that_first_touched_them(office: Office) -> None:
    office.enter([state(ADMIN, "doing")], ADMIN)
    seq = office.ledger.head.seq
    office.enter([state(ADMIN, "done")], ADMIN)
    assert list(office.store.image()["step"]) == [str(seq)]


def scramble(office: Office, rng: random.Random, count: int) -> None:
    """Random entries, in batches of random sizes, some of them twice, some colliding, with keys in any order."""
    made: list[dict[str, Any]] = []
    for number in range(count):
        author = rng.choice((LEAD, ADMIN))
        code, step = rng.choice((VILLAGE, SECOND)), rng.choice(("1.1", "1.2"))
        text = {"z": number, "a": [1.5, {"y": None, "b": "字"}]}
        change = note(author, str(number), code, step) if number % 3 else state(author, "doing", code, step)
        body = to_json(change)
        if number % 4 == 0:
            body = {**body, "set": {"z": text, "note": "x", "a": text}}
        if made and rng.random() < 0.3:
            seen = [rng.choice(made)["id"] for _ in range(3)]
            body = {**body, "seen": {"note": seen, "state": seen}}
        made.append(body)
    while made:
        part, made = made[: rng.randint(1, 7)], made[rng.randint(1, 7) :]
        authors = {(b["author"], b["device"]) for b in part}
        for author in (LEAD, ADMIN):
            if (author.member, author.device) in authors:
                offered = tuple(o for b in part if b["device"] == author.device and (o := offer(b)) is not None)
                office.submit([Submission(author, offered)])


@pytest.mark.parametrize("seed", range(3))
def test_the_board_equals_its_rebuild_byte_for_byte(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    office = make_office(tmp_path / "board", SetClock())
    scramble(office, rng, 60)
    office.close()
    office = Office(tmp_path / "board", serving=True)  # read from its file, then changed further
    scramble(office, rng, 60)
    office.save_board()
    assert (office.folder / BOARD).read_bytes() == bytes_of(rebuilt(office), tmp_path)
    office.close()


def spoil_nothing(path: Path) -> None:
    path.unlink()


def tear(at: int) -> Callable[[Path], None]:
    def spoil(path: Path) -> None:
        whole = path.read_bytes()
        path.write_bytes(whole[: len(whole) * at // 50])

    return spoil


def change_a_letter(path: Path) -> None:
    path.write_text(path.read_text("utf-8").replace("甲村", "申村", 1), "utf-8")


def newer_format(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b'"meta":{"1":{"format":2', b'"meta":{"1":{"format":3'))


def ahead_of_the_log(path: Path) -> None:
    store = load(path)
    cursor = store.cursor()
    assert cursor is not None
    store.put({"step/x/1.1": Record("step/x/1.1")}, {"step/x/1.1": 99}, cursor._replace(seq=99))
    save(path, store.image())


def of_another_log(path: Path) -> None:
    store = load(path)
    cursor = store.cursor()
    assert cursor is not None
    store.put({}, {}, cursor._replace(chain="00" * 16))
    save(path, store.image())


SPOILED = {
    "missing": spoil_nothing,
    **{f"torn-{at}": tear(at) for at in range(50)},
    "changed-by-hand": change_a_letter,
    "of-a-newer-format": newer_format,
    "ahead": ahead_of_the_log,
    "of-another-log": of_another_log,
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a board that was closed in order."""
    folder = tmp_path_factory.mktemp("whole") / "board"
    office = make_office(folder, SetClock())
    scramble(office, random.Random(5), 30)
    office.close()
    return folder


@pytest.mark.parametrize("spoil", SPOILED.values(), ids=SPOILED.keys())
def test_a_board_that_is_missing_damaged_or_ahead_is_made_from_the_log(
    whole: Path, spoil: Callable[[Path], None]
) -> None:
    path = whole / BOARD
    good = path.read_bytes()
    spoil(path)
    assert not path.exists() or path.read_bytes() != good, "the test spoils it"
    with Office(whole, serving=True):
        pass
    assert path.read_bytes() == good


def test_a_good_file_is_read_and_not_made_anew(whole: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def read(self: SqliteLog, after: int, limit: int) -> list[Any]:
        assert after > 0, "the log is read from the start"
        return []

    monkeypatch.setattr(SqliteLog, "read", read)
    with Office(whole, serving=True) as office:
        assert office.store.get(f"unit/{VILLAGE}") is not None


def test_a_board_behind_the_log_is_brought_up(whole: Path) -> None:
    path = whole / BOARD
    behind = path.read_bytes()
    with Office(whole, serving=True) as office:
        office.enter([note(ADMIN, "spät")], ADMIN)
    good = path.read_bytes()
    assert good != behind
    path.write_bytes(behind)
    with Office(whole, serving=True):
        pass
    assert path.read_bytes() == good


def test_an_unwritable_place_leaves_the_old_file_as_it_was(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.save_board()
    path = office.folder / BOARD
    good = path.read_bytes()
    office.enter([note(ADMIN, "neu")], ADMIN)

    def no_space(_: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", no_space)
        with pytest.raises(OSError, match="No space"):
            office.save_board()
    assert path.read_bytes() == good
    assert [each.name for each in office.folder.glob(".*")] == [], "nothing is left beside it"
    office.save_board()
    assert path.read_bytes() != good


def test_an_image_stays_as_it_was_while_the_board_goes_on(office: Office) -> None:
    image = office.store.image()
    before = orjson.dumps(image, None, orjson.OPT_SORT_KEYS)
    office.enter([state(ADMIN, "doing"), note(ADMIN, "x", SECOND)], ADMIN)
    office.enter([office.change(f"unit/{VILLAGE}", {"name": "新甲村"})])
    assert orjson.dumps(image, None, orjson.OPT_SORT_KEYS) == before


class Counting(dict[str, Mapping[str, Any]]):
    """A table that counts how often its documents are read or written."""

    touched: ClassVar[int] = 0

    def __getitem__(self, key: str) -> Mapping[str, Any]:
        Counting.touched += 1
        return super().__getitem__(key)

    def __iter__(self) -> Iterator[str]:
        Counting.touched += len(self)
        return super().__iter__()


@pytest.mark.parametrize("size", [10, 10_000])
def test_an_update_touches_one_document_whatever_the_size_of_the_board(size: int) -> None:
    store = Store()
    cursor = Cursor("00" * 16, size, "00" * 16)
    records = {f"step/{n}/1.1": Record(f"step/{n}/1.1") for n in range(size)}
    store.put(records, {address: n + 1 for n, address in enumerate(records)}, cursor)
    tables = store._storage.tables
    tables["step"] = Counting(tables["step"])
    Counting.touched = 0
    store.put({"step/5/1.1": Record("step/5/1.1", named={"x": frozenset(("00",))})}, {}, cursor)
    store.put({"step/new/1.1": Record("step/new/1.1")}, {"step/new/1.1": size + 1}, cursor)
    assert Counting.touched <= 2


def test_what_is_no_board_is_damaged(tmp_path: Path) -> None:
    for content in (b"", b"[]", b"{}", b"null", b'{"meta":{}}', b'{"meta":{"1":{}}}', b'{"meta":{"1":{"format":1}}}'):
        (tmp_path / BOARD).write_bytes(content)
        with pytest.raises(StoreDamaged):
            load(tmp_path / BOARD)


def test_the_names_of_files_are_those_the_office_uses() -> None:
    assert (BOARD, LOG) == ("board.json", "log.sqlite")
    assert stores.FORMAT == 2
