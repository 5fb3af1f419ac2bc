"""The command `guatu-server`, as a clerk types it: what it prints, where, and with which exit code."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.members import Members
from server.office import MEMBERS, utc_now
from tests.unit.clerk import CODE, ROOT, STATISTICS, answer, parsed, refusal, run

pytestmark = pytest.mark.usefixtures("english")


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
    assert "[missing_key]" in result.stderr
    assert len(result.stderr.splitlines()) > 2


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


def test_a_laptop_that_was_copied_is_listed_as_such(board: Path) -> None:
    code = answer(run("member", "add", board, "张三", "--role", "lead")).removeprefix("code: ").strip()
    people = Members(board / MEMBERS, utc_now)
    issued = people.enrol(code, "旧笔记本")
    assert issued is not None
    device = issued[0].id
    first = people.visit(device, None).ticket
    people.visit(device, people.visit(device, first).ticket)
    assert parsed(run("member", "list", board, "--json"))[0]["devices"][0]["copied"] is None
    assert "copied" not in answer(run("member", "list", board))
    since = people.visit(device, first).copied
    people.close()
    assert parsed(run("member", "list", board, "--json"))[0]["devices"][0]["copied"] == since
    assert answer(run("member", "list", board)).splitlines()[-1] == (
        f"device {device} of 张三 (旧笔记本) was copied, or put back from an older state, as seen at {since}"
    )


def test_rights_that_were_ended_can_be_given_back(board: Path) -> None:
    answer(run("member", "add", board, "张三", "--role", "lead"))
    assert refusal(run("member", "reinstate", board, "张三"), 1) == "the rights of 张三 have not ended"
    answer(run("member", "revoke", board, "张三", "--by", "纪检办"))
    assert answer(run("member", "reinstate", board, "张三")).startswith("张三 has the same rights as before")
    assert parsed(run("member", "list", board, "--json"))[0]["revoked"] is None
    assert refusal(run("member", "reinstate", board, "李四"), 1) == "there is no member 李四"


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


def test_rights_are_changed_on_the_same_devices_and_what_is_wrong_changes_nothing(board: Path) -> None:
    answer(run("member", "add", board, "王五", "--role", "member", "--area", "340111001"))
    said = answer(run("member", "set", board, "王五", "--role", "lead", "--area", "340111002"))
    assert said == "王五 now is: lead, 340111002\n"
    assert answer(run("member", "set", board, "王五", "--role", "member")).strip().endswith("member, 340111002")
    for words, code in (((), 2), (("--area", "3401110"), 2), (("--area", "110101"), 2)):
        assert run("member", "set", board, "王五", *words).exit_code == code
    assert refusal(run("member", "set", board, "赵六", "--role", "lead"), 1) == "there is no member 赵六"
    listed = {each["name"]: each for each in parsed(run("member", "list", board, "--json"))}
    assert (listed["王五"]["role"], listed["王五"]["areas"]) == ("member", ["340111002"])
