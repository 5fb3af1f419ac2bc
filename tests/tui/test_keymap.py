"""The keys: every action can be reached while a Chinese input method is on, and no key means two things at a place."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.tui.boards import laptop
from tui import keymap
from tui.app import GuatuApp

TABLES: dict[str, tuple[keymap.Act, ...]] = {
    name: found
    for name, found in vars(keymap).items()
    if isinstance(found, tuple) and found and all(isinstance(each, keymap.Act) for each in found)
}
"""Every table of keys there is, also one that comes later."""


@pytest.mark.parametrize("name", TABLES)
def test_each_action_has_a_key_that_is_no_letter(name: str) -> None:
    for act in TABLES[name]:
        if act.action.startswith(("number(", "digit(")):
            continue  # arrows and Enter do the same; on the wall F5 leads from town to town
        assert any(len(key) > 1 and not key.endswith(("_mark", "slash")) for key in act.keys.split(",")), act


@pytest.mark.parametrize("name", TABLES)
def test_no_key_means_two_things_in_one_place(name: str) -> None:
    keys = Counter(key for act in TABLES[name] for key in act.keys.split(","))
    assert [key for key, count in keys.items() if count > 1] == []


def _commands(app: GuatuApp) -> set[str]:
    return {command.title for command in app.get_system_commands(app.screen)}


async def test_the_palette_has_what_a_letter_does(tmp_path: Path) -> None:
    app = GuatuApp(laptop(tmp_path), connect=False)
    async with app.run_test():
        wanted = {
            "Sync",
            "Undo",
            "Connect now",
            "History",
            "The board on a day",
            "Select all shown",
            "My day",
            "Chase list",
        }
        assert wanted <= _commands(app)


@pytest.mark.parametrize("key", ["f9", "r"])
async def test_a_key_connects_at_once_and_not_only_when_something_waits(tmp_path: Path, key: str) -> None:
    class Link:
        hurried = 0

        def hurry(self) -> None:
            self.hurried += 1

        def nudge(self) -> None:
            """What stirs tell it is not what is asked here."""

    app = GuatuApp(laptop(tmp_path), connect=False)
    link: Any = Link()
    async with app.run_test() as pilot:
        app._link = link
        await pilot.press(key)
        assert link.hurried == 1


def test_acts_are_named_in_both_languages() -> None:
    every: list[keymap.Act] = [act for table in TABLES.values() for act in table]
    assert all(act.zh and act.en and act.zh != act.en for act in every)
