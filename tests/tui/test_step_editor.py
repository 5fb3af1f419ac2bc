"""What a step asks for can be read whole where it is ticked; leaving with something typed is said first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from textual.widgets import Label, TextArea

from shared.board.step import view as step_view
from shared.messages import pick, use
from tests.tui.boards import laptop
from tests.waiting import until
from tui.app import GuatuApp
from tui.screens.choices import Tick, folded
from tui.screens.editor import Draft, StepEditor

TODAY = date(2026, 11, 18)


@pytest.fixture
def app(tmp_path: Path) -> GuatuApp:
    return GuatuApp(laptop(tmp_path / "profile"), connect=False)


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    yield
    use("en")


async def opened(app: GuatuApp, step: Any) -> StepEditor:
    async def save(_values: object) -> None:
        return None

    editor = StepEditor(Draft("陆大村", step, step_view(None, None), TODAY), save)
    await app.push_screen(editor)
    await until(lambda: editor._leaving._known)
    return editor


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("size", [(80, 24), (140, 40), (50, 20)])
async def test_every_requirement_is_shown_whole(app: GuatuApp, size: tuple[int, int], lang: str) -> None:
    use(lang)
    async with app.run_test(size=size):
        assert app.board.view is not None
        steps = [step for each in app.board.view.chart.campaign.workflows for step in each.steps() if step.checklist]
        for step in steps[::4]:
            editor = await opened(app, step)
            boxes = list(editor.query(Tick))
            for item, box in zip(step.checklist, boxes, strict=True):
                lines = [box.render_line(at).text for at in range(box.size.height)]
                shown = "".join("".join(lines).split())
                assert shown == "[]" + f"{item.no}{pick(item.text, item.text_en)}".replace(" ", ""), step.id
            app.pop_screen()


def test_a_sentence_is_broken_where_it_may_be() -> None:
    assert folded("查清党员群众在想什么", 10) == ["查清党员群", "众在想什么"]
    assert folded("one two three four", 9) == ["one two", "three", "four"]
    assert folded("", 10) == [""]
    assert folded("x" * 25, 10) == ["x" * 10, "x" * 10, "x" * 5]


async def test_a_note_is_thrown_away_only_when_that_is_said_twice(app: GuatuApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        assert app.board.view is not None
        editor = await opened(app, next(iter(app.board.view.chart.campaign.workflows[0].steps())))
        editor.query_one("#note", TextArea).text = "还没写完"
        await pilot.press("escape")
        assert app.screen is editor
        assert "not saved" in str(editor.query_one("#problem", Label).render())
        await pilot.press("escape")
        await until(lambda: app.screen is not editor)
