"""The line of keys: whole keys only, the help always, and a click does what the key does."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.tui.arriving import comes
from tests.tui.boards import laptop
from tests.waiting import until
from tui.app import GuatuApp
from tui.screens.help import Help
from tui.screens.key_line import Key, KeyLine, placed

WORDS = st.text("aB 录入单位跳到镇街", max_size=12)
KEYS = st.lists(st.builds(Key, st.just("f2"), st.sampled_from(["f2", "^q", "f12"]), WORDS, st.sampled_from("abcdef")))
HELP = Key("f1", "f1", "帮助", "help")


@given(KEYS, KEYS, st.integers(HELP.width, 120))
def test_no_key_is_cut_and_the_help_is_there(before: list[Key], after: list[Key], width: int) -> None:
    found = placed([*before, HELP, *after], width)
    assert HELP in [each.key for each in found]
    assert all(each.end - each.start == each.key.width and each.end <= width for each in found)
    assert [each.start for each in found] == [0, *(each.end for each in found[:-1])]
    assert [each.key for each in found] == [each.key for each in placed([each.key for each in found], width)]


@given(KEYS)
def test_with_room_for_all_all_are_there_in_their_order(keys: list[Key]) -> None:
    assert [each.key for each in placed(keys, sum(key.width for key in keys))] == keys


async def test_it_fills_its_line_and_a_click_does_what_the_key_does(tmp_path: Path) -> None:
    app = GuatuApp(laptop(tmp_path), connect=False)
    async with app.run_test(size=(80, 24)) as pilot:
        line = await _line(app)
        text = line.render().plain
        assert cell_len(text) <= 80
        assert text.startswith(" f2 ")
        assert " f1 " in text
        at = cell_len(text[: text.index(" f1 ")])
        await pilot.click(KeyLine, offset=(at + 1, 0))
        await comes(app, Help)


async def _line(app: GuatuApp) -> KeyLine:
    await until(lambda: app.board.view is not None and app.main.is_mounted)
    line = app.main.query_one(KeyLine)
    await until(lambda: "f1" in line.render().plain)
    return line
