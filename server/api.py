"""The doors of the office: one WebSocket for everything live, REST for the rest, all in one table of routes."""

from __future__ import annotations

from typing import Annotated, Any, Final

import orjson
import structlog
from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import Field

from server.answers import (
    Alive,
    BoardAnswer,
    DigestAnswer,
    Enrolled,
    HistoryAnswer,
    LogRecordAnswer,
    Ready,
    UnitPage,
    UnitsAnswer,
)
from server.file_doors import FILES
from server.gate import internal
from server.live import Session
from server.openapi import describe
from server.pages import board_body, unit_answer, unit_page
from server.past import PAST
from server.peer import READ_AT_MOST, Peer, Socket
from server.routes import TRIES, Asked, Call, Nothing, Raw, Route, json_answer, pressed
from shared.board.record import step_address
from shared.errors import Refused
from shared.protocol import HEARTBEAT_SECONDS
from shared.rights import covers, reach

_log = structlog.get_logger()
UnitCode = Annotated[str, Field(min_length=1, max_length=64)]
SNAPSHOT: Final = "application/vnd.guatu.snapshot+gzip"


class Enrolment(Asked):
    """What a laptop sends to enrol: the one-time code, and what to call the device."""

    code: str = Field(min_length=1, max_length=64)
    device: str = Field(default="", max_length=64)


class UnitsWish(Asked):
    """Which page of units."""

    after: str = Field(default="", max_length=64, description="Only codes that follow this one.")
    limit: int = Field(default=500, ge=1, le=1000)


class UnitWish(Asked):
    """Which unit."""

    code: UnitCode


class HistoryWish(Asked):
    """Whose history, how much of it, and of which step."""

    code: UnitCode
    limit: int = Field(default=50, ge=1, le=500)
    step: str | None = Field(default=None, min_length=1, max_length=64, description="Only this step: `1.4`.")


class CampaignWish(Asked):
    """Which revision of the campaign."""

    digest: str = Field(pattern=r"^[0-9a-f]{32}$")


class SnapshotWish(Asked):
    """Which snapshot."""

    name: str = Field(max_length=128)


async def healthz(_: Call[Nothing]) -> Alive:
    """Whether the process lives. It says nothing else, as it asks for nothing."""
    return Alive(ok=True)


async def ready(call: Call[Nothing]) -> Ready:
    """Whether changes are taken: the disk has not failed."""
    if call.desk.committer.failed is not None:
        raise Refused("storage")
    return Ready(ok=True, head=call.desk.feed.head.seq)


async def enrol(call: Call[Enrolment]) -> Enrolled:
    """Spend a one-time code and hand out the device's token, once."""
    wait = call.request.app[TRIES].wait(call.request.remote or "")
    if wait:
        raise Refused("too-many-tries", seconds=wait)
    device, author, token = await call.desk.enrol(call.asked.code, call.asked.device)
    return Enrolled(
        token=token,
        device=device.id,
        member=author.member,
        role=author.role,
        areas=author.areas,
        board=call.desk.feed.head.board,
        campaign=call.desk.office.campaigns.digest(),
    )


async def board(call: Call[Nothing]) -> web.Response:
    """The board today: units with their lights, towns, counts."""
    return json_answer(await board_body(call.desk, reach(call.author.role, call.author.areas)))


async def units(call: Call[UnitsWish]) -> UnitsAnswer:
    """The units of the roster, closed ones too, a page at a time."""
    areas, asked = reach(call.author.role, call.author.areas), call.asked
    found = await call.desk.rows.units(areas, asked.after, asked.limit)
    following = found[-1].code if len(found) == asked.limit else None
    return UnitsAnswer(units=tuple(unit_answer(unit) for unit in found), next=following)


async def unit(call: Call[UnitWish]) -> UnitPage:
    """One unit: its row of today, and every record of it with all standing values."""
    code = _readable(call, call.asked.code)
    page = await unit_page(call.desk, code)
    if page is None:
        raise Refused("not-found", what="unit")
    return page


async def history(call: Call[HistoryWish]) -> HistoryAnswer:
    """The newest log records of a unit or of one of its steps, newest first; held ones too."""
    asked, desk = call.asked, call.desk
    code = _readable(call, asked.code)
    if desk.rows.unit(code) is None:
        raise Refused("not-found", what="unit")
    address = step_address(code, asked.step) if asked.step is not None else None
    records = await desk.reader.do(desk.reading.history, code, asked.limit, address)
    return HistoryAnswer(
        records=tuple(
            LogRecordAnswer(
                seq=r.seq, status=r.status, device=r.device, at=r.at, chain=r.chain, change=orjson.loads(r.body)
            )
            for r in records
        )
    )


async def digest(call: Call[Nothing]) -> DigestAnswer:
    """What a laptop that stands at the head should come to: the digest of all that it reads."""
    at, found = await call.desk.digests.of(reach(call.author.role, call.author.areas))
    place = at or call.desk.feed.origin
    return DigestAnswer(seq=place.seq, chain=place.chain, digest=found)


