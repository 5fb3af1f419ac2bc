"""What a board shows of pairs: how far the others are for whom a unit shares the responsibility, and of its group."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from shared.board.district import BLANK, URGENCY
from shared.board.record import unit_address
from shared.messages import _, pick
from shared.people.groups import Group, group_of
from shared.people.pairing import DEPARTMENT, PARTNERS, SIDES, Pairing, is_paired, pairing_of
from shared.rights import EVERYWHERE
from shared.roster import Unit
from tui.grid.plain import plain
from tui.laptop import Laptop
from tui.view import BoardView

_LAST: Final = len(URGENCY)
DISTRICT: Final = 6
"""So many digits name a district."""


class Mate(NamedTuple):
    """A unit that another is paired with, and how far it is: its most urgent light, what is done of how many steps."""

    unit: Unit
    worst: str
    done: int
    applicable: int


def paired(view: BoardView, unit: Unit) -> Pairing:
    """What a unit is paired with on this board."""
    return pairing_of(unit, view.units.values())


def with_pairs(laptop: Laptop, view: BoardView, unit: Unit) -> BoardView:
    """The same board, or the whole one where `view` may lack units that this one is paired with."""
    alone = len(view.units) == 1 and (is_paired(unit) or _any_partners(laptop))
    return laptop.view() if alone else view


def _any_partners(laptop: Laptop) -> bool:
    """Whether any unit names partners, found without reading the whole board."""
    field = f"tie.{PARTNERS}"
    for owner in laptop.replica.holding(f'"{field}"'):
        record = laptop.replica.records(owner).get(unit_address(owner))
        if record is not None and record.value(field):
            return True
    return False


def shared_title() -> str:
    """What stands above the lines of a pairing."""
    return _("Paired, with shared responsibility")


def pair_lines(view: BoardView, unit: Unit, areas: Iterable[str]) -> list[str]:
    """With whom a unit shares the responsibility, how far each of them is, and what the pairing lacks; maybe nothing.

    `areas`: what this laptop reads; somebody of a pair may lie outside them.
    """
    pairing = paired(view, unit)
    lines = []
    if pairing.department and not unit.ties.get(DEPARTMENT):
        lines.append(_("{department}, through a partner").format(department=plain(pairing.department)))
    lines += [mate_line(each) for each in mates(view, pairing.units)]
    lines += [_("{name}: not known on this laptop").format(name=plain(name)) for name in pairing.unknown]
    if pairing.missing:
        lines.append(missing_line(pairing.missing, whole=reads_district(areas)))
    return lines


def mates(view: BoardView, codes: Iterable[str]) -> list[Mate]:
    """How far these units are."""
    return [mate(view, code) for code in codes if code in view.rows]


def mate(view: BoardView, code: str) -> Mate:
    """How far one of them is."""
    row = view.rows[code]
    worst = min(row.lights, key=lambda light: URGENCY.get(light, _LAST), default=BLANK)
    return Mate(view.units[code], worst, row.done, row.applicable)


def mate_line(each: Mate) -> str:
    """A unit of a pair on one line: its most urgent light, what is done, code and name."""
    return f"{each.worst}  {each.done}/{each.applicable}  {each.unit.code}  {plain(each.unit.short)}"


def missing_line(missing: Iterable[str], *, whole: bool) -> str:
    """What a pairing lacks of 1+3, in a sentence; a laptop that reads only some areas does not know of all units."""
    sides = pick("、", ", ").join(pick(*SIDES[side]) for side in missing)
    if whole:
        return _("1+3 is not complete, it lacks: {sides}.").format(sides=sides)
    return _("1+3 is not complete as far as this laptop's areas show, it lacks: {sides}.").format(sides=sides)


def reads_district(areas: Iterable[str]) -> bool:
    """Whether who reads these areas reads a whole district, so that nobody of a pair is out of sight."""
    return any(area == EVERYWHERE or len(area) <= DISTRICT for area in areas)


def group_line(view: BoardView, unit: Unit) -> str:
    """Who answers for a unit: the group with its head and phone as the office registered it, else the name alone."""
    group = group_of(unit, view.groups.values())
    return plain(unit.group) if group is None else told_group(group)


def told_group(group: Group) -> str:
    """A group on one line: its name, its head, its phone."""
    return "  ".join(plain(text) for text in (group.name, group.head, group.phone) if text)
