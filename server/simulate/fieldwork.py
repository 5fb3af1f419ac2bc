"""What a simulated inspection group does on units: visits and their findings, problems and their closing, surveys."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from random import Random
from typing import Final, NamedTuple

from server.simulate.entries import Values
from shared.board.closing import PROBLEM
from shared.board.record import Record, kind_of
from shared.board.stages import STAGE_DAY, Stage, stage_of
from shared.board.standing import settled
from shared.board.surveys import SURVEY, count_field
from shared.inspection.item import address_of
from shared.inspection.problems import ESCALATION, HELD, LOOKBACK, REBOUNDED
from shared.inspection.visits import INSPECTION, VISIT

FINDINGS: Final = (
    "村务公开栏三个月未更新",
    "路灯损坏，夜间出行不便",
    "党员活动室被占用",
    "沟渠堵塞，雨天积水",
    "低保评议记录不全",
    "流动党员台帐缺联系方式",
    "征求意见箱无人开启",
    "健身器材损坏未修",
)
VISIT_NOTES: Final = ("听取汇报，查看学习笔记", "入户走访，听取群众意见", "参加组织生活会并点评", "查阅台帐和会议记录")
VISITED: Final = 0.6
PLANNED: Final = 0.08
REGISTERED: Final = 0.55
SURVEY_DAYS: Final = ((6, 0.55, False), (25, 0.6, True), (9, 0.1, False), (4, 0.0, False))
"""Surveys of the demonstration: how many days ago, which share was dissatisfied, and whether a second one followed."""


class Done(NamedTuple):
    """One entry beside the steps: its day, who makes it (the group or the unit's inspector), where, and its fields."""

    day: date
    by_lead: bool
    address: str
    values: Values


def work_on(unit: str, first: date, today: date, rng: Random) -> Iterator[list[Done]]:
    """What happened on a unit, each thing with all its entries in the order of their days."""
    visits = list(_visits(unit, first, today, rng))
    yield from ([visit] for visit in visits)
    found = next((each for each in visits if each.values.get("findings")), None)
    if found is not None:
        finding = str(found.values["findings"]).splitlines()[0]
        yield _problem(unit, found.day, today, finding, rng, visit=found.address.rpartition("/")[2])
    while rng.random() < REGISTERED / 2:
        day = first + timedelta(days=rng.randint(5, max(6, (today - first).days - 1)))
        if day <= today:
            yield _problem(unit, day, today, rng.choice(FINDINGS), rng)


def survey_on(unit: str, number: int, today: date, rng: Random) -> list[Done]:
    """The surveys of a unit: the first is under the threshold, the second was held again since, the others passed."""
    days, share, again = SURVEY_DAYS[number]
    found = [_sheet(unit, today - timedelta(days=days), share, rng)]
    if again:
        found.append(_sheet(unit, today - timedelta(days=4), 0.12, rng))
    return found


def _visits(unit: str, first: date, today: date, rng: Random) -> Iterator[Done]:
    if rng.random() < PLANNED:
        day = today + timedelta(days=rng.randint(1, 6))
        planned = {"planned_on": day.isoformat(), "who": "示例检查组"}
        yield Done(today - timedelta(days=1), True, address_of(VISIT, unit, _id(rng)), planned)
    if rng.random() > VISITED:
        return
    span = max(1, (today - first).days - 3)
    for day in sorted(first + timedelta(days=3 + rng.randrange(span)) for _ in range(rng.randint(1, 3))):
        values: Values = {"on": day.isoformat(), "who": "示例检查组", "note": rng.choice(VISIT_NOTES)}
        if rng.random() < 0.4:
            values["findings"] = "\n".join(rng.sample(FINDINGS, rng.randint(1, 2)))
        yield Done(day, True, address_of(VISIT, unit, _id(rng)), values)


def _problem(unit: str, found: date, today: date, title: str, rng: Random, visit: str = "") -> list[Done]:
    problem_id = _id(rng)
    address = address_of(PROBLEM, unit, problem_id)
    due = found + timedelta(days=rng.randint(8, 40))
    values: Values = {
        "title": title,
        "severity": rng.choice(("low", "low", "medium", "high")),
        "source": INSPECTION if visit else rng.choice(("self-check", "opinions")),
        "due_on": due.isoformat(),
        "found_on": found.isoformat(),
        "responsible": "示例责任人",
        "stage": Stage.OPEN.value,
        **({"visit": visit} if visit else {}),
    }
    entries = [Done(found, bool(visit), address, values)]
    if rng.random() < 0.12:
        asked = {"problem": problem_id, "level": "departments", "to": "示例部门", "on": found.isoformat()}
        entries.append(Done(found, False, address_of(ESCALATION, unit, _id(rng)), asked))
    day = found + timedelta(days=rng.randint(3, 30))
    chances = ((Stage.MEASURED, 0.75), (Stage.CHECKED, 0.75), (Stage.SIGNED, 0.85), (Stage.PUBLISHED, 0.6))
    for stage, chance in chances:
        if rng.random() > chance or day > today:
            return entries
        moved: Values = {"stage": stage.value, STAGE_DAY[stage.value]: day.isoformat()}
        entries.append(Done(day, stage is not Stage.MEASURED, address, moved))
        day += timedelta(days=rng.randint(1, 4))
    return [*entries, *_look_back(unit, address, day + timedelta(days=5), today, rng)]


def _look_back(unit: str, address: str, day: date, today: date, rng: Random) -> Iterator[Done]:
    if day > today or rng.random() < 0.3:
        return
    came_back = rng.random() < 0.4
    look: Values = {"problem": address.rpartition("/")[2], "on": day.isoformat(), "who": "示例检查组"}
    look["result"] = REBOUNDED if came_back else HELD
    yield Done(day, True, address_of(LOOKBACK, unit, _id(rng)), look)
    if came_back:
        due = day + timedelta(days=20)
        values: Values = {"stage": Stage.OPEN.value, "reopened_on": day.isoformat(), "reason": "回头看发现反弹"}
        yield Done(day, True, address, {**values, "due_on": due.isoformat()})


def _sheet(unit: str, day: date, share: float, rng: Random) -> Done:
    issued = rng.randint(60, 180)
    returned = issued - rng.randint(0, 6)
    valid = returned - rng.randint(0, 3)
    unhappy = round(valid * share)
    basic = (valid - unhappy) // 4 if share else 0
    values: Values = {
        "on": day.isoformat(),
        "invited": issued,
        "present": issued,
        "issued": issued,
        "returned": returned,
        "valid": valid,
        count_field("effect", "satisfied"): valid - unhappy - basic,
        count_field("effect", "basic"): basic,
        count_field("effect", "dissatisfied"): unhappy,
    }
    return Done(day, True, address_of(SURVEY, unit, _id(rng)), values)


def _id(rng: Random) -> str:
    return f"{rng.getrandbits(128):032x}"


def next_work(unit: str, standing: Sequence[Record], today: date, rng: Random) -> Done:
    """What is done next on a unit with these records: a problem goes on to its next stage, or somebody visits."""
    open_ones = [record for record in standing if kind_of(record.address) == PROBLEM and not record.collisions()]
    rng.shuffle(open_ones)
    for record in open_ones:
        values = settled(record)
        following = _NEXT.get(stage_of(values))
        if following is not None and values.get("withdrawn") is not True:
            moved: Values = {"stage": following.value, STAGE_DAY[following.value]: today.isoformat()}
            return Done(today, following is not Stage.MEASURED, record.address, moved)
    values_of_visit: Values = {"on": today.isoformat(), "who": "示例检查组", "note": rng.choice(VISIT_NOTES)}
    return Done(today, True, address_of(VISIT, unit, _id(rng)), values_of_visit)


_NEXT: Final = {before.value: after for before, after in pairwise(Stage)}