async def campaign(call: Call[CampaignWish]) -> web.Response:
    """A campaign revision by its digest; it never changes."""
    body = call.desk.office.campaigns.body(call.asked.digest)
    if body is None:
        raise Refused("not-found", what="campaign")
    headers = {"Cache-Control": "private, max-age=31536000, immutable"}
    return pressed(web.Response(body=body, content_type="application/json", headers=headers))


async def snapshot(call: Call[Nothing]) -> web.Response:
    """Leads to a recent snapshot of what this device may read."""
    made = await call.desk.snapshot(call.author)
    return web.Response(status=303, headers={"Location": f"/api/v1/snapshot/{made.path.name}"})


async def snapshot_file(call: Call[SnapshotWish]) -> web.StreamResponse:
    """One snapshot: it never changes, and a Range goes on where a download broke off."""
    path = call.desk.snapshots.named(call.asked.name, reach(call.author.role, call.author.areas))
    if path is None:
        raise Refused("not-found", what="snapshot")
    return web.FileResponse(path, headers={"Content-Type": SNAPSHOT})


async def metrics(call: Call[Nothing]) -> web.Response:
    """What the server measures of itself, in Prometheus' text format."""
    return web.Response(body=call.desk.metrics.text(), headers={"Content-Type": CONTENT_TYPE_LATEST})


async def openapi(_: Call[Nothing]) -> web.Response:
    """This description."""
    return json_answer(orjson.dumps(document()))


async def live(call: Call[Nothing]) -> Socket:
    """The one live connection of a device, a WebSocket; PROTOCOL.md says what travels on it."""
    socket: Socket = web.WebSocketResponse(
        heartbeat=HEARTBEAT_SECONDS, max_msg_size=READ_AT_MOST, compress=False, decode_text=False
    )
    if not socket.can_prepare(call.request):
        raise Refused("bad-request", where="a WebSocket handshake, version 13")
    await socket.prepare(call.request)
    desk, peer = call.desk, Peer(socket, call.request.transport)
    session = Session(peer, call.author, desk.surroundings)
    try:
        desk.enter(session)
        await session.run()
    except Refused as refused:
        await _say_no(call, session, refused)
    except ConnectionError:
        pass
    except Exception:
        await _say_no(call, session, internal(call.request))
    finally:
        desk.leave(session)
        peer.let_go()
    return socket


async def _say_no(call: Call[Nothing], session: Session, refused: Refused) -> None:
    """Refuse, unless the peer does not even read what it was sent before."""
    call.desk.metrics.refused(refused.code)
    if refused.code != "restarting":
        _log.info("session refused", device=call.author.device, refusal=refused.code)
    if not session.peer.stuck:
        await session.peer.part(refused, call.desk.bounds.goodbye)


def _readable(call: Call[Any], code: str) -> str:
    """The code, if its unit lies in the reader's areas; what lies outside does not exist for them."""
    if not covers(reach(call.author.role, call.author.areas), code):
        raise Refused("not-found", what="unit")
    return code


ROUTES: Final[tuple[Route[Any], ...]] = (
    Route("GET", "/healthz", Nothing, Alive, (), healthz, open=True),
    Route("GET", "/api/v1/ready", Nothing, Ready, ("storage",), ready),
    Route("POST", "/api/v1/enrol", Enrolment, Enrolled, ("bad-code", "too-many-tries", "too-large"), enrol, open=True),
    Route("GET", "/api/v1/board", Nothing, BoardAnswer, (), board),
    Route("GET", "/api/v1/units", UnitsWish, UnitsAnswer, (), units),
    Route("GET", "/api/v1/units/{code}", UnitWish, UnitPage, ("not-found",), unit),
    Route("GET", "/api/v1/units/{code}/history", HistoryWish, HistoryAnswer, ("not-found",), history),
    PAST,
    Route("GET", "/api/v1/digest", Nothing, DigestAnswer, (), digest),
    Route("GET", "/api/v1/campaign/{digest}", CampaignWish, Raw(200, "application/json", "A campaign as data."),
          ("not-found",), campaign),
    Route("GET", "/api/v1/snapshot", Nothing, Raw(303, "", "Where the snapshot is, in Location."), (), snapshot),
    Route("GET", "/api/v1/snapshot/{name}", SnapshotWish, Raw(200, SNAPSHOT, "The file; 206 for a Range of it."),
          ("not-found",), snapshot_file),
    *FILES,
    Route("GET", "/api/v1/live", Nothing, Raw(101, "", "The connection is a WebSocket now."), ("bad-request",), live),
    Route("GET", "/api/v1/metrics", Nothing, Raw(200, "text/plain", "The measures."), (), metrics),
    Route("GET", "/api/v1/openapi.json", Nothing, Raw(200, "application/json", "OpenAPI 3.1."), (), openapi),
)  # fmt: skip


def document() -> dict[str, Any]:
    """The OpenAPI 3.1 description of every route."""
    return describe(ROUTES)
