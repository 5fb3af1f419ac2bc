"""What a simulated person types: the fields of each kind of entry on a step, and the changes that carry them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, Final

from server.ledger import Author, Offered
from shared.board.change import Change, encode
from shared.board.lights import State
from shared.board.record import Record
from shared.campaign.model import Step

Values = dict[str, Any]

NOTES: Final = (
    "已通知全体党员",
    "会议记录已整理",
    "外出党员用电话传达",
    "材料正在修改",
    "征求意见表已收回",
    "签到册存党务室",
    "与驻区单位共同开展",
    "请指导员到会指导",
)
RETURN_NOTES: Final = ("请补充征求意见情况", "整改时限请写明", "责任人请落实到个人", "附件缺签到册")
NA_REASONS: Final = ("由镇里统一组织", "与上一步合并进行")
_NEW_DUE: Final = timedelta(days=8)


def planned(day: date) -> Values:
    """The unit set itself a day for a step."""
    return {"due_on": day.isoformat()}


def started(day: date) -> Values:
    """Work has begun."""
    return {"state": State.DOING.value, "started_on": day.isoformat()}


def finished(day: date) -> Values:
    """Done on this day."""
    return {"state": State.DONE.value, "done_on": day.isoformat()}


def submitted(day: date) -> Values:
    """Handed in for review."""
    return {"state": State.SUBMITTED.value, "submitted_on": day.isoformat()}


def approved(day: date, handed_in: date) -> Values:
    """Approved on this day; it was done when it was handed in, as the reviewer's days are not the unit's."""
    return {"state": State.DONE.value, "done_on": handed_in.isoformat(), "approved_on": day.isoformat()}


def returned(day: date, rng: Random) -> Values:
    """Sent back, with a reason and a new day."""
    note = rng.choice(RETURN_NOTES)
    new_due = (day + _NEW_DUE).isoformat()
    return {"state": State.RETURNED.value, "returned_on": day.isoformat(), "note": note, "due_on": new_due}


def not_asked(rng: Random) -> Values:
    """This step is not asked of this unit, for a reason of its own."""
    return {"state": State.NA.value, "reason": rng.choice(NA_REASONS)}


def ticked(numbers: Iterable[str]) -> Values:
    """These requirements are met."""
    return {f"tick.{number}": True for number in numbers}


def is_reviewed(step: Step) -> bool:
    """Whether the step hands in a paper that somebody looks at."""
    return bool(step.reviewed_by or step.documents)


def change(
    rng: Random,
    author: Author,
    record: Record,
    values: Mapping[str, Any],
    at: datetime,
    revision: int,
    act: str | None = None,
) -> Change:
    """The entry of one person who saw what stands on `record`; its id comes from `rng`, so that a seed repeats it."""
    return Change(
        id=f"{rng.getrandbits(128):032x}",
        record=record.address,
        values=values,
        seen=record.seen(*values),
        author=author.member,
        device=author.device,
        at=at.isoformat(timespec="seconds"),
        revision=revision,
        act=act,
    )


def offered(change: Change) -> Offered:
    """The entry as the ledger takes it."""
    return Offered(change.id, encode(change), change)
