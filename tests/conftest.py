"""What many tests start from: a clock, an office over a small board, and that office served on a real port."""

from __future__ import annotations

import asyncio
import gc
import os
from collections.abc import AsyncIterator, Iterator, MutableMapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from shutil import copytree
from typing import Any

import aiohttp
import pytest
import typer.testing
from aiohttp import web
from blockbuster import blockbuster_ctx
from hypothesis import settings
from structlog.testing import capture_logs
from typer.testing import CliRunner, Result

from server.app import create_app
from server.bounds import Bounds
from server.desk import Desk
from server.ledger import Author
from server.members import Members
from server.office import MEMBERS, Office
from server.site import Site
from shared.rights import Role
from tests.small import SetClock, make_office
from tests.speaker import Speaker, connected

gc.set_threshold(50_000, 10, 10)  # tests make much that is gone at once
settings.register_profile("guatu", deadline=None)  # how long an example takes is the machine's affair
settings.load_profile("guatu")

SOON = Bounds(look=0.02, save=0.05, goodbye=0.5, hello=10.0, note=0.1, stop=0.5)
"""The bounds of a server under test: it looks around often, and waits as long as ever."""


class Served:
    """An office that is being served: its desk, its address, and devices that may come."""

    def __init__(
        self, desk: Desk, runner: web.AppRunner, url: str, logged: Sequence[MutableMapping[str, Any]] = ()
    ) -> None:
        self.desk, self.runner, self.url, self.logged = desk, runner, url, logged
        self._count = 0

    @property
    def head(self) -> int:
        """The seq of the last published record."""
        return self.desk.feed.head.seq

    async def enrol(self, role: Role = Role.LEAD, areas: tuple[str, ...] = ("340111",), name: str = "") -> Pass:
        """A new member with one device."""
        self._count += 1
        members = self.desk.office.members
        code = await asyncio.to_thread(members.add, name or f"成员{self._count}", role, areas)
        device, author, token = await self.desk.enrol(code, "laptop")
        assert device.id == author.device
        return Pass(self, author, token)

    async def ask(self, path: str, token: str = "", method: str = "GET", **more: Any) -> tuple[int, Any]:
        """The status and the JSON body of an answer."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        async with (
            aiohttp.ClientSession(headers=headers) as session,
            session.request(method, self.url + path, **more) as response,
        ):
            return response.status, await response.json(content_type=None)


class Pass:
    """One enrolled device: who speaks with it, its token, and a way in."""

    def __init__(self, served: Served, author: Author, token: str) -> None:
        self.served, self.author, self.token = served, author, token

    def connect(self) -> AbstractAsyncContextManager[Speaker]:
        """A live connection, not yet greeted."""
        return connected(self.served.url, self.token)

    async def ask(self, path: str, **more: Any) -> Any:
        """The JSON body of an answer that is well."""
        status, body = await self.served.ask(path, self.token, **more)
        assert status == 200, body
        return body


@asynccontextmanager
async def serve(office: Office, bounds: Bounds = SOON) -> AsyncIterator[Served]:
    """The office on a real port, until the block ends."""
    desk = await asyncio.to_thread(Desk, office, bounds)
    with capture_logs() as logged:
        async with desk.running(), _listening(desk) as (runner, url):
            yield Served(desk, runner, url, logged)


@asynccontextmanager
async def _listening(desk: Desk) -> AsyncIterator[tuple[web.AppRunner, str]]:
    runner = web.AppRunner(create_app(desk), access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    site = Site(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield runner, f"http://127.0.0.1:{site.port}"
    finally:
        await runner.cleanup()


@pytest.fixture
def clock() -> SetClock:
    """A clock that stands until it is moved."""
    return SetClock()


@pytest.fixture(scope="session", autouse=True)
def _one_command_line() -> Iterator[None]:
    """A command line is put together once in each language: that is most of what a short command takes."""
    spoken = ""
    run = CliRunner.invoke
    built = cache(lambda app, _language: typer.main.get_command(app))

    def invoke(self: CliRunner, app: typer.Typer, args: Sequence[str] = (), **words: Any) -> Result:
        nonlocal spoken
        asked = [after for word, after in pairwise(args) if word == "--lang"]
        spoken = " ".join([(words.get("env") or os.environ).get("GUATU_LANG") or "", *asked])
        return run(self, app, args, **words)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(CliRunner, "invoke", invoke)
        patch.setattr(typer.testing, "_get_command", lambda app: built(app, spoken))
        yield


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small board that nobody uses; tests work on copies of it."""
    folder = tmp_path_factory.mktemp("made") / "board"
    make_office(folder, SetClock()).close()
    return folder


@pytest.fixture
def office(made: Path, tmp_path: Path, clock: SetClock) -> Iterator[Office]:
    """The office of a small board, opened for serving."""
    with Office(Path(copytree(made, tmp_path / "board")), clock, serving=True) as opened:
        yield opened


@pytest.fixture
def bounds() -> Bounds:
    """The bounds to serve with; a module that needs others has a fixture of this name."""
    return replace(SOON)


@pytest.fixture
async def served(office: Office, bounds: Bounds) -> AsyncIterator[Served]:
    """The small board, served on a real port; whatever of the server blocks its loop fails the test."""
    with blockbuster_ctx("server"):
        async with serve(office, bounds) as running:
            yield running


@pytest.fixture
def elsewhere(office: Office) -> Iterator[Members]:
    """The members' file as another process has it open."""
    members = Members(office.folder / MEMBERS, office.clock)
    yield members
    members.close()
