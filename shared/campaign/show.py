"""A campaign for other eyes: as JSON for other tools, and as an outline to read.

The keys of the JSON are documented in `shared/campaign/README.md`; keys may be added, never taken away.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, Literal

from shared.campaign.calendar import Span, resolve
from shared.campaign.model import Campaign, ChecklistItem, Phase, Step, Workflow
from shared.campaign.problems import CampaignInvalid, problem

Language = Literal["zh", "en"]

CONDITION_WORDS: Final = {
    "party_committee": ("设党委的", "with a party committee"),
    "no_party_committee": ("不设党委的", "without a party committee"),
    "middle_school": ("中学", "middle schools"),
    "primary_school": ("小学", "primary schools"),
}


def to_json(campaign: Campaign, workflow: str | None = None) -> dict[str, Any]:
    """The campaign, or only its workflow of this id, with days for windows; raises `CampaignInvalid` if unknown."""
    return {
        "id": campaign.id,
        "title": campaign.title,
        "title_en": campaign.title_en,
        "start": campaign.start,
        "revision": campaign.revision,
        "workflows": [_workflow(each, campaign.start) for each in _chosen(campaign, workflow)],
    }


def to_text(campaign: Campaign, workflow: str | None = None, lang: Language = "zh") -> str:
    """The campaign, or only its workflow of this id, as an indented outline in one language, ending in a newline."""
    lines = [f"{_in(lang, campaign.title, campaign.title_en)} ({campaign.id}, {campaign.start})"]
    for each in _chosen(campaign, workflow):
        lines += ["", f"{_in(lang, each.title, each.title_en)} ({each.id})"]
        for phase in each.phases:
            lines += _phase_lines(phase, campaign.start, lang)
    return "\n".join(lines) + "\n"


def _chosen(campaign: Campaign, workflow_id: str | None) -> tuple[Workflow, ...]:
    if workflow_id is None:
        return campaign.workflows
    workflow = campaign.workflow(workflow_id)
    if workflow is None:
        choice = ", ".join(each.id for each in campaign.workflows)
        raise CampaignInvalid([problem("workflow_unknown", value=workflow_id, expected=choice)])
    return (workflow,)


def _workflow(workflow: Workflow, start: str) -> dict[str, Any]:
    return {
        "id": workflow.id,
        "title": workflow.title,
        "title_en": workflow.title_en,
        "kinds": list(workflow.kinds),
        "assumed_kinds": list(workflow.assumed_kinds),
        "minimum_months": workflow.minimum_months,
        "notes": list(workflow.notes),
        "phases": [_phase(phase, start) for phase in workflow.phases],
    }


def _phase(phase: Phase, start: str) -> dict[str, Any]:
    span = resolve(phase.window, start)
    return {
        "no": phase.no,
        "title": phase.title,
        "title_en": phase.title_en,
        "window": {
            "words": phase.window.words,
            "start": span.first.isoformat(),
            "end": span.last.isoformat(),
        },
        "steps": [_step(step) for step in phase.steps],
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "id": step.id,
        "no": step.no,
        "title": step.title,
        "title_en": step.title_en,
        "condition": step.condition,
        "checklist": [_item(item) for item in step.checklist],
        "substeps": [{"no": s.no, "title": s.title, "title_en": s.title_en} for s in step.substeps],
        "reviewed_by": list(step.reviewed_by),
        "filed_with": list(step.filed_with),
        "remarks": [_item(item) for item in step.remarks],
        "documents": list(step.documents),
        "informed": list(step.informed),
        "reported_to": list(step.reported_to),
        "attended_by": list(step.attended_by),
        "throughout": step.throughout,
        "interleaves": step.interleaves,
        "redo": step.redo,
        "retired": step.retired,
    }


def _item(item: ChecklistItem) -> dict[str, str]:
    return {"no": item.no, "text": item.text, "text_en": item.text_en}


def _phase_lines(phase: Phase, start: str, lang: Language) -> Iterator[str]:
    yield f"  {phase.no} {_in(lang, phase.title, phase.title_en)}"
    yield f"    {phase.window.words} ({_days(resolve(phase.window, start), lang)})"
    for step in phase.steps:
        condition = _in(lang, *CONDITION_WORDS[step.condition]) if step.condition else ""
        yield f"    {step.id} {_in(lang, step.title, step.title_en)}" + (f" [{condition}]" if condition else "")
        for part in step.substeps:
            yield f"      {part.no} {_in(lang, part.title, part.title_en)}"
        for item in step.checklist:
            yield f"      [ ] {item.no} {_in(lang, item.text, item.text_en)}"
        for item in step.remarks:
            yield f"      * {item.no} {_in(lang, item.text, item.text_en)}"


def _days(span: Span, lang: Language) -> str:
    return f"{span.first} {_in(lang, '至', 'to')} {span.last}"


def _in(lang: Language, zh: str, en: str) -> str:
    return zh if lang == "zh" else en
