"""What the doors show of a board: the whole of it as rows, and one unit with everything that stands on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

import orjson

from server.answers import FieldAnswer, HeadAnswer, RecordAnswer, UnitAnswer, UnitLights, UnitPage
from server.breath import Breath
from server.desk import Desk
from shared.board.district import TownRow
from shared.board.record import Record
from shared.roster import Unit

MAX_RECORDS: Final = 2000
"""A unit's page shows so many of its records; the snapshot has all."""


async def board_body(desk: Desk, areas: tuple[str, ...]) -> bytes:
    """The answer to `GET board`, a `BoardAnswer`; put together from rows that are in JSON already."""
    head, day = desk.feed.head, desk.day
    seen = await desk.rows.read(areas, day)
    chart, counts = desk.rows.chart, Counter[str]()
    for town in seen.towns:
        counts.update(dict(town.counts))
    named = {name: getattr(chart.campaign, name) for name in ("id", "title", "title_en", "revision")}
    rest = {
        "board": head.board,
        "head": head.seq,
        "campaign": {**named, "digest": desk.office.campaigns.digest()},
        "today": day.today.isoformat(),
        "columns": [column.step for column in chart.columns],
        "towns": [_town_json(town) for town in seen.towns],
        "counts": counts,
        "done": sum(town.done for town in seen.towns),
        "applicable": sum(town.applicable for town in seen.towns),
    }
    return b'%b,"units":[%b]}' % (orjson.dumps(rest)[:-1], b",".join(seen.units))


async def unit_page(desk: Desk, code: str) -> UnitPage | None:
    """One unit with its row and its first `MAX_RECORDS` records, or nothing when there is none of this code."""
    unit = desk.rows.unit(code)
    if unit is None:
        return None
    row = desk.rows.row(code, desk.day)
    head, addresses = desk.feed.head.seq, desk.office.store.addresses(code)
    records: list[RecordAnswer] = []
    breath = Breath()
    for address in addresses[:MAX_RECORDS]:
        if breath.due():
            await breath.take()
        record = desk.office.store.get(address)
        if record is not None:
            records.append(_record_answer(record))
    return UnitPage(
        unit=unit_answer(unit),
        row=UnitLights.model_validate(row) if row is not None else None,
        records=tuple(records),
        complete=len(addresses) <= MAX_RECORDS,
        head=head,
    )


def unit_answer(unit: Unit) -> UnitAnswer:
    """A unit as it travels."""
    return UnitAnswer(
        code=unit.code,
        name=unit.name,
        short=unit.short,
        kind=unit.kind.value,
        parent=unit.parent,
        group=unit.group,
        closed=unit.closed,
        attributes=dict(unit.attributes),
        people=dict(unit.people),
        figures=dict(unit.figures),
        ties=dict(unit.ties),
    )


def _record_answer(record: Record) -> RecordAnswer:
    collisions = record.collisions()
    return RecordAnswer(
        address=record.address,
        fields={
            name: FieldAnswer(
                heads=tuple(HeadAnswer(**head._asdict()) for head in record.heads(name)), collides=name in collisions
            )
            for name in sorted(record.fields())
        },
    )


def _town_json(town: TownRow) -> Mapping[str, Any]:
    names = ("code", "name", "units", "done", "applicable", "worst", "marks", "over", "problems", "late")
    return {**{name: getattr(town, name) for name in names}, "counts": dict(town.counts)}
