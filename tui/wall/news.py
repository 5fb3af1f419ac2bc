"""What changed last before this wall was switched on, out of the newest records of the log."""

from __future__ import annotations

from datetime import datetime, tzinfo

from shared.board.district import BLANK
from shared.board.record import kind_of, owner_of, rest_of
from tui.replica import Replica
from tui.view import BoardView
from tui.wall.facts import Changed

_READ = 400


def newest(replica: Replica, view: BoardView, limit: int, zone: tzinfo | None = None) -> tuple[Changed, ...]:
    """The steps that were changed last, the newest first, each once and with the light it has now.

    Times are those of a zone, of this machine's unless given.
    """
    places = {column.step: at for at, column in enumerate(view.chart.columns)}
    found: dict[tuple[str, str], Changed] = {}
    for record in replica.bygone.newest(0, _READ):
        change = record.change()
        if change is None or not record.applied or kind_of(change.record) != "step":
            continue
        owner, step = owner_of(change.record), rest_of(change.record)
        row, place = view.rows.get(owner), places.get(step)
        if row is None or place is None or row.lights[place] == BLANK or (owner, step) in found:
            continue
        at = datetime.fromisoformat(record.at).astimezone(zone)
        found[owner, step] = Changed(at, owner, row.name, step, "", row.lights[place])
        if len(found) == limit:
            break
    return tuple(found.values())
