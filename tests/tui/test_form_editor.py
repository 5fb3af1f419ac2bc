"""The one form: every kind of field takes what fits, refuses what does not at the field itself, and loses nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Label, RadioButton, SelectionList, TextArea

from shared.board.change import JSON
from shared.forms.model import Field, Form, Option
from shared.forms.shelf import forms
from shared.roster import Unit
from tests.tui.arriving import VILLAGE, comes
from tests.tui.boards import laptop
from tests.waiting import until
from tui.app import GuatuApp
from tui.screens.choices import Several, Tick
from tui.screens.filling import Opening, fill, open_form
from tui.screens.form import FormEditor
from tui.screens.key_line import KeyLine

OPTIONS = (Option("low", "一般[b]", "low [b]"), Option("high", "严重", "high"))
EVERY = Form(
    "every",
    "全部",
    "every kind",
    "visits",
    "on",
    ("title",),
    (
        Field("title", "标题", "title", required=True, most=20),
        Field("text", "正文", "text", "text", most=50),
        Field("on", "日期", "day", "day"),
        Field("count", "数量", "count", "number", least=1, most=99),
        Field("grade", "程度", "grade", "choice", options=OPTIONS),
        Field("several", "多选", "several", "many", options=OPTIONS),
        Field("seen", "已看", "seen", "tick"),
        Field("own.党员数", "党员数", "own field"),
    ),
)


@pytest.fixture
def app(tmp_path: Path) -> GuatuApp:
    return GuatuApp(laptop(tmp_path / "profile"), connect=False)


def running(app: GuatuApp, size: tuple[int, int] = (80, 24)) -> Any:
    return app.run_test(size=size, notifications=True)


def village(app: GuatuApp) -> Unit:
    assert app.board.view is not None
    return app.board.view.units[VILLAGE]


async def opened(app: GuatuApp, made: list[dict[str, JSON]], standing: dict[str, JSON] | None = None) -> FormEditor:
    """The form of every kind, which takes what was typed down and saves nothing."""

    def make(values: Any) -> list[Any]:
        made.append(dict(values))
        return []

    await until(lambda: app.board.view is not None)
    await open_form(app, app.board, village(app), Opening(EVERY, make, standing or {}))
    editor = await comes(app, FormEditor)
    assert isinstance(editor, FormEditor)
    return editor


def problem(app: GuatuApp) -> str:
    return str(app.screen.query_one("#problem", Label).render())


async def typed(pilot: Pilot[None], editor: FormEditor, selector: str, text: str) -> None:
    """Type into a field as an input method does: all at once."""
    widget = editor.query_one(selector)
    if isinstance(widget, Input):
        widget.value = text
    elif isinstance(widget, TextArea):
        widget.text = text
    await pilot.pause()


async def test_only_what_was_changed_is_entered_and_each_kind_as_its_own(app: GuatuApp) -> None:
    made: list[dict[str, JSON]] = []
    async with running(app) as pilot:
        editor = await opened(app, made, {"title": "旧", "seen": True, "several": ["low"]})
        await typed(pilot, editor, "#f-text", "[b]第一行\n第二行")
        await typed(pilot, editor, "#f-on", "2026-11-18")
        await typed(pilot, editor, "#f-count", "４６")
        editor.query(RadioButton).filter("#f-grade RadioButton").last(RadioButton).value = True
        editor.query_one(SelectionList).select("high")
        editor.query_one(Tick).value = False
        await pilot.pause()
        assert editor.entered() == {
            "text": "[b]第一行\n第二行",
            "on": "2026-11-18",
            "count": 46,
            "grade": "high",
            "several": ["high", "low"],
            "seen": None,
        }


async def test_an_emptied_field_is_entered_as_nothing(app: GuatuApp) -> None:
    async with running(app) as pilot:
        editor = await opened(app, [], {"title": "旧", "count": 3})
        await typed(pilot, editor, "#f-count", "")
        assert editor.entered() == {"count": None}


@pytest.mark.parametrize("size", [(80, 24), (160, 40)])
async def test_the_first_field_has_the_cursor_and_typing_goes_there(app: GuatuApp, size: tuple[int, int]) -> None:
    async with running(app, size) as pilot:
        editor = await opened(app, [])
        await pilot.press("a", "b")
        assert editor.query_one("#f-title", Input).value == "ab"
        assert app.screen.query_one("#f-title").region.height == 1


async def test_a_field_of_somebodys_own_and_a_title_with_brackets_are_shown_as_they_are(app: GuatuApp) -> None:
    async with running(app, (120, 60)):
        editor = await opened(app, [], {"own.党员数": "[red]46[/]"})
        assert [each.value for each in editor.query(Input)][-1] == "[red]46[/]"
        labels = [str(each.label) for each in editor.query(RadioButton)]
        assert "low [b]" in labels


async def start(app: GuatuApp, kind: str) -> FormEditor:
    await until(lambda: app.board.view is not None)
    await fill(app, app.board, village(app), kind)
    editor = await comes(app, FormEditor)
    assert isinstance(editor, FormEditor)
    return editor


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("#f-on", "18.11.2026", "day: This is not a day"),
        ("#f-on", "2026-13-01", "day: This is not a day"),
        ("#f-who", "李\x1b[2J", "who went: This text holds control characters"),
        ("#f-who", "李\u202e员", "who went: This text holds control characters"),
        ("#f-note", "情\x07况", "note: This text holds control characters"),
        ("#f-note", "长" * 4001, "note: This text is too long; at most 4000 characters."),
    ],
)
async def test_what_does_not_fit_is_refused_at_its_field_and_every_letter_stays(
    app: GuatuApp, field: str, text: str, words: str
) -> None:
    async with running(app, (120, 50)) as pilot:
        editor = await start(app, "visit")
        await typed(pilot, editor, "#f-on", "2026-11-18")
        await typed(pilot, editor, field, text)
        await pilot.press("f2")
        await until(lambda: words in problem(app))
        assert app.screen is editor
        widget = editor.query_one(field)
        assert (widget.value if isinstance(widget, Input) else widget.text) == text  # type: ignore[attr-defined]
        assert app.focused is widget


async def test_what_is_missing_is_asked_for_and_then_it_is_saved(app: GuatuApp) -> None:
    async with running(app, (120, 50)) as pilot:
        editor = await start(app, "visit")
        await pilot.press("f2")
        await until(lambda: "Nothing was changed" in problem(app) or "must be filled in" in problem(app))
        await typed(pilot, editor, "#f-on", "2026-11-18")
        await pilot.press("f2")
        await until(lambda: app.screen is not editor)
        assert app.board.view is not None
        records = await app.board.records(village(app))
        (visit,) = [record for address, record in records.items() if address.startswith("visit/")]
        assert visit.value("on") == "2026-11-18"


async def test_numbers_of_a_survey_that_do_not_add_up_are_refused(app: GuatuApp) -> None:
    async with running(app, (120, 60)) as pilot:
        editor = await start(app, "survey")
        given = {"on": "2026-11-18", "issued": "167", "returned": "160", "valid": "158"}
        given |= {"count_2e_effect_2e_satisfied": "78", "count_2e_effect_2e_dissatisfied": "81"}
        for name, text in given.items():
            await typed(pilot, editor, f"#f-{name}", text)
        await pilot.press("f2")
        await until(lambda: "159 / 158" in problem(app))
        await typed(pilot, editor, "#f-count_2e_effect_2e_dissatisfied", "80")
        await pilot.press("f2")
        await until(lambda: app.screen is not editor)
        assert app.board.view is not None
        await until(lambda: app.board.view.rows[VILLAGE].redo is not None)  # type: ignore[union-attr]


async def test_every_form_opens_and_leaves_without_an_entry(app: GuatuApp) -> None:
    async with running(app) as pilot:
        for kind in sorted(set(forms()) | {"unit"}):
            editor = await start(app, kind)
            assert editor.entered() == {}, kind
            await pilot.press("escape")
            await until(lambda editor=editor: app.screen is not editor)  # type: ignore[misc]
        assert app.board.labels.saved == 0


async def test_ticked_is_told_from_not_ticked_without_any_colour(app: GuatuApp) -> None:
    async with running(app) as pilot:
        editor = await opened(app, [], {"several": ["low"]})
        several = editor.query_one(Several)
        await until(lambda: several.size.height)
        boxes = [several.render_line(at).text[:4] for at in range(several.option_count)]
        ticked = [several.get_option_at_index(at).value in several.selected for at in range(several.option_count)]
        assert boxes == ["[x] " if each else "[ ] " for each in ticked]
        assert any(ticked)
        assert not all(ticked)
        several.toggle_all()
        await pilot.pause()
        assert [several.render_line(at).text[:3] for at in range(several.option_count)] == [
            "[ ]" if each else "[x]" for each in ticked
        ]


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (140, 40), (60, 16)])
async def test_of_every_form_the_first_field_the_reason_and_the_buttons_are_on_the_screen(
    app: GuatuApp, size: tuple[int, int]
) -> None:
    async with running(app, size) as pilot:
        for kind in sorted(set(forms()) | {"unit"}):
            editor = await start(app, kind)
            await until(lambda editor=editor: editor._leaving._known)  # type: ignore[misc]
            await pilot.press("f2")
            await pilot.pause()
            if app.screen is not editor:  # a form that asks for nothing is saved at once
                continue
            fields = editor.query_one("#fields")
            assert editor.query(".caption").first().region.y >= fields.region.y, kind
            box = editor.query_one("Vertical").content_region
            for part in ("#problem", "#save", "#cancel"):
                assert editor.query_one(part).region.height
                assert box.contains_region(editor.query_one(part).region), (kind, part)
            await pilot.press("escape")
            await until(lambda editor=editor: app.screen is not editor)  # type: ignore[misc]


async def test_what_was_typed_is_thrown_away_only_when_that_is_said_twice(app: GuatuApp) -> None:
    async with running(app) as pilot:
        editor = await opened(app, [])
        await until(lambda: editor._leaving._known)
        await typed(pilot, editor, "#f-title", "路")
        await pilot.press("escape")
        assert app.screen is editor
        assert "Esc once more" in problem(app)
        await typed(pilot, editor, "#f-title", "路灯")
        await pilot.press("escape")
        assert app.screen is editor, "something else would be lost now"
        await pilot.press("escape")
        await until(lambda: app.screen is not editor)


async def test_the_line_of_keys_tells_what_they_do_in_the_form(app: GuatuApp) -> None:
    async with running(app) as pilot:
        editor = await opened(app, [])
        await pilot.pause()
        line = editor.query_one(KeyLine)
        await until(lambda: "f2 Save" in str(line.render()))
        assert "Enter" not in str(line.render()), "f2 opens another form on the page beneath"
        assert line.region.y == app.size.height - 1
