"""The command `guatu-server`, as a clerk types it: what it prints, where, and with which exit code."""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import orjson
import pytest
from tinydb import TinyDB
from typer.testing import CliRunner, Result

from server.cli import app
from server.office import BOARD, LOG, MEMBERS
from shared.messages import use

ROOT = Path(__file__).parents[2]
DATA = ROOT / "server" / "data"
STATISTICS = ("--streets", DATA / "baohe-streets.csv", "--villages", DATA / "baohe-villages.csv")
CODE = re.compile(r"code: [0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\n")
SHEET = "编码,名称,类型,学校类别,联络员\n340111001-S01,骆岗小学,学校,小学,张三\n"


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("GUATU_LANG", "en")
    yield
    use("en")


@pytest.fixture
def board(tmp_path: Path) -> Path:
    """An empty board of Baohe district."""
    folder = tmp_path / "board"
    answer(run("init", folder, "--start", "2026-09", "--area", "340111"))
    return folder


@pytest.fixture
def district(board: Path) -> Path:
    """A board with Baohe's roster."""
    answer(run("roster", "import", board, *STATISTICS))
    return board


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def answer(result: Result) -> str:
    """What a command that ended well said on stdout."""
    assert result.exit_code == 0, result.output
    return result.stdout


def refusal(result: Result, code: int) -> str:
    """The one line with which a command ended badly."""
    assert (result.exit_code, result.stdout) == (code, ""), result.output
    line = result.stderr
    assert line.startswith("guatu-server: ")
    assert line.count("\n") == 1, line
    return line.removeprefix("guatu-server: ").rstrip("\n")


def parsed(result: Result) -> Any:
    return orjson.loads(answer(result))


# --- making a board ---


def test_init_makes_a_board_that_is_sound_and_empty(board: Path) -> None:
    report = parsed(run("check", board, "--json"))
    assert report | {"ok": True, "head": 1, "board": 1, "records": 1, "held": 0, "findings": []} == report
    assert answer(run("roster", "list", board, "--json")) == "[]\n"


def test_init_begins_the_campaign_in_the_month_asked_for(board: Path) -> None:
    exported = parsed(run("export", board, "--json"))
    assert (exported["campaign"]["id"], exported["campaign"]["start"]) == ("baohe-2009", "2026-09")


def test_init_leaves_a_board_alone(board: Path) -> None:
    assert refusal(run("init", board, "--area", "340111"), 4) == "board holds a board already"


def test_init_takes_a_campaign_from_a_folder(tmp_path: Path) -> None:
    folder = ROOT / "shared" / "campaign" / "data" / "fire-safety-2026"
    said = answer(run("init", tmp_path / "board", "--campaign", folder, "--area", "340111"))
    assert "2026" in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--area", "3401x"), "3401x is no area"),
        (("--area", "340111", "--start", "2026-13"), "2026-13 is not a first month"),
        (
            ("--area", "340111", "--campaign", "baohe"),
            "there is no campaign baohe; give a folder, or one of: baohe-2009",
        ),
        ((), "--area is missing (guatu-server init --help)"),
        (("--area", "340111", "--aera", "1"), "there is no option --aera"),
        (("--area", "340111", "more"), "one word too many: more"),
    ],
)
def test_init_says_in_one_line_what_it_was_not_told_right(tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    assert refusal(run("init", tmp_path / "board", *words), 2).startswith(said)
    assert not (tmp_path / "board").exists()


def test_init_names_every_problem_of_a_campaign(tmp_path: Path) -> None:
    campaign = tmp_path / "mine"
    campaign.mkdir()
    (campaign / "campaign.toml").write_text("id = 5\n", "utf-8")
    result = run("init", tmp_path / "board", "--campaign", campaign, "--area", "340111")
    assert result.exit_code == 1
    assert "[no_workflow]" in result.stderr
    assert "[missing_key]" in result.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("check",),
        ("export", "--json"),
        ("serve",),
        ("settings",),
        ("member", "list"),
        ("member", "revoke", "张三"),
        ("member", "add", "张三", "--role", "lead"),
        ("roster", "list"),
        ("roster", "import", *STATISTICS),
    ],
)
def test_a_folder_without_a_board_is_named(tmp_path: Path, words: tuple[str, ...]) -> None:
    at = 2 if words[0] in ("member", "roster") else 1
    result = run(*words[:at], tmp_path / "nothing", *words[at:])
    assert refusal(result, 4) == "nothing holds no board; guatu-server init makes one"
    assert not (tmp_path / "nothing").exists()


