"""All 259 things that the district's plan asks for have a place, and every place in the table exists.

The table is `requirements.toml` beside this file, the words there are ours; a place that is renamed breaks this test.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest
import typer

from server.roster.columns import COLUMNS
from shared.board.change import is_field
from shared.campaign.loader import builtin
from shared.forms.model import Option
from shared.forms.shelf import form_of, forms, options_of
from shared.people.fields import UNIT_FIELDS
from shared.roster import UnitKind
from tui.cli import app

COUNTS: Final = {
    "A": 29,
    "B": 28,
    "C": 36,
    "D": 31,
    "E": 36,
    "F": 25,
    "G": 19,
    "H": 18,
    "I": 11,
    "J": 12,
    "K": 9,
    "L": 5,
}
PAPER: Final = "paper"
BAOHE = builtin("baohe-2009")


class Item(NamedTuple):
    """One requirement: its id, our words for it, and where it lives."""

    id: str
    words: str
    places: tuple[str, ...]


def _read() -> list[Item]:
    groups = tomllib.loads(Path(__file__).with_name("requirements.toml").read_text("utf-8"))
    return [Item(key, words, tuple(places)) for group in groups.values() for key, (words, *places) in group.items()]


ITEMS = _read()
PLACES = sorted({place for item in ITEMS for place in item.places if not place.startswith(f"{PAPER}:")})


def _step(name: str) -> bool:
    """`village/1.5`, `village/1.5/reviewed_by/instructor`, `village/3.2/throughout`, `village/1.8/checklist/1`."""
    workflow, step_id, *rest = name.split("/")
    flow = BAOHE.workflow(workflow)
    step = next((each for each in flow.steps() if each.id == step_id), None) if flow is not None else None
    if step is None or step.retired:
        return False
    if not rest:
        return True
    value = getattr(step, rest[0])
    if len(rest) == 1:
        return bool(value)
    named = {value} if isinstance(value, str) else {getattr(each, "no", each) for each in value or ()}
    return rest[1] in named


def _window(name: str) -> bool:
    workflow, _, no = name.partition("/")
    flow = BAOHE.workflow(workflow)
    return flow is not None and any(str(phase.no) == no for phase in flow.phases)


def _kind(name: str) -> bool:
    return name in set(UnitKind) and BAOHE.workflow_for(name) is not None


def _list(name: str) -> bool:
    list_id, _, item = name.partition("/")
    items = next((each.items for each in BAOHE.lists if each.id == list_id), ())
    return any(not item or each.id == item for each in items)


def _field(name: str) -> bool:
    """`problem.category`, or with one of its answers `problem.term/campaign`."""
    path, _, answer = name.partition("/")
    form_id, _, field_name = path.partition(".")
    form = form_of(form_id, BAOHE)
    field = form.field(field_name) if form is not None else None
    if field is None:
        return False
    offered: Iterable[Option] = (each for flow in BAOHE.workflows for each in options_of(field, BAOHE, flow.id))
    return not answer or any(option.id == answer for option in offered)


def _unit(name: str) -> bool:
    return is_field(name) and (name in COLUMNS or name in UNIT_FIELDS or name.startswith("window."))


def _rule(name: str) -> bool:
    """Something importable: a module, or what stands in one."""
    parts = name.split(".")
    for end in range(len(parts), 0, -1):
        try:
            found: Any = import_module(".".join(parts[:end]))
        except ModuleNotFoundError:
            continue
        for each in parts[end:]:
            found = getattr(found, each, None)
        return found is not None
    return False


def _campaign(name: str) -> bool:
    found: Any = BAOHE
    for each in name.split("."):
        found = getattr(found, each, None)
    return bool(found)


def _command(name: str) -> bool:
    found: Any = typer.main.get_command(app)
    for each in name.split():
        found = getattr(found, "commands", {}).get(each)
    return found is not None


FINDERS: Final[Mapping[str, Callable[[str], bool]]] = {
    "step": _step,
    "window": _window,
    "workflow": lambda name: BAOHE.workflow(name) is not None,
    "kind": _kind,
    "role": lambda name: name in {role.id for role in BAOHE.roles},
    "list": _list,
    "campaign": _campaign,
    "form": lambda name: name in forms(),
    "field": _field,
    "unit": _unit,
    "rule": _rule,
    "page": _rule,
    "command": _command,
}


def exists(place: str) -> bool:
    """Whether a place in the table is there."""
    sort, _, name = place.partition(":")
    return sort in FINDERS and FINDERS[sort](name)


def test_every_requirement_of_the_plan_is_there_once_and_in_order() -> None:
    wanted = [f"{group}{number}" for group, count in COUNTS.items() for number in range(1, count + 1)]
    assert [item.id for item in ITEMS] == wanted
    assert len(wanted) == 259


def test_each_is_told_in_words_of_its_own() -> None:
    assert all(item.words.strip() for item in ITEMS)
    assert len({item.words for item in ITEMS}) == len(ITEMS)


@pytest.mark.parametrize("place", PLACES)
def test_the_place_is_there(place: str) -> None:
    assert exists(place), place


def test_each_has_a_place_or_one_reason_to_stay_on_paper() -> None:
    for item in ITEMS:
        reasons = [place for place in item.places if place.startswith(f"{PAPER}:")]
        assert item.places, item.id
        assert not reasons or item.places == (reasons[0],), item.id
        assert all(len(reason.removeprefix(f"{PAPER}:").split()) > 5 for reason in reasons), item.id


def test_little_stays_on_paper() -> None:
    assert sum(item.places[0].startswith(f"{PAPER}:") for item in ITEMS) <= 6


@pytest.mark.parametrize("form_id", sorted(forms()))
def test_what_a_form_says_it_was_made_for_leads_to_it(form_id: str) -> None:
    """No form without somebody who asks for it, and no requirement that a form claims without the table knowing."""
    own = (f"form:{form_id}", f"field:{form_id}.")
    lists = {f"list:{field.list}" for field in forms()[form_id].fields if field.list}
    for asked in forms()[form_id].source.split():
        (item,) = [each for each in ITEMS if each.id == asked]
        places = [place for place in item.places if place.startswith(own) or place.partition("/")[0] in lists]
        assert places, f"{asked} does not name {form_id}"
    assert forms()[form_id].source


@pytest.mark.parametrize("each", [each.id for each in BAOHE.lists])
def test_every_list_of_the_plan_is_asked_for_by_a_requirement(each: str) -> None:
    assert any(place.partition("/")[0] == f"list:{each}" for item in ITEMS for place in item.places)


@pytest.mark.parametrize(
    "wrong",
    [
        "step:village/9.9",
        "step:village/1.5/reviewed_by/masses",
        "step:village/1.1/throughout",
        "step:village/1.8/checklist/7",
        "window:village/5",
        "kind:harbour",
        "role:emperor",
        "list:household/dragons",
        "field:problem.colour",
        "field:problem.term/never",
        "form:essay",
        "unit:colour",
        "rule:shared.board.redo.nothing",
        "rule:nowhere.at_all",
        "campaign:rules.nothing",
        "command:archive now",
        "somewhere:else",
    ],
)
def test_a_place_that_is_not_there_is_not_found(wrong: str) -> None:
    assert not exists(wrong)
