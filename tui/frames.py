"""Frames as they travel: what the office sends, read or refused, and pushes, written."""

from __future__ import annotations

from collections.abc import Iterable

import aiohttp
import orjson
from aiohttp import WSMsgType
from pydantic import ValidationError

from shared import protocol
from shared.board.log_record import decode
from tui.faults import Refusal, fault, refusal
from tui.replica import Batch
from tui.waiting import Waiting

_GONE = (WSMsgType.CLOSE, WSMsgType.CLOSED, WSMsgType.CLOSING)


async def receive(socket: aiohttp.ClientWebSocketResponse) -> protocol.ServerFrame | None:
    """The next frame; nothing when the office has gone. Raises `Fault` for what no office sends, `Refusal` for a no."""
    while (message := await socket.receive()).type not in _GONE:
        if message.type is not WSMsgType.TEXT:
            raise fault("network" if message.type is WSMsgType.ERROR else "not-guatu")
        frame = _read(message.data)
        if isinstance(frame, protocol.Refuse) and frame.final:
            raise refused(frame)
        if frame is not None:
            return frame
    return None


def refused(frame: protocol.Refuse) -> Refusal:
    """What the office says no to, as a fault."""
    found = refusal({"code": frame.code, "message": frame.message.model_dump()})
    return found if isinstance(found, Refusal) else Refusal(found.code, found.en, found.zh)


def batch_of(frame: protocol.Batch) -> Batch:
    """The batch as a value; raises `Fault` when its records are none."""
    try:
        records = tuple(decode(record) for record in frame.records)
    except (KeyError, TypeError, ValueError):
        raise fault("not-guatu") from None
    return Batch(frame.start.cursor(), records, frame.to.cursor(), frame.at_head)


def push_frame(due: Iterable[Waiting]) -> str:
    """A push of these entries, in their order, byte for byte as they were saved."""
    return '{"kind":"push","changes":[' + b",".join(waiting.body for waiting in due).decode() + "]}"


def _read(text: str) -> protocol.ServerFrame | None:
    """The frame in a message, or nothing when it is of a kind that only a newer laptop knows."""
    try:
        return protocol.server_frames.validate_python(orjson.loads(text))
    except ValidationError as wrong:
        if wrong.errors(include_url=False, include_input=False)[0]["type"] == "union_tag_invalid":
            return None
    except orjson.JSONDecodeError:
        pass
    raise fault("not-guatu")
