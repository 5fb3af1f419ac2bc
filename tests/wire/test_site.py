"""Whoever was let in as the server was leaving its port is answered or sent away, never forgotten."""

from __future__ import annotations

import asyncio
import gc
import socket
from contextlib import suppress

import pytest
from aiohttp import web

from server.site import Site
from tests.relay import HOST


@pytest.mark.parametrize("turns", range(8))
async def test_a_connection_is_met_in_whatever_turn_the_port_is_left(turns: int) -> None:
    runner = web.AppRunner(web.Application(), access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    site = Site(runner, HOST, 0)
    await site.start()
    with socket.create_connection((HOST, site.port), timeout=10) as guest:  # in the kernel's queue: no turn was taken
        for _ in range(turns):
            await asyncio.sleep(0)
        await runner.cleanup()
        with suppress(ConnectionError):
            assert await asyncio.to_thread(guest.recv, 1) == b""
    gc.collect()  # one that was forgotten is said here, and fails the test
