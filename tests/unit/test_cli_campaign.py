"""`guatu-server campaign`: a changed campaign becomes the next revision, and no entry ever means something else."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from server.ledger import Author, Outcome
from server.office import CAMPAIGN, Office
from shared.board.change import Change
from shared.board.holds import hold_address
from shared.board.record import step_address
from shared.rights import Role
from tests.unit.clerk import ROOT, answer, changes, parsed, refusal, run

pytestmark = pytest.mark.usefixtures("english")

VILLAGE = "340111001204"
LEAD = Author("d1", "王组长", Role.LEAD, ("340111",))
OTHER_WORK = "if that is other work, retire it and give a new number"
Edit = Callable[[Path], None]


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """The board's campaign as a folder to change."""
    source = ROOT / "shared" / "campaign" / "data" / "baohe-2009"
    return Path(shutil.copytree(source, tmp_path / "baohe-2009"))


@pytest.fixture
def village(district: Path) -> str:
    """The code of a village of the district."""
    units = parsed(run("roster", "list", district, "--json"))
    return str(next(unit["code"] for unit in units if unit["kind"] == "village"))


def edit(file: Path, before: str, after: str) -> None:
    text = file.read_text("utf-8")
    assert text.count(before) == 1, before
    file.write_text(text.replace(before, after), "utf-8")


def retire(file: Path, step: str) -> None:
    edit(file, f'id = "{step}"\n', f'id = "{step}"\nretired = true\n')


def leave_out(file: Path, step: str) -> None:
    head, *tables = file.read_text("utf-8").split("[[phases.steps]]\n")
    kept = [table for table in tables if not table.startswith(f'id = "{step}"\n')]
    assert len(kept) == len(tables) - 1
    file.write_text("[[phases.steps]]\n".join([head, *kept]), "utf-8")


def last_step(file: Path, phase: int) -> str:
    ids = [line[6:-1] for line in file.read_text("utf-8").splitlines() if line.startswith('id = "')]
    return [each for each in ids if each.startswith(f"{phase}.")][-1]


def enter(board: Path, code: str, step: str, revision: int = 1, **values: Any) -> tuple[Change, Outcome]:
    """What a lead's laptop hands in."""
    with Office(board) as office:
        made = office.change(step_address(code, step), values or {"state": "doing"})
        change = Change(
            made.id, made.record, made.values, {}, LEAD.member, LEAD.device, "2026-10-01T09:00:00+08:00", revision
        )
        (outcome,) = office.enter([change], LEAD)
    return change, outcome


def test_a_dry_run_tells_what_is_touched_and_writes_nothing(district: Path, written: Path, village: str) -> None:
    enter(district, village, "1.2")
    flow = written / "village.toml"
    retire(flow, "1.2")
    edit(flow, 'title_en = "Pass on the decisions from above"', 'title_en = "Pass them on"')
    edit(flow, 'words = "2009年9月初至11月中旬"', 'words = "2009年9月初至11月下旬"')
    edit(flow, 'end = { month = 2, word = "中旬" }', 'end = { month = 2, word = "下旬" }')
    edit(flow, 'text = "成立领导小组和办公室，书记任组长"', 'text = "成立领导小组"')
    edit(written / "campaign.toml", "warning_days = 3", "warning_days = 5")
    before = changes(district)
    result = run("campaign", "update", district, written, "--dry-run")
    said = answer(result)
    assert said.splitlines() == [
        "baohe-2009: revision 2 after 1",
        "  changed: rules",
        f"village (Villages): {count(district, 'village')} units",
        "  phase 1: 2026-09-01 to 2026-11-30 instead of 2026-09-01 to 2026-11-20 (2009年9月初至11月下旬)",
        f"  ~ 1.1 Pass them on, before: Pass on the decisions from above ({OTHER_WORK})",
        "  - 1.2 Set up the leading group and its office: 1 unit has entries on it",
        "  ~ 1.2 Set up the leading group and its office: changed: checklist ~1",
    ]
    assert result.stderr == "nothing was written\n"
    told = parsed(run("campaign", "update", district, written, "--dry-run", "--json"))
    assert (told["from"], told["to"], told["dry_run"], told["changed"]) == (1, 2, True, ["rules"])
    (workflow,) = told["workflows"]
    assert [(step["id"], step["retired"], step["units_with_entries"]) for step in workflow["steps"]] == [
        ("1.1", False, None),
        ("1.2", True, 1),
    ]
    assert workflow["windows"][0]["after"] == ["2026-09-01", "2026-11-30"]
    assert changes(district) == before
    assert [path.name for path in (district / CAMPAIGN).glob("*.json")] == ["000001.json"]


