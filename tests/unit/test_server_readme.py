"""server/README.md names every module and every measure there is, and none that there is not."""

from __future__ import annotations

import re
from pathlib import Path

import server
from server.desk import Desk
from server.office import Office

ROOM = Path(server.__file__).parent
PAGE = (ROOM / "README.md").read_text("utf-8")


def test_it_names_every_module_of_the_room() -> None:
    there = {path.name for path in ROOM.glob("*.py")} - {"__init__.py", "__main__.py"}
    told = set(re.findall(r"`([a-z_]+\.py)`", PAGE))
    assert there - told == set()
    assert told - there == set()


def test_it_names_every_measure(office: Office) -> None:
    desk = Desk(office)
    families = {family.name for family in desk.metrics.registry.collect()}
    desk.reading.close()
    told = set(re.findall(r"^\| `(guatu_[a-z_]+?)(?:_total)?(?:\{[a-z]+\})?` \|", PAGE, re.MULTILINE))
    assert told == families


def test_it_names_every_file_of_a_boards_folder(office: Office) -> None:
    office.save_board()
    Desk(office).reading.close()
    there = {path.name for path in office.folder.iterdir()}
    missing = [name for name in there if f"`{name.removesuffix('-wal').removesuffix('-shm')}" not in PAGE]
    assert missing == []
