"""Everything a board holds, as one JSON value for other programs. No hash, code or token is in it."""

from __future__ import annotations

from typing import Any, Final

from server.members import Members
from server.office import Office
from server.roster_entry import current_units
from shared.board.record import to_json
from shared.campaign.codec import dump
from shared.roster import Unit

FORMAT: Final = 1


def export(office: Office) -> dict[str, Any]:
    """The board as it stands at `cursor`: its campaign, units, records by address, and people with their devices.

    `units` is the roster as read from the records; `records` holds all of it, with every standing value and who set it.
    """
    return {
        "format": FORMAT,
        "at": office.clock().isoformat(timespec="seconds"),
        "cursor": office.ledger.head._asdict(),
        "area": office.area,
        "campaign": dump(office.campaigns.current),
        "units": [unit_as_json(unit) for unit in current_units(office).values()],
        "records": {
            address: to_json(record)
            for owner in office.store.owners()
            for address, record in office.store.of(owner).items()
        },
        "members": members(office.members),
    }


def unit_as_json(unit: Unit) -> dict[str, Any]:
    """A unit with all its words."""
    return {
        "code": unit.code,
        "name": unit.name,
        "short": unit.short,
        "kind": unit.kind.value,
        "parent": unit.parent,
        "attributes": dict(unit.attributes),
        "people": dict(unit.people),
        "figures": dict(unit.figures),
        "ties": dict(unit.ties),
        "group": unit.group,
        "closed": unit.closed,
    }


def members(people: Members) -> list[dict[str, Any]]:
    """Everybody who was ever let in, with their devices."""
    devices, copied = people.devices(), people.copied()
    return [
        {
            "name": member.name,
            "role": member.role.value,
            "areas": list(member.areas),
            "revoked": member.revoked,
            "devices": [
                {
                    "id": d.id,
                    "title": d.title,
                    "enrolled": d.enrolled,
                    "heard": d.heard,
                    "copied": copied.get(d.id),
                }
                for d in devices
                if d.member == member.name
            ],
        }
        for member in people.members()
    ]
