"""The people of a simulation: an inspector for each town, two leads for the district, and one who has fallen silent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from server.ledger import Author
from server.members import Device, Member
from server.office import Office
from shared.rights import Role
from shared.roster import in_area

PREFIX: Final = "sim-"
"""How the ids of simulated devices begin; no other device has such an id."""
SILENT: Final = "模拟（失联）"
SPEAKING: Final = "模拟"
SECOND_INSPECTORS: Final = 2
_STEMS: Final = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"


@dataclass(frozen=True, slots=True)
class Cast:
    """Who enters things: inspectors by town, leads for all, and the towns whose laptop is no longer heard of."""

    inspectors: Mapping[str, Sequence[Author]]
    leads: Sequence[Author]
    silent: frozenset[str]

    def of_town(self, town: str) -> Sequence[Author]:
        """The inspectors of a town, the first one first."""
        return self.inspectors.get(town, ())

    def everybody(self) -> list[Author]:
        """All of them."""
        return [*(author for town in self.inspectors.values() for author in town), *self.leads]


def cast_for(towns: Sequence[str], silent: str, district: str) -> Cast:
    """The people of a district with these towns. The first towns have a second inspector, as only then two collide."""
    inspectors = {town: [_author("示例员", n, Role.MEMBER, town)] for n, town in enumerate(towns)}
    for n, town in enumerate([town for town in towns if town != silent][:SECOND_INSPECTORS], len(towns)):
        inspectors[town].append(_author("示例员", n, Role.MEMBER, town))
    leads = [_author("示例组长", n, Role.LEAD, district) for n in range(2)]
    return Cast(inspectors, leads, frozenset({silent}))


def enrol(office: Office, cast: Cast, enrolled: datetime) -> None:
    """Enter all of them as members with a device each, so that the board knows whom it hears."""
    for author in cast.everybody():
        title = SILENT if cast.silent.intersection(author.areas) else SPEAKING
        device = Device(author.device, author.member, title, enrolled.isoformat(timespec="seconds"), None)
        office.members.seat(Member(author.member, author.role, author.areas), device)


def is_simulated(office: Office) -> bool:
    """Whether this board is a simulation; no simulated entry must ever reach another one."""
    return any(device.id.startswith(PREFIX) for device in office.members.devices())


def cast_of(office: Office) -> Cast:
    """The people who were enrolled on a board as simulated."""
    members = {member.name: member for member in office.members.members() if member.revoked is None}
    inspectors: dict[str, list[Author]] = {}
    leads: list[Author] = []
    silent: set[str] = set()
    for device in office.members.devices():
        member = members.get(device.member)
        if member is None or not device.id.startswith(PREFIX):
            continue
        author = Author(device.id, member.name, member.role, member.areas)
        if member.role is Role.LEAD:
            leads.append(author)
        else:
            inspectors.setdefault(member.areas[0], []).append(author)
        if device.title == SILENT:
            silent.update(member.areas)
    return Cast(inspectors, leads, frozenset(silent))


def town_in(code: str, cast: Cast) -> str:
    """The town of the cast that a unit belongs to, or an empty text."""
    return next((town for town in cast.inspectors if in_area(code, (town,))), "")


def _author(title: str, number: int, role: Role, area: str) -> Author:
    name = title + (_STEMS[number] if number < len(_STEMS) else str(number + 1))
    return Author(f"{PREFIX}{role.value}-{number + 1}", name, role, (area,))
