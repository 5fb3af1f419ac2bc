"""A small campaign to spoil: as TOML, as JSON, and edits by the place that messages name."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from shared.campaign.problems import CampaignInvalid, CampaignProblem

Table = dict[str, Any]
Edit = Callable[[Table], object]
HEAD = """
id = "drill"
title = "演练"
title_en = "Drill"
start = "2026-03"

[[roles]]
id = "office"
title = "办公室"
title_en = "office"
"""

FLOW = """
id = "village"
title = "村"
title_en = "Villages"
kinds = ["village"]

[[phases]]
no = 1
title = "学习"
title_en = "Study"
[phases.window]
words = "2026年3月初至4月底"
start = { month = 0, word = "初" }
end = { month = 1, word = "底" }

[[phases.steps]]
id = "1.1"
no = 1
title = "开会"
title_en = "Meet"
reviewed_by = ["office"]
[[phases.steps.checklist]]
no = "1"
text = "到会"
text_en = "attend"
[[phases.steps.checklist]]
no = "2"
text = "记录"
text_en = "take minutes"

[[phases.steps]]
id = "1.2"
no = 2
title = "总结"
title_en = "Sum up"
"""


def drill() -> Table:
    """A campaign as JSON, new each time, so that a test may spoil it."""
    item: Table = {"no": "1", "text": "到会", "text_en": "attend"}
    first: Table = {"id": "1.1", "no": 1, "title": "开会", "title_en": "Meet", "reviewed_by": ["office"]}
    second = {"id": "1.2", "no": 2, "title": "总结", "title_en": "Sum up"}
    window = {"words": "3月初至4月底", "start": {"month": 0, "word": "初"}, "end": {"month": 1, "word": "底"}}
    phase: Table = {"no": 1, "title": "学习", "title_en": "Study", "window": window}
    flow: Table = {"id": "village", "title": "村", "title_en": "Villages", "kinds": ["village"]}
    first["checklist"] = [item, {**item, "no": "2"}]
    flow["phases"] = [{**phase, "steps": [first, second]}]
    role = {"id": "office", "title": "办公室", "title_en": "office"}
    head = {"id": "drill", "title": "演练", "title_en": "Drill", "start": "2026-03", "roles": [role]}
    return copy.deepcopy({**head, "workflows": [flow]})


def at(table: Table, path: str) -> Any:
    """The table or list at a place written as messages write it, counted from 1."""
    place: Any = table
    for part in path.replace("[", ".").replace("]", "").split("."):
        place = place[int(part) - 1] if part.isdigit() else place[part]
    return place


def put(path: str, value: object) -> Edit:
    """An edit that sets one key."""
    table, _, key = path.rpartition(".")

    def edit(campaign: Table) -> None:
        (at(campaign, table) if table else campaign)[key] = value

    return edit


def drop(path: str) -> Edit:
    """An edit that takes one key away."""
    table, _, key = path.rpartition(".")
    return lambda campaign: (at(campaign, table) if table else campaign).pop(key)


def problems_of(act: Callable[[], object]) -> tuple[CampaignProblem, ...]:
    with pytest.raises(CampaignInvalid) as caught:
        act()
    assert caught.value.problems
    return caught.value.problems


STEP = "workflows[1].phases[1].steps[1]"
PHASE = "workflows[1].phases[1]"
WINDOW = "workflows[1].phases[1].window"
