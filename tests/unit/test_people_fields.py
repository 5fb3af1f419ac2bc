"""The one table of a unit's fields: sound in itself, told and read back in both languages, and the form made of it."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.roster.columns import COLUMNS, column_title
from shared.board.change import MAX_FIELDS, is_field
from shared.board.unit import unit_in, values_of
from shared.forms.checks import wrongs
from shared.forms.model import Field, Wrong
from shared.forms.people import groups_for, people_form
from shared.people.fields import FORMER, GROUPS, UNIT_FIELDS, group_of_field, title_of, unit_field
from shared.people.words import folded, is_nothing, value_in, value_told
from shared.rights import PLANNED, Role
from shared.roster import Lang, UnitKind, clean_text
from tests.small import VILLAGE, campaign
from tui.words import field_word

LANGS: tuple[Lang, ...] = ("zh", "en")
FIELDS = [each.field for each in UNIT_FIELDS.values()]
NAMES = pytest.mark.parametrize("name", UNIT_FIELDS)


def a_value(field: Field) -> st.SearchStrategy[str | bool | int]:
    """Anything that may stand in a field."""
    match field.kind:
        case "number":
            return st.integers(field.least, field.most)
        case "tick":
            return st.booleans()
        case "choice":
            return st.sampled_from([option.id for option in field.options])
        case "day":
            return st.dates(date(2000, 1, 1)).map(date.isoformat)
    return (
        st.text(st.sampled_from("张三李四0551-、 区"), min_size=1, max_size=20)
        .map(clean_text)
        .filter(lambda text: text and not is_nothing(text))
    )


@NAMES
def test_a_field_is_a_field_of_a_unit_in_both_languages_at_a_settled_width(name: str) -> None:
    field = UNIT_FIELDS[name].field
    assert field.name == name
    assert is_field(name)
    assert group_of_field(name) in GROUPS
    words = [field.title, *(option.title for option in field.options)]
    assert all(any(unicodedata.name(ch, "").startswith("CJK") for ch in word) for word in words)
    assert all(each.isascii() for each in (field.title_en, *(option.title_en for option in field.options)))
    assert not [ch for word in words for ch in word if unicodedata.east_asian_width(ch) == "A"]


def test_no_heading_means_two_columns() -> None:
    headings = Counter(
        heading
        for key, column in COLUMNS.items()
        for heading in {folded(word) for word in (column.zh, column.en, key, *column.aliases)}
    )
    assert [heading for heading, count in headings.items() if count > 1] == []


@NAMES
def test_the_sheet_the_screen_and_the_form_call_a_field_alike(name: str) -> None:
    assert name in COLUMNS
    assert field_word(name) == column_title(name, "en") == title_of(name)
    assert people_form(groups=tuple(GROUPS)).field(name) == unit_field(name)


@given(st.data(), st.sampled_from(FIELDS), st.sampled_from(LANGS))
def test_every_value_is_read_back_from_the_words_it_is_told_in(data: st.DataObject, field: Field, lang: Lang) -> None:
    value = data.draw(a_value(field))
    assert value_in(field, value_told(field.name, value, lang)) == value


@given(st.data(), st.sampled_from(FIELDS), st.text(max_size=30))
def test_what_is_read_from_any_text_may_stand_in_the_field(data: st.DataObject, field: Field, text: str) -> None:
    value = value_in(field, text or "0")
    if not isinstance(value, Wrong):
        found = wrongs(people_form(groups=tuple(GROUPS)), {field.name: value}, campaign(), "", {field.name})
        assert [each for each in found if each.code not in ("control-characters", "missing")] == []


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("figure.members", "46", 46),
        ("figure.members", "0", 0),
        ("person.instructor_reported_on", "2026年9月1日", "2026-09-01"),
        ("person.instructor_reported_on", "2026/9/1", "2026-09-01"),
        ("attribute.problem_village", "√", True),
        ("attribute.joint", "联合党支部", "joint"),
        ("person.liaison_duty", "专职", "full"),
    ],
)
def test_words_that_offices_write_are_understood(name: str, text: str, value: object) -> None:
    assert value_in(UNIT_FIELDS[name].field, text) == value


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("figure.members", "约46", "not-a-number"),
        ("figure.members", "-1", "not-a-number"),
        ("figure.members", "4.5", "not-a-number"),
        ("figure.members", "1000001", "out-of-range"),
        ("figure.妇女", "十二", "not-a-number"),
        ("person.instructor_reported_on", "2026-02-30", "not-a-date"),
        ("attribute.weak", "也许", "not-a-choice"),
        ("attribute.party_body", "党小组", "not-a-choice"),
        ("person.liaison", "张" * 201, "too-long"),
    ],
)
def test_what_no_field_can_hold_is_refused_with_its_code(name: str, text: str, code: str) -> None:
    field = unit_field(name)
    assert field is not None
    found = value_in(field, text)
    assert isinstance(found, Wrong)
    assert found.code == code


def test_the_form_asks_a_unit_what_the_plan_asks_of_its_kind() -> None:
    names = {kind: {each.name for each in people_form(kind, groups=tuple(GROUPS)).fields} for kind in UnitKind}
    assert "attribute.problem_village" in names[UnitKind.VILLAGE]
    assert "attribute.problem_village" not in names[UnitKind.SCHOOL]
    assert "attribute.larger_school" in names[UnitKind.SCHOOL]
    assert names[UnitKind.NEW_SOCIAL] >= {"attribute.head_is_member", "attribute.joint"}
    assert all(len(each) <= MAX_FIELDS for each in names.values())


def test_the_form_holds_what_stands_besides_and_knows_whose_fields_they_are() -> None:
    form = people_form(UnitKind.VILLAGE, ["person.副书记", "figure.妇女", "attribute.备注", "window.1", "name"])
    kinds = {each.name: each.kind for each in form.fields}
    assert (kinds["person.副书记"], kinds["figure.妇女"]) == ("line", "number")
    assert not {"attribute.备注", "window.1", "name"} & set(kinds)


def test_who_plans_enters_people_figures_and_ties_and_the_office_the_rest_too() -> None:
    assert groups_for(Role.MEMBER) == groups_for(Role.VIEWER) == ()
    assert {f"{group}." for group in groups_for(Role.LEAD)} < set(PLANNED)
    assert set(groups_for(Role.ADMIN)) == set(GROUPS)


def test_a_field_that_once_had_another_name_is_read_under_its_own() -> None:
    (old, name), *_ = FORMER.items()
    assert field_word(old) == field_word(name)
    values = {"kind": "village", old: "王二"}
    assert people(values) == {"directly_responsible": "王二"}
    assert people({**values, name: "李三"}) == {"directly_responsible": "李三"}
    assert people({**values, name: ""}) == {}


def people(values: Mapping[str, object]) -> dict[str, str]:
    unit = unit_in(VILLAGE, values)
    assert unit is not None
    return dict(unit.people)


def test_a_record_tells_its_figures_and_ties_and_leaves_out_what_was_taken_away_or_is_none() -> None:
    values = {
        "kind": "village",
        "figure.members": 46,
        "figure.inflow": 0,
        "figure.away": None,
        "figure.retired": "多",
        "figure.hidden": True,
        "tie.department": "区民政局",
        "tie.partners": "",
        "person.liaison": 7,
        "attribute.weak": None,
    }
    unit = unit_in(VILLAGE, values)
    assert unit is not None
    assert (unit.figures, unit.ties) == ({"members": 46, "inflow": 0}, {"department": "区民政局"})
    assert (unit.people, unit.attributes) == ({}, {})
    assert unit_in(VILLAGE, values_of(unit)) == unit
