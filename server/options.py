"""The arguments and options that several commands of `guatu-server` take."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from shared.messages import mark
from shared.rights import Role


class Lang(StrEnum):
    """The languages spoken here."""

    ZH = "zh"
    EN = "en"


Folder = Annotated[Path, typer.Argument(metavar="DIR", help=mark("The board's folder."))]
Json = Annotated[bool, typer.Option("--json", help=mark("Answer in JSON, for other programs."))]
Backup = Annotated[Path, typer.Argument(metavar="FILE", help=mark("The backup's file."))]
Files = Annotated[
    Path | None,
    typer.Option(
        "--files", metavar="FOLDER", help=mark("Copy the files of papers into this folder, too, or back from it.")
    ),
]
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
Output = Annotated[Path, typer.Argument(metavar="OUT", help=mark("The file to write."))]
Bundle = Annotated[Path, typer.Argument(metavar="FILE", help=mark("The bundle."))]
Beside = Annotated[
    Path | None,
    typer.Option("--files", metavar="FOLDER", help=mark("Take the files of papers from this folder, too.")),
]
Yes = Annotated[bool, typer.Option("--yes", help=mark("Also when it changes more than a tenth of all units."))]
Whom = Annotated[str | None, typer.Option("--member", metavar="NAME", help=mark("For whom; else a new name."))]
Rights = Annotated[Role | None, typer.Option("--role", help=mark("What a new member may do; else member."))]
Where = Annotated[
    str, typer.Option("--url", metavar="URL", help=mark("Where the laptop finds the office, once it can."))
]
Answered = Annotated[str | None, typer.Option("--for", metavar="DEVICE", help=mark("Answers for this device."))]
By = Annotated[str, typer.Option("--by", metavar="NAME", help=mark("Who ends them; their laptops say so."))]
