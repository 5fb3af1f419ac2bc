"""Two whole laptops in one process: they edit without a network, then connect, until both hold the same."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from shared.board.change import Change
from shared.board.record import Record, owner_of
from tui.entry import Pen
from tui.keeper import Keeper
from tui.laptop import Laptop, local_now
from tui.link import Link
from tui.replica import Replica

_LOOK: Final = 0.002
_PATIENCE: Final = 60.0


class Pair:
    """Both have joined and synced before."""

    def __init__(self, homes: Sequence[Path]) -> None:
        self._laptops = [Laptop(home, writing=True) for home in homes]
        self._keepers = [Keeper(laptop.replica) for laptop in self._laptops]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for keeper, laptop in zip(self._keepers, self._laptops, strict=True):
            keeper.stop()
            laptop.close()

    def edit(self, side: int, notes: Sequence[tuple[str, str]]) -> None:
        """Enter these notes (address, text) one by one, as somebody who looks at each step first."""
        laptop = self._laptops[side]
        pen = Pen(laptop.identity, 1, laptop.now)
        for address, text in notes:
            made = pen.change(self._record(laptop, address), {"note": text})
            assert isinstance(made, Change), made
            laptop.save([made])

    def meet(self) -> float:
        """Connect both; seconds until nothing waits on either and both have read to the same place."""
        return asyncio.run(self._meet())

    def kept(self, addresses: Sequence[str]) -> int:
        """On how many of these both laptops show both notes."""
        return sum(all(self._shows_both(laptop, address) for laptop in self._laptops) for address in addresses)

    async def _meet(self) -> float:
        started = time.perf_counter()
        links = [
            Link(laptop.profile, keeper, lambda _: None, local_now)
            for laptop, keeper in zip(self._laptops, self._keepers, strict=True)
        ]
        runs = [asyncio.create_task(link.run()) for link in links]
        async with asyncio.timeout(_PATIENCE):
            while len({await keeper.run(_stands) for keeper in self._keepers}) > 1 or await self._waits():
                await asyncio.sleep(_LOOK)
        seconds = time.perf_counter() - started
        for run in runs:
            run.cancel()
            with suppress(asyncio.CancelledError):
                await run
        return seconds

    async def _waits(self) -> bool:
        return any([await keeper.run(lambda replica: replica.outbox.size()) for keeper in self._keepers])

    def _record(self, laptop: Laptop, address: str) -> Record:
        return laptop.replica.records(owner_of(address)).get(address) or Record(address)

    def _shows_both(self, laptop: Laptop, address: str) -> bool:
        return len({head.value for head in self._record(laptop, address).heads("note")}) == 2


def _stands(replica: Replica) -> int:
    cursor = replica.cursor()
    return cursor.seq if cursor else 0
