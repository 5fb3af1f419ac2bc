"""The archive of a unit: what the plan wants collected, what is there, and what is still to be collected."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from shared.board.change import JSON, Change
from shared.campaign.applies import UnitAttributes, applies
from shared.campaign.loader import builtin
from shared.forms.shelf import forms
from shared.inspection.archive import Entry, Paper, contents, wanted_of
from shared.spreadsheet import csv_of, escaped, unescaped
from tests.logbook import change
from tests.shell import VILLAGE, Shell, district, entry, write
from tests.unit.test_chart import entered, on
from tui.commands.failing import Code

BAOHE = builtin("baohe-2009")


def wanted(workflow: str, attributes: UnitAttributes | None = None) -> list[str]:
    flow = BAOHE.workflow(workflow)
    assert flow is not None
    steps = [step for step in flow.steps() if applies(step, attributes or UnitAttributes())]
    return [option.id for option in wanted_of(BAOHE, workflow, steps)]


def village(*changes: Change) -> dict[str, Entry]:
    """The village's archive by item; of several papers of one item the last."""
    return {each.id: each for each in every(*changes)}


def every(*changes: Change) -> list[Entry]:
    flow = BAOHE.workflow("village")
    assert flow is not None
    return contents(entered(*changes), VILLAGE, wanted_of(BAOHE, "village", flow.steps()))


def beside(number: int, kind: str, values: dict[str, JSON], item: str = "") -> Change:
    return change(number, values, f"{kind}/{VILLAGE}/{item or f'i{number}'}")


def paper(day: int, outcome: str = "approved", sort: str = "plan", **more: JSON) -> Change:
    values = {"step": "1.5", "sort": sort, "title": "陆大村方案", "submitted_on": f"2026-09-{day:02}", **more}
    return beside(day, "document", {**values, "outcome": outcome} if outcome else values)


def ticks(*papers: str, **more: JSON) -> Change:
    return beside(900, "archive", {"papers": list(papers), **more}, "1")


# --- what is wanted ---


@pytest.mark.parametrize(
    ("workflow", "asked", "not_asked"),
    [
        ("village", {"diary", "material", "rectification_measures", "problem"}, {"report", "democratic-life"}),
        ("town-organ", {"report", "rectification_plan", "instructors", "study_plan"}, {"material", "diary"}),
        ("new-org", {"participants", "owner-talk", "organisation"}, {"report", "summary", "instructors"}),
        ("school", {"check_material", "liaison"}, {"diary", "participants"}),
    ],
)
def test_each_kind_of_unit_collects_what_the_plan_names_for_it(
    workflow: str, asked: set[str], not_asked: set[str]
) -> None:
    found = set(wanted(workflow))
    assert asked <= found
    assert not found & not_asked


def test_a_community_without_a_committee_collects_measures_and_no_report() -> None:
    documents = {"report", "rectification_plan", "rectification_measures"}
    assert documents & set(wanted("community", UnitAttributes(party_committee=False))) == {"rectification_measures"}
    with_committee = documents & set(wanted("community", UnitAttributes(party_committee=True)))
    assert with_committee == {"report", "rectification_plan"}


def test_every_workflow_collects_its_surveys_problems_and_opinions() -> None:
    for flow in BAOHE.workflows:
        assert {"survey", "problem", "opinion", "study", "visit", "lookback"} <= set(wanted(flow.id))


# --- what is there ---


def test_nothing_is_numbered_as_long_as_nothing_is_there() -> None:
    found = every()
    assert found
    assert all((each.no, each.collected, each.paper) == (None, False, None) for each in found)


def test_what_is_there_is_numbered_without_gaps_in_the_order_of_the_list() -> None:
    found = every(paper(12), ticks("summary", "mobilisation"), beside(3, "diary", {"on": "2026-10-02"}))
    assert [(each.no, each.id) for each in found if each.no] == [
        (1, "plan"),
        (2, "mobilisation"),
        (3, "diary"),
        (4, "summary"),
    ]


def test_an_approved_paper_stands_with_its_title_number_and_day() -> None:
    found = village(paper(12, number="陆村〔2026〕1号", on="2026-09-10"))["plan"]
    assert found.paper == Paper("陆大村方案", "陆村〔2026〕1号", date(2026, 9, 10), date(2026, 9, 10))
    assert not found.collected


@pytest.mark.parametrize("outcome", ["returned", ""])
def test_a_paper_that_was_returned_or_waits_for_review_is_not_there(outcome: str) -> None:
    waits = on("1.5", {"state": "submitted", "submitted_on": "2026-09-12"}, 50, VILLAGE)
    assert village(waits, paper(12, outcome))["plan"].no is None


def test_only_the_last_round_of_a_paper_lies_in_the_archive() -> None:
    found = [each for each in every(paper(12, "returned"), paper(20, title="第二稿")) if each.id == "plan"]
    assert [each.paper.title for each in found if each.paper] == ["第二稿"]


