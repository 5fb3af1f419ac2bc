"""Laptops with a real link, an office whose door opens and shuts, and a wire between them that can be cut."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, TypeVar

import orjson
from aiohttp import web

from server.app import create_app
from server.bounds import Bounds
from server.desk import Desk
from server.office import Office
from server.site import Site
from shared.board.change import JSON, Change
from shared.board.record import Record, step_address
from tests.conftest import SOON
from tests.relay import HOST, Relay
from tests.small import VILLAGE
from tests.waiting import until
from tui.entry import Pen
from tui.keeper import Keeper
from tui.link import Link, Pace, Tally
from tui.messages import LinkMoved, LinkNews, LinkState
from tui.outbox import Outbox
from tui.profile import Identity, Profile
from tui.replica import Replica

T = TypeVar("T")
QUICK: Final = Pace(first=0.02, slowest=0.05, stall=10.0, breath=0.02)
"""A link that tries again at once and is patient with what has begun."""
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def now() -> datetime:
    """The clock of these laptops."""
    return datetime(2026, 4, 10, 4, tzinfo=UTC)


class FieldLaptop:
    """One profile with its link; `news` is all that the link has told."""

    def __init__(self, folder: Path, identity: Identity, pace: Pace = QUICK) -> None:
        self.profile = Profile(folder)
        self.profile.keep(identity)
        assert self.profile.take()
        self.profile.identity()  # as whoever opens a laptop reads it before anything runs
        self.replica = Replica(self.profile.replica_path, device=identity.device)
        self.keeper = Keeper(self.replica)
        self.news: list[LinkNews] = []
        self.link = Link(self.profile, self.keeper, self.news.append, now, pace=pace)
        self._task: asyncio.Task[None] | None = None

    async def sync(self) -> Tally:
        """Sync once."""
        return await self.link.sync()

    def connect(self) -> None:
        """Stay connected from now on."""
        self._task = asyncio.create_task(self.link.run())

    async def close(self) -> None:
        """Stop and let go of everything."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        await asyncio.to_thread(self.keeper.close)
        self.profile.release()

    async def do(self, work: Callable[[Replica], T]) -> T:
        """What this work on the replica gives."""
        return await self.keeper.run(work)

    async def enter(self, values: Mapping[str, JSON], step: str = "1.1", code: str = VILLAGE) -> Change:
        """Enter this as somebody who looks at the step now."""
        address = step_address(code, step)
        shown = (await self.records(code)).get(address) or Record(address)
        made = Pen(self.profile.identity(), 1, now).change(shown, values)
        assert isinstance(made, Change)
        return await self.save(made)

    async def save(self, change: Change) -> Change:
        """Save this change, whatever it is."""
        await self.do(lambda replica: replica.save([change]))
        self.link.nudge()
        return change

    async def records(self, code: str = VILLAGE) -> dict[str, Record]:
        """What is known here of a unit."""
        return await self.do(lambda replica: replica.records(code))

    async def sees(self, name: str, value: JSON, step: str = "1.1", code: str = VILLAGE) -> None:
        """Wait until this value stands on a step here."""
        await self.comes(lambda replica: _heads(replica, step_address(code, step), code, name) == [value])

    async def landed(self) -> None:
        """Wait until the office's log holds all that was entered here."""
        await self.comes(lambda replica: replica.outbox.size() == 0)

    async def comes(self, holds: Callable[[Replica], object]) -> None:
        """Wait until this holds of the replica."""
        async with asyncio.timeout(20):
            while not await self.do(holds):
                await asyncio.sleep(0.005)

    async def is_live(self) -> None:
        """Wait until it says that it is live."""
        await until(lambda: self.state is LinkState.LIVE)

    async def goes_offline(self, reason: str = "") -> LinkMoved:
        """Wait until it says that it is offline, for this reason."""
        await until(lambda: any(moved.reason == reason if reason else moved.reason for moved in self.moves))
        return next(
            moved for moved in reversed(self.moves) if moved.reason == (reason or moved.reason) and moved.reason
        )

    @property
    def moves(self) -> list[LinkMoved]:
        """All it has said of the connection."""
        return [news for news in self.news if isinstance(news, LinkMoved)]

    @property
    def state(self) -> LinkState | None:
        """What it last said of the connection."""
        return self.moves[-1].state if self.moves else None