# --- people ---


def test_member_add_prints_the_code_and_nothing_else_on_stdout(board: Path) -> None:
    result = run("member", "add", board, "张三", "--role", "member", "--area", "340111001", "--area", "340111002")
    assert CODE.fullmatch(answer(result))
    (member,) = parsed(run("member", "list", board, "--json"))
    assert (member["name"], member["role"], member["areas"]) == ("张三", "member", ["340111001", "340111002"])


def test_without_an_area_a_member_has_the_boards(board: Path) -> None:
    answer(run("member", "add", board, "张三", "--role", "viewer"))
    assert parsed(run("member", "list", board, "--json"))[0]["areas"] == ["340111"]


def test_a_code_is_nowhere_in_the_folder(board: Path) -> None:
    code = answer(run("member", "add", board, "张三", "--role", "lead")).removeprefix("code: ").strip()
    kept = b"".join(path.read_bytes() for path in board.rglob("*") if path.is_file())
    assert code.encode() not in kept
    assert code.replace("-", "").encode() not in kept


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("张三", "--role", "king"), "--role does not take this: 'king' is not one of 'viewer'"),
        (("张三", "--role", "lead", "--area", "340112"), "340112 lies outside this board's area 340111"),
        (("张三", "--role", "lead", "--area", "x"), "x is no area"),
        (("\x1b[2J", "--role", "lead"), "a name has 1 to 64 characters that can be seen"),
        ((" ", "--role", "lead"), "a name has 1 to 64 characters that can be seen"),
    ],
)
def test_member_add_refuses_what_would_be_no_right_to_anything(board: Path, words: tuple[str, ...], said: str) -> None:
    assert refusal(run("member", "add", board, *words), 2).startswith(said)
    assert parsed(run("member", "list", board, "--json")) == []


def test_a_second_member_of_a_name_and_an_unknown_one_are_refused(board: Path) -> None:
    answer(run("member", "add", board, "张三", "--role", "lead"))
    assert refusal(run("member", "add", board, "张三", "--role", "lead"), 1) == "there is a member 张三 already"
    assert refusal(run("member", "invite", board, "李四"), 1) == "there is no member 李四"
    assert refusal(run("member", "revoke", board, "李四"), 1) == "there is no member 李四"


def test_an_invitation_is_a_further_code_until_the_rights_have_ended(board: Path) -> None:
    first = answer(run("member", "add", board, "张三", "--role", "lead"))
    second = answer(run("member", "invite", board, "张三"))
    assert CODE.fullmatch(second)
    assert first != second
    answer(run("member", "revoke", board, "张三"))
    assert parsed(run("member", "list", board, "--json"))[0]["revoked"]
    assert refusal(run("member", "invite", board, "张三"), 1).startswith("the rights of 张三 have ended")


# --- the roster ---


def test_baohe_has_149_units(district: Path) -> None:
    units = parsed(run("roster", "list", district, "--json"))
    assert len(units) == 149
    assert len(answer(run("roster", "list", district)).splitlines()) == 150


def test_importing_again_writes_nothing(district: Path) -> None:
    head = parsed(run("check", district, "--json"))["head"]
    answer(run("roster", "import", district, *STATISTICS))
    assert parsed(run("check", district, "--json"))["head"] == head


def test_a_dry_run_writes_nothing(board: Path) -> None:
    said = answer(run("roster", "import", board, *STATISTICS, "--dry-run"))
    assert "149 added" in said
    assert parsed(run("roster", "list", board, "--json")) == []


