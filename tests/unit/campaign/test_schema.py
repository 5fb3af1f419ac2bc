"""A written campaign either becomes a campaign or is told, place by place, what to put right."""

from __future__ import annotations

import copy
import dataclasses
from datetime import date
from typing import Any

import pytest

from shared.campaign import codec, model, rules, schema, written

from .drill import PHASE, STEP, WINDOW, Edit, drill, drop, problems_of, put

GRADE = {"id": "good", "title": "满意", "title_en": "satisfied", "satisfied": True}

QUESTION = {"id": "effect", "title": "成效", "title_en": "effect"}
RUNG = {"days": 3, "title": "镇", "title_en": "town"}
LIST = {"id": "household", "items": [QUESTION]}

SPOILED: list[tuple[Edit, str, str]] = [
    (drop("workflows"), "missing_key", "workflows"),
    (put("workflows", {}), "wrong_type", "workflows"),
    (put("workflows", []), "no_workflow", ""),
    (put("workflows", ["village"]), "wrong_type", "workflows[1]"),
    (drop("title"), "missing_key", "title"),
    (drop(f"{STEP}.title_en"), "missing_key", f"{STEP}.title_en"),
    (drop(f"{WINDOW}.end"), "missing_key", f"{WINDOW}.end"),
    (put("color", "red"), "unknown_key", "color"),
    (put(f"{STEP}.titel", "x"), "unknown_key", f"{STEP}.titel"),
    (put(f"{WINDOW}.start.day", 3), "unknown_key", f"{WINDOW}.start.day"),
    (put("title", 5), "wrong_type", "title"),
    (put("title", date(2026, 3, 1)), "wrong_type", "title"),
    (put("rules", []), "wrong_type", "rules"),
    (put("roles", "office"), "wrong_type", "roles"),
    (put("revision", True), "wrong_type", "revision"),
    (put("revision", "1"), "wrong_type", "revision"),
    (put("rules", {"redo_above": "half"}), "wrong_type", "rules.redo_above"),
    (put(f"{STEP}.redo", 1), "wrong_type", f"{STEP}.redo"),
    (put(f"{STEP}.no", 1.0), "wrong_type", f"{STEP}.no"),
    (put(f"{STEP}.condition", "committee"), "not_allowed", f"{STEP}.condition"),
    (put(f"{STEP}.documents", ["letter"]), "not_allowed", f"{STEP}.documents[1]"),
    (put(f"{WINDOW}.end.word", "末"), "not_allowed", f"{WINDOW}.end.word"),
    (put(f"{WINDOW}.end.month", 25), "out_of_range", f"{WINDOW}.end.month"),
    (put(f"{WINDOW}.start.month", -1), "out_of_range", f"{WINDOW}.start.month"),
    (put("workflows[1].minimum_months", 25), "out_of_range", "workflows[1].minimum_months"),
    (put("revision", 0), "out_of_range", "revision"),
    (put("revision", 1 << 60_000), "out_of_range", "revision"),
    (put("rules", {"redo_above": 1.5}), "out_of_range", "rules.redo_above"),
    (put("rules", {"redo_above": float("nan")}), "out_of_range", "rules.redo_above"),
    (put("rules", {"warning_days": 61}), "out_of_range", "rules.warning_days"),
    (put("title", "长" * 161), "too_long", "title"),
    (put("title", ""), "empty", "title"),
    (put("workflows[1].kinds", []), "empty", "workflows[1].kinds"),
    (put("workflows[1].phases", []), "empty", "workflows[1].phases"),
    (put(f"{PHASE}.steps", []), "empty", f"{PHASE}.steps"),
    (put(f"{STEP}.reviewed_by", ["office"] * 21), "too_long", f"{STEP}.reviewed_by"),
    (put("id", "Drill"), "bad_id", "id"),
    (put("id", "../drill"), "bad_id", "id"),
    (put("workflows[1].kinds", ["村"]), "bad_id", "workflows[1].kinds[1]"),
    (put("workflows[1].kinds", ["village\n"]), "bad_id", "workflows[1].kinds[1]"),
    (put("roles[1].tie", "tie.contact"), "bad_id", "roles[1].tie"),
    (put("title", "演\n练"), "text_control", "title"),
    (put("title", "\x1b[2J演练"), "text_control", "title"),
    (put("title", "演\u202e练"), "text_control", "title"),
    (put(f"{STEP}.checklist[1].text_en", "at\u2028tend"), "text_control", f"{STEP}.checklist[1].text_en"),
    (put("title", "演练 "), "text_edges", "title"),
    (put("title", "\u3000"), "text_edges", "title"),
    (put("start", "2026-3"), "start_format", "start"),
    (put("start", "2026-13"), "start_format", "start"),
    (put("start", "２０２６-03"), "start_format", "start"),
    (put("start", "2026-03\n"), "start_format", "start"),
    (put("start", "9999-12"), "start_format", "start"),
    (put("title", "演\ud800练"), "invalid", "title"),
    (put(f"{PHASE}.no", 2), "phase_numbers", f"{PHASE}.no"),
    (put("workflows[1].phases[1].steps[2].no", 1), "step_numbers", "workflows[1].phases[1].steps[2].no"),
    (put(f"{STEP}.id", "1.01"), "step_id", f"{STEP}.id"),
    (put(f"{STEP}.id", "first"), "step_id", f"{STEP}.id"),
    (put(f"{STEP}.checklist[2].no", "1"), "duplicate", f"{STEP}.checklist[2].no"),
    (put(f"{STEP}.reviewed_by", ["office", "office"]), "duplicate", f"{STEP}.reviewed_by[2]"),
    (put(f"{STEP}.documents", ["plan", "plan"]), "duplicate", f"{STEP}.documents[2]"),
    (put("workflows[1].kinds", ["village", "village"]), "duplicate", "workflows[1].kinds[2]"),
    (put("workflows[1].assumed_kinds", ["village"]), "duplicate", "workflows[1].assumed_kinds"),
    (put("rules", {"grades": [GRADE, GRADE]}), "duplicate", "rules.grades[2].id"),
    (put("rules", {"questions": [QUESTION, QUESTION]}), "duplicate", "rules.questions[2].id"),
    (put("rules", {"ladder": [RUNG, RUNG]}), "ladder_order", "rules.ladder[2].days"),
    (put("lists", [{"id": "household", "items": [QUESTION, QUESTION]}]), "duplicate", "lists[1].items[2].id"),
    (put("lists", [LIST, LIST]), "duplicate", "lists[2].id"),
    (lambda c: c["roles"].append(c["roles"][0]), "duplicate", "roles[2].id"),
    (lambda c: c["workflows"].append(c["workflows"][0]), "duplicate", "workflows[2].id"),
    (lambda c: c["workflows"].append({**c["workflows"][0], "id": "w2"}), "kind_twice", "workflows[2].kinds[1]"),
    (put(f"{STEP}.attended_by", ["offices"]), "role_unknown", f"{STEP}.attended_by[1]"),
    (put(f"{STEP}.informed", ["nobody"]), "role_unknown", f"{STEP}.informed[1]"),
    (put(f"{WINDOW}.start", {"month": 2}), "window_order", f"{WINDOW}.end"),
    (put(f"{WINDOW}.start", {"month": 0, "word": "底"}), "start_word", f"{WINDOW}.start.word"),
    (put("order", ["village", "town"]), "order_unknown", "order[2]"),
    (put("order", ["town"]), "order_missing", "order"),
    (put("order", ["village", "village"]), "duplicate", "order[2]"),
]


