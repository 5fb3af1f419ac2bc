"""A small board made in code: a campaign of a few steps, units in two towns, and entries on them."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path
from typing import Any, Final

from server.ledger import Author
from server.office import Office, create
from shared.board.change import JSON, Change
from shared.board.record import step_address, unit_address
from shared.board.unit import values_of
from shared.campaign.model import Campaign, Moment, Phase, Step, Window, Workflow
from shared.rights import Role
from shared.roster import Unit, UnitKind, parent_of

AREA: Final = "340111"
TOWN, OTHER_TOWN = "340111001", "340111002"
VILLAGE, SECOND, COMMUNITY = "340111001200", "340111001201", "340111001001"
FAR_VILLAGE, CLOSED = "340111002200", "340111002201"
NOON: Final = datetime(2026, 4, 10, 4, tzinfo=UTC)
"""Noon in Hefei, in the middle of the first phase."""


class SetClock:
    """A clock that stands until it is moved."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> bool:
        """Let time pass; false, so that a condition may move it while it is not met."""
        self.now += timedelta(**by)
        return False


def _step(no: str, **more: Any) -> Step:
    return Step(id=no, no=int(no.partition(".")[2]), title=f"步骤{no}", title_en=f"Step {no}", **more)


def _phases() -> tuple[Phase, ...]:
    first = Window("2026年3月初至4月底", Moment(0, "初"), Moment(1, "底"))
    second = Window("2026年5月初至6月底", Moment(2, "初"), Moment(3, "底"))
    return (
        Phase(1, "学习", "Study", first, (_step("1.1"), _step("1.2"), _step("1.3", retired=True))),
        Phase(2, "整改", "Mend", second, (_step("2.1", redo=True), _step("2.2", condition="party_committee"))),
    )


def campaign() -> Campaign:
    """Two phases of two steps each and one retired step, for villages, communities and the towns' own organs."""
    kinds = {"village": ("village",), "community": ("community",), "town-organ": ("town-organ",)}
    flows = tuple(Workflow(name, name, name, kinds=kinds[name], phases=_phases()) for name in kinds)
    return Campaign("small", "小活动", "Small", "2026-03", flows)


def unit(code: str, name: str, kind: UnitKind, **more: Any) -> Unit:
    """A unit with its name as its short name."""
    return Unit(code, name, name, kind, parent_of(code), **more)


UNITS: Final = (
    unit(TOWN, "东镇", UnitKind.TOWN_ORGAN),
    unit(VILLAGE, "甲村", UnitKind.VILLAGE),
    unit(SECOND, "乙村", UnitKind.VILLAGE),
    unit(COMMUNITY, "丙社区", UnitKind.COMMUNITY, attributes={"party_committee": True}),
    unit(OTHER_TOWN, "西镇", UnitKind.TOWN_ORGAN),
    unit(FAR_VILLAGE, "丁村", UnitKind.VILLAGE),
    unit(CLOSED, "戊村", UnitKind.VILLAGE, closed=True),
)
MEMBER: Final = Author("d-member", "李员", Role.MEMBER, (TOWN,))
LEAD: Final = Author("d-lead", "王组长", Role.LEAD, (TOWN,))
ADMIN: Final = Author("d-admin", "办公室", Role.ADMIN, ("*",))


def entry(
    author: Author,
    address: str,
    values: Mapping[str, JSON],
    seen: Mapping[str, Sequence[str]] | None = None,
    change_id: str = "",
) -> Change:
    """An entry of this author with an id of its own."""
    named = {name: tuple(ids) for name, ids in (seen or {}).items()}
    number = change_id or secrets.token_hex(16)
    return Change(number, address, dict(values), named, author.member, author.device, "2026-04-10T12:00:00+08:00")


def state(author: Author, value: str, code: str = VILLAGE, step: str = "1.1", **more: Any) -> Change:
    """The entry of a step's state."""
    return entry(author, step_address(code, step), {"state": value}, **more)


def note(author: Author, text: str, code: str = VILLAGE, step: str = "1.1", **more: Any) -> Change:
    """The entry of a step's note."""
    return entry(author, step_address(code, step), {"note": text}, **more)


def notes(author: Author, texts: Iterable[str], *codes: str) -> list[Change]:
    """Notes on these units in turn, each entered by somebody who had seen the one before: nothing collides."""
    last: dict[str, list[str]] = {}
    made: list[Change] = []
    for text, code in zip(texts, cycle(codes or (VILLAGE,)), strict=False):
        made.append(note(author, text, code, seen={"note": last.get(code, [])}))
        last[code] = [made[-1].id]
    return made


def make_office(folder: Path, clock: SetClock, *, serving: bool = True) -> Office:
    """The office of a new board with these units."""
    create(folder, campaign(), AREA, clock)
    office = Office(folder, clock, serving=serving)
    office.enter([office.change(unit_address(one.code), values_of(one)) for one in UNITS])
    return office
