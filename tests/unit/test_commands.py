"""`guatu` from the shell: what each command answers, in words and as JSON, and how it ends badly: a line, a code."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from typer.testing import CliRunner, Result

from shared.board.record import step_address
from tests.tui import boards
from tests.tui.boards import laptop
from tests.unit import clerk
from tui.cli import EXIT_CODES, app
from tui.commands.failing import Code
from tui.laptop import Laptop, local_now
from tui.profile import Profile
from tui.replica import Replica

pytestmark = pytest.mark.usefixtures("english")

Guatu = Callable[..., Result]
STATUS_KEYS = {
    "board", "campaign", "head", "cursor", "pending", "held", "units", "steps", "done", "overdue", "due_soon", "review",
    "returned", "redo", "unknown", "on_track", "closed", "conflicts", "problems", "late_problems", "redos", "day",
    "phases", "towns",
    "labels", "known_since", "copied", "digest",
}  # fmt: skip
SYNC_KEYS = {"pushed", "pulled", "pending", "conflicts", "held", "head", "files_sent", "files_due"}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A laptop with a small district, which has done one step."""
    folder = tmp_path / "guatu"
    done = {"state": "done", "done_on": "2026-09-20", "note": "第一行\n\x1b[31m第二行"}
    laptop(folder, {("340111001204", "1.1"): [done]}).close()
    return folder


@pytest.fixture
def guatu(home: Path) -> Guatu:
    """The command line on that laptop."""

    def run(*words: str | Path, lang: str = "en", at: Path = home) -> Result:
        environment = {"GUATU_HOME": str(at), "GUATU_LANG": lang}
        return CliRunner().invoke(app, [str(word) for word in words], env=environment)

    return run


def answer(result: Result) -> str:
    """What a command that ended well said."""
    assert (result.exit_code, result.stderr) == (0, ""), result.output
    return result.stdout


def parsed(result: Result) -> Any:
    """What it said to other programs."""
    return orjson.loads(answer(result))


def refusal(result: Result, code: Code) -> str:
    """The one line with which a command ended badly."""
    assert (result.exit_code, result.stdout) == (code, ""), result.output
    assert result.stderr.startswith("guatu: ")
    assert result.stderr.count("\n") == 1, result.stderr
    assert result.stderr.endswith("\n")
    return result.stderr.removeprefix("guatu: ").rstrip("\n")


# --- status ---


def test_status_tells_other_programs_all_they_rely_on(guatu: Guatu) -> None:
    body = parsed(guatu("status", "--json"))
    assert set(body) >= STATUS_KEYS
    assert (body["board"], body["head"], body["cursor"], body["pending"], body["units"]) == (boards.BOARD, 0, 0, 0, 6)
    assert (body["done"], body["conflicts"], body["held"]) == (1, 0, 0)
    assert [phase["no"] for phase in body["phases"]] == [1, 2, 3, 4]
    assert sum(phase["done"] for phase in body["phases"]) == body["done"]
    assert sum(phase["steps"] for phase in body["phases"]) == body["steps"]
    assert {"no", "title", "title_en", "steps", "done", "overdue"} <= set(body["phases"][0])
    assert [town["name"] for town in body["towns"]] == ["骆岗街道", "淝河镇"]


def test_status_says_it_in_words_of_either_language(guatu: Guatu) -> None:
    english, chinese = answer(guatu("status")), answer(guatu("status", lang="zh"))
    assert "6 units, 1 of " in english
    assert "0 entries not on the board yet" in english
    assert "6 个单位" in chinese
    assert answer(guatu("--lang", "zh", "status")) == chinese
    assert len(english.splitlines()) == len(chinese.splitlines()) == 7


def test_status_counts_what_waits_and_what_collides(guatu: Guatu, home: Path) -> None:
    address = step_address("340111001204", "1.1")
    with Laptop(home, boards.now, writing=True) as opened:
        opened.save([boards.change(77, address, {"note": "别的", "state": "doing"})])
    body = parsed(guatu("status", "--json"))
    assert (body["pending"], body["conflicts"], body["done"]) == (1, 2, 0)


# --- show ---


@pytest.mark.parametrize("wanted", ["340111001204", "３４０１１１００１２０４", "陆大村民委员会", "陆大村", "陆大"])
def test_show_finds_a_unit_by_code_by_name_and_by_a_part_that_fits_one(guatu: Guatu, wanted: str) -> None:
    assert answer(guatu("show", wanted)).startswith("陆大村民委员会  340111001204  village  1/")


