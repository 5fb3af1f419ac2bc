"""`guatu-server roster groups` and `roster instructors`: the office's registers."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import pytest

from server.office import Office
from shared.board.change import MAX_FIELDS
from tests.unit.clerk import answer, changes, parsed, refusal, run

GROUPS = (
    "名称,组长,成员,电话,负责区域\n第一指导检查组,王五,张三、李四,0551-1,340111001、340111002\n第二组,=赵六,,,340111\n"
)
PEOPLE = "编码,名称,指导员,指导员电话\n340111001008,官塘社区居民委员会,=李四,0551-2\n"
pytestmark = pytest.mark.usefixtures("english")


def written(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text, "utf-8")
    return folder / name


def test_groups_come_in_by_name_as_one_act_and_only_what_changes(district: Path, tmp_path: Path) -> None:
    sheet = written(tmp_path, "g.csv", GROUPS)
    assert "2 added or changed" in answer(run("roster", "groups", district, sheet))
    first, second = changes(district)[-2:]
    assert first["record"].startswith("group/")
    assert first["act"] == second["act"]
    assert first["set"]["areas"] == ["340111001", "340111002"]
    head = parsed(run("check", district, "--json"))["head"]
    assert "2 unchanged" in answer(run("roster", "groups", district, sheet))
    assert parsed(run("check", district, "--json"))["head"] == head
    answer(run("roster", "groups", district, written(tmp_path, "g.csv", GROUPS.replace("王五", "孙七"))))
    assert changes(district)[-1]["set"] == {"head": "孙七"}
    assert changes(district)[-1]["seen"] == {"head": [first["id"]]}


def test_every_group_says_which_units_it_answers_for(district: Path, tmp_path: Path) -> None:
    answer(run("roster", "groups", district, written(tmp_path, "g.csv", GROUPS)))
    first, second = parsed(run("roster", "groups", district, "--json"))
    assert "340111001008" in first["units"]
    assert len(first["units"]) + len(second["units"]) == 149
    named = "编码,名称,检查组\n340111001008,官塘社区居民委员会,第九组\n"
    answer(run("roster", "import", district, written(tmp_path, "u.csv", named)))
    assert "not registered: 第九组" in answer(run("roster", "groups", district))


def test_a_group_gets_another_name_and_its_units_go_with_it_as_one_act(district: Path, tmp_path: Path) -> None:
    answer(run("roster", "groups", district, written(tmp_path, "g.csv", GROUPS)))
    named = "编码,名称,检查组\n340111001008,官塘社区居民委员会,第二组\n340111001204,陆大村村民委员会,第二组\n"
    answer(run("roster", "import", district, written(tmp_path, "u.csv", named)))
    before = {group["id"]: group for group in parsed(run("roster", "groups", district, "--json"))}
    assert "第二组 is called 东片组 now, on 2 units, too" in answer(
        run("roster", "rename-group", district, " 第二组", "东片组")
    )
    after = {group["id"]: group for group in parsed(run("roster", "groups", district, "--json"))}
    second = next(group for group in before.values() if group["name"] == "第二组")
    assert after == before | {second["id"]: {**second, "name": "东片组"}}
    assert len({change["act"] for change in changes(district)[-3:]}) == 1
    assert "not registered" not in answer(run("roster", "groups", district))


@pytest.mark.parametrize(
    ("old", "new", "said", "code"),
    [
        ("第九组", "东片组", "there is no inspection group 第九组", 1),
        ("\x1b[31m", "东片组", "there is no inspection group", 1),
        ("第二组", "第一指导检查组", "there is another inspection group", 1),
        ("第二组", " ", "a name is one line", 2),
        ("第二组", "无", "a name is one line", 2),
        ("第二组", "东\x1b片", "a name is one line", 2),
        ("第二组", "东" * 401, "a name is one line", 2),
    ],
)
def test_a_group_keeps_its_name_when_the_new_one_is_none(
    district: Path, tmp_path: Path, old: str, new: str, said: str, code: int
) -> None:
    answer(run("roster", "groups", district, written(tmp_path, "g.csv", GROUPS)))
    head = parsed(run("check", district, "--json"))["head"]
    line = refusal(run("roster", "rename-group", district, old, new), code)
    assert said in line
    assert "\x1b" not in line
    assert parsed(run("check", district, "--json"))["head"] == head


@pytest.mark.parametrize("name", ["out.csv", "out.xlsx"])
def test_the_groups_sheet_goes_out_and_comes_back_unchanged(district: Path, tmp_path: Path, name: str) -> None:
    answer(run("roster", "groups", district, written(tmp_path, "g.csv", GROUPS)))
    answer(run("roster", "groups", district, "--output", tmp_path / name))
    assert "0 added or changed, 2 unchanged" in answer(run("roster", "groups", district, tmp_path / name))


def test_nothing_of_a_wrong_sheet_of_groups_is_written(district: Path, tmp_path: Path) -> None:
    head = parsed(run("check", district, "--json"))["head"]
    text = GROUPS + "第三组,,,,34011\n第二组,钱八,,,\n,无名,,,\n第四组,\x1b[31m,,,\n"
    result = run("roster", "groups", district, written(tmp_path, "g.csv", text))
    assert (result.exit_code, result.stdout) == (1, "")
    for said in ("row 4 areas", "row 5 name", "row 6 name", "row 7 head"):
        assert said in result.stderr
    assert "\x1b" not in result.stderr
    assert parsed(run("check", district, "--json"))["head"] == head


def test_a_sheet_without_groups_is_told(district: Path, tmp_path: Path) -> None:
    result = run("roster", "groups", district, written(tmp_path, "g.csv", "甲,乙\n1,2\n"))
    assert result.exit_code == 1
    assert "no header of groups" in result.stderr


def test_the_register_of_instructors_goes_up_as_a_file_in_which_nothing_runs(district: Path, tmp_path: Path) -> None:
    answer(run("roster", "import", district, written(tmp_path, "p.csv", PEOPLE)))
    table, book = tmp_path / "i.csv", tmp_path / "i.xlsx"
    answer(run("roster", "instructors", district, "--csv", table, "--xlsx", book))
    rows = list(csv.DictReader(table.read_text("utf-8-sig").splitlines()))
    assert (rows[0]["code"], rows[0]["instructor"], rows[0]["instructor's phone"]) == (
        "340111001008", "'=李四", "0551-2"
    )  # fmt: skip
    page = openpyxl.load_workbook(book).worksheets[0]
    assert page["E2"].value == "=李四"
    assert {cell.data_type for row in page.iter_rows() for cell in row if cell.value is not None} == {"s"}
    assert page.max_row == len(rows) + 1 == 149 - 13 + 1


def test_the_register_says_who_has_none_and_asks_no_town_for_one(district: Path, tmp_path: Path) -> None:
    answer(run("roster", "import", district, written(tmp_path, "p.csv", PEOPLE)))
    body = parsed(run("roster", "instructors", district, "--json"))
    assert [each["instructor"] for each in body["instructors"]] == ["=李四"]
    assert {len(each["code"]) for each in body["without"]} == {12}
    assert "135 units have no instructor yet" in answer(run("roster", "instructors", district))


def test_a_file_is_named_as_what_it_is(district: Path, tmp_path: Path) -> None:
    assert "must end in" in refusal(run("roster", "instructors", district, "--csv", tmp_path / "i.xlsx"), 2)


def test_a_unit_with_more_fields_than_an_entry_holds_comes_in_whole(district: Path, tmp_path: Path) -> None:
    own = [f"数据:项{number}" for number in range(MAX_FIELDS + 20)]
    text = f"编码,名称,{','.join(own)}\n340111001008,官塘社区居民委员会,{','.join('7' for _ in own)}\n"
    answer(run("roster", "import", district, written(tmp_path, "p.csv", text)))
    units = {unit["code"]: unit for unit in parsed(run("roster", "list", district, "--json"))}
    assert len(units["340111001008"]["figures"]) == len(own)
    assert len({change["act"] for change in changes(district)[-2:]}) == 1


def test_a_renaming_that_broke_off_is_done_by_doing_it_again(
    district: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(run("roster", "groups", district, written(tmp_path, "g.csv", GROUPS)))
    named = "编码,名称,检查组\n340111001008,官塘社区居民委员会,第二组\n340111001204,陆大村村民委员会,第二组\n"
    answer(run("roster", "import", district, written(tmp_path, "u.csv", named)))
    whole = Office.enter
    with monkeypatch.context() as broken:
        broken.setattr(Office, "enter", lambda office, changes: whole(office, changes[:-2]))
        run("roster", "rename-group", district, "第二组", "东片组")
    answer(run("roster", "rename-group", district, "第二组", "东片组"))
    groups = {group["name"]: group["units"] for group in parsed(run("roster", "groups", district, "--json"))}
    assert {"340111001008", "340111001204"} <= set(groups["东片组"])
    assert "not registered" not in answer(run("roster", "groups", district))
