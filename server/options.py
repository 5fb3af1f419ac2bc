"""The arguments and options that several commands of `guatu-server` take."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from shared.messages import mark


class Lang(StrEnum):
    """The languages spoken here."""

    ZH = "zh"
    EN = "en"


Folder = Annotated[Path, typer.Argument(metavar="DIR", help=mark("The board's folder."))]
Json = Annotated[bool, typer.Option("--json", help=mark("Answer in JSON, for other programs."))]
Backup = Annotated[Path, typer.Argument(metavar="FILE", help=mark("The backup's file."))]
Force = Annotated[bool, typer.Option("--force", help=mark("Also when there is something already."))]
DryRun = Annotated[bool, typer.Option("--dry-run", help=mark("Only say what it would do."))]
Name = Annotated[str, typer.Argument(metavar="NAME", help=mark("What the person is called."))]
Areas = Annotated[
    list[str] | None,
    typer.Option("--area", metavar="PREFIX", help=mark("A code prefix; may be given again. Else the board's area.")),
]
Speak = Annotated[Lang | None, typer.Option("--lang", help=mark("zh or en. Else GUATU_LANG, else the locale."))]
Host = Annotated[str | None, typer.Option(help=mark("The address to listen on. Else 127.0.0.1."))]
Port = Annotated[int | None, typer.Option(min=0, max=65535, help=mark("The port to listen on. Else any free one."))]
