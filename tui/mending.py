"""What a laptop does for history beside the live talk: it reads what was before, and gives back what an office lost."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

import aiohttp

from shared import protocol
from shared.board.log_record import LogRecord, decode
from tui.doors import Office
from tui.faults import Fault, fault
from tui.keeper import Keeper

FEW_PAGES: Final = 4
SOON: Final = 20_000
"""So many entries are soon read; of a longer past whoever waits reads a few pages at a time."""
GIVE_BYTES: Final = 256 * 1024


class Wants:
    """The office's answers to `have`, in their order."""

    def __init__(self) -> None:
        self._asked: deque[Sequence[str]] = deque()
        self._answers: asyncio.Queue[Sequence[str]] = asyncio.Queue()

    async def ask(self, socket: aiohttp.ClientWebSocketResponse, ids: Sequence[str]) -> Sequence[str]:
        """Which of these ids the office does not know."""
        self._asked.append(ids)
        await socket.send_str(protocol.Have(ids=list(ids)).model_dump_json())
        return await self._answers.get()

    def take(self, ids: Sequence[str]) -> None:
        """An answer has come; one to no question, or about other ids, is none of an office's."""
        if not self._asked or not set(ids) <= set(self._asked.popleft()):
            raise fault("not-guatu")
        self._answers.put_nowait(ids)

    @property
    def due(self) -> bool:
        """Whether an answer is waited for."""
        return bool(self._asked)


def pages(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """Ids in the portions in which they are offered."""
    return (ids[start : start + protocol.MAX_HAVE] for start in range(0, len(ids), protocol.MAX_HAVE))


def portions(records: Iterable[LogRecord], most: int) -> Iterator[list[LogRecord]]:
    """Records in the portions in which they are given: at most so many, at most `GIVE_BYTES` but for one."""
    portion: list[LogRecord] = []
    size = 0
    for record in records:
        if portion and (len(portion) >= most or size + len(record.body) > GIVE_BYTES):
            yield portion
            portion, size = [], 0
        portion.append(record)
        size += len(record.body)
    if portion:
        yield portion


def give_frame(records: Iterable[LogRecord]) -> str:
    """The frame that gives these records back, each as it once travelled."""
    return '{"kind":"give","records":[' + b",".join(record.encode() for record in records).decode() + "]}"


async def read_past(
    office: Office, keeper: Keeper, head: int, moved: Callable[[], None], *, waits: bool = False
) -> None:
    """Read what was in the log before this laptop was, as far as there is room for it; `moved` is called for each page.

    Somebody who `waits` has all of it at once if that is soon done, else a few pages each time; what is not read now is
    asked for again at the next connection.
    """
    read = 0
    while (upto := await keeper.run(lambda replica: replica.bygone.wanted(head))) is not None:
        if waits and read >= FEW_PAGES and upto > SOON:
            break
        try:
            body = await office.past(upto)
            records, before = [decode(record) for record in body["records"]], int(body["before"])
        except (aiohttp.ClientError, OSError, TimeoutError, Fault, KeyError, TypeError, ValueError):
            break
        if not 0 <= before < upto:
            break
        await _keep(keeper, upto, records, before)
        moved()
        read += 1


async def _keep(keeper: Keeper, upto: int, records: Sequence[LogRecord], before: int) -> None:
    await keeper.run(lambda replica: replica.bygone.keep(upto, records, before))
