"""The last word on every request: each refusal and fault becomes one coded answer in both languages, and is counted."""

from __future__ import annotations

import secrets
from typing import Any

import orjson
import structlog
from aiohttp import web

from server.routes import DESK, json_answer, speaker
from shared.errors import Refused
from shared.protocol import MAX_FRAME

_log = structlog.get_logger()


@web.middleware
async def refusals(request: web.Request, handler: Any) -> web.StreamResponse:
    """Turn every refusal and fault into one coded answer; a fault's details go to the log only."""
    try:
        response: web.StreamResponse = await handler(request)
        return response
    except Refused as refused:
        return _say_no(request, refused)
    except web.HTTPException as plain:
        if plain.status < 400:
            raise
        return _say_no(request, _coded(request, plain))
    except ConnectionError:
        raise  # the peer has gone: there is nobody to answer, and nothing went wrong here
    except Exception:
        return _say_no(request, internal(request))


def internal(request: web.Request) -> Refused:
    """What to say of a fault of our own: a reference that leads to the traceback in the office's log."""
    reference = secrets.token_hex(4)
    _log.exception("request failed", reference=reference, method=request.method, path=request.path)
    return Refused("internal", reference=reference)


def _say_no(request: web.Request, refused: Refused) -> web.Response:
    request.app[DESK].metrics.refused(refused.code)
    return json_answer(orjson.dumps(refused.to_json()), refused.fault().status)


def _coded(request: web.Request, plain: web.HTTPException) -> Refused:
    """The code for what aiohttp refuses by itself; who has no token does not learn what there is and what not."""
    if request.match_info.http_exception is not None:
        try:
            speaker(request)
        except Refused as refused:
            return refused
    match plain.status:
        case 404:
            return Refused("not-found", what=request.path[:80])
        case 405:
            return Refused("bad-method", method=request.method)
        case 413:
            return Refused("too-large", limit=MAX_FRAME)
    return Refused("bad-request", where=plain.reason[:80])
