"""The command line's manners: one language, one clear line for a wrong word, and no waiting for what is not used."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from copy import copy
from functools import partial
from typing import Any, Final

import typer
from typer.core import TyperGroup
from typer.main import get_command_name
from typer.models import CommandInfo, TyperInfo

from shared.messages import _, choose, usage, use

PROGRAM: Final = "guatu"


class Manners(TyperGroup):
    """The whole program: it speaks the language asked for, and says what is wrong with its words in one line."""

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
        _prepare(self)
        try:
            done = super().main(words, PROGRAM, complete_var, standalone_mode=False, **extra)
        except typer.Abort:
            sys.exit(130)
        except typer.TyperException as wrong:
            where = getattr(wrong, "ctx", None)
            hint = f" ({where.command_path} --help)" if where else ""
            typer.echo(f"{PROGRAM}: {usage.error(wrong.format_message())}{hint}", err=True)
            sys.exit(wrong.exit_code)
        sys.exit(done if isinstance(done, int) else 0)


def only(program: typer.Typer, word: str) -> typer.Typer:
    """A program of nothing but this command of it; the whole where there is none, as for help and for wrong words.

    Putting a hundred commands together to run one would take a fifth of the time that a short answer takes.
    """
    narrow = copy(program)
    narrow.registered_commands, narrow.registered_groups = _called(program, word)
    return narrow if narrow.registered_commands or narrow.registered_groups else program


def _called(program: typer.Typer, word: str) -> tuple[list[CommandInfo], list[TyperInfo]]:
    """The commands of this name, and the groups of commands, also of groups that have no name of their own."""
    commands = [each for each in program.registered_commands if word == _name_of(each)]
    groups = [each for each in program.registered_groups if word and each.name == word]
    for group in program.registered_groups:
        if group.typer_instance is not None and not group.name:
            more_commands, more_groups = _called(group.typer_instance, word)
            commands, groups = commands + more_commands, groups + more_groups
    return commands, groups


def _name_of(command: CommandInfo) -> str:
    return command.name or get_command_name(getattr(command.callback, "__name__", ""))


def _language_asked_for(words: Sequence[str]) -> str | None:
    for place, word in enumerate(words):
        if word == "--lang" and place + 1 < len(words):
            return words[place + 1]
        if word.startswith("--lang="):
            return word.partition("=")[2]
    return None


def _prepare(command: Any) -> None:
    """Put a command's help, and that of all below it, into the language spoken, and take its words as they are.

    Typer has just built these afresh. To make texts of texts it would load a validator, for a third of the time that a
    short answer takes.
    """
    english = command.get_help
    command.help = command.short_help = _(str(command.help))
    command.epilog = _(command.epilog) if command.epilog else None
    command.get_help = lambda context: usage.page(english(context))
    for param in (*command.params, command.get_help_option(typer.Context(command))):
        if getattr(param, "help", None):
            param.help = _(param.help)
        if _is_plain(param):
            param.process_value = partial(_take, param)
    for below in getattr(command, "commands", {}).values():
        _prepare(below)


def _is_plain(param: Any) -> bool:
    """Whether a parameter is one text or a flag, so that there is nothing to convert."""
    kind = getattr(getattr(param, "type_descriptor", None), "annotation", None)
    return param.nargs == 1 and (kind is str or (kind is bool and getattr(param, "is_flag", False)))


def _take(param: Any, context: Any, value: Any) -> Any:
    """A word as it was typed; one that is missing is told as Typer tells it."""
    if param.required and param.value_is_missing(value):
        return type(param).process_value(param, context, value)
    return param.callback(context, param, value) if param.callback is not None else value
