"""The server put together: a pure function from a desk to an application, and the loop that serves it."""

from __future__ import annotations

import asyncio
import signal
import ssl
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, Final

from aiohttp import web

from server import api
from server.desk import Desk
from server.office import Office
from server.pace import Tries
from shared.protocol import MAX_FRAME

STOP_WITHIN: Final = 1.0
TRIES_PER_MINUTE: Final = 20


def create_app(desk: Desk) -> web.Application:
    """The application over a running desk."""
    app = web.Application(middlewares=[api.refusals], client_max_size=MAX_FRAME)
    app[api.DESK] = desk
    app[api.TRIES] = Tries(TRIES_PER_MINUTE, 60.0, time.monotonic)
    app.add_routes(
        [
            web.get("/healthz", api.healthz),
            web.post("/api/v1/enrol", api.enrol),
            web.get("/api/v1/live", api.live),
            web.get("/api/v1/snapshot", api.snapshot),
            web.get("/api/v1/snapshot/{name}", api.snapshot_file),
            web.get("/api/v1/campaign/{digest}", api.campaign),
            web.get("/api/v1/ready", api.readyz),
        ]
    )
    app.on_shutdown.append(api.close_all)
    return app


async def serve(
    office: Office,
    host: str,
    port: int,
    started: Callable[[str], None],
    tls: ssl.SSLContext | None = None,
    beside: Callable[[Desk], Coroutine[Any, Any, None]] | None = None,
) -> bool:
    """Serve until SIGTERM or SIGINT; `started` gets the address. False when the disk failed and the server gave up.

    `beside` runs on the same loop while the board is served, and is cancelled with it.
    """
    desk = Desk(office)
    async with desk.running():
        runner = web.AppRunner(create_app(desk), access_log=None, shutdown_timeout=STOP_WITHIN)
        await runner.setup()
        site = web.TCPSite(runner, host, port, ssl_context=tls)
        company: list[asyncio.Task[None]] = []
        try:
            await site.start()
            _heed_signals(desk)
            started(f"{'https' if tls else 'http'}://{f'[{host}]' if ':' in host else host}:{site.port}")
            company += [asyncio.create_task(beside(desk), name="beside")] if beside else []
            await _until_stopped(desk)
        finally:
            for task in company:
                task.cancel()
            await asyncio.gather(*company, return_exceptions=True)
            await runner.cleanup()
    return desk.committer.failed is None or not desk.stopped.is_set()


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
