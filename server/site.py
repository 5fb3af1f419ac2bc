"""The port on which the server listens, and how it is left."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from aiohttp import web


class Site(web.TCPSite):
    """A port that, when it is left, forgets nobody who has just been let in: every connection is answered or closed."""

    async def stop(self) -> None:
        """Let nobody in any more, and leave the port."""
        if isinstance(self._server, asyncio.Server):
            await leave(self._server)
        await super().stop()


async def leave(listening: asyncio.Server) -> None:
    """Close a listening port once whoever was let in has been met.

    Python 3.11 drops a connection, open, when its turn comes after the port was closed (`Server._attach`).
    """
    loop = asyncio.get_running_loop()
    with suppress(NotImplementedError):  # Windows' own loop has no readers, and no such gap
        for port in listening.sockets:
            loop.remove_reader(port)
    await asyncio.sleep(0)
    listening.close()
