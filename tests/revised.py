"""The small campaign's next revision, and the office's command that takes it over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from server.office import Office, utc_now
from server.revising import alone, enter, plan
from shared.campaign.model import Campaign, Step
from tests.small import campaign


def revised() -> Campaign:
    """The small campaign with `1.2` retired and a new `1.4`, wherever it has them."""
    small = campaign()
    flows = []
    for flow in small.workflows:
        first, second = flow.phases
        steps = [replace(step, retired=step.retired or step.id == "1.2") for step in first.steps]
        more = Step(id="1.4", no=4, title="新步骤", title_en="New step")
        flows.append(replace(flow, phases=(replace(first, steps=(*steps, more)), second)))
    return replace(small, workflows=tuple(flows))


def update(folder: Path, written: Campaign, clock: Callable[[], datetime] = utc_now) -> None:
    """What `guatu-server campaign update` does, in another process than the server's."""
    with alone(folder), Office(folder, clock) as office:
        enter(office, plan(office, written))
