"""Other tools and readers get the campaign with its days."""

from __future__ import annotations

import json

from shared.campaign import schema, show

from .drill import STEP, drill, problems_of, put


def test_the_json_for_other_tools_keeps_its_keys() -> None:
    (flow,) = show.to_json(schema.parse(drill()))["workflows"]
    assert {"id", "title", "phases"} <= set(flow)
    (phase,) = flow["phases"]
    assert {"no", "title", "window", "steps"} <= set(phase)
    assert phase["window"] == {"words": "3月初至4月底", "start": "2026-03-01", "end": "2026-04-30"}
    first = phase["steps"][0]
    kept = {"id", "no", "title", "condition", "checklist", "substeps", "reviewed_by", "filed_with"}
    assert kept <= set(first)
    assert first["condition"] is None
    assert first["reviewed_by"] == ["office"]
    assert {"no", "text"} <= set(first["checklist"][0])
    assert json.loads(json.dumps(flow)) == flow


def test_one_workflow_can_be_asked_for_and_an_unknown_one_is_told_so() -> None:
    campaign = schema.parse(drill())
    assert show.to_json(campaign, "village") == show.to_json(campaign)
    for ask in (show.to_json, show.to_text):
        (found,) = problems_of(lambda ask=ask: ask(campaign, "town"))  # type: ignore[misc]
        assert (found.code, "village" in found.message_zh) == ("workflow_unknown", True)


def test_the_outline_names_every_step_and_item_in_either_language() -> None:
    campaign = schema.parse(drill())
    put(f"{STEP}.condition", "middle_school")(table := drill())
    assert show.to_text(campaign) == (
        "演练 (drill, 2026-03)\n\n村 (village)\n  1 学习\n    3月初至4月底 (2026-03-01 至 2026-04-30)\n"
        "    1.1 开会\n      [ ] 1 到会\n      [ ] 2 到会\n    1.2 总结\n"
    )
    english = show.to_text(schema.parse(table), "village", "en")
    assert "1.1 Meet [middle schools]" in english
    assert "2026-03-01 to 2026-04-30" in english
