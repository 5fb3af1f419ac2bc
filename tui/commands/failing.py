"""How a command ends badly: one clear line on stderr and a documented exit code."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Final, NoReturn, ParamSpec

import typer

from shared.messages import _, pick
from tui.laptop import Busy, NothingYet
from tui.profile import NotJoined

WRONG: Final = 1
USAGE: Final = 2
NOT_JOINED: Final = 3
NO_OFFICE: Final = 4
BUSY: Final = 5
REFUSED: Final = 6

P = ParamSpec("P")


def fail(sentence: str, code: int = WRONG) -> NoReturn:
    """Say what is wrong on stderr, and end with this code."""
    typer.echo(sentence, err=True)
    raise typer.Exit(code)


def plainly(command: Callable[P, None]) -> Callable[P, None]:
    """Turn the faults a laptop can have into one line and a code; nobody sees a traceback."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except NotJoined:
            fail(_("This laptop belongs to no board yet: guatu join URL CODE."), NOT_JOINED)
        except NothingYet:
            fail(_("There is no board on this laptop yet: guatu sync."), NOT_JOINED)
        except Busy as busy:
            text = _("Another guatu (process {holder}) is using this laptop's data; make the entry there, or close it.")
            fail(text.format(holder=busy.holder), BUSY)

    return run


def say(zh: str, en: str) -> str:
    """Of a sentence that came in both languages, the one spoken here."""
    return pick(zh, en)
