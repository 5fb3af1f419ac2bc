"""What a unit's page says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from rich.text import Text

from shared import messages
from shared.board.change import Change, encode
from shared.board.chart import Chart
from shared.board.log_record import LogRecord
from shared.board.record import Record, unit_address
from shared.board.reduce import fold
from shared.board.standing import standing_of
from shared.board.unit import values_of
from shared.campaign.calendar import with_start
from shared.campaign.loader import builtin
from shared.roster import Unit, UnitKind
from tests.tui.boards import change, unit
from tui.acting import Records
from tui.past import History
from tui.replica import Shown
from tui.screens.detail import hanging
from tui.screens.people_text import people_text
from tui.screens.unit_text import about_text, head_text, phase_text
from tui.view import BoardView, Day

VILLAGE = unit("340111001204", "陆大村民委员会")
NOBODY = History(())


@pytest.fixture
def chart() -> Chart:
    return Chart(with_start(builtin("baohe-2009"), "2026-09"))


def record_of(one: Unit, **values: object) -> dict[str, Record]:
    """The unit's own record, with these fields entered after the roster's."""
    address = unit_address(one.code)
    entered = [change(1, address, values_of(one))]
    if values:
        entered.append(change(2, address, {name.replace("__", "."): value for name, value in values.items()}))
    return {address: fold(Record(address), entered)}


def about(chart: Chart, one: Unit, records: Records | None = None, history: History = NOBODY) -> Text:
    """What the page says beside a unit's steps, on a board where it stands alone."""
    known = record_of(one) if records is None else records
    view = BoardView(chart, Day(date(2026, 11, 18)))
    view.fill([(one.code, Shown(standing_of(known), frozenset()))])
    return about_text(chart, one, known, history, people_text(view, one))


def test_a_kind_the_plan_gives_no_table_for_is_shown_as_assumed(chart: Chart) -> None:
    hospital = replace(VILLAGE, kind=UnitKind.HOSPITAL)
    assert "assumed" in head_text(hospital, None, chart.campaign.workflow_for("hospital")).plain
    assert "assumed" not in head_text(VILLAGE, None, chart.campaign.workflow_for("village")).plain


def test_a_window_of_the_units_own_is_shown_with_its_reason(chart: Chart) -> None:
    own = {"first": "2026-09-15", "last": "2026-11-25", "reason": "秋收农忙"}
    records = record_of(VILLAGE, window__1=own)
    record = records[unit_address(VILLAGE.code)]
    workflow = chart.campaign.workflow_for("village")
    assert workflow is not None
    plan = chart.plan(VILLAGE, record)[0]
    text = phase_text(workflow, plan, record).plain
    assert "2026-09-15 - 2026-11-25" in text
    assert "秋收农忙" in text
    assert "2009年9月初至11月中旬" in text


def test_an_activity_shorter_than_the_plan_asks_is_said_not_forbidden(chart: Chart) -> None:
    short = {"first": "2026-12-01", "last": "2026-12-05", "reason": "试点"}
    late = {"first": "2026-12-01", "last": "2026-12-04", "reason": "试点"}
    records = record_of(VILLAGE, window__1=late, window__3=short)
    assert "4 months" in about(chart, VILLAGE, records).plain
    assert "4 months" not in about(chart, VILLAGE).plain


def test_the_history_says_who_entered_what_and_what_the_office_holds(chart: Chart) -> None:
    entered = Change(
        "a" * 32, f"step/{VILLAGE.code}/1.4", {"state": "done"}, {}, "李员", "d2", "2026-11-02T09:30:00+08:00"
    )
    held = LogRecord(7, encode(entered), "held:no-right", "d2", "2026-11-02T01:30:00Z", "00" * 16)
    text = about(chart, VILLAGE, history=History(((held, held.status),))).plain
    assert "2026-11-02 09:30" in text
    assert "李员" in text
    assert "no right" in text
    assert "as far as this laptop knows" in text


