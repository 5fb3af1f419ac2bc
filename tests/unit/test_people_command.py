"""`guatu people`, `instructors`, `groups`, `pairs` and `contacts`, and what `show` says of a unit's people."""

from __future__ import annotations

from pathlib import Path

import pytest

from shared.board.change import JSON
from shared.board.record import unit_address
from shared.people.groups import Group, group_address, values_of
from tests.shell import COMMUNITY, FAR, VILLAGE, Shell, district, entry, write
from tui.commands.failing import Code

GROUP = Group("a" * 32, "第一组", "王五", "张三", "0551-9", ("340111001",))
TIED: tuple[tuple[str, dict[str, JSON]], ...] = (
    (COMMUNITY, {"tie.department": "区民政局", "tie.partners": "陆大村、远方村", "person.contact_leader": "赵区长"}),
    (FAR, {"tie.department": "区农委", "person.instructor": "李四", "person.instructor_phone": "0551-2"}),
)


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    book = district()
    for number, (code, values) in enumerate(TIED, 101):
        write(book, entry(number, values, unit_address(code)))
    write(book, entry(110, values_of(GROUP), group_address(GROUP.id), device="office"))
    return Shell(tmp_path / "laptop", book)


def set_here(shell: Shell) -> list[dict[str, JSON]]:
    return [dict(change.values) for change in shell.waiting()]


def test_fields_are_entered_by_name_title_or_heading_as_one_entry(shell: Shell) -> None:
    said = shell.say(
        "people", VILLAGE, "liaison=钱七", "党员数=４８", "tie.superior=骆岗街道党工委", "专兼职=专职", "figure.妇女=12"
    )
    assert "陆大村" in said
    assert set_here(shell) == [
        {"person.liaison": "钱七", "figure.members": 48, "tie.superior": "骆岗街道党工委",
         "person.liaison_duty": "full", "figure.妇女": 12},
    ]  # fmt: skip
    body = shell.tell("people", VILLAGE)
    assert (body["people"], body["figures"]) == (
        {"liaison": "钱七", "liaison_duty": "full"}, {"members": 48, "妇女": 12}
    )  # fmt: skip
    assert "liaison's duty: full-time" in shell.say("people", VILLAGE)


def test_nothing_behind_the_sign_takes_a_field_away(shell: Shell) -> None:
    answer = shell.tell("people", COMMUNITY, "contact_leader=")
    assert answer["set"] == {"person.contact_leader": None}
    assert shell.tell("people", COMMUNITY)["people"] == {}


