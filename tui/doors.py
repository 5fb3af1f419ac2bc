"""The office's doors as a laptop uses them: enrol, snapshot, campaign, and the live connection.

The token travels in a header, to the office's own address and nowhere else: no answer leads these requests away.
"""

from __future__ import annotations

import asyncio
import gzip
import io
import zlib
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, Final, Self

import aiohttp
import orjson
from yarl import URL

from shared.attached import MAX_FILE
from shared.protocol import HEARTBEAT_SECONDS, STALL_SECONDS
from tui.faults import diagnose, fault, refusal
from tui.profile import Identity

API: Final = "api/v1"
MAX_MESSAGE: Final = 4 * 1024 * 1024
MAX_SNAPSHOT: Final = 512 * 1024 * 1024
PART: Final = 256 * 1024
CONNECT_SECONDS: Final = 10
GOODBYE_SECONDS: Final = 1.0
DOWNLOADS: Final = 20
PIECE: Final = 64 * 1024
MAX_ASKED: Final = 512
"""About so many files an office is asked at once."""
_OURS: Final = ("application/json", "application/vnd.guatu.snapshot+gzip", "application/vnd.guatu.file")
_BROKEN: Final = (aiohttp.ClientPayloadError, aiohttp.ClientConnectionError, TimeoutError)


class Office:
    """The office behind an address, spoken to with this device's token. Raises `Fault`, and whatever aiohttp raises."""

    def __init__(self, identity: Identity, now: Callable[[], datetime], stall: float = STALL_SECONDS) -> None:
        self._now = now
        self._stall = stall
        self._root = address(identity.url)
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS, sock_read=stall)
        headers = {"Authorization": f"Bearer {identity.token}"}
        stay = aiohttp.TraceConfig()
        stay.on_request_redirect.append(_stay_here)  # the one way in which a handshake can be told not to follow
        self._session = aiohttp.ClientSession(headers=headers, timeout=timeout, trace_configs=[stay])

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    @asynccontextmanager
    async def live(self) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
        """The live connection; raises what the office refuses it for."""
        goodbye = aiohttp.ClientWSTimeout(ws_close=GOODBYE_SECONDS)
        connecting = self._session.ws_connect(
            self._root / API / "live", heartbeat=HEARTBEAT_SECONDS, max_msg_size=MAX_MESSAGE, timeout=goodbye
        )
        try:
            websocket = await connecting
        except aiohttp.WSServerHandshakeError:  # its text would hold the request's headers
            websocket = None
        if websocket is None:
            await self._get("ready")  # a handshake cannot carry a sentence: ask the plain way
            raise fault("not-guatu")
        async with websocket:
            yield websocket

    async def snapshot(self) -> tuple[dict[str, Any], Iterator[bytes]]:
        """A snapshot's header and its lines; a download that breaks off is gone on with."""
        body = bytearray()
        where = await self._snapshot_url()
        for _ in range(DOWNLOADS):
            before = len(body)
            try:
                await self._download(where, body)
                return _opened(body)
            except _BROKEN:
                if len(body) <= before:
                    raise
        raise fault("broken-download")

    async def campaign(self, digest: str) -> bytes:
        """The campaign of this digest, as JSON."""
        return await self._get(f"campaign/{digest}")

    async def history(self, unit: str, limit: int) -> list[dict[str, Any]]:
        """The newest log records of a unit, newest first, as they travel. Raises `tui.faults.Fault`."""
        try:
            body = orjson.loads(await self._get(f"units/{unit}/history", limit=limit))
            records: list[dict[str, Any]] = body["records"]
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise diagnose(error, self._now()) from None
        except (ValueError, KeyError, TypeError):
            raise fault("not-guatu") from None
        return records

    async def digest(self) -> tuple[int, str, str]:
        """The office's head, as seq and chain, and its digest of what this device reads. Raises `tui.faults.Fault`."""
        try:
            body = orjson.loads(await self._get("digest"))
            return int(body["seq"]), str(body["chain"]), str(body["digest"])
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise diagnose(error, self._now()) from None
        except (ValueError, KeyError, TypeError):
            raise fault("not-guatu") from None

    async def missing_files(self, hashes: Sequence[str]) -> list[str]:
        """Those of at most `MAX_ASKED` files that the office lacks, as far as it tells."""
        where = self._root / API / "files/missing"
        async with self._session.post(where, json={"hashes": list(hashes)}, allow_redirects=False) as response:
            await expect(response)
            try:
                missing: list[str] = [str(each) for each in orjson.loads(await response.read())["missing"]]
            except (ValueError, KeyError, TypeError):
                raise fault("not-guatu") from None
        return missing

    async def put_file(self, digest: str, body: bytes) -> None:
        """Hand over a file; it is on the office's disk when this returns. Raises `stalled` when it does not move on."""
        loop = asyncio.get_running_loop()
        headers = {"Content-Type": "application/octet-stream", "Content-Length": str(len(body))}
        try:
            async with asyncio.timeout(self._stall) as deadline:

                async def parts() -> AsyncIterator[bytes]:
                    for start in range(0, len(body), PIECE):
                        yield body[start : start + PIECE]
                        deadline.reschedule(loop.time() + self._stall)

                where = self._root / API / "files" / digest
                async with self._session.put(where, data=parts(), headers=headers, allow_redirects=False) as response:
                    await expect(response)
                    await response.read()
        except TimeoutError:
            raise fault("stalled", seconds=f"{self._stall:g}") from None

    async def file(self, digest: str) -> bytes:
        """What the office gives out as a file of this hash; of one that is too large the beginning."""
        body = bytearray()
        where = self._root / API / "files" / digest
        async with self._session.get(where, allow_redirects=False) as response:
            await expect(response)
            async for part in response.content.iter_chunked(PART):
                body += part
                if len(body) > MAX_FILE:
                    break
        return bytes(body)

    async def past(self, upto: int) -> dict[str, Any]:
        """The page of the log that ends with record `upto`: `records` as they travel, and the page `before`."""
        page: dict[str, Any] = orjson.loads(await self._get("log", upto=upto))
        return page

    async def _snapshot_url(self) -> URL:
        """Where the snapshot is: it never changes, so that a second try goes on with the same one."""
        async with self._session.get(self._root / API / "snapshot", allow_redirects=False) as response:
            if response.status == 303:
                where = response.url.join(URL(response.headers.get("Location", "")))
                if where.origin() == self._root.origin():
                    return where
            await expect(response)
            return response.url

    async def _download(self, where: URL, body: bytearray) -> None:
        headers = {"Range": f"bytes={len(body)}-"} if body else {}
        async with self._session.get(where, headers=headers, allow_redirects=False) as response:
            if response.status == 416:
                return
            await expect(response)
            if response.status != 206:
                body.clear()
            async for part in response.content.iter_chunked(PART):
                body += part
                if len(body) > MAX_SNAPSHOT:
                    raise fault("too-large")

    async def _get(self, path: str, **query: int) -> bytes:
        async with self._session.get(self._root / API / path, params=query, allow_redirects=False) as response:
            await expect(response)
            return await response.read()


