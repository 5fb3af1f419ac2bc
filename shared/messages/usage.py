"""The command line's own words in the language spoken: what Typer says about usage, and the furniture of a help page.

Typer speaks English only. What is not in these tables comes through as Typer said it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, NamedTuple

from shared.messages import _, language


class _Form(NamedTuple):
    said: re.Pattern[str]
    ours: Callable[[], str]


_ERRORS: Final = (
    _Form(re.compile(r"Missing (?:argument|option|parameter) '?(?P<what>[^']+)'?\..*"), lambda: _("{what} is missing")),
    _Form(re.compile(r"Missing command\."), lambda: _("a command is missing")),
    _Form(re.compile(r"No such option: (?P<what>.+)"), lambda: _("there is no option {what}")),
    _Form(re.compile(r"No such command '(?P<what>[^']+)'\..*"), lambda: _("there is no command {what}")),
    _Form(
        re.compile(r"Got unexpected extra argument(?:\(s\)|s)? \((?P<what>.+)\)"),
        lambda: _("one word too many: {what}"),
    ),
    _Form(re.compile(r"Option '(?P<what>.+)' requires .*"), lambda: _("{what} needs a value")),
    _Form(
        re.compile(r"Invalid value for '?(?P<what>[^']+)'?: (?P<word>'.*') is not one of (?P<words>.+?)\.?"),
        lambda: _("{what} does not take this: {word} is not one of {words}"),
    ),
    _Form(
        re.compile(r"Invalid value for '?(?P<what>[^']+)'?: (?P<why>.*)", re.DOTALL),
        lambda: _("{what} does not take this: {why}"),
    ),
    _Form(re.compile(r"Invalid value: (?P<why>.*)", re.DOTALL), lambda: _("this is not accepted: {why}")),
)
_FURNITURE: Final[tuple[tuple[re.Pattern[str], Callable[[], str]], ...]] = (
    (re.compile(r"^Usage: ", re.MULTILINE), lambda: _("Usage: ")),
    (re.compile(r"^Arguments:$", re.MULTILINE), lambda: _("Arguments:")),
    (re.compile(r"^Options:$", re.MULTILINE), lambda: _("Options:")),
    (re.compile(r"^Commands:$", re.MULTILINE), lambda: _("Commands:")),
    (re.compile(r"Show this message and exit\."), lambda: _("Show this page.")),
    (re.compile(r"(?<=[\[ ])required(?=\])"), lambda: _("required")),
    (re.compile(r"(?<=[\[ ])default: "), lambda: _("default: ")),
)


def error(said: str) -> str:
    """One line for an error of usage as Typer worded it."""
    line = " ".join(said.split()).replace("Value error, ", "")
    for form in _ERRORS:
        found = form.said.fullmatch(line)
        if found is not None:
            return form.ours().format(**found.groupdict())
    return line


def page(said: str) -> str:
    """A help page with its headings in the language spoken."""
    if language() == "en":
        return said
    for pattern, ours in _FURNITURE:
        said = pattern.sub(ours(), said)
    return said
