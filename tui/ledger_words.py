"""The ledger of rectification (整改台账) as rows of text, with the columns that offices keep it by."""

from __future__ import annotations

from typing import Final

from shared.board.stages import Stage
from shared.forms.shelf import form_of
from shared.inspection.problems import REBOUNDED
from shared.inspection.register import Registered
from shared.messages import pick
from tui.item_words import answer_title
from tui.view import BoardView

COLUMNS: Final = (
    ("序号", "no."),
    ("编号", "number"),
    ("单位", "unit"),
    ("问题表述", "problem"),
    ("来源", "source"),
    ("类别", "category"),
    ("严重程度", "severity"),
    ("整改措施", "measure"),
    ("责任领导", "leader"),
    ("责任单位", "responsible unit"),
    ("责任人", "responsible"),
    ("整改时限", "due"),
    ("进展", "stage"),
    ("完成日期", "measure done on"),
    ("验收人", "checked by"),
    ("销号日期", "signed on"),
    ("回头看日期", "last look-back"),
    ("是否反弹", "came back"),
)


def headings() -> list[str]:
    """What the columns are called in the language spoken."""
    return [pick(*each) for each in COLUMNS]


def ledger_row(number: int, each: Registered, view: BoardView) -> list[str]:
    """One problem as a row of the ledger."""
    item, problem = each.problem.item, each.problem
    unit, looks = view.units.get(each.unit), problem.lookbacks
    rebounded = any(look.text("result") == REBOUNDED for look in looks)

    def answer(name: str, value: str = "") -> str:
        form, row = form_of(item.kind, view.chart.campaign), view.rows.get(each.unit)
        workflow = row.workflow if row is not None else ""
        return answer_title(form, name, value or item.text(name), view.chart.campaign, workflow) if form else ""

    return [
        str(number),
        problem.number,
        unit.name if unit is not None else each.unit,
        item.text("title"),
        answer("source"),
        answer("category"),
        answer("severity"),
        item.text("measure"),
        item.text("leader"),
        item.text("department"),
        item.text("responsible"),
        item.text("due_on"),
        answer("stage", problem.stage),
        item.text("measured_on"),
        problem.who(Stage.CHECKED.value),
        item.text("signed_on"),
        looks[-1].text("on") if looks else "",
        pick("是", "yes") if rebounded else pick("否", "no") if looks else "",
    ]
