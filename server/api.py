"""The doors of the office: one WebSocket for everything live, REST for the rest. Every refusal comes from one table."""

from __future__ import annotations

import asyncio
import secrets
from typing import Any, Final

import orjson
import structlog
from aiohttp import WSCloseCode, web
from pydantic import BaseModel, Field, ValidationError

from server.desk import Desk
from server.ledger import Author
from server.live import Session
from server.pace import Tries
from shared.errors import Refused
from shared.protocol import HEARTBEAT_SECONDS, MAX_FRAME
from shared.rights import Role

DESK: Final[web.AppKey[Desk]] = web.AppKey("desk", Desk)
TRIES: Final[web.AppKey[Tries]] = web.AppKey("tries", Tries)
AUTHOR: Final = web.RequestKey("author", Author)
OPEN: Final = frozenset({"/healthz", "/api/v1/enrol"})
"""Paths that take no token: whether the process lives, and the door that takes a one-time code instead."""

_log = structlog.get_logger()


class Enrolment(BaseModel):
    """What a laptop sends to enrol: the one-time code, and what to call the device."""

    code: str = Field(max_length=64)
    device: str = Field(default="", max_length=64)


@web.middleware
async def refusals(request: web.Request, handler: Any) -> web.StreamResponse:
    """Turn every refusal and fault into one coded answer in both languages; a fault's details go to the log only."""
    try:
        return await _guarded(request, handler)
    except Refused as refused:
        return answer(refused.to_json(), refused.fault().status)
    except web.HTTPException as plain:
        return _plain(request, plain)
    except asyncio.CancelledError:
        raise
    except Exception:
        reference = secrets.token_hex(4)
        _log.exception("request failed", reference=reference, method=request.method, path=request.path)
        return answer(Refused("internal", reference=reference).to_json(), 500)


async def _guarded(request: web.Request, handler: Any) -> web.StreamResponse:
    if request.path not in OPEN and not request.match_info.http_exception:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Refused("no-token")
        request[AUTHOR] = await request.app[DESK].author(token)
    response: web.StreamResponse = await handler(request)
    return response


def _plain(request: web.Request, plain: web.HTTPException) -> web.StreamResponse:
    if plain.status < 400:
        raise plain
    known = {404: Refused("not-found", what=request.path[:80]), 405: Refused("bad-method", method=request.method)}
    refused = known.get(plain.status) or Refused("bad-request", where=plain.reason[:80])
    if plain.status == 413:
        refused = Refused("too-large", limit=MAX_FRAME)
    return answer(refused.to_json(), plain.status)


def answer(body: object, status: int = 200) -> web.Response:
    """A JSON answer that no cache keeps."""
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return web.Response(body=orjson.dumps(body), status=status, content_type="application/json", headers=headers)


async def enrol(request: web.Request) -> web.Response:
    """Spend a one-time code and hand out the device's token, once."""
    wait = request.app[TRIES].wait(request.remote or "")
    if wait:
        raise Refused("too-many-tries", seconds=wait)
    try:
        wish = Enrolment.model_validate_json(await request.read())
    except ValidationError as fault:
        first = fault.errors(include_url=False, include_input=False)[0]
        raise Refused("bad-request", where=".".join(map(str, first["loc"])) or first["type"]) from None
    desk = request.app[DESK]
    loop = asyncio.get_running_loop()
    issued = await loop.run_in_executor(desk.files, desk.office.members.enrol, wish.code, wish.device)
    if issued is None:
        raise Refused("bad-code")
    device, token = issued
    author = await desk.author(token)
    return answer(
        {
            "token": token,
            "device": device.id,
            "member": author.member,
            "role": author.role,
            "areas": author.areas,
            "board": desk.feed.head.board,
            "campaign": desk.office.campaigns.digest(),
        }
    )


async def live(request: web.Request) -> web.WebSocketResponse:
    """The one live connection of a device; see `shared/PROTOCOL.md`."""
    desk, author = request.app[DESK], request[AUTHOR]
    socket = web.WebSocketResponse(heartbeat=HEARTBEAT_SECONDS, max_msg_size=MAX_FRAME, compress=False)
    await socket.prepare(request)
    session = Session(
        socket, author, desk.feed, desk.committer, desk.presence, desk.office.campaigns.digest(), request.transport
    )
    try:
        desk.enter(session)
        await session.run()
    except Refused as refused:
        _log.info("session refused", device=author.device, code=refused.code)
        await _say_no(session, refused)
    except (ConnectionError, asyncio.CancelledError):
        session.abort()
        raise
    finally:
        desk.leave(session)
        if not socket.closed:
            session.abort()
    return socket


async def _say_no(session: Session, refused: Refused) -> None:
    try:
        async with asyncio.timeout(2):
            await session.refuse(refused)
    except (TimeoutError, ConnectionError):
        session.abort()


async def snapshot(request: web.Request) -> web.StreamResponse:
    """Lead to a recent snapshot of what this device may read."""
    name = await request.app[DESK].snapshot(request[AUTHOR])
    raise web.HTTPSeeOther(f"/api/v1/snapshot/{name}")


async def snapshot_file(request: web.Request) -> web.StreamResponse:
    """One snapshot: it never changes, and a Range goes on where a download broke off."""
    path = request.app[DESK].snapshots.named(request.match_info["name"], request[AUTHOR].areas)
    if path is None:
        raise Refused("not-found", what="snapshot")
    return web.FileResponse(path, headers={"Content-Type": "application/vnd.guatu.snapshot+gzip"})


async def campaign(request: web.Request) -> web.Response:
    """A campaign revision by its digest; it never changes."""
    body = request.app[DESK].office.campaigns.body(request.match_info["digest"])
    if body is None:
        raise Refused("not-found", what="campaign")
    return web.Response(body=body, content_type="application/json", headers={"Cache-Control": "private, immutable"})


async def healthz(_: web.Request) -> web.Response:
    """Whether the process lives. Says nothing else, as it asks for nothing."""
    return answer({"ok": True})


async def readyz(request: web.Request) -> web.Response:
    """Whether changes are taken: the disk has not failed."""
    desk = request.app[DESK]
    if desk.committer.failed is not None:
        raise Refused("storage")
    return answer({"ok": True, "head": desk.feed.head.seq})


def administrators_only(request: web.Request) -> None:
    """Refuse everybody but administrators."""
    if request[AUTHOR].role is not Role.ADMIN:
        raise Refused("no-right")


async def close_all(app: web.Application) -> None:
    """End every session at once, so that a stop takes no longer with two hundred of them."""
    desk = app[DESK]
    closing = [session.close(WSCloseCode.SERVICE_RESTART) for session in list(desk.sessions)]
    try:
        async with asyncio.timeout(0.5):
            await asyncio.gather(*closing, return_exceptions=True)
    except TimeoutError:
        pass
    for session in list(desk.sessions):
        session.abort()
