"""What can be done about an entry that needs a look, one's own or one that waits for a decision."""

from __future__ import annotations

import os
from pathlib import Path

import orjson
from rich.text import Text

from shared.board.change import Change, to_json
from shared.board.holds import Verdict
from shared.board.record import kind_of, owner_of, rest_of
from shared.messages import _
from tui.holding import Undecided
from tui.reasons import reason_words
from tui.screens.asking import Inquiry, Way
from tui.screens.sync.detail import held_text, look_text
from tui.view import BoardView
from tui.waiting import ASKING, REFUSED, Look

GO, BACK, MEND, DISMISS, EXPORT = "go", "back", "mend", "dismiss", "export"
PRIVATE = 0o600


def inquiry_of_look(view: BoardView | None, look: Look, asking: int) -> Inquiry:
    """An own entry that needs a look; `asking` is how many wait for a word."""
    ways: list[Way] = []
    if look.status == ASKING:
        ways.append(Way(GO, Text(_("let all {count} entries go").format(count=asking))))
        ways.append(Way(BACK, Text(_("take all of them back: nothing of it counts then"))))
    if look.status != ASKING and step_of(view, look.change) is not None:
        ways.append(Way(MEND, Text(_("mend it and enter it anew"))))
    if look.status not in (ASKING, REFUSED):
        ways.append(Way(DISMISS, Text(_("I have seen it; ask no more"))))
    ways.append(Way(EXPORT, Text(_("write it to the file named below"))))
    return Inquiry(_("What shall become of it?"), look_text(view, look), ways, _("File"), str(export_path(look.change)))


def inquiry_of_held(view: BoardView | None, waiting: Undecided) -> Inquiry:
    """A held entry before somebody who may decide on it."""
    ways = [
        Way(Verdict.RELEASED.value, Text(_("release it: it counts from now on"))),
        Way(Verdict.DECLINED.value, Text(_("decline it: it never counts, and its author sees why"))),
    ]
    return Inquiry(_("Release or decline?"), held_text(view, waiting), ways, _("Reason"))


def step_of(view: BoardView | None, change: Change) -> str | None:
    """The step of its unit's plan that an entry is about, if it can be entered anew here."""
    owner, step = owner_of(change.record), rest_of(change.record)
    unit = view.units.get(owner) if view is not None else None
    if view is None or unit is None or kind_of(change.record) != "step":
        return None
    return step if any(plan.step.id == step for plan in view.chart.plan(unit)) else None


def export_path(change: Change) -> Path:
    """Where an entry is written to unless somebody says otherwise."""
    return Path.home() / f"guatu-{change.id[:8]}.json"


def export(path: Path, look: Look) -> None:
    """Write an entry to a file of its own, with why it is not on the board; no file is written over. Raises OSError."""
    body = {
        "status": look.status,
        "why": reason_words(look.status),
        "by": look.by,
        "reason": look.reason,
        "change": to_json(look.change),
    }
    with open(os.open(path.expanduser(), os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE), "wb") as file:  # noqa: PTH123 -- the descriptor carries the mode
        file.write(orjson.dumps(body, option=orjson.OPT_INDENT_2))
        file.flush()
        os.fsync(file.fileno())
