"""Who may come in: one-time codes, tokens, and the end of rights."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from server.members import CODE_DAYS, MAX_DEVICES, MemberExists, Members, NoSuchMember, TooManyDevices
from shared.rights import Role


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 18, 4, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def members(tmp_path: Path, clock: Clock) -> Iterator[Members]:
    made = Members(tmp_path / "members.sqlite", clock)
    yield made
    made.close()


def token(members: Members, code: str) -> str:
    """The token a code is spent for."""
    issued = members.enrol(code, "laptop")
    assert issued is not None
    return issued[1]


def test_a_code_is_good_for_one_device(members: Members) -> None:
    code = members.add("甲", Role.MEMBER, ["340111001"])
    author = members.author(token(members, code))
    assert author is not None
    assert (author.member, author.role, author.areas) == ("甲", Role.MEMBER, ("340111001",))
    assert members.enrol(code, "another") is None


@pytest.mark.parametrize("typed", [str.lower, lambda c: c.replace("-", ""), lambda c: c.replace("-", " ")])
def test_a_code_may_be_typed_as_people_type(members: Members, typed: Callable[[str], str]) -> None:
    code = members.add("甲", Role.MEMBER, ["340111001"])
    assert members.enrol(typed(code), "laptop") is not None


def test_letters_that_look_like_digits_count_as_them(members: Members) -> None:
    code = members.add("甲", Role.MEMBER, ["340111001"])
    assert members.enrol(code.replace("0", "O").replace("1", "l"), "laptop") is not None


def test_a_code_ends_after_its_days(members: Members, clock: Clock) -> None:
    code = members.add("甲", Role.MEMBER, ["340111001"])
    clock.now += timedelta(days=CODE_DAYS, seconds=1)
    assert members.enrol(code, "laptop") is None


def test_revoking_ends_tokens_and_codes_and_says_since_when(members: Members) -> None:
    held = token(members, members.add("甲", Role.LEAD, ["340111"]))
    spare = members.invite("甲")
    members.revoke("甲")
    assert members.author(held) is None
    assert members.revoked(held) is not None
    assert members.enrol(spare, "laptop") is None


def test_who_ended_rights_first_is_who_ended_them(members: Members, clock: Clock) -> None:
    members.add("甲", Role.LEAD, ["340111"])
    members.revoke("甲", "纪检办")
    since = clock().isoformat(timespec="seconds")
    clock.now += timedelta(days=1)
    members.revoke("甲", "别人")
    found = members.member("甲")
    assert found is not None
    assert (found.revoked, found.revoked_by) == (since, "纪检办")


def test_who_is_reinstated_has_the_same_rights_on_the_same_devices(members: Members) -> None:
    held = token(members, members.add("甲", Role.LEAD, ["340111", "340121"]))
    before = members.author(held)
    members.revoke("甲", "纪检办")
    assert [(entry.revoked is None, entry.revoked_by) for entry in members.roll()] == [(False, "纪检办")]
    assert members.reinstate("甲")
    assert members.author(held) == before
    assert [(entry.revoked, entry.revoked_by) for entry in members.roll()] == [(None, None)]
    assert not members.reinstate("甲"), "they had not ended"
    with pytest.raises(NoSuchMember):
        members.reinstate("乙")


def test_a_device_needs_no_code_when_the_office_makes_it_itself(members: Members) -> None:
    members.admit("甲", Role.LEAD, ["340111"])
    device, held = members.issue("甲", "a stick")
    author = members.author(held)
    assert author is not None
    assert (author.device, author.member) == (device.id, "甲")
    members.withdraw(device, with_member=False)
    assert members.author(held) is None
    assert members.member("甲") is not None
    with pytest.raises(NoSuchMember):
        members.issue("乙", "a stick")
    for _ in range(MAX_DEVICES):
        members.issue("甲", "a stick")
    with pytest.raises(TooManyDevices):
        members.issue("甲", "one too many")
    members.admit("丙", Role.LEAD, ["340111"])
    members.withdraw(members.issue("丙", "a stick")[0], with_member=True)
    assert members.member("丙") is None


def test_somebody_who_comes_back_does_not_bring_the_old_devices_back(members: Members) -> None:
    held = token(members, members.add("甲", Role.LEAD, ["340111"]))
    members.revoke("甲")
    again = members.add("甲", Role.VIEWER, ["340111"])
    assert members.author(held) is None
    author = members.author(token(members, again))
    assert author is not None
    assert author.role is Role.VIEWER


def test_a_name_is_taken_once(members: Members) -> None:
    members.add("甲", Role.LEAD, ["340111"])
    with pytest.raises(MemberExists):
        members.add("甲", Role.LEAD, ["340111"])
    with pytest.raises(NoSuchMember):
        members.invite("乙")
    with pytest.raises(NoSuchMember):
        members.revoke("乙")


def test_one_member_has_a_bounded_number_of_devices(members: Members) -> None:
    token(members, members.add("甲", Role.LEAD, ["340111"]))
    for _device in range(MAX_DEVICES - 1):
        token(members, members.invite("甲"))
    assert members.enrol(members.invite("甲"), "one too many") is None


def test_neither_codes_nor_tokens_stand_in_the_file(members: Members, tmp_path: Path) -> None:
    code = members.add("甲", Role.LEAD, ["340111"])
    held = token(members, code)
    spare = members.invite("甲")
    members.close()
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("members.sqlite*"))
    for secret in (code, held, spare):
        assert secret.encode() not in kept


def test_the_file_is_for_the_office_alone(members: Members, tmp_path: Path) -> None:
    assert (tmp_path / "members.sqlite").stat().st_mode & 0o077 == 0
