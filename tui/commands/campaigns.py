"""`guatu campaign`: campaigns as text and as JSON, and the check of a written one."""

from __future__ import annotations

from pathlib import Path

import orjson
import typer

from shared.campaign import loader
from shared.campaign.calendar import with_start
from shared.campaign.problems import CampaignInvalid
from shared.campaign.show import to_json, to_text
from shared.messages import _, language, pick
from tui.commands.failing import Code, fail


def show(campaign_id: str, workflow: str | None, start: str | None, as_json: bool) -> None:
    """Print a campaign, built in or from a folder."""
    try:
        folder = Path(campaign_id)
        campaign = loader.load(folder) if folder.is_dir() else loader.builtin(campaign_id)
        if start is not None:
            campaign = with_start(campaign, start)
    except CampaignInvalid as invalid:
        _tell(invalid)
        raise typer.Exit(Code.WRONG) from None
    if workflow is not None and campaign.workflow(workflow) is None:
        names = ", ".join(w.id for w in campaign.workflows)
        fail(_("There is no workflow {name}; choose one of {names}.").format(name=workflow, names=names), Code.USAGE)
    if as_json:
        typer.echo(orjson.dumps(to_json(campaign, workflow)).decode())
    else:
        typer.echo(to_text(campaign, workflow, language()))


def check(path: Path) -> None:
    """Say that a written campaign is right, or every problem with its place; exit code 1 then."""
    try:
        campaign = loader.load(path)
    except CampaignInvalid as invalid:
        _tell(invalid)
        raise typer.Exit(Code.WRONG) from None
    steps = sum(len(w.steps()) for w in campaign.workflows)
    text = _("{title}: {workflows} workflows, {steps} steps, nothing wrong.")
    title = pick(campaign.title, campaign.title_en)
    typer.echo(text.format(title=title, workflows=len(campaign.workflows), steps=steps))


def _tell(invalid: CampaignInvalid) -> None:
    for problem in invalid.problems:
        said = (problem.file, problem.where, f"{pick(problem.message_zh, problem.message_en)} [{problem.code}]")
        typer.echo(": ".join(part for part in said if part), err=True)
