"""What an import would do, as text that a person reads before agreeing to it."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple, TypeVar

from server.roster.columns import column_title
from server.roster.messages import sentence
from server.roster.plan import ImportPlan, UnitChange, Value
from server.roster.problems import Param, Problems, RowProblem
from shared.people.fields import unit_field
from shared.people.words import answers_of, value_told
from shared.roster import Lang, Unit, UnitKind, kind_title

T = TypeVar("T")

LISTED: Final = 50
"""How many units of a part are listed; what closes or reopens is listed whole."""
_SHOWN: Final = 200


class _Words(NamedTuple):
    title: str
    counts: str
    added: str
    changed: str
    closed: str
    reopened: str
    problems: str
    more: str
    error: str
    warning: str
    row: str
    file: str
    change: str
    nothing: str
    yes: str
    no: str
    colon: str
    comma: str


_WORDS: Final[Mapping[Lang, _Words]] = {
    "zh": _Words(
        title="名册导入预演（尚未写入）",
        counts="新增 {added}，变更 {changed}，撤销 {closed}，恢复 {reopened}，不变 {unchanged}；"
        "错误 {errors}，提醒 {warnings}",
        added="新增",
        changed="变更",
        closed="撤销（只标记，不删除）",
        reopened="恢复",
        problems="问题",
        more="…… 另有 {n} 项",
        error="错误",
        warning="提醒",
        row="第 {row} 行",
        file="整个文件",
        change="“{before}” → “{after}”",
        nothing="（空）",
        yes="是",
        no="否",
        colon="：",
        comma="；",
    ),
    "en": _Words(
        title="Roster import, dry run (nothing is written)",
        counts="{added} added, {changed} changed, {closed} closed, {reopened} reopened, {unchanged} unchanged; "
        "{errors} errors, {warnings} warnings",
        added="Added",
        changed="Changed",
        closed="Closed (marked, not deleted)",
        reopened="Reopened",
        problems="Problems",
        more="... and {n} more",
        error="error",
        warning="warning",
        row="row {row}",
        file="the file",
        change="“{before}” → “{after}”",
        nothing="(nothing)",
        yes="yes",
        no="no",
        colon=": ",
        comma="; ",
    ),
}


def report(plan: ImportPlan, lang: Lang = "zh", listed: int = LISTED) -> str:
    """The dry run of a plan: counts, what is added, changed, closed and reopened, then every problem with its place."""
    words = _WORDS[lang]
    change = _change_line(lang)
    lines = [
        words.title,
        counts(plan, lang),
        *_part(words.added, plan.added, lambda unit: _unit(unit, lang), listed, words),
        *_part(words.changed, plan.changed, change, listed, words),
        *_part(words.closed, plan.closed, change, len(plan.closed), words),
        *_part(words.reopened, plan.reopened, change, len(plan.reopened), words),
        *problem_lines(plan.problems, lang),
    ]
    return "\n".join(lines) + "\n"


def counts(plan: ImportPlan, lang: Lang = "zh") -> str:
    """The plan in one line of numbers."""
    return _WORDS[lang].counts.format(
        added=len(plan.added),
        changed=len(plan.changed),
        closed=len(plan.closed),
        reopened=len(plan.reopened),
        unchanged=len(plan.unchanged),
        errors=plan.problems.errors,
        warnings=plan.problems.warnings,
    )


def problem_lines(problems: Problems, lang: Lang = "zh") -> list[str]:
    """Every listed problem with its file and row, and how many more there are; no line when all is well."""
    words = _WORDS[lang]
    lines = _part(words.problems, problems.listed, lambda each: _problem(each, lang), len(problems.listed), words)
    return [*lines, f"  {words.more.format(n=problems.more)}"] if problems.more else lines


def shown(text: str) -> str:
    """A text that somebody typed, safe for a terminal: what cannot be seen is written as its code point."""
    hidden = ("Cc", "Cf", "Cs", "Zl", "Zp")
    cut = text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
    return "".join(f"<U+{ord(ch):04X}>" if unicodedata.category(ch) in hidden else ch for ch in cut)


def _part(title: str, each: Sequence[T], line: Callable[[T], str], listed: int, words: _Words) -> list[str]:
    if not each:
        return []
    lines = [f"{title} ({len(each)})", *(f"  {line(one)}" for one in each[:listed])]
    return [*lines, f"  {words.more.format(n=len(each) - listed)}"] if len(each) > listed else lines


def _unit(unit: Unit, lang: Lang) -> str:
    return f"{unit.code} {shown(unit.name)} [{kind_title(unit.kind, lang)}]"


def _change_line(lang: Lang) -> Callable[[UnitChange], str]:
    words = _WORDS[lang]

    def line(change: UnitChange) -> str:
        # That a unit closes or opens again is what its part says already.
        fields = {name: pair for name, pair in change.fields.items() if name != "closed"}
        said = words.comma.join(_field(name, pair, lang) for name, pair in fields.items())
        unit = f"{change.unit.code} {shown(change.unit.name)}"
        return f"{unit}{words.colon}{said}" if said else unit

    return line


def _field(name: str, pair: tuple[Value, Value], lang: Lang) -> str:
    words = _WORDS[lang]
    before, after = (_value(name, value, lang) for value in pair)
    return f"{shown(column_title(name, lang))} {words.change.format(before=before, after=after)}"


def _value(name: str, value: Value, lang: Lang) -> str:
    words = _WORDS[lang]
    if isinstance(value, bool):
        return words.yes if value else words.no
    if value is None or value == "":
        return words.nothing
    return kind_title(UnitKind(str(value)), lang) if name == "kind" else shown(value_told(name, value, lang))


def _problem(problem: RowProblem, lang: Lang) -> str:
    words = _WORDS[lang]
    place = [shown(problem.file)] if problem.file else []
    if problem.row:
        place.append(words.row.format(row=problem.row))
    if problem.column:
        place.append(shown(column_title(problem.column, lang)))
    grade = words.warning if problem.warns_only else words.error
    params = {key: _param(key, value, lang) for key, value in problem.params.items()}
    if (field := unit_field(problem.column)) is not None and field.options:
        params["choices"] = answers_of(field, lang)
    said = sentence(problem.code, lang).format(**params)
    return f"[{grade}] {' '.join(place)}{words.colon if place else ''}{said}"


def _param(key: str, value: Param, lang: Lang) -> Param:
    if key == "kind" and isinstance(value, str):
        return kind_title(UnitKind(value), lang)
    return shown(value) if isinstance(value, str) else value
