"""Surveys: a sheet's sums, what it says, and whether it falls under the campaign's threshold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

from shared.board.change import JSON
from shared.board.values import day_of
from shared.campaign.model import Question, Rules
from shared.forms.model import Wrong

SURVEY: Final = "survey"
SHEET: Final = ("invited", "present", "issued", "returned", "valid")
"""The numbers of a sheet, none of which may be more than the one before it."""
_PARTS: Final = 1_000_000
"""A share is read to so many parts, so that exactly half is half in whole numbers."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How one question was answered: grade → how many, of how many valid sheets."""

    question: Question
    counts: Mapping[str, int]
    valid: int
    dissatisfied: int

    @property
    def satisfied(self) -> int:
        """How many gave a grade that counts as satisfied."""
        return self.valid - self.dissatisfied

    def fails(self, rules: Rules) -> bool:
        """Whether more are dissatisfied than the campaign lets pass; exactly so many as it says still pass."""
        return self.dissatisfied * _PARTS > round(rules.redo_above * _PARTS) * self.valid


def count_field(question: str, grade: str) -> str:
    """The field that holds how many gave this grade to this question."""
    return f"count.{question}.{grade}"


def sums(values: Mapping[str, JSON], rules: Rules) -> Iterator[Wrong]:
    """What does not add up on a sheet: a number above the one it is part of, answers that are not the valid sheets."""
    known = [(name, number) for name in SHEET if (number := _number(values, name)) is not None]
    for (before, more), (name, number) in pairwise(known):
        if number > more:
            yield Wrong("more-than", name, before)
    valid = _number(values, "valid")
    if valid is None or valid < 1:
        yield Wrong("missing" if valid is None else "no-valid", "valid")
        return
    answered = [question for question in rules.questions if _counts(values, question, rules)]
    if not answered:
        yield Wrong("missing", count_field(rules.questions[0].id, rules.grades[0].id))
    for question in answered:
        total = sum(_counts(values, question, rules).values())
        if total != valid:
            yield Wrong("sum-differs", count_field(question.id, rules.grades[0].id), f"{total} / {valid}")


def tallies(values: Mapping[str, JSON], rules: Rules) -> tuple[Tally, ...]:
    """What a sheet says of each question that was asked; nothing for a sheet that does not add up."""
    if next(sums(values, rules), None) is not None:
        return ()
    unhappy = [grade.id for grade in rules.grades if not grade.satisfied]
    found: list[Tally] = []
    for question in rules.questions:
        if counts := _counts(values, question, rules):
            valid = _number(values, "valid") or 0
            found.append(Tally(question, counts, valid, sum(counts.get(grade, 0) for grade in unhappy)))
    return tuple(found)


def fails(values: Mapping[str, JSON], rules: Rules) -> bool:
    """Whether the sheet opens a redo: one of its questions falls under the threshold."""
    return any(tally.fails(rules) for tally in tallies(values, rules))


def all_satisfied(values: Mapping[str, JSON], rules: Rules) -> bool:
    """Whether nobody at all was dissatisfied: worth a second look, not forbidden."""
    found = tallies(values, rules)
    return bool(found) and all(tally.dissatisfied == 0 for tally in found)


def survey_day(values: Mapping[str, JSON]) -> date | None:
    """The day of a survey."""
    return day_of(values.get("on"))


def _counts(values: Mapping[str, JSON], question: Question, rules: Rules) -> dict[str, int]:
    """Grade → how many; empty when the question was not asked. A grade left out of an answered one counts nobody."""
    given = {grade.id: _number(values, count_field(question.id, grade.id)) for grade in rules.grades}
    if all(number is None for number in given.values()):
        return {}
    return {grade: number or 0 for grade, number in given.items()}


def _number(values: Mapping[str, JSON], name: str) -> int | None:
    value = values.get(name)
    return value if type(value) is int and value >= 0 else None