async def enrol(url: str, code: str, device: str, now: Callable[[], datetime]) -> dict[str, Any]:
    """Spend a one-time code at the office; the answer holds the token, once. Raises `tui.faults.Fault`."""
    timeout = aiohttp.ClientTimeout(total=STALL_SECONDS, sock_connect=CONNECT_SECONDS)
    door, body = address(url) / API / "enrol", {"code": code, "device": device}
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.post(door, json=body, allow_redirects=False) as response,
        ):
            await expect(response)
            answer: dict[str, Any] = orjson.loads(await response.read())
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        raise diagnose(error, now()) from None
    except ValueError:
        raise fault("not-guatu") from None
    return answer


def address(text: str) -> URL:
    """The office's address as people write it, `office:8080` too; raises `tui.faults.Fault` when it is none."""
    if not text:
        raise fault("no-address")
    try:
        url = URL(text if "://" in text else f"http://{text}")
        port = url.port
    except ValueError:
        raise fault("address") from None
    if url.scheme not in ("http", "https") or not url.host or port is None or url.user or url.query_string:
        raise fault("address")
    return url.with_path(url.path.rstrip("/") + "/")


async def expect(response: aiohttp.ClientResponse) -> None:
    """Pass an answer of guatu's on; anything else is a fault. The page of a hotel's portal is no answer."""
    if response.content_type in _OURS:
        if response.status < 400:
            return
        try:
            body = orjson.loads(await response.read())
        except ValueError:
            body = {}
        raise refusal(body if isinstance(body, dict) else {})
    if response.status >= 500 and response.status != 511:
        raise fault("gateway")
    raise fault("not-guatu" if 400 <= response.status < 500 else "portal")


async def _stay_here(*_: object) -> None:
    """Nobody but a portal answers a handshake with another address."""
    raise fault("portal")


def _opened(body: bytes | bytearray) -> tuple[dict[str, Any], Iterator[bytes]]:
    """The header of a snapshot and its lines; what is wrong further down shows when they are read."""
    lines = iter(gzip.GzipFile(fileobj=io.BytesIO(body)))
    try:
        header = orjson.loads(next(lines, b""))
    except (OSError, EOFError, zlib.error, ValueError):
        raise fault("broken-download") from None
    if not isinstance(header, dict):
        raise fault("not-guatu")
    return header, lines