def test_show_tells_other_programs_every_step(guatu: Guatu) -> None:
    body = parsed(guatu("show", "陆大村", "--json"))
    assert {"code", "name", "short", "kind", "town", "workflow", "attributes", "people", "done", "steps"} <= set(body)
    assert len(body["steps"]) == 20
    first = body["steps"][0]
    assert (first["id"], first["state"], first["light"], first["done_on"]) == ("1.1", "done", "毕", "2026-09-20")
    assert [entry["by"] for entry in first["entries"]] == ["李员"]


def test_show_lets_nothing_typed_steer_the_terminal(guatu: Guatu) -> None:
    said = answer(guatu("show", "陆大村"))
    assert "第一行\n" in said
    assert "?[31m第二行" in said
    assert "\x1b" not in said


@pytest.mark.parametrize(
    ("wanted", "line"),
    [
        ("王岗村", "No unit here is called 王岗村; give its code or a part of its name."),
        ("340111009999", "No unit here is called 340111009999; give its code or a part of its name."),
        ("\x1b[2J", "No unit here is called ?[2J; give its code or a part of its name."),
        ("村", "村 may mean 3 units: 陆大村 340111001204, 黄镇村 340111100201, 卫乡村 340111100202. Give the code."),
    ],
)
def test_show_says_what_to_give_when_no_unit_or_several_may_be_meant(guatu: Guatu, wanted: str, line: str) -> None:
    assert refusal(guatu("show", wanted), Code.WRONG) == line


# --- set ---


def test_set_saves_here_and_says_so(guatu: Guatu, home: Path) -> None:
    today = local_now().date().isoformat()
    said = answer(guatu("set", "官塘", "1.2", "done", "--on", "2026-10-01", "--note", "交了"))
    assert said == "Saved here: 官塘社区 1.2 done. 1 waiting; guatu sync sends them.\n"
    body = parsed(guatu("show", "官塘", "--json"))
    step = next(step for step in body["steps"] if step["id"] == "1.2")
    assert (step["state"], step["done_on"], step["note"]) == ("done", "2026-10-01", "交了")
    assert answer(guatu("set", "陆大村", "1.2", "doing", lang="zh")).startswith("已存本机：陆大村 1.2 doing")
    assert parsed(guatu("status", "--json"))["pending"] == 2
    with Laptop(home) as opened:
        first, second = (change.values for w in opened.replica.outbox.waiting() if (change := w.change()))
    assert first == {"state": "done", "done_on": "2026-10-01", "note": "交了"}
    assert second["state"] == "doing"
    assert second["started_on"] in (today, local_now().date().isoformat())


def test_set_names_what_stands_there_now(guatu: Guatu, home: Path) -> None:
    answer(guatu("set", "陆大村", "1.1", "doing"))
    with Laptop(home) as opened:
        record = opened.replica.records("340111001204")[step_address("340111001204", "1.1")]
    assert record.collisions() == ()
    assert record.value("state") == "doing"


@pytest.mark.parametrize(
    ("words", "code", "line"),
    [
        (("陆大村", "1.1", "finished"), Code.USAGE, "finished is no state; choose one of todo, "),
        (("陆大村", "1.1", "done", "--on", "gestern"), Code.USAGE, "This is not a day; write it like 2026-11-23."),
        (("陆大村", "1.1", "todo", "--on", "2026-10-01"), Code.USAGE, "The state todo has no day."),
        (("陆大村", "9.9", "doing"), Code.USAGE, "陆大村 has no step 9.9."),
        (("王岗村", "1.1", "doing"), Code.WRONG, "No unit here is called 王岗村"),
        (("陆大村", "1.1", "doing", "--note", "\x1b[2J"), Code.WRONG, "This text holds control characters; remove"),
        (("陆大村", "1.1", "doing", "--note", "\udcff"), Code.WRONG, "This text holds control characters; remove"),
        (("陆大村", "1.1", "doing", "--note", "字" * 4001), Code.WRONG, "This text is too long; at most 4000"),
        (("陆大村", "1.1"), Code.USAGE, "STATE is missing (guatu set --help)"),
        (("陆大村", "1.1", "doing", "--when", "x"), Code.USAGE, "there is no option --when"),
        (("陆大村", "1.1", "doing", "more"), Code.USAGE, "one word too many: more"),
    ],
)
def test_set_says_in_one_line_what_is_wrong_and_saves_nothing(
    guatu: Guatu, words: tuple[str, ...], code: Code, line: str
) -> None:
    assert refusal(guatu("set", *words), code).startswith(line)
    assert parsed(guatu("status", "--json"))["pending"] == 0


