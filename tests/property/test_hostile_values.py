"""Whatever stands in the fields of records, as an older, newer or malicious laptop may write it.

Nothing that reads the board fails, no other unit is hidden, and nothing of it steers a terminal.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.style import Style

from shared.board import record as records
from shared.board.change import JSON, Change
from shared.board.history import events
from shared.board.log_record import Cursor, genesis
from shared.board.record import Record, step_address, unit_address
from shared.board.reduce import fold
from shared.board.unit import values_of
from shared.campaign.calendar import with_start
from shared.campaign.codec import dump
from shared.campaign.loader import builtin
from shared.forms.shelf import form_of, forms
from shared.inspection.archive import contents, wanted_of
from shared.inspection.chase import EVERYTHING
from shared.inspection.register import Sought
from shared.rights import Role
from tests.logbook import BOARD, Logbook, change
from tests.tui.boards import TODAY, identity, unit
from tui import duties, registers
from tui.commands.looking import unit_json
from tui.commands.story_lines import story_lines
from tui.ledger_words import ledger_row
from tui.replica import Replica
from tui.screens.deeds import Doing, of_record
from tui.screens.record_lines import Place, record_lines
from tui.telling import tell
from tui.view import open_view

VILLAGE, OTHER = "340111001204", "340111001008"
NOW: Final = datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=UTC)
CAMPAIGN: Final = with_start(builtin("baohe-2009"), "2026-09")
KINDS: Final = sorted(forms())
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(
        ["", "open", "signed", "approved", "2026-11-18", "9999-12-31", "0001-01-01", "x\x1b[2J", "[b]", "1.5"]
    ),
    st.text(max_size=6).filter(lambda text: text.isprintable()),
)
VALUES = st.recursive(
    SCALARS,
    lambda each: st.one_of(st.lists(each, max_size=3), st.dictionaries(st.sampled_from("ab"), each)),
    max_leaves=4,
)


def fields_of(kind: str) -> list[str]:
    """The fields of a form, and what acts and the office set beside them."""
    form = form_of(kind, CAMPAIGN)
    assert form is not None
    return [*(each.name for each in form.fields), "withdrawn", "number", "from_later"]


@st.composite
def entries(draw: st.DrawFn) -> tuple[str, dict[str, JSON]]:
    kind = draw(st.sampled_from([*KINDS, "step", "unit"]))
    if kind == "step":
        names = ["state", "done_on", "due_on", "submitted_on", "note", "redone", "tick.1", "reason"]
        values = draw(st.dictionaries(st.sampled_from(names), VALUES, min_size=1, max_size=4))
        return step_address(VILLAGE, draw(st.sampled_from(["1.5", "3.1", "9.9"]))), values
    if kind == "unit":
        names = ["person.liaison", "figure.members", "tie.department", "attribute.weak", "window.1", "group"]
        return unit_address(VILLAGE), draw(st.dictionaries(st.sampled_from(names), VALUES, min_size=1, max_size=3))
    values = draw(st.dictionaries(st.sampled_from(fields_of(kind)), VALUES, min_size=1, max_size=8))
    return f"{kind}/{VILLAGE}/{draw(st.sampled_from('ab')) * 32}", values


def replica_of(folder: Path, changes: Iterable[Change]) -> Replica:
    """A laptop on which these have been confirmed, beside a unit that nobody has touched."""
    standing: dict[str, dict[str, Record]] = {}
    units = (unit("340111001", "骆岗街道"), unit(VILLAGE, "陆大村民委员会"), unit(OTHER, "官塘社区居民委员会"))
    every = [
        *(change(90 + n, values_of(one), unit_address(one.code)) for n, one in enumerate(units)),
        *changes,
    ]
    for each in every:
        owned = standing.setdefault(each.record.split("/")[1], {})
        owned[each.record] = fold(owned.get(each.record) or Record(each.record), [each])
    lines = (
        (owner, orjson.dumps({address: records.to_json(record) for address, record in found.items()}))
        for owner, found in standing.items()
    )
    replica = Replica(folder / "replica.sqlite")
    replica.install(
        Cursor(BOARD, 1, genesis(BOARD)), lines, areas=("340111",), campaign=("c", orjson.dumps(dump(CAMPAIGN)))
    )
    return replica


@pytest.mark.slow
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(st.lists(entries(), min_size=1, max_size=6))
def test_nothing_that_reads_the_board_fails_on_what_stands_in_a_field(
    tmp_path_factory: pytest.TempPathFactory, told: list[tuple[str, dict[str, JSON]]]
) -> None:
    made = [change(number, values, address) for number, (address, values) in enumerate(told, 1)]
    replica = replica_of(tmp_path_factory.mktemp("hostile"), made)
    try:
        said = _everything_said(replica, made)
    finally:
        replica.close()
    assert "\x1b" not in said
    assert "\x9b" not in said


def _everything_said(replica: Replica, made: list[Change]) -> str:
    view = open_view(replica, identity(), lambda: NOW)
    assert view is not None
    assert view.rows[OTHER].applicable > 0
    lines = [repr(view.rows[VILLAGE])]
    lines += [repr(duties.my_day(replica, identity(), NOW) is None)]
    lines += [repr(duties.chase(replica, identity(), NOW, EVERYTHING) is None)]
    registers.review(replica, identity(), NOW)
    registers.coverage(replica, identity(), NOW)
    for found in registers.problems(replica, identity(), NOW, Sought(open_only=False)):
        ledger_row(1, found, view)
    known, one = replica.records(VILLAGE), view.units.get(VILLAGE)
    if one is not None:
        lines += _unit_said(view, one, known)
    book = Logbook()
    for each in made:
        book.store(each)
    lines += [tell(event, "陆大村") for event in events(book.records)]
    return "\n".join(lines)


def _unit_said(view: Any, one: Any, known: dict[str, Record]) -> list[str]:
    body = unit_json(view, one, known)
    orjson.dumps(body)
    workflow = view.rows[VILLAGE].workflow
    place = Place(VILLAGE, workflow, TODAY, CAMPAIGN, lambda light: Style())
    steps = [plan.step for plan in view.chart.plan(one, known.get(unit_address(VILLAGE)))]
    contents(known, VILLAGE, wanted_of(CAMPAIGN, workflow, steps))
    doing = Doing(Role.LEAD, VILLAGE, workflow, TODAY, CAMPAIGN, known, lambda: "f" * 32)
    words = [deed.words for address in known for deed in of_record(doing, address)]
    return [*story_lines(view, one, body), *(line.words.plain for line in record_lines(known, place)), *words]
