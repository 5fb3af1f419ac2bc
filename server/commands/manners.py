"""The command line's manners: one language, one clear line for whatever went wrong, and documented exit codes."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator, Sequence
from enum import IntEnum
from typing import Any, Final, NoReturn

import orjson
import typer
from typer.core import TyperGroup

from server.log import LogCorrupt
from server.members import MAX_DEVICES, MemberExists, NoSuchMember, TooManyDevices
from server.office import AlreadyABoard, InUse, NotABoard
from server.settings import SettingsWrong
from shared.bundle import BundleWrong
from shared.campaign.problems import CampaignInvalid
from shared.messages import _, choose, pick, usage, use

PROGRAM: Final = "guatu-server"


class Code(IntEnum):
    """The exit codes."""

    OK = 0
    WRONG = 1
    USAGE = 2
    DISK = 3
    FOLDER = 4


class Failed(Exception):
    """The command ends here, with these lines on stderr and this exit code."""

    def __init__(self, code: Code, *lines: str) -> None:
        super().__init__("; ".join(lines))
        self.code = code
        self.lines = lines


class Manners(TyperGroup):
    """The whole program: speaks the language asked for, and turns every fault into its line and its code."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Run a command line and exit with its code."""
        words = list(sys.argv[1:] if args is None else args)
        use(choose(_language_asked_for(words)))
        _translate(self)
        try:
            done = super().main(words, PROGRAM, complete_var, standalone_mode=False, **extra)
        except Exception as fault:
            code, lines = _lines(fault)
            for line in lines:
                typer.echo(f"{PROGRAM}: {line}", err=True)
            sys.exit(code)
        sys.exit(done if isinstance(done, int) else Code.OK)


def say(text: str) -> None:
    """A line of the answer, on stdout, at once."""
    typer.echo(text)


def say_json(value: object) -> None:
    """The answer for other programs: indented JSON on stdout."""
    typer.echo(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode())


def remark(text: str) -> None:
    """Something a person may want to know, on stderr, out of the way of other programs."""
    typer.echo(text, err=True)


def fail(code: Code, *lines: str) -> NoReturn:
    """End the command with these lines and this code."""
    raise Failed(code, *lines)


def _lines(fault: Exception) -> tuple[int, Sequence[str]]:
    """What to say of a fault, and the exit code; a fault that is the program's own is raised again."""
    code: int = Code.WRONG
    lines: Sequence[str] = ()
    match fault:
        case typer.TyperException():
            code, lines = _usage(fault)
        case Failed():
            code, lines = fault.code, fault.lines
        case SettingsWrong():
            code, lines = Code.USAGE, fault.lines
        case CampaignInvalid():
            lines = list(_campaign_problems(fault))
        case MemberExists():
            lines = [_("there is a member {name} already").format(name=fault)]
        case NoSuchMember():
            lines = [_("there is no member {name}").format(name=fault)]
        case TooManyDevices():
            text = _("{name} has {limit} devices already; revoke and let in anew, or take another name")
            lines = [text.format(name=fault, limit=MAX_DEVICES)]
        case BundleWrong():
            lines = [fault.said()]
        case NotABoard() | AlreadyABoard() | InUse():
            code, lines = Code.FOLDER, [_folder(fault)]
        case LogCorrupt() | sqlite3.DatabaseError() | OSError():
            code, lines = _storage(fault)
        case _:
            raise fault
    return code, lines


def _usage(fault: typer.TyperException) -> tuple[int, list[str]]:
    line = usage.error(fault.format_message())
    context = getattr(fault, "ctx", None)
    return fault.exit_code, [f"{line} ({context.command_path} --help)" if context else line]


def _folder(fault: NotABoard | AlreadyABoard | InUse) -> str:
    match fault:
        case NotABoard():
            text = _("{folder} holds no board; guatu-server init makes one")
        case AlreadyABoard():
            text = _("{folder} holds a board already")
        case InUse():
            text = _("a server is running on {folder} already")
    return text.format(folder=fault.args[0] or ".")


def _campaign_problems(fault: CampaignInvalid) -> Iterator[str]:
    for each in fault.problems:
        place = ": ".join(part for part in (each.file, each.where) if part)
        yield f"{place}: {pick(each.message_zh, each.message_en)} [{each.code}]"


def _storage(fault: LogCorrupt | sqlite3.DatabaseError | OSError) -> tuple[Code, list[str]]:
    if isinstance(fault, OSError | sqlite3.OperationalError):
        why = getattr(fault, "strerror", None) or str(fault)
        name = getattr(fault, "filename", None)
        text = _("the disk cannot be read or written: {why}")
        return Code.DISK, [text.format(why=f"{why} ({name})" if name else why)]
    return Code.WRONG, [_("the log is damaged: {why}; put the folder back from a backup").format(why=fault)]


def _language_asked_for(words: Sequence[str]) -> str | None:
    for place, word in enumerate(words):
        if word == "--lang" and place + 1 < len(words):
            return words[place + 1]
        if word.startswith("--lang="):
            return word.partition("=")[2]
    return None


def _translate(command: Any) -> None:
    """Put a command's help, and that of all below it, into the language spoken; Typer has just built them afresh."""
    english = command.get_help
    command.help = command.short_help = _(str(command.help))
    command.epilog = command.epilog and _(str(command.epilog))
    command.get_help = lambda context: usage.page(english(context))
    for param in command.params:
        if getattr(param, "help", None):
            param.help = _(param.help)
    for below in getattr(command, "commands", {}).values():
        _translate(below)