def test_set_refuses_what_the_office_would_hold(tmp_path: Path, guatu: Guatu) -> None:
    folder = tmp_path / "viewer"
    laptop(folder, role="viewer").close()
    line = refusal(guatu("set", "陆大村", "1.1", "doing", at=folder), Code.WRONG)
    assert line == "Your role or area does not allow this entry; ask the office."


# --- what may be wrong with a laptop ---

OFFLINE = (
    ("status",), ("show", "陆大村"), ("set", "陆大村", "1.1", "doing"), ("conflicts",), ("held",), ("log",), ("undo",),
    ("settle", "00000000", "--take", "1"), ("release", "0000"), ("decline", "0000", "--reason", "x"),
    ("changes", "--since", "2026-09-01"), ("status", "--as-of", "2026-09-01"),
    ("bulk", "1.1", "doing", "--kind", "village"),
)  # fmt: skip
WINDOW = ("window", "陆大村", "1", "2026-09-20", "2026-12-05", "--reason", "秋收")


@pytest.mark.parametrize(
    "words", [*OFFLINE, ("sync",), ("window", "陆大村", "1", "2026-09-20", "2026-12-05", "--reason", "x")]
)
def test_a_laptop_that_never_joined_is_told_how(guatu: Guatu, tmp_path: Path, words: tuple[str, ...]) -> None:
    line = refusal(guatu(*words, at=tmp_path / "nowhere"), Code.NOT_JOINED)
    assert line == "This laptop belongs to no board yet: guatu join URL CODE."
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("words", OFFLINE)
def test_a_laptop_that_never_synced_is_told_how(guatu: Guatu, tmp_path: Path, words: tuple[str, ...]) -> None:
    folder = tmp_path / "fresh"
    Profile(folder).keep(boards.identity())
    line = "There is no board on this laptop yet: guatu sync."
    assert refusal(guatu(*words, at=folder), Code.NOT_JOINED) == line
    Replica(folder / "replica.sqlite").close()
    assert refusal(guatu(*words, at=folder), Code.NOT_JOINED) == line


@pytest.mark.parametrize("words", [OFFLINE[2], ("sync",), ("join", "http://127.0.0.1:9", "CODE")])
def test_beside_another_guatu_nothing_is_written_and_it_is_said_which(
    guatu: Guatu, home: Path, words: tuple[str, ...]
) -> None:
    with Laptop(home, writing=True) as other:
        line = refusal(guatu(*words), Code.BUSY)
        assert line.startswith(f"Another guatu (process {other.profile.holder()}) is using this laptop's data")
        assert parsed(guatu("status", "--json"))["pending"] == 0, "to look does no harm"


def test_a_damaged_profile_is_told_with_what_to_do(guatu: Guatu, home: Path) -> None:
    (home / "profile.json").write_text("{", encoding="utf-8")
    assert refusal(guatu("status"), Code.NOT_JOINED).startswith("profile.json cannot be read; join again")


def test_data_that_cannot_be_read_is_told_in_one_line(guatu: Guatu, home: Path) -> None:
    (home / "replica.sqlite").write_bytes(b"no database" * 1000)
    for words in OFFLINE:
        assert refusal(guatu(*words), Code.DISK).startswith("This laptop's data cannot be read or written: ")


def test_data_of_a_newer_guatu_is_left_alone(guatu: Guatu, home: Path) -> None:
    with sqlite3.connect(home / "replica.sqlite") as file:
        file.execute("PRAGMA user_version=99")
    file.close()
    for words in OFFLINE:
        assert refusal(guatu(*words), Code.DISK).startswith("A newer guatu has written this laptop's data")