@pytest.mark.parametrize(
    ("words", "says", "code"),
    [
        (["党员数=多"], "party members: This is not a whole number.", Code.WRONG),
        (["figure.妇女=多"], "妇女: This is not a whole number.", Code.WRONG),
        (["党员数=1000001"], "party members: This number lies outside 0-1000000.", Code.WRONG),
        (["liaison=" + "张" * 201], "liaison: This text is too long; at most 200 characters.", Code.WRONG),
        (["liaison=张\x1b[31m"], "liaison: This text holds control characters; remove them.", Code.WRONG),
        (["liaison=张\u202e三"], "liaison: This text holds control characters; remove them.", Code.WRONG),
        (["上报日期=昨天"], "instructor reported on: This is not a day; write it like 2026-11-23.", Code.WRONG),
        (["专兼职=临时"], "liaison's duty: This is none of the answers. full, part", Code.WRONG),
        (["鞋码=3"], "鞋码 is no field; these are: party committee", Code.USAGE),
        (["liaison"], "liaison: write FIELD=VALUE, like liaison=NAME.", Code.USAGE),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_entered(shell: Shell, words: list[str], says: str, code: Code) -> None:
    assert shell.refuse("people", VILLAGE, "phone=0551-1", *words, code=code).startswith(says)
    assert shell.waiting() == []


@pytest.mark.parametrize(
    ("role", "areas", "field", "may"),
    [
        ("member", ("340111",), "liaison=张三", False),
        ("viewer", ("340111",), "liaison=张三", False),
        ("lead", ("340111",), "liaison=张三", True),
        ("lead", ("340111",), "党员数=46", True),
        ("lead", ("340111",), "结对部门=区教育局", True),
        ("lead", ("340111100",), "liaison=张三", False),
        ("lead", ("340111",), "难点村=是", False),
        ("admin", ("340111",), "难点村=是", True),
    ],
)
def test_who_plans_for_a_unit_may_and_what_it_is_only_the_office(
    tmp_path: Path, role: str, areas: tuple[str, ...], field: str, may: bool
) -> None:
    shell = Shell(tmp_path / "laptop", district(), role, areas)
    if may:
        shell.say("people", VILLAGE, field)
    else:
        assert shell.refuse("people", VILLAGE, field) == "Your role or area does not allow this entry; ask the office."
    assert len(shell.waiting()) == may


def test_show_tells_people_figures_ties_attributes_and_who_is_paired_on_both_sides(shell: Shell) -> None:
    shell.say("people", VILLAGE, "党员数=48")
    village, community = shell.tell("show", VILLAGE), shell.tell("show", COMMUNITY)
    assert (village["people"], village["figures"], village["ties"], village["attributes"]) == (
        {},
        {"members": 48},
        {},
        {},
    )
    assert (village["paired"], community["paired"]) == ([COMMUNITY], [VILLAGE])
    assert shell.tell("show", FAR)["paired"] == []
    said = shell.say("show", VILLAGE)
    assert "区民政局, through a partner" in said
    assert f"{COMMUNITY}  官塘社区" in said
    assert "1+3 is not complete, it lacks: an organisation." in said
    assert "远方村: not known on this laptop" in shell.say("show", COMMUNITY)


def test_a_laptop_of_one_town_says_that_it_does_not_see_all(tmp_path: Path) -> None:
    book = district()
    write(book, entry(101, {"tie.department": "区民政局"}, unit_address(VILLAGE)))
    shell = Shell(tmp_path / "laptop", book, "lead", ("340111001",))
    assert "as far as this laptop's areas show" in shell.say("show", VILLAGE)


def test_the_departments_are_listed_with_their_units(shell: Shell) -> None:
    assert shell.tell("pairs") == [
        {"department": "区农委", "units": [FAR], "missing": ["community", "organisation"]},
        {"department": "区民政局", "units": [COMMUNITY, VILLAGE], "missing": ["organisation"]},
    ]
    assert "陆大村" in shell.say("pairs")


def test_the_register_of_instructors_is_made_offline_too(shell: Shell) -> None:
    body = shell.tell("instructors")
    assert [(each["code"], each["instructor"]) for each in body["instructors"]] == [(FAR, "李四")]
    assert VILLAGE in {each["code"] for each in body["without"]}
    assert shell.tell("instructors", "--town", "340111001")["instructors"] == []
    assert "Without an instructor: " in shell.say("instructors")
    assert shell.say("instructors", "--csv").splitlines()[1].split(",")[:5] == [
        FAR, "黄镇村民委员会", "village", "淝河镇", "李四"
    ]  # fmt: skip
    assert "is no area" in shell.refuse("instructors", "--town", "34011", code=Code.USAGE)


def test_every_laptop_reads_the_groups_and_who_answers_for_a_unit(shell: Shell) -> None:
    (group,) = shell.tell("groups")
    assert (group["name"], group["head"], group["members"], group["phone"]) == ("第一组", "王五", "张三", "0551-9")
    assert set(group["units"]) == {"340111001", COMMUNITY, VILLAGE}
    assert "第一组  王五  0551-9" in shell.say("people", "陆大")


def test_leaders_are_listed_with_their_contact_points(shell: Shell) -> None:
    assert shell.tell("contacts") == [{"leader": "赵区长", "post": "", "units": [COMMUNITY]}]
    assert "官塘社区" in shell.say("contacts")


def test_what_people_typed_steers_no_terminal(tmp_path: Path) -> None:
    book = district()
    nasty = {
        "person.liaison": "张\x1b[31m三",
        "tie.department": "局\u202e",
        "person.contact_leader": "赵\x07",
        "tie.partners": "谁\x1b",
    }
    write(book, entry(101, nasty, unit_address(VILLAGE)))
    write(book, entry(102, {"name": "组\x1b", "areas": ["340111"]}, group_address("b"), device="office"))
    shell = Shell(tmp_path / "laptop", book)
    for words in (["people", VILLAGE], ["show", VILLAGE], ["pairs"], ["contacts"], ["groups"]):
        assert not [ch for ch in shell.say(*words) if (ord(ch) < 32 and ch != "\n") or ch == "\u202e"]