def test_an_import_is_one_act_and_enters_only_what_changes_over_what_stood(district: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.csv"
    sheet.write_text(SHEET, "utf-8")
    answer(run("roster", "import", district, sheet))
    sheet.write_text(SHEET.replace("张三", "李四"), "utf-8")
    answer(run("roster", "import", district, sheet))
    first, second = changes(district)[-2:]
    assert second["set"] == {"person.liaison": "李四"}
    assert second["seen"] == {"person.liaison": [first["id"]]}
    acts = {change["act"] for change in changes(district) if change["record"].startswith("unit/")}
    assert len(acts) == 3


def test_a_unit_that_is_gone_is_closed_and_never_deleted(district: Path, tmp_path: Path) -> None:
    shorter = tmp_path / "villages.csv"
    lines = (DATA / "baohe-villages.csv").read_text("utf-8").splitlines(keepends=True)
    shorter.write_text("".join(lines[:-1]), "utf-8")
    answer(run("roster", "import", district, "--streets", DATA / "baohe-streets.csv", "--villages", shorter))
    gone = lines[-1].partition(",")[0]
    assert changes(district)[-1]["set"] == {"closed": True}
    units = {unit["code"]: unit for unit in parsed(run("roster", "list", district, "--json"))}
    assert len(units) == 149
    assert units[gone]["closed"] is True
    answer(run("roster", "import", district, *STATISTICS))
    assert changes(district)[-1]["set"] == {"closed": False}


def test_nothing_is_written_while_a_row_is_wrong(district: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.csv"
    sheet.write_text(SHEET + "3.40111E+11,坏行,村,,\n", "utf-8")
    head = parsed(run("check", district, "--json"))["head"]
    result = run("roster", "import", district, sheet)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "row 3" in result.stderr
    assert parsed(run("check", district, "--json"))["head"] == head


def test_an_own_column_is_kept_under_its_own_name(district: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.csv"
    sheet.write_text("编码,名称,属性:党员数\n340111001,骆岗街道,312\n", "utf-8")
    answer(run("roster", "import", district, sheet))
    assert changes(district)[-1]["set"] == {"attribute.党员数": "312"}
    assert parsed(run("check", district, "--json"))["ok"]


def test_an_own_column_that_no_record_can_hold_is_refused(district: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.csv"
    sheet.write_text("编码,名称,属性:党员 人数\n340111001,骆岗街道,312\n", "utf-8")
    assert "'attribute.党员 人数'" in refusal(run("roster", "import", district, sheet), 1)


@pytest.mark.parametrize("words", [(), ("sheet.csv", *STATISTICS)])
def test_an_import_takes_either_a_sheet_or_the_divisions_files(board: Path, words: tuple[str, ...]) -> None:
    assert refusal(run("roster", "import", board, *words), 2).startswith("give either a sheet, or --streets")


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_a_template_filled_with_the_board_changes_nothing_when_it_comes_back(
    district: Path, tmp_path: Path, suffix: str
) -> None:
    head = parsed(run("check", district, "--json"))["head"]
    sheet = tmp_path / f"roster.{suffix}"
    answer(run("roster", "template", sheet, "--board", district))
    assert "149 unchanged" in answer(run("roster", "import", district, sheet))
    assert parsed(run("check", district, "--json"))["head"] == head


def test_a_template_is_a_sheet(tmp_path: Path) -> None:
    assert refusal(run("roster", "template", tmp_path / "roster.doc"), 2).startswith("roster.doc: the name must end in")


# --- checking and exporting ---


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


# --- language ---


def test_it_speaks_chinese_when_asked(board: Path) -> None:
    assert run("--lang", "zh", "check", board).stdout.startswith("一切正常")
    assert run("check", board).stdout.startswith("all is well")


def test_it_speaks_the_language_of_its_environment(board: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUATU_LANG", "zh")
    assert run("init", board, "--area", "340111").stderr == "guatu-server: board 里已有挂图\n"
    assert "新建一块空挂图。" in answer(run("--help"))
    assert "必填" in answer(run("init", "--help"))


def test_only_chinese_and_english_are_spoken() -> None:
    assert refusal(run("--lang", "fr", "check", "."), 2).startswith("--lang does not take this")


# --- a real process ---


def test_what_draws_or_serves_is_not_loaded_for_a_list(board: Path) -> None:
    script = (
        "import sys\nfrom server.cli import app\n"
        f"try:\n    app(['member', 'list', {str(board)!r}])\nexcept SystemExit: pass\n"
        "print([name for name in ('aiohttp', 'openpyxl', 'textual') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.splitlines()[-1] == "[]"


def test_serve_tells_its_address_and_ends_cleanly_at_once(district: Path) -> None:
    with served("serve", district) as (server, line):
        assert re.fullmatch(r"listening on http://127\.0\.0\.1:[0-9]+\n", line)
        before = time.monotonic()
        server.send_signal(signal.SIGTERM)
        assert server.wait(10) == 0
        assert time.monotonic() - before < 1
    assert parsed(run("check", district, "--json"))["ok"]


def test_the_office_goes_on_working_beside_a_running_server(district: Path) -> None:
    with served("serve", district) as (_server, _line):
        assert refusal(run("serve", district), 4) == "a server is running on board already"
        assert CODE.fullmatch(answer(run("member", "add", district, "张三", "--role", "lead")))
        assert parsed(run("check", district, "--json"))["ok"]
        assert len(parsed(run("roster", "list", district, "--json"))) == 149
        assert "149 unchanged" in answer(run("roster", "import", district, *STATISTICS))


def test_a_port_that_is_taken_is_named(district: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    answer(run("init", other, "--area", "340111"))
    with served("serve", district) as (_server, line):
        port = line.strip().rpartition(":")[2]
        assert refusal(run("serve", other, "--port", port), 4).startswith(f"cannot listen on 127.0.0.1:{port}: ")


def test_serve_takes_its_settings_from_the_folder_and_refuses_wrong_ones(district: Path) -> None:
    (district / "guatu.toml").write_text('host = "127.0.0.2"\n', "utf-8")
    assert 'host = "127.0.0.2"' in answer(run("settings", district))
    (district / "guatu.toml").write_text("prot = 1\n", "utf-8")
    assert refusal(run("serve", district), 2).startswith("guatu.toml: there is no setting prot")


def test_the_demo_serves_a_simulated_board_and_hands_out_a_code(tmp_path: Path) -> None:
    with served("demo", tmp_path / "demo", "--pace", "0.05") as (server, line):
        assert line.startswith("listening on http://127.0.0.1:")
        assert server.stdout is not None
        assert CODE.fullmatch(server.stdout.readline())
        head = parsed(run("check", tmp_path / "demo", "--json"))["head"]
        while parsed(run("check", tmp_path / "demo", "--json"))["head"] < head + 3:
            assert server.poll() is None
        server.send_signal(signal.SIGTERM)
        assert server.wait(10) == 0
    assert parsed(run("check", tmp_path / "demo", "--json"))["held"] == 0


def test_the_demo_never_writes_on_a_real_board(district: Path) -> None:
    assert refusal(run("demo", district), 4) == "board holds a board already"


@contextmanager
def served(*words: str | Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A process that serves, and the first line it prints."""
    command = [sys.executable, "-m", "server", *map(str, words)]
    environment = {**os.environ, "GUATU_LANG": "en"}
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT, env=environment
    )
    try:
        assert process.stdout is not None
        yield process, process.stdout.readline()
    finally:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def changes(folder: Path) -> list[dict[str, Any]]:
    """Every change in a board's log, in order."""
    with closing(sqlite3.connect(folder / LOG)) as log:
        return [orjson.loads(body) for (body,) in log.execute("SELECT body FROM log ORDER BY seq")]