def test_a_register_is_one_line_with_how_many_entries_and_from_when_to_when() -> None:
    first = beside(1, "problem", {"title": "路灯", "found_on": "2026-10-02", "due_on": "2026-12-01"})
    last = beside(2, "problem", {"title": "水沟", "found_on": "2026-11-05", "due_on": "2026-11-06"})
    gone = beside(3, "problem", {"title": "错录", "due_on": "2027-01-01", "withdrawn": True})
    assert village(first, last, gone)["problem"].paper == Paper("", "", date(2026, 10, 2), date(2026, 11, 5), 2)


def test_what_has_no_day_is_dated_when_it_was_entered() -> None:
    found = village(beside(1, "problem", {"title": "路灯", "due_on": "2026-12-01"}))["problem"].paper
    assert found is not None
    assert found.first == found.last == date(2026, 4, 10)


def test_a_meeting_stands_where_its_sort_is_listed() -> None:
    found = village(beside(1, "meeting", {"sort": "branch-life", "on": "2026-11-20"}))
    assert found["branch-life"].paper == Paper("", "", date(2026, 11, 20), date(2026, 11, 20))
    assert found["mobilisation"].paper is None


def test_a_tick_counts_whether_guatu_holds_anything_or_not() -> None:
    found = village(ticks("plan", "speeches"), paper(12))
    assert (found["plan"].collected, found["plan"].paper is not None) == (True, True)
    assert "speeches" not in found


def test_an_archive_taken_back_has_no_ticks() -> None:
    assert not village(ticks("plan", withdrawn=True))["plan"].collected


def test_what_may_be_ticked_is_what_is_listed() -> None:
    field = forms()["archive"].field("papers")
    assert field is not None
    assert (field.kind, field.list) == ("many", "archive")


# --- guatu archive ---


@pytest.fixture
def shell(tmp_path: Path, english: None) -> Shell:
    book = district()
    address = f"/{VILLAGE}/"
    write(book, entry(101, dict(paper(12, title="=1+1").values), f"document{address}{'a' * 32}"))
    write(
        book,
        entry(
            102, {"papers": ["plan", "summary"], "bound_on": "2027-02-20", "place": "档案室[b]"}, f"archive{address}1"
        ),
    )
    return Shell(tmp_path / "guatu", book)


def test_the_table_of_contents_is_numbered_with_days_and_says_what_is_missing(shell: Shell) -> None:
    lines = shell.say("archive", "陆大").splitlines()
    assert lines[0] == f"Archive of 陆大村民委员会  {VILLAGE}"
    assert lines[1] == "Bound on 2027-02-20  kept at 档案室[b]"
    assert lines[2].split() == ["No.", "Title", "Reference", "Date", "Pages"]
    assert lines[3].split() == ["1", "[x]", "plan:", "=1+1", "2026-09-12"]
    assert lines[4].split() == ["2", "[x]", "summary", "report"]
    assert lines[5].startswith("Still to be collected: ")
    assert "  - register of problems" in lines


def test_json_has_all_of_it_and_leaves_the_pages_blank(shell: Shell) -> None:
    told: dict[str, Any] = shell.tell("archive", VILLAGE)
    assert (told["code"], told["bound_on"], told["place"], told["volumes"]) == (
        VILLAGE,
        "2027-02-20",
        "档案室[b]",
        None,
    )
    by_id = {each["id"]: each for each in told["contents"]}
    assert by_id["plan"] == {
        "no": 1,
        "id": "plan",
        "title": "实施方案",
        "title_en": "plan",
        "collected": True,
        "in_guatu": True,
        "paper": "=1+1",
        "number": "",
        "from": "2026-09-12",
        "to": "2026-09-12",
        "count": 1,
        "pages": None,
    }
    assert (by_id["survey"]["no"], by_id["survey"]["from"], by_id["survey"]["in_guatu"]) == (None, None, False)


def test_the_csv_holds_what_is_there_and_no_formula(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "archive.csv"
    assert shell.say("archive", VILLAGE, "--csv", file) == f"Exported 2 to {file}.\n"
    rows = list(csv.reader(io.StringIO(file.read_bytes().decode("utf-8-sig"))))
    assert [row[:4] for row in rows[1:]] == [["1", "plan: =1+1", "", "2026-09-12"], ["2", "summary report", "", ""]]
    before = file.read_bytes()
    assert shell.refuse("archive", VILLAGE, "--csv", file) == f"{file} is there already; give another name."
    assert file.read_bytes() == before


def test_one_form_of_the_answer_at_a_time(shell: Shell, tmp_path: Path) -> None:
    words = ("archive", VILLAGE, "--json", "--csv", tmp_path / "a.csv")
    assert shell.refuse(*words, code=Code.USAGE) == "Say only one of --json and --csv."


def test_a_unit_of_which_nothing_is_there_says_so(shell: Shell) -> None:
    assert "Nothing is collected yet." in shell.say("archive", "官塘").splitlines()


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\t=1", "＝1", "'=1", "plain", ""])
def test_a_cell_is_never_a_formula_and_is_read_back_as_it_was(text: str) -> None:
    assert not escaped(text).startswith(("=", "+", "-", "@", "\t", "＝"))
    assert unescaped(escaped(text)) == text
    assert csv_of([[text, "x"]]).decode("utf-8-sig") == f"{escaped(text)},x\r\n"