@pytest.mark.parametrize(("edit", "code", "where"), SPOILED, ids=[f"{c}-{w}" for _, c, w in SPOILED])
def test_each_fault_is_named_with_its_place_and_code(edit: Edit, code: str, where: str) -> None:
    table = drill()
    edit(table)
    found = problems_of(lambda: schema.parse(table))
    assert (code, where) in {(each.code, each.where) for each in found}


def test_a_sound_campaign_passes() -> None:
    campaign = schema.parse(drill())
    assert campaign.workflows[0].steps()[0].reviewed_by == ("office",)


@pytest.mark.parametrize("obj", [None, [], "x", 3], ids=str)
def test_json_that_is_no_table_is_told_so(obj: object) -> None:
    assert [each.code for each in problems_of(lambda: schema.parse(obj))] == ["wrong_type"]
    assert [each.code for each in problems_of(lambda: codec.parse_trusted(obj))] == ["wrong_type"]


def test_all_faults_are_reported_at_once() -> None:
    table = drill()
    for edit in (put("start", "soon"), put(f"{STEP}.no", "1"), put("workflows[1].titel", "x")):
        edit(table)
    found = {each.where for each in problems_of(lambda: schema.parse(table))}
    assert found == {"start", f"{STEP}.no", "workflows[1].titel"}


def test_the_same_kind_in_a_later_workflow_names_the_first() -> None:
    table = drill()
    other = copy.deepcopy(table["workflows"][0]) | {"id": "town", "kinds": ["town"], "assumed_kinds": ["village"]}
    table["workflows"].append(other)
    (found,) = problems_of(lambda: schema.parse(table))
    assert (found.code, found.where) == ("kind_twice", "workflows[2].assumed_kinds[1]")
    assert "village" in found.message_en


