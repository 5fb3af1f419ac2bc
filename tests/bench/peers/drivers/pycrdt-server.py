"""pycrdt-websocket with its SQLite store, as its documentation sets it up: `pycrdt-server.py PORT FOLDER`."""

import asyncio
import sys
from pathlib import Path

import uvicorn
from pycrdt.store import SQLiteYStore, YDocNotFound
from pycrdt.websocket import ASGIServer, WebsocketServer, YRoom, exception_logger


class Store(SQLiteYStore):  # type: ignore[misc]  # not installed where types are checked
    """The file of this run."""

    db_path = str(Path(sys.argv[2]) / "pycrdt.db")


class Server(WebsocketServer):  # type: ignore[misc]
    """One room per path, each with its store, which is read before the first client is served."""

    async def get_room(self, name: str) -> YRoom:
        """The room as it was stored."""
        if name not in self.rooms:
            room = YRoom(ready=False, ystore=Store(path=name), exception_handler=exception_logger)
            self.rooms[name] = room
            async with Store(path=name) as stored:
                try:
                    await stored.apply_updates(room.ydoc)
                except YDocNotFound:
                    sys.stderr.write(f"{name} is new\n")
            room.ready = True
        await self.start_room(self.rooms[name])
        return self.rooms[name]


async def main() -> None:
    """Serve until killed.

    Rooms stay when their last client leaves, else their updates would be lost with them, and when a client breaks off,
    else nobody would be told anything any more.
    """
    async with Server(auto_clean_rooms=False, exception_handler=exception_logger) as server:
        config = uvicorn.Config(ASGIServer(server), host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
        await uvicorn.Server(config).serve()


asyncio.run(main())