def count(board: Path, kind: str) -> int:
    return sum(unit["kind"] == kind for unit in parsed(run("roster", "list", board, "--json")))


def test_an_update_keeps_every_revision_as_it_was(district: Path, written: Path) -> None:
    first = (district / CAMPAIGN / "000001.json").read_bytes()
    for days in (5, 7):
        head = (written / "campaign.toml").read_text("utf-8")
        (written / "campaign.toml").write_text(re.sub("warning_days = [0-9]", f"warning_days = {days}", head), "utf-8")
        answer(run("campaign", "update", district, written))
    assert (district / CAMPAIGN / "000001.json").read_bytes() == first
    with Office(district) as office:
        kept = [(each.revision, each.rules.warning_days, each.start) for each in office.campaigns.revisions()]
    assert kept == [(1, 3, "2026-09"), (2, 5, "2026-09"), (3, 7, "2026-09")]


def test_answers_are_judged_by_the_revision_they_answer_and_late_ones_are_listed(
    district: Path, written: Path, village: str
) -> None:
    early, _ = enter(district, village, "1.2")
    retire(written / "village.toml", "1.2")
    assert answer(run("campaign", "update", district, written)).startswith("baohe-2009: revision 2 after 1\n")
    late, outcome = enter(district, village, "1.2", revision=1, state="done", done_on="2026-10-01")
    assert outcome.outcome == "applied"
    assert enter(district, village, "1.2", revision=2)[1].outcome == "held:retired-step"
    assert enter(district, village, "1.1", revision=1)[1].outcome == "applied"
    (listed,) = parsed(run("campaign", "answers", district, "--json"))
    assert (listed["change"], listed["unit"], listed["step"]) == (late.id, village, "1.2")
    assert (listed["author"], listed["device"], listed["at"]) == ("王组长", "d1", "2026-10-01T09:00:00+08:00")
    assert (listed["revision"], listed["retired_in"], listed["values"]["state"]) == (1, 2, "done")
    assert early.id != late.id
    said = answer(run("campaign", "answers", district)).splitlines()
    assert len(said) == 2
    assert village in said[1]
    assert parsed(run("check", district, "--json"))["ok"]


def test_without_retired_steps_there_are_no_late_answers(district: Path, village: str) -> None:
    enter(district, village, "1.2")
    assert answer(run("campaign", "answers", district)) == "nothing came in for a step that had been retired\n"
    assert parsed(run("campaign", "answers", district, "--json")) == []


def test_a_step_that_is_left_out_is_kept_as_retired_and_that_is_said(
    district: Path, written: Path, village: str
) -> None:
    leave_out(written / "village.toml", "1.2")
    said = answer(run("campaign", "update", district, written))
    assert (
        "- 1.2 Set up the leading group and its office: 0 units have entries on it (left out: kept as retired)" in said
    )
    with Office(district) as office:
        assert office.campaigns.verdict("village", "1.2", 2) == "retired"
        assert office.campaigns.verdict("village", "1.2", 1) == "known"
    again = run("campaign", "update", district, written)
    assert answer(again) == "baohe-2009 stands at revision 2 and nothing in it differs\n"


def test_an_id_that_was_retired_once_never_comes_back(district: Path, written: Path) -> None:
    flow = written / "village.toml"
    original = flow.read_text("utf-8")
    retire(flow, "1.2")
    answer(run("campaign", "update", district, written))
    leave_out(flow, "1.2")
    edit(flow, 'title_en = "Pass on the decisions from above"', 'title_en = "Pass them on"')
    answer(run("campaign", "update", district, written))
    flow.write_text(original, "utf-8")
    said = refusal(run("campaign", "update", district, written), 1)
    assert said == (
        "village 1.2: step 1.2 was retired in revision 2, and its id is not used again; "
        "give the step a new number [step_reused]"
    )
    assert len(list((district / CAMPAIGN).glob("*.json"))) == 3


def _other_id(folder: Path) -> None:
    edit(folder / "campaign.toml", 'id = "baohe-2009"', 'id = "other-2009"')


def _no_school(folder: Path) -> None:
    (folder / "school.toml").unlink()
    head = (folder / "campaign.toml").read_text("utf-8")
    (folder / "campaign.toml").write_text(re.sub('"school"(, )?', "", head).replace(", ]", "]"), "utf-8")


