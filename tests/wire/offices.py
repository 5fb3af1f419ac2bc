"""What a test asks of an office's folder: how often an entry is in its log, and a copy to put back."""

from __future__ import annotations

import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path

import orjson

from server.log import SqliteLog
from server.office import LOG, Office
from tests.laptops import FieldLaptop

Joins = Callable[..., Awaitable[FieldLaptop]]


def stored(office: Office, change_id: str) -> int:
    """How often the office's log holds an entry."""
    return sum(orjson.loads(record.body)["id"] == change_id for record in office.log.read(0, 10_000))


def back_up(office: Office, folder: Path) -> None:
    office.save_board()
    shutil.copytree(office.folder, folder, ignore=shutil.ignore_patterns("*.lock", f"{LOG}*"))
    log = SqliteLog(office.folder / LOG)
    log.backup(folder / LOG)
    log.close()
