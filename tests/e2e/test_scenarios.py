"""The inspection group's work in the words of the plan, on the district's real roster.

The office is a process of its own; of the two laptops one is without a network for part of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import orjson
import pytest
from typer.testing import CliRunner

from shared.board.lights import Light
from tests.unit import clerk
from tui.cli import app
from tui.commands.failing import Code
from tui.laptop import Laptop as OpenLaptop
from tui.laptop import local_now
from tui.profile import Profile

pytestmark = pytest.mark.slow
VILLAGES = [f"340111100{number}" for number in (200, 201, 202)]
PLAN = "1.5"
"""The village's step that asks for a plan; its phase ends on 20 November."""


class Laptop:
    """One laptop's command line, on the day its clock is set to."""

    def __init__(self, home: Path, url: str, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self.home, self._patch = home, monkeypatch
        self.on(date(2026, 11, 16))
        self.say("join", url, code)

    def on(self, day: date) -> None:
        """Set the clock of this machine."""
        noon = datetime(day.year, day.month, day.day, 12).astimezone()
        self._patch.setattr(OpenLaptop.__init__, "__defaults__", (None, lambda: noon))

    def say(self, *words: str, code: int = 0) -> str:
        result = CliRunner().invoke(app, list(words), env={"GUATU_HOME": str(self.home), "GUATU_LANG": "en"})
        assert result.exit_code == code, result.output
        return result.output

    def tell(self, *words: str) -> Any:
        return orjson.loads(self.say(*words, "--json"))

    def step(self, unit: str, step: str) -> dict[str, Any]:
        return next(each for each in self.tell("show", unit)["steps"] if each["id"] == step)

    def sync(self) -> None:
        self.say("sync")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A board's folder with the district's roster, and where a process serves it."""
    folder = tmp_path_factory.mktemp("office") / "board"
    clerk.answer(clerk.run("--lang", "en", "init", folder, "--start", "2026-09", "--area", "340111"))
    clerk.answer(clerk.run("--lang", "en", "roster", "import", folder, *clerk.STATISTICS))
    clerk.answer(clerk.run("--lang", "en", "roster", "import", folder, clerk.DATA / "samples.csv"))
    with clerk.serving("serve", folder) as (_, line):
        yield folder, line.removeprefix("listening on ").strip()


@pytest.fixture
def laptops(office: tuple[Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Laptop, Laptop]:
    """The inspection group's laptop, and that of an instructor in one street."""
    folder, url = office
    made = []
    for role, area in (("lead", "340111"), ("member", "340111100")):
        words = ("member", "add", folder, f"{tmp_path.name} {role}", "--role", role, "--area", area)
        said = clerk.answer(clerk.run("--lang", "en", *words))
        code = next(line.removeprefix("code: ") for line in said.splitlines() if line.startswith("code: "))
        made.append(Laptop(tmp_path / role, url, code, monkeypatch))
    return made[0], made[1]


def test_a_plan_is_returned_twice_then_approved_with_the_office_four_days_late_and_the_village_never_red(
    laptops: tuple[Laptop, Laptop],
) -> None:
    group, village = laptops
    unit = VILLAGES[0]
    acts: dict[date, tuple[Laptop, tuple[str, ...]]] = {
        date(2026, 11, 16): (village, ("submit", unit, PLAN, "--title", "实施方案")),
        date(2026, 11, 18): (group, ("return", unit, PLAN, "--reason", "请写明时限", "--due", "2026-11-24")),
        date(2026, 11, 23): (village, ("submit", unit, PLAN, "--title", "实施方案（二稿）")),
        date(2026, 11, 25): (group, ("return", unit, PLAN, "--reason", "责任到人", "--due", "2026-12-01")),
        date(2026, 12, 1): (village, ("submit", unit, PLAN, "--title", "实施方案（三稿）")),
        date(2026, 12, 5): (group, ("approve", unit, PLAN)),
    }
    seen: list[str] = []
    day = date(2026, 11, 16)
    while day <= date(2026, 12, 6):
        for each in laptops:
            each.on(day)
        if day in acts:
            who, words = acts[day]
            village.sync()
            group.sync()
            who.say(*words)
            group.sync()
            if day != date(2026, 11, 18):  # the village has no network on the day of the first return
                village.sync()
                group.sync()
        seen.append(village.step(unit, PLAN)["light"])
        if day == date(2026, 11, 18):
            assert (seen[-1], group.step(unit, PLAN)["light"]) == ("审", "退")
            village.sync()
            assert village.step(unit, PLAN)["light"] == "退"
        day += timedelta(days=1)
    assert Light.OVERDUE.value not in seen
    assert set(seen) == {"审", "退", "临", "毕"} or set(seen) == {"审", "退", "毕"}
    assert seen[-2:] == ["毕", "毕"]
    (paper,) = village.tell("show", unit)["documents"]
    assert [each["outcome"] for each in paper["rounds"]] == ["returned", "returned", "approved"]
    assert [each["days"] for each in paper["rounds"]] == [2, 2, 4]
    assert paper["days"] == 8
    assert village.step(unit, PLAN)["done_on"] == "2026-12-01"


@pytest.mark.parametrize(("dissatisfied", "redo"), [(79, False), (80, True)])
def test_a_survey_with_exactly_half_dissatisfied_opens_no_redo_and_one_more_does(
    laptops: tuple[Laptop, Laptop], dissatisfied: int, redo: bool
) -> None:
    group, village = laptops
    unit = VILLAGES[1] if redo else VILLAGES[2]
    for each in laptops:
        each.on(date(2027, 1, 10))
    village.say("set", unit, "3.2", "done", "--on", "2026-12-20")
    sheet = ("--issued", "167", "--returned", "160", "--valid", "158", "--on", "2027-01-10")
    counts = ("--satisfied", str(158 - dissatisfied), "--basic", "0", "--dissatisfied", str(dissatisfied))
    village.say("survey", "add", unit, *sheet, *counts)
    village.sync()
    group.sync()
    for each in laptops:
        story = each.tell("show", unit)
        assert (story["redo"] is not None) == redo
    if not redo:
        return
    opened = group.tell("show", unit)["redo"]
    assert [step["id"] for step in opened["steps"]] == ["3.1", "3.2"]
    assert {group.step(unit, step)["due"] for step in ("3.1", "3.2")} == {"2027-02-09"}
    assert group.step(unit, "3.2")["light"] == "课"
    for step in ("3.1", "3.2"):
        village.say("set", unit, step, "done", "--on", "2027-01-20")
    again = ("--issued", "150", "--returned", "150", "--valid", "150", "--on", "2027-01-25")
    village.on(date(2027, 1, 25))
    village.say("survey", "add", unit, *again, "--satisfied", "120", "--basic", "20", "--dissatisfied", "10")
    village.sync()
    group.on(date(2027, 1, 25))
    group.sync()
    story = group.tell("show", unit)
    assert story["redo"] is None
    assert [each["valid"] for each in story["surveys"]] == [158, 150]
    assert {group.step(unit, step)["state"] for step in ("3.1", "3.2")} == {"done"}


def test_a_problem_goes_from_a_visit_to_close_out_and_back_again_tied_to_its_first_finding(
    laptops: tuple[Laptop, Laptop],
) -> None:
    group, village = laptops
    unit = VILLAGES[2]
    visit = village.tell("visit", "add", unit, "--on", "2026-11-16", "--finding", "沟渠堵塞")
    problem = village.tell(
        "problem",
        "add",
        unit,
        "--title",
        "沟渠堵塞",
        "--severity",
        "high",
        "--due",
        "2026-12-01",
        "--visit",
        visit["id"],
    )
    assert problem["number"] == problem["temporary"]
    village.say("problem", "advance", problem["temporary"], "measured", "--on", "2026-11-16")
    village.say("problem", "advance", problem["temporary"], "checked", code=Code.WRONG)
    village.sync()
    group.sync()
    (there,) = group.tell("problems", "--unit", unit)
    assert there["number"].startswith("2026-340111100-")
    for stage in ("checked", "signed", "published"):
        group.say("problem", "advance", there["number"], stage)
    group.say("problem", "reopen", there["number"], "--reason", "又堵了", "--due", "2026-12-20")
    group.sync()
    village.sync()
    (told,) = village.tell("show", unit)["problems"]
    assert (told["number"], told["temporary"], told["stage"]) == (there["number"], problem["temporary"], "open")
    assert (told["reopened"], told["visit"]) == (1, visit["id"])
    assert told["lookbacks"][0]["result"] == "rebounded"
    assert village.tell("show", unit)["visits"][0]["findings"]


def test_an_instructor_whose_area_was_taken_away_while_offline_loses_nothing(
    office: tuple[Path, str], laptops: tuple[Laptop, Laptop], tmp_path: Path
) -> None:
    group, village = laptops
    unit = VILLAGES[0]
    before = len(group.tell("show", unit)["visits"])
    village.say("visit", "add", unit, "--on", "2026-11-16", "--note", "入户走访")
    village.say("problem", "add", unit, "--title", "路灯不亮", "--severity", "low", "--due", "2026-12-01")
    clerk.answer(
        clerk.run("--lang", "en", "member", "set", office[0], f"{tmp_path.name} member", "--area", "340111002")
    )
    while not all(code.startswith("340111002") for code in _read_by(village)):
        pass  # the office looks anew every moment; the time a test may take bounds this
    village.sync()
    held = village.tell("held")
    assert [each["status"] for each in held] == ["held:no-right"] * 2
    assert {each["change"]["record"].split("/")[0] for each in held} == {"visit", "problem"}
    group.sync()
    assert {each["id"] for each in group.tell("held")} == {each["id"] for each in held}
    assert len(group.tell("show", unit)["visits"]) == before
    group.say("release", *(each["id"] for each in held), "--reason", "区域已调整")
    group.sync()
    assert len(group.tell("show", unit)["visits"]) == before + 1
    assert any(each["title"] == "路灯不亮" and each["number"].startswith("2026-") for each in group.tell("problems"))
    village.sync()
    assert village.tell("held") == []


UNITS = {
    "village": "340111001204",
    "community": "340111001008",
    "street-organ": "340111001",
    "town-organ": "340111100",
    "school": "340111001-S01",
    "new-org": "340111001-E01",
}


def test_each_of_the_six_workflows_is_taken_from_its_first_step_to_the_archive(
    laptops: tuple[Laptop, Laptop],
) -> None:
    group, _village = laptops
    for workflow, unit in UNITS.items():
        story = group.tell("show", unit)
        assert story["workflow"] == workflow
        for step in story["steps"]:
            if not step["applies"] or step["state"] == "done":
                continue
            if sort := _asks_for_a_paper(group, unit, step["id"]):
                group.say("submit", unit, step["id"], "--title", "材料", "--sort", sort)
                group.say("approve", unit, step["id"])
            else:
                group.say("set", unit, step["id"], "done", "--on", "2026-11-16")
        group.say("record", "add", unit, "archive", "bound_on=2026-11-16")
        group.sync()
        whole = group.tell("show", unit)
        assert whole["done"] == whole["steps_count"]
        assert whole["records"]["archive"]
        assert all(each["state"] == "approved" for each in whole["documents"])
        assert "Archive of" in group.say("archive", unit)


def _read_by(laptop: Laptop) -> list[str]:
    """The units that the office lets this laptop read now."""
    identity = Profile(laptop.home).identity()
    asked = Request(f"{identity.url}/api/v1/units", headers={"Authorization": f"Bearer {identity.token}"})
    with urlopen(asked) as answer:
        return [each["code"] for each in orjson.loads(answer.read())["units"]]


def _asks_for_a_paper(laptop: Laptop, unit: str, step_id: str) -> str:
    with OpenLaptop(laptop.home) as opened:
        view, (found,) = opened.find(unit)
        plan = next(each for each in view.chart.plan(found) if each.step.id == step_id)
        return plan.step.documents[0] if plan.step.documents else ""


def test_the_clock_of_these_tests_is_the_laptops() -> None:
    assert OpenLaptop.__init__.__defaults__ is not None
    assert OpenLaptop.__init__.__defaults__[1] is local_now
