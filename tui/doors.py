"""The office's doors as a laptop uses them: enrol, snapshot, campaign, and the live connection."""

from __future__ import annotations

import gzip
import io
import socket
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any, Final, Self

import aiohttp
import orjson

from shared.protocol import HEARTBEAT_SECONDS, STALL_SECONDS
from tui.profile import Identity

MAX_MESSAGE: Final = 4 * 1024 * 1024
MAX_SNAPSHOT: Final = 512 * 1024 * 1024
PART: Final = 256 * 1024
CONNECT_SECONDS: Final = 10


class Fault(Exception):
    """The connection failed; a code, and a sentence in both languages."""

    def __init__(self, code: str, en: str, zh: str) -> None:
        super().__init__(en)
        self.code, self.en, self.zh = code, en, zh


class Office:
    """The office behind an address, spoken to with this device's token."""

    def __init__(self, identity: Identity) -> None:
        self._identity = identity
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS, sock_read=STALL_SECONDS)
        headers = {"Authorization": f"Bearer {self._identity.token}"}
        self._session = aiohttp.ClientSession(headers=headers, timeout=timeout)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._open().close()

    @asynccontextmanager
    async def live(self) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
        """The live connection; raises `Fault` when the office refuses it."""
        url = self._url("live")
        try:
            async with self._open().ws_connect(
                url, heartbeat=HEARTBEAT_SECONDS, max_msg_size=MAX_MESSAGE, compress=0
            ) as websocket:
                yield websocket
        except aiohttp.WSServerHandshakeError as refused:
            raise await self._why(refused.status) from None

    async def snapshot(self) -> tuple[dict[str, Any], Iterator[bytes]]:
        """A snapshot's header and its lines; a download that breaks off is gone on with, a few times."""
        body = bytearray()
        url = self._url("snapshot")
        for _ in range(5):
            try:
                url = await self._download(url, body)
                break
            except (aiohttp.ClientPayloadError, TimeoutError):
                continue
        else:
            raise Fault("cut", "The download broke off five times; try again later.", "下载五次中断，请稍后再试。")
        lines = iter(gzip.GzipFile(fileobj=io.BytesIO(body)))
        return orjson.loads(next(lines)), lines

    async def campaign(self, digest: str) -> bytes:
        """The campaign of this digest, as JSON."""
        async with self._open().get(self._url(f"campaign/{digest}")) as response:
            await _expect(response)
            return await response.read()

    async def _download(self, url: str, body: bytearray) -> str:
        headers = {"Range": f"bytes={len(body)}-"} if body else {}
        async with self._open().get(url, headers=headers) as response:
            await _expect(response)
            if response.status != 206:
                body.clear()
            async for part in response.content.iter_chunked(PART):
                body += part
                if len(body) > MAX_SNAPSHOT:
                    raise Fault("too-large", "The snapshot is larger than this laptop takes.", "快照超过本机上限。")
            return str(response.url)

    async def _why(self, status: int) -> Fault:
        """Ask the plain way why the live connection was refused, as a handshake cannot carry a sentence."""
        async with self._open().get(self._url("ready")) as response:
            try:
                await _expect(response)
            except Fault as fault:
                return fault
        return Fault("handshake", f"The office refused the connection ({status}).", f"办公室拒绝了连接（{status}）。")

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise RuntimeError("not entered")
        return self._session

    def _url(self, path: str) -> str:
        return f"{self._identity.url.rstrip('/')}/api/v1/{path}"


async def enrol(url: str, code: str, device: str) -> dict[str, Any]:
    """Spend a one-time code at the office; the answer holds the token, once. Raises `Fault`."""
    timeout = aiohttp.ClientTimeout(total=STALL_SECONDS, sock_connect=CONNECT_SECONDS)
    try:
        async with aiohttp.ClientSession(timeout=timeout) as session:
            body = {"code": code, "device": device}
            async with session.post(f"{url.rstrip('/')}/api/v1/enrol", json=body) as response:
                await _expect(response)
                answer: dict[str, Any] = orjson.loads(await response.read())
                return answer
    except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
        raise diagnose(error) from error


async def _expect(response: aiohttp.ClientResponse) -> None:
    """Pass an answer of guatu's on; anything else is a coded fault. A portal's page is no answer."""
    if response.content_type not in ("application/json", "application/vnd.guatu.snapshot+gzip"):
        raise Fault(
            "portal",
            "Something else answered: log in to this network's web page first.",
            "应答的不是挂图服务器：请先在浏览器中登录此网络。",
        )
    if response.status >= 400:
        body = orjson.loads(await response.read())
        message = body.get("message", {})
        raise Fault(str(body.get("code", response.status)), str(message.get("en", "")), str(message.get("zh", "")))


FAULTS: Final[dict[str, tuple[str, str]]] = {
    "certificate": (
        "The office's certificate is not valid now: look at this laptop's date, then ask the office.",
        "服务器证书无效：请先核对本机日期，再联系办公室。",
    ),
    "name": ("The office's address cannot be found; is there a network?", "找不到服务器地址，请检查网络。"),
    "timeout": ("The office does not answer in time.", "服务器未在规定时间内应答。"),
    "refused": ("No server is running at the office's address.", "该地址上没有运行服务器。"),
    "address": ("This is not the address of an office: http://HOST:PORT.", "地址格式应为 http://主机:端口。"),
    "network": ("The connection failed; it will be tried again.", "连接失败，将自动重试。"),
}


def diagnose(error: BaseException) -> Fault:
    """What a failed connection means, in a sentence for the person at the laptop."""
    if isinstance(error, Fault):
        return error
    code = _code_of(error, getattr(error, "os_error", None) or error)
    return Fault(code, *FAULTS[code])


def _code_of(error: BaseException, cause: BaseException) -> str:
    kinds: tuple[tuple[str, bool], ...] = (
        ("certificate", isinstance(error, aiohttp.ClientConnectorCertificateError)),
        ("certificate", isinstance(cause, ssl.SSLCertVerificationError)),
        ("name", isinstance(cause, socket.gaierror)),
        ("timeout", isinstance(cause, TimeoutError)),
        ("refused", isinstance(cause, ConnectionRefusedError)),
        ("address", isinstance(error, (aiohttp.InvalidURL, ValueError))),
    )
    return next((code for code, holds in kinds if holds), "network")