def _moved_kind(folder: Path) -> None:
    edit(folder / "village.toml", 'kinds = ["village"]', 'kinds = ["hamlet"]')
    text = (folder / "community.toml").read_text("utf-8")
    (folder / "community.toml").write_text(text.replace('kinds = ["', 'kinds = ["village", "', 1), "utf-8")


def _no_last_phase(folder: Path) -> None:
    flow = folder / "village.toml"
    flow.write_text(flow.read_text("utf-8").rpartition("[[phases]]\n")[0], "utf-8")


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (_other_id, "campaign_other"),
        (_no_school, "workflow_gone"),
        (_moved_kind, "kind_moved"),
        (_no_last_phase, "phase_gone"),
    ],
)
def test_what_would_make_entries_mean_something_else_is_refused(
    district: Path, written: Path, spoil: Edit, code: str
) -> None:
    spoil(written)
    before = changes(district)
    for more in ((), ("--dry-run",)):
        assert refusal(run("campaign", "update", district, written, *more), 1).endswith(f"[{code}]")
    assert changes(district) == before
    assert [path.name for path in (district / CAMPAIGN).glob("*.json")] == ["000001.json"]


def test_entries_held_for_an_unknown_step_are_told_when_an_update_brings_it(
    district: Path, written: Path, village: str
) -> None:
    flow = written / "village.toml"
    _, _, number = last_step(flow, 4).partition(".")
    step = f"4.{int(number) + 1}"
    held, outcome = enter(district, village, step)
    enter(district, village, "9.9")
    assert outcome.outcome == "held:unknown-step"
    table = f'\n[[phases.steps]]\nid = "{step}"\nno = {int(number) + 1}\ntitle = "新"\ntitle_en = "New"\n'
    flow.write_text(flow.read_text("utf-8").rstrip("\n") + "\n" + table, "utf-8")
    told = parsed(run("campaign", "update", district, written, "--dry-run", "--json"))
    assert [(each["change"], each["unit"], each["step"]) for each in told["becomes_known"]] == [
        (held.id, village, step)
    ]
    said = answer(run("campaign", "update", district, written, "--dry-run"))
    assert f"  + {step} New\n" in said
    assert "1 held entry answers a step that this brings; it can be released then:" in said
    with Office(district) as office:
        declined = office.change(hold_address(village, held.id), {"verdict": "declined", "reason": "测试"})
        assert office.enter([declined])[0].outcome == "applied"
    assert "held" not in answer(run("campaign", "update", district, written))
    assert enter(district, village, step, revision=2)[1].outcome == "applied"


def test_the_first_month_stays_the_boards_own_unless_another_is_asked_for(district: Path) -> None:
    assert answer(run("campaign", "update", district, "baohe-2009")) == (
        "baohe-2009 stands at revision 1 and nothing in it differs\n"
    )
    said = answer(run("campaign", "update", district, "baohe-2009", "--start", "2026-10"))
    assert "  changed: start\n" in said
    assert "phase 1: 2026-10-01 to 2026-12-20 instead of 2026-09-01 to 2026-11-20" in said
    assert parsed(run("export", district, "--json"))["campaign"]["start"] == "2026-10"
    assert refusal(run("campaign", "update", district, "baohe-2009", "--start", "2026"), 2).startswith("2026 is not")


def test_the_log_tells_of_a_revision_once_also_when_an_update_was_cut_off(
    district: Path, written: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(written / "campaign.toml", "warning_days = 3", "warning_days = 5")
    whole = Office.enter

    def cut(*_: object) -> list[Outcome]:
        raise OSError(5, "gone")

    monkeypatch.setattr(Office, "enter", cut)
    assert refusal(run("campaign", "update", district, written), 3)
    monkeypatch.setattr(Office, "enter", whole)
    for _ in range(2):
        assert "nothing in it differs" in answer(run("campaign", "update", district, written))
    told = [each["set"]["revision"] for each in changes(district) if each["record"] == "campaign/baohe-2009"]
    assert told == [1, 2]
    exported = parsed(run("export", district, "--json"))["records"]["campaign/baohe-2009"]
    assert [entry[4].get("revision") for entry in exported["entries"] if "revision" in entry[4]] == [2]


def test_an_update_needs_a_board_and_a_campaign(tmp_path: Path, district: Path) -> None:
    assert refusal(run("campaign", "update", tmp_path / "none", "baohe-2009"), 4).startswith("none holds no board")
    assert refusal(run("campaign", "update", district, "baohe"), 2).startswith("there is no campaign baohe")
