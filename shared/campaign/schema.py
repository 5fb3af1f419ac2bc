"""The check of a written campaign at the edge: what passes becomes a `Campaign`, what does not is named in full.

Every problem found is reported at once, each with its file, its place and what to do. Only offices and authors load
this module, which needs pydantic; laptops read what the office has checked with `shared.campaign.codec`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from shared.campaign import rules, written
from shared.campaign.codec import build
from shared.campaign.model import Campaign, Workflow
from shared.campaign.problems import MESSAGES, CampaignInvalid, CampaignProblem, problem
from shared.campaign.rules import Finding, Part

FORMS: Final = MappingProxyType(
    {
        "string_type": '"..."',
        "int_type": "3",
        "float_type": "0.5",
        "bool_type": "true",
        "list_type": "[ ... ]",
        "model_type": "{ ... }",
        "model_attributes_type": "{ ... }",
    }
)
LIMITS: Final = MappingProxyType({"greater_than_equal": ">= {ge}", "less_than_equal": "<= {le}"})
CODES: Final = MappingProxyType(
    {
        "missing": "missing_key",
        "string_too_short": "empty",
        "too_short": "empty",
        "string_too_long": "too_long",
        "too_long": "too_long",
    }
)
KEYS: Final = tuple(sorted({key for model in written.Written.__subclasses__() for key in model.model_fields}))


def parse(obj: object) -> Campaign:
    """The campaign of a JSON object as `codec.dump` writes it, checked; raises `CampaignInvalid`."""
    if not isinstance(obj, Mapping):
        raise CampaignInvalid([problem("wrong_type", expected="{ ... }")])
    flows = obj.get("workflows")
    if not isinstance(flows, list):
        code = "wrong_type" if "workflows" in obj else "missing_key"
        raise CampaignInvalid([problem(code, where="workflows", expected="[ ... ]")])
    head = Part("", "", {key: value for key, value in obj.items() if key != "workflows"})
    return assemble(head, [Part("", f"workflows[{n}]", flow) for n, flow in enumerate(flows, 1)])


def assemble(head: Part | None, bodies: Sequence[Part], earlier: Sequence[CampaignProblem] = ()) -> Campaign:
    """The campaign of a head and its workflows, in the head's `order` if it gives one, else as they come.

    `earlier` are problems of files that could not be read, the head's among them if there is none. With any problem
    at all, `CampaignInvalid` is raised with all of them.
    """
    found = list(earlier)
    campaign, order = _head(head, found)
    roles = None if campaign is None else frozenset(role.id for role in campaign.roles)
    read = [(body, flow) for body in bodies if (flow := _workflow(body, roles, found)) is not None]
    flows = [flow for _, flow in read]
    found += [read[index][0].problem(each) for index, each in rules.of_workflows(flows)]
    if head is not None and not found:
        found += map(head.problem, rules.of_order(order, [flow.id for flow in flows]))
    if found or campaign is None:
        raise CampaignInvalid(found)
    if order:
        flows.sort(key=lambda flow: order.index(flow.id))
    return replace(campaign, workflows=tuple(flows))


def _head(part: Part | None, found: list[CampaignProblem]) -> tuple[Campaign | None, list[str]]:
    """Campaign.toml as a campaign without workflows, and its `order`; what is wrong goes into `found`."""
    table = None if part is None else _in_shape(written.WrittenCampaign, part, found)
    if part is None or table is None:
        return None, []
    campaign = build(Campaign, {**table, "workflows": []})
    found += map(part.problem, rules.of_head(campaign))
    return campaign, table["order"]


def _workflow(part: Part, roles: frozenset[str] | None, found: list[CampaignProblem]) -> Workflow | None:
    table = _in_shape(written.WrittenWorkflow, part, found)
    if table is None:
        return None
    workflow = build(Workflow, table)
    found += map(part.problem, rules.of_workflow(workflow, roles))
    stem = PurePosixPath(part.file).stem
    if part.file and workflow.id != stem:
        found.append(part.problem(Finding("id", "file_name", workflow.id, stem)))
    return workflow


def _in_shape(model: type[written.Written], part: Part, found: list[CampaignProblem]) -> dict[str, Any] | None:
    try:
        return model.model_validate(part.table).model_dump()
    except ValidationError as error:
        found += [part.problem(_finding(each)) for each in error.errors(include_url=False)]
        return None


def _finding(error: ErrorDetails) -> Finding:
    """What pydantic found, in the campaign's own codes."""
    kind, where, given = error["type"], _place(error["loc"]), error["input"]
    context: dict[str, Any] = error.get("ctx", {})
    found = Finding(where, "invalid", error["msg"])
    if kind in CODES:
        found = Finding(where, CODES[kind], expected=str(context.get("max_length", "")))
    elif kind in FORMS:
        found = Finding(where, "wrong_type", expected=FORMS[kind])
    elif kind in LIMITS:
        found = Finding(where, "out_of_range", given, LIMITS[kind].format_map(context))
    elif kind == "extra_forbidden":
        found = Finding(where, "unknown_key", expected=_meant(str(error["loc"][-1])))
    elif kind == "literal_error":
        found = Finding(where, "not_allowed", given, str(context["expected"]))
    elif kind in MESSAGES:  # our own, raised by shared.campaign.written
        found = Finding(where, kind, given, str(context.get("expected", "")))
    return found


def _place(location: Sequence[int | str]) -> str:
    """`phases[2].steps[1].title`, counted from 1 as a reader counts tables."""
    text = ""
    for part in location:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}"
    return text.removeprefix(".")


def _meant(key: str) -> str:
    near = get_close_matches(key, KEYS, n=1)
    return f" ({near[0]}?)" if near else ""
