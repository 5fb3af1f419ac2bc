"""The tables of a written campaign, with the keys, types, lengths and characters each of them may have.

The models mirror the dataclasses of `model.py` field by field (a test holds them together) and exist only while a
campaign is checked: `shared.campaign.schema` turns what passes into a `Campaign`.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import asdict
from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from shared.campaign.calendar import start_problem
from shared.campaign.model import GRADES, LADDER, QUESTIONS, Condition, Document, TenDayWord

_ID: Final = re.compile(r"[a-z0-9]+([_-][a-z0-9]+)*", re.ASCII)
_STEP_ID: Final = re.compile(r"[0-9]+\.[0-9]+", re.ASCII)
_NEVER_SHOWN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


def _one_line(text: str) -> str:
    for character in text:
        if unicodedata.category(character) in _NEVER_SHOWN:
            raise PydanticCustomError("text_control", "", {"expected": f"U+{ord(character):04X}"})
    if text != text.strip():
        raise PydanticCustomError("text_edges", "")
    return text


def _id(text: str) -> str:
    if _ID.fullmatch(text) is None:
        raise PydanticCustomError("bad_id", "")
    return text


def _id_or_nothing(text: str) -> str:
    return _id(text) if text else text


def _step_id(text: str) -> str:
    if _STEP_ID.fullmatch(text) is None:
        raise PydanticCustomError("step_id", "", {"expected": "1.1"})
    return text


def _start(text: str) -> str:
    if start_problem(text) is not None:
        raise PydanticCustomError("start_format", "")
    return text


Id = Annotated[str, Field(min_length=1, max_length=64), AfterValidator(_id)]
StepId = Annotated[str, Field(max_length=8), AfterValidator(_step_id)]
Start = Annotated[str, Field(max_length=16), AfterValidator(_start)]
ShortId = Annotated[str, Field(min_length=1, max_length=24), AfterValidator(_id)]
"""Of what becomes a part of a field's name."""
Tie = Annotated[str, Field(max_length=24), AfterValidator(_id_or_nothing)]
No = Annotated[str, Field(min_length=1, max_length=8), AfterValidator(_one_line)]
Title = Annotated[str, Field(min_length=1, max_length=160), AfterValidator(_one_line)]
Text = Annotated[str, Field(min_length=1, max_length=600), AfterValidator(_one_line)]
Number = Annotated[int, Field(ge=1, le=99)]
Months = Annotated[int, Field(ge=0, le=24)]


class Written(BaseModel):
    """A table as somebody wrote it: known keys only, nothing converted."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class WrittenMoment(Written):
    """`{ month = 0, word = "初" }`."""

    month: Months
    word: TenDayWord = ""


class WrittenWindow(Written):
    """`[phases.window]`."""

    words: Title
    start: WrittenMoment
    end: WrittenMoment


class WrittenItem(Written):
    """`[[phases.steps.checklist]]` and `[[phases.steps.remarks]]`."""

    no: No
    text: Text
    text_en: Text


class WrittenSubstep(Written):
    """`[[phases.steps.substeps]]`."""

    no: No
    title: Title
    title_en: Title


Roles = Annotated[list[Id], Field(max_length=20)]
Items = Annotated[list[WrittenItem], Field(max_length=60)]


class WrittenStep(Written):
    """`[[phases.steps]]`."""

    id: StepId
    no: Number
    title: Title
    title_en: Title
    condition: Condition | None = None
    checklist: Items = []
    remarks: Items = []
    substeps: Annotated[list[WrittenSubstep], Field(max_length=60)] = []
    documents: Annotated[list[Document], Field(max_length=10)] = []
    reviewed_by: Roles = []
    informed: Roles = []
    filed_with: Roles = []
    reported_to: Roles = []
    attended_by: Roles = []
    throughout: bool = False
    interleaves: bool = False
    redo: bool = False
    retired: bool = False


class WrittenPhase(Written):
    """`[[phases]]`."""

    no: Number
    title: Title
    title_en: Title
    window: WrittenWindow
    steps: Annotated[list[WrittenStep], Field(min_length=1, max_length=99)]


class WrittenWorkflow(Written):
    """One workflow file."""

    id: Id
    title: Title
    title_en: Title
    kinds: Annotated[list[Id], Field(min_length=1, max_length=40)]
    phases: Annotated[list[WrittenPhase], Field(min_length=1, max_length=12)]
    assumed_kinds: Annotated[list[Id], Field(max_length=40)] = []
    minimum_months: Months = 0
    notes: Annotated[list[Text], Field(max_length=60)] = []


class WrittenRole(Written):
    """`[[roles]]`."""

    id: Id
    title: Title
    title_en: Title
    invited: bool = False
    tie: Tie = ""


class WrittenGrade(Written):
    """`[[rules.grades]]`."""

    id: ShortId
    title: Title
    title_en: Title
    satisfied: bool


class WrittenQuestion(Written):
    """`[[rules.questions]]`."""

    id: ShortId
    title: Title
    title_en: Title


class WrittenRung(Written):
    """`[[rules.ladder]]`."""

    days: Annotated[int, Field(ge=0, le=365)]
    title: Title
    title_en: Title


class WrittenRules(Written):
    """`[rules]`; what a written campaign leaves out takes the default of `model.Rules`."""

    warning_days: Annotated[int, Field(ge=0, le=60)] = 3
    redo_above: Annotated[float, Field(ge=0, le=1)] = 0.5
    redo_days: Annotated[int, Field(ge=1, le=365)] = 30
    grades: Annotated[list[WrittenGrade], Field(max_length=8)] = [WrittenGrade(**asdict(each)) for each in GRADES]
    questions: Annotated[list[WrittenQuestion], Field(min_length=1, max_length=4)] = [
        WrittenQuestion(**asdict(each)) for each in QUESTIONS
    ]
    ladder: Annotated[list[WrittenRung], Field(min_length=1, max_length=6)] = [
        WrittenRung(**asdict(each)) for each in LADDER
    ]


class WrittenChoice(Written):
    """`[[lists.items]]`."""

    id: Id
    title: Title
    title_en: Title
    workflows: Annotated[list[Id], Field(max_length=60)] = []


class WrittenList(Written):
    """`[[lists]]`."""

    id: Id
    items: Annotated[list[WrittenChoice], Field(min_length=1, max_length=99)]


class WrittenCampaign(Written):
    """`campaign.toml`, with the optional `order` of its workflows."""

    id: Id
    title: Title
    title_en: Title
    start: Start
    roles: Annotated[list[WrittenRole], Field(max_length=200)] = []
    rules: WrittenRules = WrittenRules()
    lists: Annotated[list[WrittenList], Field(max_length=20)] = []
    revision: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    order: Annotated[list[Id], Field(max_length=60)] = []