def test_the_history_says_in_words_what_was_emptied_and_which_days_a_window_has(chart: Chart) -> None:
    window = {"first": "2026-11-01", "last": "2026-11-20", "reason": "农忙"}
    undone = change(1, f"step/{VILLAGE.code}/1.1", {"state": None, "started_on": None})
    moved = change(2, unit_address(VILLAGE.code), {"window.1": window})
    records = [LogRecord(n, encode(each), "applied", "d", each.at, "") for n, each in enumerate((undone, moved), 1)]
    history = History(tuple((record, record.status) for record in records))
    said = about(chart, VILLAGE, history=history).plain
    assert "state: not started\n" in said
    assert "started: empty\n" in said
    assert "window of phase 1: 2026-11-01 - 2026-11-20 农忙\n" in said


def test_what_people_typed_is_never_markup_and_never_a_control(chart: Chart) -> None:
    nasty = replace(VILLAGE, people={"liaison": "[b]王\x1b[31m五[/b]"}, group="第一组\u202e")
    text = about(chart, nasty)
    assert "[b]王" in text.plain
    assert not any(ord(c) < 32 and c != "\n" for c in text.plain)
    assert "\u202e" not in text.plain


def test_the_page_tells_all_that_is_known_of_a_unit_in_the_words_and_order_of_the_table(chart: Chart) -> None:
    known = replace(
        VILLAGE,
        attributes={"weak": True, "party_body": "branch"},
        people={"liaison": "张三", "responsible": "王一", "副书记": "李四"},
        figures={"inflow": 0, "members": 46},
        ties={"department": "区民政局"},
    )
    lines = about(chart, known).plain.splitlines()
    wanted = [
        "Attributes", "form of party body: branch", "weak and lax: yes", "People", "responsible person: 王一",
        "liaison: 张三", "副书记: 李四", "Figures", "party members: 46", "members flowed in: 0", "Ties",
        "paired department: 区民政局", "Paired, with shared responsibility",
        "1+3 is not complete, it lacks: a community, an organisation.",
    ]  # fmt: skip
    assert [line for line in lines if line in wanted] == wanted


def test_a_unit_of_which_nothing_is_known_has_no_empty_headings(chart: Chart) -> None:
    assert not {"Attributes", "People", "Figures", "Ties"} & set(about(chart, VILLAGE).plain.splitlines())


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_word_comes_in_both_languages(chart: Chart, lang: str) -> None:
    before = messages.language()
    messages.use(lang)
    try:
        text = about(chart, VILLAGE).plain
    finally:
        messages.use(before)
    assert ("历史" in text) == (lang == "zh")
    assert ("History" in text) == (lang == "en")


@pytest.mark.parametrize(
    ("words", "width"),
    [("书记和班子成员分别参加区、镇办的集中培训", 20), ("the whole team attends the training", 16), ("", 12)],
)
def test_hanging_lines_are_never_wider_than_asked(words: str, width: int) -> None:
    from rich.cells import cell_len

    lines = hanging("[x] 1 ", words, width).split("\n")
    assert all(cell_len(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "[x]1" + "".join(words.split())


def test_days_are_values() -> None:
    assert Day(date(2026, 11, 18)).heard_of(VILLAGE.code) is None


def test_the_history_calls_a_problem_by_its_number_and_a_paper_by_its_title(chart: Chart) -> None:
    problem, paper = f"problem/{VILLAGE.code}/{1:032x}", f"document/{VILLAGE.code}/{2:032x}"
    entered = [
        change(3, problem, {"title": "路灯不亮", "number": "2026-340111001-007"}),
        change(4, paper, {"title": "活动方案[b]", "step": "1.5"}),
    ]
    records = {**record_of(VILLAGE), **{each.record: fold(Record(each.record), [each]) for each in entered}}
    log = [LogRecord(seq, encode(each), "applied", "d2", each.at, "00" * 16) for seq, each in enumerate(entered, 7)]
    said = about(chart, VILLAGE, records, History(tuple((each, each.status) for each in log))).plain
    assert "problem 2026-340111001-007  路灯不亮" in said
    assert "活动方案[b]" in said
