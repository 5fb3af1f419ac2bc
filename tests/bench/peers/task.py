"""The work that every system is given: which records, what is entered on them, and where offline edits collide.

A record is a step of a unit, as its fields. What travels beside them (ids, versions, clocks) is each system's affair.
"""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

UNITS: Final = 180
"""Of the real city's division: enough that so many steps are asked of them."""
COUNT: Final = 3_278
SIZE: Final = 250
"""Bytes of a record's fields as JSON in UTF-8."""
LISTENERS: Final = 50
OFFLINE: Final = 500
COLLIDING: Final = 50
COLLIDE_FROM: Final = 2_000
_SENTENCES: Final = (
    "会议记录已整理，参会党员签名齐全",
    "外出党员用电话传达，随访两户",
    "征求意见表已收回，共收到意见二十三条",
    "谈心谈话完成，问题清单已公示",
    "街道督导组到场，要求补充整改台账",
    "学习笔记抽查合格，个别需要补写",
)

Fields = Mapping[str, str]


class Filed(NamedTuple):
    """A record as it is loaded."""

    id: str
    fields: Fields


class Offline(NamedTuple):
    """Which records two people edit without a network; the last `COLLIDING` of the one are the first of the other."""

    left: range
    right: range


def records(addresses: Sequence[str], seed: int = 1) -> list[Filed]:
    """One record per address, each of exactly `SIZE` bytes. Always the same."""
    draw = random.Random(seed)
    return [Filed(address, _fields(draw)) for address in addresses]


def offline() -> Offline:
    """Where two people edit, as positions in the list of records."""
    middle = COLLIDE_FROM + OFFLINE
    return Offline(range(COLLIDE_FROM, middle), range(middle - COLLIDING, middle - COLLIDING + OFFLINE))


def write(path: Path, filed: Sequence[Filed]) -> None:
    """The work as a file that drivers of every language read."""
    both = offline()
    spans = {"left": [both.left.start, both.left.stop], "right": [both.right.start, both.right.stop]}
    work = {"records": [list(one) for one in filed], "listeners": LISTENERS, **spans}
    path.write_text(json.dumps(work, ensure_ascii=False), encoding="utf-8")


def read(path: Path) -> list[Filed]:
    """The records of such a file."""
    return [Filed(*one) for one in json.loads(path.read_text(encoding="utf-8"))["records"]]


def size(fields: Fields) -> int:
    """Bytes of a record's fields as compact JSON in UTF-8."""
    return len(json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode())


def _fields(draw: random.Random) -> Fields:
    fields = {
        "state": "done",
        "done_on": f"2026-10-{draw.randint(1, 28):02}",
        "by": f"测试{draw.randint(1, 64)}",
        "at": f"2026-10-{draw.randint(1, 28):02}T{draw.randint(8, 18):02}:{draw.randint(0, 59):02}:00+08:00",
    }
    room = SIZE - size(fields | {"note": ""})
    note = "；".join(draw.choices(_SENTENCES, k=3)).encode()[: room - 4].decode(errors="ignore")
    return fields | {"note": note + _digits(draw, room - len(note.encode()))}


def _digits(draw: random.Random, count: int) -> str:
    return "".join(draw.choices("0123456789", k=count))
