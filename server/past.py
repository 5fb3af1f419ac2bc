"""What happened before a laptop's first sync, page by page: so that it can tell history, and help a restored office."""

from __future__ import annotations

from aiohttp import web
from pydantic import Field

from server.answers import PastAnswer
from server.routes import Asked, Call, Route, json_answer, pressed
from shared.protocol import MAX_BATCH_RECORDS


class PastWish(Asked):
    """Up to which record, and how many at most."""

    upto: int = Field(ge=0, lt=2**53, description="The last record wanted.")
    limit: int = Field(default=MAX_BATCH_RECORDS, ge=1, le=MAX_BATCH_RECORDS)


async def past(call: Call[PastWish]) -> web.Response:
    """The log's records up to one, oldest first, as far as this device reads them; go on with `before`."""
    lines, before = await call.desk.feed.past(call.asked.upto, call.asked.limit, call.author)
    body = b'{"records":[%b],"before":%d}' % (b",".join(line.encoded for line in lines), before)
    return pressed(json_answer(body))


PAST = Route("GET", "/api/v1/log", PastWish, PastAnswer, (), past)
