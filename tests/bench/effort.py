"""How much work the measurements may do: enough for medians that stay, or little enough to wait for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Effort:
    """How often each thing is done.

    `rounds`: of everything that is compared with something else in the same run. `block`: entries or lines per round.
    `paced`: entries one at a time, for latencies with listeners. `flood`: entries as fast as they are acknowledged.
    `missed`: entries that a laptop has to catch up with. `starts`: of a program that opens. `peer_rounds`: of all
    systems in turns. `kills`: of each system's server.
    """

    rounds: int
    block: int
    paced: int
    flood: int
    missed: int
    starts: int
    peer_rounds: int
    kills: int


FULL: Final = Effort(rounds=9, block=150, paced=500, flood=20_000, missed=10_000, starts=7, peer_rounds=3, kills=20)
QUICK: Final = Effort(rounds=3, block=60, paced=100, flood=3_000, missed=10_000, starts=3, peer_rounds=1, kills=3)
