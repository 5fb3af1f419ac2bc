"""The server put together: a pure function from a desk to an application, and the loop that serves it."""

from __future__ import annotations

import asyncio
import signal
import ssl
import sys
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any, Final

from aiohttp import web

from server.api import ROUTES
from server.desk import Desk
from server.gate import refusals
from server.office import Office
from server.pace import Tries
from server.routes import DESK, TRIES
from server.site import Site
from shared.errors import Refused
from shared.protocol import MAX_FRAME

STOP_WITHIN: Final = 1.0
METRICS: Final = "/api/v1/metrics"
SWITCH_SECONDS: Final = 0.001
"""How long a thread may keep the interpreter from the event loop: Python's own 5 ms would be felt on every edit."""


def create_app(desk: Desk, *, metrics: bool = True) -> web.Application:
    """The application over a running desk; without `metrics` nobody can ask for the measures."""
    app = web.Application(middlewares=[refusals], client_max_size=MAX_FRAME)
    app[DESK] = desk
    app[TRIES] = Tries(desk.bounds.tries_per_minute, 60.0, time.monotonic)
    for route in ROUTES:
        if metrics or route.path != METRICS:
            route.register(app)
    app.on_shutdown.append(close_all)
    return app


async def serve(
    office: Office,
    host: str,
    port: int,
    started: Callable[[str], None],
    tls: ssl.SSLContext | None = None,
    beside: Callable[[Desk], Coroutine[Any, Any, None]] | None = None,
    *,
    metrics: bool = True,
) -> bool:
    """Serve until SIGTERM or SIGINT; `started` gets the address. False when the disk failed and the server gave up.

    `beside` runs on the same loop while the board is served, and is cancelled with it.
    """
    sys.setswitchinterval(SWITCH_SECONDS)
    desk = await asyncio.to_thread(Desk, office)
    async with desk.running(), _listening(create_app(desk, metrics=metrics), host, port, tls) as address:
        _heed_signals(desk)
        started(address)
        company = [asyncio.create_task(beside(desk), name="beside")] if beside else []
        await _until_stopped(desk)
        for task in company:
            task.cancel()
        await asyncio.gather(*company, return_exceptions=True)
    return not desk.stopped.is_set()


@asynccontextmanager
async def _listening(app: web.Application, host: str, port: int, tls: ssl.SSLContext | None) -> AsyncIterator[str]:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=STOP_WITHIN)
    await runner.setup()
    try:
        site = Site(runner, host, port, ssl_context=tls)
        await site.start()
        yield f"{'https' if tls else 'http'}://{f'[{host}]' if ':' in host else host}:{site.port}"
    finally:
        await runner.cleanup()


async def close_all(app: web.Application) -> None:
    """End every session at once, so that a stop takes no longer with two hundred of them."""
    desk = app[DESK]
    for session in desk.sessions:
        session.expel(Refused(desk.committer.failed or "restarting"))
    with suppress(TimeoutError):
        async with asyncio.timeout(desk.bounds.stop):
            await desk.deserted.wait()
    for session in desk.sessions:
        session.peer.abort()


def _heed_signals(desk: Desk) -> None:
    """From here on SIGTERM ends the server cleanly: before its address is told, so that no early one is missed."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError):
            loop.add_signal_handler(number, desk.wind_up.set)


async def _until_stopped(desk: Desk) -> None:
    waiting = [asyncio.create_task(desk.wind_up.wait()), asyncio.create_task(desk.stopped.wait())]
    await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    for task in waiting:
        task.cancel()