def test_a_disk_that_refuses_an_entry_is_told_and_nothing_claimed(
    guatu: Guatu, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(Laptop, "save", full)
        line = refusal(guatu("set", "陆大村", "1.1", "doing"), Code.DISK)
    assert line == "This laptop's data cannot be read or written: database or disk is full."


# --- with an office ---


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A board's folder and the address where a process serves it."""
    folder = tmp_path_factory.mktemp("office") / "board"
    clerk.answer(clerk.run("--lang", "en", "init", folder, "--start", "2026-09", "--area", "340111"))
    clerk.answer(clerk.run("--lang", "en", "roster", "import", folder, *clerk.STATISTICS))
    with clerk.serving("serve", folder) as (_, line):
        yield folder, line.removeprefix("listening on ").strip()


def code_for(folder: Path, name: str, *words: str) -> str:
    """A one-time code for a new member."""
    said = clerk.answer(clerk.run("--lang", "en", "member", "add", folder, name, "--role", "lead", *words))
    return next(line.removeprefix("code: ") for line in said.splitlines() if line.startswith("code: "))


def test_join_set_sync_and_what_each_says(guatu: Guatu, office: tuple[Path, str], tmp_path: Path) -> None:
    folder, url = office
    home = tmp_path / "one"
    said = answer(guatu("join", url.removeprefix("http://"), code_for(folder, "王一"), "--name", "甲机", at=home))
    assert said == "Joined as 王一 (lead).\n"
    body = parsed(guatu("status", "--json", at=home))
    assert (body["units"], body["pending"], body["head"]) == (149, 0, body["cursor"])
    assert body["head"] > 149
    answer(guatu("set", "340111001008", "1.1", "doing", at=home))
    result = parsed(guatu("sync", "--json", at=home))
    assert set(result) >= SYNC_KEYS
    assert result == {
        "pushed": 1, "pulled": 1, "pending": 0, "conflicts": 0, "held": 0, "head": body["head"] + 1,
        "files_sent": 0, "files_due": 0,
    }  # fmt: skip
    assert answer(guatu("sync", at=home)) == "Sent 0, read 0; 0 still here, 0 collisions, 0 need a look.\n"


def test_a_code_that_is_no_good_is_refused_and_leaves_nothing(
    guatu: Guatu, office: tuple[Path, str], tmp_path: Path
) -> None:
    _, url = office
    line = refusal(guatu("join", url, "AAAA-BBBB-CCCC", at=tmp_path / "none"), Code.REFUSED)
    assert line.startswith("This enrolment code is unknown, used or out of date.")
    chinese = refusal(guatu("join", url, "AAAA-BBBB-CCCC", at=tmp_path / "none", lang="zh"), Code.REFUSED)
    assert chinese.startswith("登记码不存在")
    assert refusal(guatu("status", at=tmp_path / "none"), Code.NOT_JOINED)


def test_a_code_is_not_spent_while_another_guatu_has_the_profile(
    guatu: Guatu, office: tuple[Path, str], home: Path, tmp_path: Path
) -> None:
    folder, url = office
    code = code_for(folder, "王二")
    with Laptop(home, writing=True):
        refusal(guatu("join", url, code), Code.BUSY)
    assert "Joined" in answer(guatu("join", url, code, at=tmp_path / "two"))


def test_who_joins_another_board_keeps_what_was_not_sent_to_the_old_one(
    guatu: Guatu, office: tuple[Path, str], home: Path
) -> None:
    folder, url = office
    answer(guatu("set", "陆大村", "1.2", "doing"))
    said = answer(guatu("join", url, code_for(folder, "王三")))
    assert f"kept in {home / 'before-1'}; 1 of its entries have not been sent." in said
    assert parsed(guatu("status", "--json"))["units"] == 149
    old = parsed(guatu("status", "--json", at=home / "before-1"))
    assert (old["board"], old["pending"], old["units"]) == (boards.BOARD, 1, 6)
    assert (home / "before-1").stat().st_mode & 0o777 == 0o700


def test_entries_that_a_crash_left_beside_the_file_go_with_it(
    guatu: Guatu, office: tuple[Path, str], home: Path
) -> None:
    folder, url = office
    beside = sqlite3.connect(home / "replica.sqlite")
    try:
        beside.execute("SELECT COUNT(*) FROM outbox").fetchone()
        answer(guatu("set", "陆大村", "1.2", "doing"))
        assert (home / "replica.sqlite-wal").stat().st_size
        answer(guatu("join", url, code_for(folder, "王七")))
    finally:
        beside.close()
    assert parsed(guatu("status", "--json", at=home / "before-1"))["pending"] == 1


def test_who_joins_the_same_board_again_keeps_everything(
    guatu: Guatu, office: tuple[Path, str], tmp_path: Path
) -> None:
    folder, url = office
    home = tmp_path / "again"
    answer(guatu("join", url, code_for(folder, "王四"), at=home))
    answer(guatu("set", "340111001008", "1.2", "doing", at=home))
    answer(guatu("join", url, code_for(folder, "王五"), at=home))
    body = parsed(guatu("status", "--json", at=home))
    assert (body["pending"], body["held"]) == (0, 1), "in the office's log, as an entry of another device"
    assert not list(home.glob("before-*"))


def test_an_office_that_is_not_there_is_told_with_its_own_code(guatu: Guatu) -> None:
    assert refusal(guatu("sync"), Code.NO_OFFICE) == "No server is running at the office's address."
    assert refusal(guatu("sync", "--json", lang="zh"), Code.NO_OFFICE) == "该地址上没有运行服务器。"
    assert refusal(guatu("join", "ftp://office", "CODE"), Code.NO_OFFICE).startswith("This is not the address")


def test_a_laptop_that_lost_its_rights_is_told_by_the_office(
    guatu: Guatu, office: tuple[Path, str], tmp_path: Path
) -> None:
    folder, url = office
    home = tmp_path / "revoked"
    answer(guatu("join", url, code_for(folder, "王六"), at=home))
    profile = Profile(home)
    profile.update(token="wrong")
    line = refusal(guatu("sync", at=home), Code.REFUSED)
    assert line == "This token is not known here. Enrol again with a new code."


# --- campaigns and help ---


def test_a_campaign_is_shown_in_words_and_to_other_programs(guatu: Guatu) -> None:
    body = parsed(guatu("campaign", "show", "baohe-2009", "--workflow", "village", "--start", "2026-09", "--json"))
    assert [workflow["id"] for workflow in body["workflows"]] == ["village"]
    assert body["workflows"][0]["phases"][0]["window"]["start"] == "2026-09-01"
    assert "1.1" in answer(guatu("campaign", "show", "baohe-2009"))


def test_a_written_campaign_is_checked(guatu: Guatu, tmp_path: Path) -> None:
    fire = clerk.ROOT / "shared" / "campaign" / "data" / "fire-safety-2026"
    assert answer(guatu("campaign", "check", fire)).endswith("nothing wrong.\n")
    (tmp_path / "campaign.toml").write_text("id = 5\n", encoding="utf-8")
    wrong = guatu("campaign", "check", tmp_path)
    assert (wrong.exit_code, wrong.stdout) == (Code.WRONG, "")
    assert "campaign.toml: " in wrong.stderr


@pytest.mark.parametrize(
    ("words", "code", "part"),
    [
        (("campaign", "show", "nope"), Code.WRONG, "there is no built-in campaign nope"),
        (("campaign", "show", "baohe-2009", "--workflow", "nope"), Code.USAGE, "There is no workflow nope"),
        (("campaign", "show", "baohe-2009", "--start", "2026-13"), Code.WRONG, "2026-13"),
        (("campaign",), Code.USAGE, "a command is missing"),
        (("nope",), Code.USAGE, "there is no command nope"),
    ],
)
def test_what_is_wrong_with_a_campaign_or_a_command_is_one_line(
    guatu: Guatu, words: tuple[str, ...], code: Code, part: str
) -> None:
    result = guatu(*words)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (code, "", 1)
    assert part in result.stderr


def test_help_names_every_command_and_every_exit_code(guatu: Guatu) -> None:
    said = answer(guatu("--help"))
    commands = (
        "join", "sync", "status", "show", "set", "bulk", "window", "conflicts", "settle", "held", "release", "decline",
        "undo", "log", "changes", "archive", "demo", "campaign",
        "undo", "log", "changes", "demo", "campaign", "submit", "approve", "return", "problem", "problems", "visit",
        "visits", "survey", "surveys", "record", "records",
    )  # fmt: skip
    for command in commands:
        assert f"\n  {command} " in said
    flat = " ".join(said.split())
    assert " ".join(EXIT_CODES.split()) in flat
    assert all(f"{code.value} " in EXIT_CODES for code in Code)
    assert "退出码" in answer(guatu("--help", lang="zh"))
    readme = (clerk.ROOT / "tui" / "README.md").read_text(encoding="utf-8")
    assert all(f"| {code.value} |" in readme for code in Code)
