"""A laptop that starts from a stick: what the office writes for it, and what it is then."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from server.atomic import write_aside
from server.office import Office
from shared.bundle import header_of
from tests.sticks import FIRST, LEAD, Traveller
from tests.unit.clerk import answer, parsed, refusal, run
from tui.laptop import Laptop

SECOND = "340111001204"


def test_a_bundle_says_what_it_holds_for_whom_and_what_it_is_worth(district: Path, tmp_path: Path) -> None:
    out = tmp_path / "start.bundle"
    result = run("bundle", district, out, "--area", "340111001", *LEAD)
    said = answer(result)
    (device,) = parsed(run("member", "list", district, "--json"))[0]["devices"]
    assert said == (
        f"wrote {out} for 王一 (lead), device {device['id']}; areas: 340111001; units: 15; log records: 16\n"
    )
    assert "who holds this file can enter things as 王一 until they are revoked" in result.stderr
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert list(out.parent.glob(".*")) == []
    token = header_of(out.read_bytes()).more["token"]
    assert token not in result.output


@pytest.mark.parametrize("leads_elsewhere", [False, True])
def test_a_token_never_gets_into_a_file_that_somebody_else_has_put_there(tmp_path: Path, leads_elsewhere: bool) -> None:
    out, theirs = tmp_path / "start.bundle", tmp_path / "theirs"
    theirs.touch(mode=0o666)
    aside = tmp_path / f".{out.name}.{os.getpid()}.tmp"
    if leads_elsewhere:
        aside.symlink_to(theirs)
    else:
        aside.hardlink_to(theirs)
    write_aside(out, [b"token"], mode=0o600)
    assert theirs.read_bytes() == b""
    assert not out.is_symlink()
    assert (out.read_bytes(), stat.S_IMODE(out.stat().st_mode)) == (b"token", 0o600)


def test_without_a_name_there_is_a_fresh_one(district: Path, tmp_path: Path) -> None:
    for number in (1, 2):
        assert f" for laptop-{number} (member)" in answer(run("bundle", district, tmp_path / "x"))
    assert [each["role"] for each in parsed(run("member", "list", district, "--json"))] == ["member", "member"]


def test_a_laptop_starts_without_any_network(district: Path, traveller: Traveller) -> None:
    start = traveller.stick / "start.bundle"
    answer(run("bundle", district, start, *LEAD))
    said = traveller.does("join", "--bundle", start)
    assert said == (
        "Joined as 王一 (lead).\n"
        "The office's address is not known here yet; once there is a network: guatu sync --url URL.\n"
    )
    status = traveller.told("status")
    assert (status["units"], status["head"], status["cursor"], status["pending"]) == (149, 150, 150, 0)
    with Office(district) as office, Laptop(traveller.home) as laptop:
        assert laptop.replica.cursor() == office.ledger.head
        for owner in office.store.owners():
            assert laptop.replica.records(owner) == office.store.of(owner)
        assert laptop.replica.bygone.wanted(150) is None, "there is no history left to ask for"
        assert len(list(laptop.replica.bygone.log())) == 150
    assert stat.S_IMODE((traveller.home / "profile.json").stat().st_mode) == 0o600


def test_a_laptop_may_have_areas_of_its_own(district: Path, traveller: Traveller) -> None:
    traveller.starts(district, "--area", "340111001", "--area", "340111002")
    assert set(traveller.identity.areas) == {"340111001", "340111002"}
    units = traveller.told("status")["units"]
    assert 15 < units < 149


def test_a_second_bundle_for_a_member_is_for_another_device(district: Path, tmp_path: Path) -> None:
    one = Traveller(tmp_path / "one").starts(district, *LEAD)
    two = Traveller(tmp_path / "two").starts(district, "--member", "王一", "--area", "340111001")
    assert (one.identity.member, one.identity.role) == (two.identity.member, two.identity.role) == ("王一", "lead")
    assert one.identity.device != two.identity.device
    assert (one.told("status")["units"], two.told("status")["units"]) == (149, 15)


@pytest.mark.parametrize(
    ("words", "code", "line"),
    [
        (("--member", "王一", "--role", "admin"), 2, "王一 is in already, as lead; leave --role out"),
        (("--member", "王一", "--area", "340111002"), 2, "王一 does not read 340111002, only 340111001"),
        (("--area", "340112"), 2, "340112 lies outside this board's area 340111"),
        (("--area", "x"), 2, "x is no area"),
        (("--member", "\x1b[2J"), 2, "a name has 1 to 64 characters that can be seen"),
        (("--member", "旧员"), 1, "the rights of 旧员 have ended; guatu-server member reinstate gives them back"),
        (("--url", "ftp://x"), 2, "ftp://x is no address: give http://HOST:PORT"),
        (("--url", "http://a:b"), 2, "http://a:b is no address"),
        (("--url", "http://me:pw@office"), 2, "http://me:pw@office is no address"),
        (("--for", "d1", "--area", "340111"), 2, "--for goes without --area, --member and --role"),
        (("--for", "d1"), 1, "No device d1 is known on this board; nothing was taken. [unknown-device]"),
    ],
)
def test_what_cannot_be_bundled_is_said_in_one_line_and_lets_nobody_in(
    district: Path, tmp_path: Path, words: tuple[str, ...], code: int, line: str
) -> None:
    answer(run("member", "add", district, "王一", "--role", "lead", "--area", "340111001"))
    answer(run("member", "add", district, "旧员", "--role", "lead"))
    answer(run("member", "revoke", district, "旧员"))
    assert refusal(run("bundle", district, tmp_path / "x", *words), code).startswith(line)
    assert not (tmp_path / "x").exists()
    found = parsed(run("member", "list", district, "--json"))
    assert {each["name"]: each["devices"] for each in found} == {"王一": [], "旧员": []}


def test_a_disk_that_takes_no_bundle_leaves_no_device_behind(district: Path, tmp_path: Path) -> None:
    assert refusal(run("bundle", district, tmp_path), 2).endswith("is a folder; name the file to write")
    result = run("bundle", district, tmp_path / "nowhere" / "x", *LEAD)
    assert result.exit_code == 3
    assert parsed(run("member", "list", district, "--json")) == []


def test_nobody_has_more_devices_than_can_be(district: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.members.MAX_DEVICES", 1)
    answer(run("bundle", district, tmp_path / "one", *LEAD))
    assert refusal(run("bundle", district, tmp_path / "two", "--member", "王一"), 1).startswith("王一 has ")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "Give the office's URL and a CODE, or --bundle FILE (and --url URL)."),
        (("http://office",), "Give the office's URL and a CODE"),
        (("http://office", "CODE", "--bundle", "x"), "Give the office's URL and a CODE"),
        (("http://office", "CODE", "--url", "http://x"), "Give the office's URL and a CODE"),
        (("--bundle", "x", "--name", "y"), "Give the office's URL and a CODE"),
    ],
)
def test_join_says_in_one_line_what_goes_with_what(traveller: Traveller, words: tuple[str, ...], said: str) -> None:
    result = traveller.guatu("join", *words)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert result.stderr.startswith(f"guatu: {said}")
    assert not traveller.home.exists()


def test_the_address_is_the_bundles_or_the_one_given_and_can_come_later(district: Path, tmp_path: Path) -> None:
    start = tmp_path / "start"
    one, two, three = (Traveller(tmp_path / name) for name in ("one", "two", "three"))
    answer(run("bundle", district, start, "--url", "office:8080"))
    assert one.does("join", "--bundle", start) == "Joined as laptop-1 (member).\n"
    assert one.identity.url == "http://office:8080"
    two.does("join", "--bundle", start, "--url", "https://elsewhere")
    assert two.identity.url == "https://elsewhere"
    assert two.guatu("sync", "--url", "127.0.0.1:9").exit_code == 4
    assert two.identity.url == "https://elsewhere", "an address with which nobody answers replaces none"
    three.starts(district)
    silent = three.guatu("sync")
    assert silent.exit_code == 4
    assert silent.stderr == (
        "guatu: This laptop does not know the office's address yet: "
        "guatu sync --url URL, or guatu bundle OUT and a stick.\n"
    )
    assert three.guatu("sync", "--url", "ftp://x").exit_code == 4
    assert three.identity.url == ""
    assert (
        three.guatu("sync", "--url", "127.0.0.1:9").stderr == "guatu: No server is running at the office's address.\n"
    )
    assert three.identity.url == "http://127.0.0.1:9"


def test_a_bundle_of_another_board_puts_the_old_data_aside(district: Path, started: Traveller, tmp_path: Path) -> None:
    started.does("set", FIRST, "1.1", "doing")
    other = tmp_path / "other"
    answer(run("init", other, "--start", "2026-09", "--area", "340111"))
    answer(run("bundle", other, tmp_path / "x"))
    said = started.does("join", "--bundle", tmp_path / "x")
    assert f"kept in {started.home / 'before-1'}; 1 of its entries have not been sent." in said
    assert Traveller(started.home / "before-1").told("status")["pending"] == 1


def test_a_bundle_that_was_taken_already_takes_nothing_back(district: Path, started: Traveller) -> None:
    started.does("set", FIRST, "1.1", "doing")
    started.hands_in(district)
    started.is_answered(district)
    before = started.board()
    started.does("join", "--bundle", started.stick / "laptop.start")
    assert started.board() == before
    assert started.told("status")["head"] == 151
    assert started.labels() == (0, 0, 1, 0)
