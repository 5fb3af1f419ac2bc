"""`guatu-server check` and `export`: what was changed behind the back, and everything but secrets."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import orjson
import pytest
from tinydb import TinyDB

from server.office import BOARD, LOG, MEMBERS
from tests.unit.clerk import answer, refusal, run

pytestmark = pytest.mark.usefixtures("english")


def test_check_finds_a_record_that_was_changed_behind_its_back(district: Path) -> None:
    with TinyDB(district / BOARD) as db:
        table = db.table("unit")
        document = next(doc for doc in table if doc["id"] == "340111001008")
        document["entries"][0][4]["name"] = "另一个社区"
        table.update({"entries": document["entries"]}, doc_ids=[document.doc_id])
        table.remove(doc_ids=[max(doc.doc_id for doc in table)])
    result = run("check", district, "--json")
    assert result.exit_code == 1
    found = {each["what"]: each["where"] for each in orjson.loads(result.stdout)["findings"]}
    assert found["record-differs"] == "unit/340111001008"
    assert found["missing-on-board"].startswith("unit/340111")
    said = run("check", district)
    assert (said.exit_code, said.stderr) == (1, "")
    assert "unit/340111001008: the board does not hold what the log says" in said.stdout


def test_check_finds_a_log_that_was_changed_behind_its_back(district: Path) -> None:
    with closing(sqlite3.connect(district / LOG, isolation_level=None)) as log:
        log.execute("UPDATE log SET status = 'held:no-right' WHERE seq = 77")
    result = run("check", district)
    assert result.exit_code == 1
    assert result.stdout.startswith("log record 77: the chain breaks here")


def test_check_finds_an_id_that_would_not_be_known_again(district: Path) -> None:
    with closing(sqlite3.connect(district / LOG, isolation_level=None)) as log:
        log.execute("UPDATE log SET id = randomblob(16) WHERE seq = 5")
    result = run("check", district, "--json")
    assert result.exit_code == 1
    assert orjson.loads(result.stdout)["findings"] == [{"what": "index-differs", "where": "5"}]


@pytest.mark.parametrize(("content", "what"), [(None, "board-missing"), (b'{"unit":', "board-damaged")])
def test_check_finds_a_board_that_is_gone_or_torn_and_repairs_nothing(
    district: Path, content: bytes | None, what: str
) -> None:
    (district / BOARD).unlink()
    if content is not None:
        (district / BOARD).write_bytes(content)
    for _ in range(2):
        result = run("check", district, "--json")
        assert result.exit_code == 1
        assert [each["what"] for each in orjson.loads(result.stdout)["findings"]] == [what]


def test_check_says_when_the_log_is_no_database(board: Path) -> None:
    for name in (LOG, f"{LOG}-wal", f"{LOG}-shm"):
        (board / name).unlink(missing_ok=True)
    (board / LOG).write_bytes(b"no database at all" * 300)
    result = run("check", board)
    assert result.exit_code == 1
    assert result.stdout == f"{LOG}: this is not a readable log\n"


def test_an_export_holds_everything_but_secrets(district: Path, tmp_path: Path) -> None:
    code = answer(run("member", "add", district, "张三", "--role", "lead")).removeprefix("code: ").strip()
    target = tmp_path / "export.json"
    assert answer(run("export", district, "--json", "-o", target)) == ""
    body = target.read_text("utf-8")
    exported = json.loads(body)
    assert (len(exported["units"]), len(exported["records"])) == (149, 150)
    assert exported["members"][0]["name"] == "张三"
    assert set(exported["members"][0]) == {"name", "role", "areas", "revoked", "devices"}
    with closing(sqlite3.connect(district / MEMBERS)) as members:
        (hashed,) = members.execute("SELECT hash FROM code").fetchone()
    assert code not in body
    assert hashed.hex() not in body
    assert target.stat().st_mode & 0o077 == 0


def test_an_export_asks_for_its_form(board: Path) -> None:
    assert refusal(run("export", board), 2) == "say in which form to export: --json"
