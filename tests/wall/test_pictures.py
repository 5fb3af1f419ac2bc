"""What the eye sees: every preset and page of the wall, in both languages and every palette."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest

from shared.messages import use
from tests.snapshots import agrees, sum_of
from tests.wall.district import NOW, opened
from tui.themes.palette import NAMES, palette_for
from tui.wall.blocks import Blocks
from tui.wall.box import Means
from tui.wall.facts import Facts
from tui.wall.inks import inks_for
from tui.wall.layouts import PRESETS, layout_for
from tui.wall.lines import Line, text_of
from tui.wall.moment import Moment
from tui.wall.once import facts_now, frame_of
from tui.wall.schedule import PAGES, Slot
from tui.wall.trust import Freshness
from tui.wall.typeface import Latin, find_typeface

SIZES: Final = {"strip": (80, 24), "hall": (120, 34), "office": (160, 40), "desk": (240, 67)}
PALETTES: Final = {f"{name} {ground}": (name, ground == "dark") for name in NAMES for ground in ("dark", "light")}


@pytest.fixture(scope="module")
def english(profile: Path) -> Facts:
    use("en")
    with opened(profile) as laptop:
        return facts_now(laptop)


def shown(lines: tuple[Line, ...]) -> str:
    return "\n".join(text_of(line) + "|" for line in lines)


def painted(lines: tuple[Line, ...]) -> dict[str, str]:
    sums = {}
    for title, (name, dark) in PALETTES.items():
        inks = inks_for(palette_for(name, dark=dark, environment={"TERM": "xterm"}), dark=dark)
        sums[title] = sum_of(inks.strip(line) for line in lines)
    return sums


@pytest.mark.parametrize("preset", SIZES)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_preset_and_page_looks_as_it_did(facts: Facts, english: Facts, preset: str, lang: str) -> None:
    use(lang)
    told, size = facts if lang == "zh" else english, SIZES[preset]
    layout = layout_for(*size)
    assert layout.preset == preset
    means = Means(typeface=Latin(), names=layout.names)
    for slot in (*(Slot(page.name) for page in PAGES), Slot("town:340111001")):
        lines = frame_of(told, Moment(NOW, seen=NOW), slot, layout, means, size)
        agrees(f"wall/{preset}/{slot.page.replace(':', '-')}.{lang}", shown(lines), painted(lines))


@pytest.mark.parametrize("fresh", [Freshness.LATE, Freshness.STOPPED])
def test_silence_looks_as_it_did(facts: Facts, fresh: Freshness) -> None:
    moment = Moment(NOW, fresh, NOW - timedelta(minutes=28), "离线：服务未运行")
    layout = layout_for(160, 40)
    lines = frame_of(facts, moment, Slot("towns"), layout, Means(names=layout.names), (160, 40))
    agrees(f"wall/office/silence-{fresh}", shown(lines), painted(lines))


def test_signs_in_place_of_blocks_look_as_they_did(facts: Facts) -> None:
    use("en")
    layout = layout_for(120, 34)
    phases = tuple(replace(phase, title=f"Phase {phase.no}") for phase in facts.phases)
    told = replace(facts, title="Campaign", phase="Phase", phases=phases)
    for page in ("towns", "burnup"):
        means = Means(Blocks.ASCII, Latin(), words=False)
        lines = frame_of(told, Moment(NOW, seen=NOW), Slot(page), layout, means, (120, 34))
        agrees(f"wall/console/{page}", shown(lines), painted(lines))


def test_big_names_look_as_they_did(facts: Facts) -> None:
    layout = layout_for(160, 40)
    means = Means(typeface=find_typeface({key: os.environ.get(key, "") for key in ("HOME",)}), names=layout.names)
    lines = frame_of(facts, Moment(NOW, seen=NOW), Slot("worst"), layout, means, (160, 40))
    agrees("wall/office/big-names.zh", shown(lines), painted(lines))


def test_in_every_palette_late_soon_and_done_are_told_apart(facts: Facts) -> None:
    for name, dark in PALETTES.values():
        inks = inks_for(palette_for(name, dark=dark, environment={"TERM": "xterm"}), dark=dark)
        styles = [str(inks.styles[word]) for word in "逾临毕"]
        assert len(set(styles)) == 3, (name, dark)
    assert set(PRESETS) == set(SIZES)
