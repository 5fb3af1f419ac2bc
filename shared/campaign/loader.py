"""Campaign folders: `campaign.toml` and one TOML file per workflow, from a path or from the ones that come with guatu.

This is the only module of `shared` that reads files. Pydantic is loaded when a campaign is read, not on import.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

from shared.campaign.model import Campaign
from shared.campaign.problems import CampaignInvalid, CampaignProblem, problem
from shared.campaign.rules import Part

HEAD: Final = "campaign.toml"
LARGEST: Final = 1_000_000
"""Bytes of one file; the largest workflow of the plan has a twentieth of it."""

_BOMS: Final = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_AT: Final = re.compile(r"^(?P<what>.*) \(at (?P<where>[^()]*)\)$", re.DOTALL)


def load(path: Path) -> Campaign:
    """The campaign of a folder, checked; raises `CampaignInvalid` with every problem of every file.

    The workflows come in the `order` that campaign.toml may list, else in the order of their file names.
    """
    return _load(path, str(path))


@cache  # a frozen value out of files that do not change while the program runs
def builtin(campaign_id: str) -> Campaign:
    """The campaign of this id that comes with guatu, read once; raises `CampaignInvalid` (`campaign_unknown`)."""
    if campaign_id not in builtin_ids():
        choice = ", ".join(builtin_ids())
        raise CampaignInvalid([problem("campaign_unknown", value=campaign_id, expected=choice)])
    return _load(_builtin_folder() / campaign_id, campaign_id)


def builtin_ids() -> tuple[str, ...]:
    """The ids of the campaigns that come with guatu, sorted."""
    return tuple(sorted(each.name for each in _builtin_folder().iterdir() if (each / HEAD).is_file()))


def _builtin_folder() -> Traversable:
    return files("shared.campaign") / "data"


def _load(folder: Traversable, label: str) -> Campaign:
    from shared.campaign.schema import assemble  # noqa: PLC0415 -- pydantic only when a campaign is read

    if not folder.is_dir():
        raise CampaignInvalid([problem("folder_missing", file=label)])
    found: list[CampaignProblem] = []
    head = _part(folder / HEAD, f"{label}/{HEAD}", found)
    names = sorted(each.name for each in folder.iterdir() if _is_workflow(each.name))
    bodies = [_part(folder / name, f"{label}/{name}", found) for name in names]
    return assemble(head, [body for body in bodies if body is not None], found)


def _part(file: Traversable, label: str, found: list[CampaignProblem]) -> Part | None:
    """One file as a table to check; what is wrong with the file goes into `found`."""
    table = _table(file, label)
    if isinstance(table, CampaignProblem):
        found.append(table)
        return None
    return Part(label, "", table)


def _is_workflow(name: str) -> bool:
    """Whether a file holds a workflow; what editors and file managers hide beside it does not."""
    return name.endswith(".toml") and name != HEAD and not name.startswith((".", "~"))


def _table(file: Traversable, label: str) -> dict[str, object] | CampaignProblem:
    text = _text(file, label)
    if isinstance(text, CampaignProblem):
        return text
    try:
        return tomllib.loads(text)
    except RecursionError:
        return problem("toml_syntax", file=label, value="nested too deeply")
    except ValueError as error:  # tomllib's own error, and a number too long for int()
        at = _AT.match(str(error))
        if at is None:
            return problem("toml_syntax", file=label, value=error)
        return problem("toml_syntax", file=label, where=at["where"], value=at["what"])


def _text(file: Traversable, label: str) -> str | CampaignProblem:
    try:
        data = file.read_bytes()
    except FileNotFoundError:
        return problem("file_missing", file=label)
    except OSError as error:
        return problem("file_unreadable", file=label, value=error.strerror or type(error).__name__)
    if len(data) > LARGEST:
        return problem("file_too_large", file=label, expected=LARGEST)
    if data.startswith(_BOMS):
        return problem("file_bom", file=label)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return problem("file_not_utf8", file=label, where=f"line {line}", value=f"0x{data[error.start]:02x}")