def test_a_misspelt_key_or_role_is_told_what_was_meant() -> None:
    table = drill()
    put(f"{STEP}.titel", "x")(table)
    assert "(title?)" in problems_of(lambda: schema.parse(table))[0].message_en
    table = drill()
    put(f"{STEP}.informed", ["ofice"])(table)
    assert "(office?)" in problems_of(lambda: schema.parse(table))[0].message_zh


@pytest.mark.parametrize(
    ("start", "end", "fits"),
    [
        (("初", 0), ("初", 0), True),
        (("中旬", 0), ("初", 0), False),
        (("中旬", 0), ("上旬", 0), False),
        (("中旬", 0), ("中旬", 0), True),
        (("下旬", 0), ("中旬", 0), False),
        (("下旬", 0), ("底", 0), True),
        (("下旬", 0), ("", 0), True),
        (("下旬", 0), ("初", 1), True),
        (("初", 1), ("底", 0), False),
    ],
)
def test_a_window_may_not_end_before_it_starts(start: tuple[str, int], end: tuple[str, int], *, fits: bool) -> None:
    table = drill()
    put(f"{WINDOW}.start", {"word": start[0], "month": start[1]})(table)
    put(f"{WINDOW}.end", {"word": end[0], "month": end[1]})(table)
    if fits:
        schema.parse(table)
    else:
        assert [each.code for each in problems_of(lambda: schema.parse(table))] == ["window_order"]


MIRRORS = [
    (written.WrittenMoment, model.Moment, set()),
    (written.WrittenWindow, model.Window, set()),
    (written.WrittenItem, model.ChecklistItem, set()),
    (written.WrittenSubstep, model.Substep, set()),
    (written.WrittenStep, model.Step, set()),
    (written.WrittenPhase, model.Phase, set()),
    (written.WrittenWorkflow, model.Workflow, set()),
    (written.WrittenRole, model.Role, set()),
    (written.WrittenGrade, model.Grade, set()),
    (written.WrittenQuestion, model.Question, set()),
    (written.WrittenRung, model.Rung, set()),
    (written.WrittenChoice, model.Choice, set()),
    (written.WrittenList, model.ChoiceList, set()),
    (written.WrittenRules, model.Rules, set()),
    (written.WrittenCampaign, model.Campaign, {"order"}),
]


@pytest.mark.parametrize(("mirror", "value", "extra"), MIRRORS, ids=lambda each: getattr(each, "__name__", ""))
def test_what_may_be_written_is_what_the_model_holds(mirror: Any, value: Any, extra: set[str]) -> None:
    held = {f.name: f for f in dataclasses.fields(value)}
    if value is model.Campaign:
        held.pop("workflows")
    assert set(mirror.model_fields) == set(held) | extra
    for name, field in mirror.model_fields.items():
        if name in extra:
            continue
        needed = held[name].default is dataclasses.MISSING
        needed = needed and held[name].default_factory is dataclasses.MISSING
        assert field.is_required() == needed, name
        if held[name].default is not dataclasses.MISSING and held[name].default != ():
            assert plainly(field.default) == plainly(held[name].default), name


def plainly(value: Any) -> Any:
    """A default as JSON has it, whether a model or a dataclass holds it."""
    if isinstance(value, list | tuple):
        return [plainly(each) for each in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    return value.model_dump() if isinstance(value, written.Written) else value


@pytest.mark.parametrize(
    ("words", "agrees"),
    [
        ("2026年3月初至4月底", True),
        ("2026年3月初到4月底", True),
        ("3月初4月底", True),
        ("三月初至四月底", True),
        ("3月底至4月初", False),
        ("3月初至4月", False),
        ("3月初至4月中旬", False),
        ("3月初至5月底", False),
        ("3月初至14月底", False),
        ("3月4月底", False),
        ("春天", False),
    ],
)
def test_words_that_do_not_agree_with_the_window_are_a_warning(words: str, *, agrees: bool) -> None:
    table = drill()
    put(f"{WINDOW}.words", words)(table)
    found = rules.warnings(schema.parse(table))
    assert [each.code for each in found] == ([] if agrees else ["words_disagree"])
    if not agrees:
        assert (found[0].file, found[0].where) == ("village.toml", "phases[1].window.words")


def test_a_month_alone_agrees_with_words_that_name_no_part_of_it() -> None:
    table = drill()
    put(f"{WINDOW}.words", "2026年3月至4月")(table)
    put(f"{WINDOW}.start", {"month": 0})(table)
    put(f"{WINDOW}.end", {"month": 1})(table)
    assert rules.warnings(schema.parse(table)) == ()
    put(f"{WINDOW}.words", "2026年3月中旬至4月")(table)
    assert len(rules.warnings(schema.parse(table))) == 1
