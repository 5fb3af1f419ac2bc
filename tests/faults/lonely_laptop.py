"""A laptop's link as a process of its own, which can be stopped: `python -m tests.faults.lonely_laptop PROFILE`."""

from __future__ import annotations

import asyncio
import sys
from contextlib import closing
from pathlib import Path

from tests.faults.field import HURRIED
from tests.laptops import now
from tui.keeper import Keeper
from tui.link import Link
from tui.messages import LinkMoved, LinkNews
from tui.profile import Profile
from tui.replica import Replica


def tell(news: LinkNews) -> None:
    """Say on stdout what was said of the connection."""
    if isinstance(news, LinkMoved):
        sys.stdout.write(f"{news.state.value} {news.reason}\n")
        sys.stdout.flush()


def main(folder: Path) -> None:
    """Stay connected until killed."""
    profile = Profile(folder)
    assert profile.take()
    profile.identity()
    with closing(Keeper(Replica(profile.replica_path))) as keeper:
        asyncio.run(Link(profile, keeper, tell, now, pace=HURRIED).run())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
