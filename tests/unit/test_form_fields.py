"""Every field of every form has its limits: what lies outside is refused by a code, what people type is data."""

from __future__ import annotations

from typing import Final

import pytest

from shared.board.change import JSON
from shared.campaign.loader import builtin
from shared.forms import acts
from shared.forms.checks import wrongs
from shared.forms.model import Field, Form
from shared.forms.people import people_form
from shared.forms.shelf import form_of, forms
from shared.people.fields import GROUPS

BAOHE: Final = builtin("baohe-2009")
EVERY: Final = [
    *(form for kind in forms() if (form := form_of(kind, BAOHE)) is not None),
    people_form(groups=tuple(GROUPS)),
    *(acts.APPROVE, acts.GIVE_BACK, acts.ADVANCE, acts.HELD, acts.REOPEN, acts.WITHDRAW),
]
STEERING: Final = ("\x00", "\x07", "\x1b[2J", "\x7f", "\x9b31m", "\u202e", "\u2066", "\u2028", "\ud800")
DATA: Final = ("[b]粗[/b]", "[link=x]", "=1+1", "{name}", "%s", "㙦𡎚淝圩郢", "👨\u200d👩\u200d👧", "Ａ１")
WRONG: Final[dict[str, tuple[JSON, ...]]] = {
    "line": (1, ["x"], {"x": 1}, True, "两\n行"),
    "text": (1, ["x"], {"x": 1}),
    "day": ("2026-13-01", "20261118", "2026-11-18T00", 20261118, ["2026-11-18"], "昨天"),
    "number": ("12", 1.5, True, [1], float("nan")),
    "choice": ("none-of-them", 1, ["x"], True),
    "many": ("x", [1], ["none-of-them"], {"x": 1}, ["x"] * 100),
    "steps": ("1.1", ["9.9"]),
    "roles": ("x", ["none-of-them"]),
    "tick": ("yes", 1, [True]),
    "file": ("plan.docx", {}, {"hash": "x", "name": "a", "size": 1}, {"hash": "0" * 64, "name": "../a", "size": 1}),
}
PARTS: Final = [pytest.param(form, id=form.id) for form in EVERY]


TOGETHER: Final = frozenset(("no-valid", "more-than", "sum-differs"))
"""What several fields have against each other; `test_redo` and the forms' own tests hold those."""
BESIDE: Final[dict[str, dict[str, JSON]]] = {"visit": {"on": "2026-11-18", "planned_on": "2026-11-18"}}


def codes(form: Form, field: Field, value: JSON) -> list[str]:
    """What is wrong with this value in this field of a village's form."""
    values = {**BESIDE.get(form.id, {}), field.name: value}
    found = wrongs(form, values, BAOHE, "village", {field.name})
    return [each.code for each in found if each.field == field.name and each.code not in TOGETHER]


@pytest.mark.parametrize("form", PARTS)
def test_what_is_of_another_kind_is_refused(form: Form) -> None:
    for field in form.fields:
        for value in WRONG[field.kind]:
            assert codes(form, field, value), (field.name, value)


@pytest.mark.parametrize("form", PARTS)
def test_what_would_steer_a_terminal_or_turn_the_text_is_refused_and_all_else_is_data(form: Form) -> None:
    for field in form.fields:
        if field.kind in ("line", "text"):
            for text in STEERING:
                assert codes(form, field, f"好{text}好") == ["control-characters"], (field.name, text)
            for text in DATA:
                assert codes(form, field, text[: field.most]) == [], (field.name, text)


@pytest.mark.parametrize("form", PARTS)
def test_each_limit_holds_to_the_last_character_and_number(form: Form) -> None:
    for field in form.fields:
        if field.kind in ("line", "text"):
            assert codes(form, field, "长" * field.most) == []
            assert codes(form, field, "长" * (field.most + 1)) == ["too-long"]
        elif field.kind == "number":
            assert codes(form, field, field.most) == codes(form, field, field.least) == []
            assert codes(form, field, field.most + 1) == codes(form, field, field.least - 1) == ["out-of-range"]


@pytest.mark.parametrize("form", PARTS)
def test_what_is_required_is_asked_for_and_what_is_not_may_be_left_or_emptied(form: Form) -> None:
    for field in form.fields:
        nothing: tuple[JSON, ...] = (None, "", [])
        for empty in nothing:
            assert codes(form, field, empty) == (["missing"] if field.required else []), field.name
        if field.required and field.kind in ("line", "text"):
            assert codes(form, field, " \u3000") == ["missing"]