def _heads(replica: Replica, address: str, code: str, name: str) -> list[JSON]:
    record = replica.records(code).get(address)
    return [head.value for head in record.heads(name)] if record is not None else []


class Door:
    """An office's door on one port, which opens and shuts; each time a new server stands behind it."""

    def __init__(self, bounds: Bounds = SOON) -> None:
        self._bounds = bounds
        self._port = 0
        self._stop: asyncio.Event | None = None
        self._task: asyncio.Task[None] | None = None
        self.desk: Desk | None = None

    @property
    def url(self) -> str:
        """Where the door is."""
        return f"http://{HOST}:{self._port}"

    async def open(self, office: Office) -> Desk:
        """Serve this office from now on."""
        opened: asyncio.Future[Desk] = asyncio.get_running_loop().create_future()
        self._stop = asyncio.Event()
        self._task = asyncio.create_task(self._serve(office, opened, self._stop))
        await asyncio.wait((opened, self._task), return_when=asyncio.FIRST_COMPLETED)
        self.desk = opened.result() if opened.done() else None
        assert self.desk is not None
        return self.desk

    async def shut(self) -> None:
        """Serve nobody any more."""
        if self._task is not None and self._stop is not None:
            self._stop.set()
            await self._task
            self._task = None

    async def _serve(self, office: Office, opened: asyncio.Future[Desk], stop: asyncio.Event) -> None:
        desk = await asyncio.to_thread(Desk, office, self._bounds)
        async with desk.running():
            runner = web.AppRunner(create_app(desk), access_log=None, shutdown_timeout=1.0)
            await runner.setup()
            site = Site(runner, HOST, self._port)
            await site.start()
            self._port = site.port
            opened.set_result(desk)
            await stop.wait()
            await runner.cleanup()


@asynccontextmanager
async def stranger(handler: Handler) -> AsyncIterator[str]:
    """Somebody else who answers every request; the address."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handler)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = Site(runner, HOST, 0)
    await site.start()
    try:
        yield f"http://{HOST}:{site.port}"
    finally:
        await runner.cleanup()


class Wire(Relay):
    """A wire to somewhere. `deaf`: what comes back is swallowed. `stuck`: nothing moves, and nobody is told."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self._moving = asyncio.Event()
        self._moving.set()
        self.deaf = False

    def stick(self) -> None:
        """Move nothing any more."""
        self._moving.clear()

    def mend(self) -> None:
        """Be a wire again, to those who come from now on."""
        self.cut()
        self.deaf = False
        self._moving.set()

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there, back = await self._reach()
        except OSError:
            writer.close()
            return
        await asyncio.gather(
            self._pass_on(reader, back, answers=False),
            self._pass_on(there, writer, answers=True),
            return_exceptions=True,
        )

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, answers: bool) -> None:
        with suppress(ConnectionError):
            while data := await reader.read(65536):
                await self._moving.wait()
                if not (answers and self.deaf):
                    writer.write(data)
                    await writer.drain()
        writer.close()


def identity_of(url: str, token: str, answer: Mapping[str, Any]) -> Identity:
    """Who a device is, as the office answered when it enrolled."""
    texts = {name: answer[name] for name in ("device", "member", "role", "board", "campaign")}
    return Identity(url=url, token=token, areas=tuple(answer["areas"]), **texts)


def spoil(outbox: Outbox, change_id: str) -> None:
    """Make of a saved entry one that no office can keep."""
    row = outbox._disk.execute("SELECT body FROM outbox WHERE id = ?", (change_id,)).fetchone()
    body = orjson.dumps({**orjson.loads(row[0]), "id": "none"}, option=orjson.OPT_SORT_KEYS)
    with outbox._disk.writing():
        outbox._disk.execute("UPDATE outbox SET body = ? WHERE id = ?", (body, change_id))
