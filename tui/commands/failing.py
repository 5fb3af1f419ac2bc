"""How a command ends badly: one clear line on stderr and a documented exit code."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from enum import IntEnum
from functools import wraps
from typing import Final, NoReturn, ParamSpec

import typer

from shared.bundle import BundleWrong
from shared.messages import _, pick
from tui.disk import NewerFormat
from tui.laptop import Busy, NothingYet
from tui.profile import NotJoined, ProfileDamaged
from tui.replica import NoRoom

P = ParamSpec("P")
UNREADABLE: Final = (sqlite3.Error, OSError, json.JSONDecodeError, UnicodeDecodeError)
"""What a disk raises, and what its rot makes of the text and the JSON that stood there."""
PROGRAM: Final = "guatu"


class Code(IntEnum):
    """The exit codes, as `guatu --help` and tui/README.md have them."""

    OK = 0
    WRONG = 1
    USAGE = 2
    NOT_JOINED = 3
    NO_OFFICE = 4
    BUSY = 5
    REFUSED = 6
    DISK = 7


NO_OFFICE = Code.NO_OFFICE


def fail(sentence: str, code: int = Code.WRONG) -> NoReturn:
    """Say what is wrong on stderr, and end with this code."""
    typer.echo(f"{PROGRAM}: {sentence}", err=True)
    raise typer.Exit(code)


def plainly(command: Callable[P, None]) -> Callable[P, None]:
    """Turn the faults a laptop can have into one line and a code; nobody sees a traceback."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except BrokenPipeError:
            raise  # whoever reads the answer, like `head`, has enough of it: Typer ends the command without a word
        except BundleWrong as wrong:
            fail(wrong.said())
        except NoRoom:
            text = _("This laptop's disk is almost full; what room is left is kept for what you enter.")
            fail(text, Code.DISK)
        except (NotJoined, ProfileDamaged, NothingYet, Busy, NewerFormat, *UNREADABLE) as fault:
            fail(*_explained(fault))

    return run


def explained(fault: Exception) -> int:
    """Say what a fault is in one line on stderr; the exit code. One that nobody expects is raised again."""

    @plainly
    def again() -> None:
        raise fault

    try:
        again()
    except typer.Exit as ended:
        return ended.exit_code
    return Code.OK


def say(zh: str, en: str) -> str:
    """Of a sentence that came in both languages, the one spoken here."""
    return pick(zh, en)


def _explained(fault: Exception) -> tuple[str, Code]:
    match fault:
        case NotJoined():
            return _("This laptop belongs to no board yet: guatu join URL CODE."), Code.NOT_JOINED
        case NothingYet():
            return _("There is no board on this laptop yet: guatu sync."), Code.NOT_JOINED
        case ProfileDamaged():
            text = _("{file} cannot be read; join again with a new code: what was entered here stays.")
            return text.format(file=fault), Code.NOT_JOINED
        case Busy():
            text = _("Another guatu (process {holder}) is using this laptop's data; make the entry there, or close it.")
            return text.format(holder=fault.holder), Code.BUSY
        case NewerFormat():
            return _("A newer guatu has written this laptop's data; install that version again."), Code.DISK
        case _:
            return _disk(fault), Code.DISK


def _disk(fault: Exception) -> str:
    """What the disk refused, with the file's name where the system tells it."""
    why, name = getattr(fault, "strerror", None) or str(fault), getattr(fault, "filename", None)
    if name:
        return _("{file} cannot be read or written: {why}.").format(file=name, why=why)
    return _("This laptop's data cannot be read or written: {why}.").format(why=why)
