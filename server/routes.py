"""A route as a value: what it asks for, what it answers, who may come, how it fails. The server and its description are
both made from these, so that neither can say what the other does not do."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final, Generic, NamedTuple, TypeVar

from aiohttp import web
from pydantic import BaseModel, ConfigDict, ValidationError

from server.desk import Desk
from server.ledger import Author
from server.pace import Tries
from shared.errors import Refused
from shared.rights import Role

DESK: Final[web.AppKey[Desk]] = web.AppKey("desk", Desk)
TRIES: Final[web.AppKey[Tries]] = web.AppKey("tries", Tries)
NOBODY: Final = Author("", "", Role.VIEWER, ())
"""Who speaks where no token is asked for."""
_RANK: Final = {role: rank for rank, role in enumerate(Role)}


class Asked(BaseModel):
    """What a request brings along: its path's and query's parameters, or its body. Unknown parameters are a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Nothing(Asked):
    """A request without parameters."""


A = TypeVar("A", bound=Asked)


class Raw(NamedTuple):
    """An answer that is no JSON model: its status, its media type, and what it is."""

    status: int
    media: str
    what: str


@dataclass(frozen=True, slots=True)
class Call(Generic[A]):
    """One request that has passed the door."""

    request: web.Request
    desk: Desk
    author: Author
    asked: A


@dataclass(frozen=True, slots=True)
class Route(Generic[A]):
    """One address of the server. The first line of the handler's docstring is its summary."""

    method: str
    path: str
    asks: type[A]
    answers: type[BaseModel] | Raw
    errors: tuple[str, ...]
    handler: Callable[[Call[A]], Awaitable[BaseModel | web.StreamResponse]]
    open: bool = False
    role: Role = Role.VIEWER
    body: str = ""
    """The media type of a body that the handler reads by itself, as it comes."""

    def every_error(self) -> tuple[str, ...]:
        """The codes this route can answer with, those of its door included."""
        door = () if self.open else ("no-token", "bad-token", "revoked")
        asking = ("bad-request",) if self.asks.model_fields else ()
        role = ("no-right",) if self.role is not Role.VIEWER else ()
        return tuple(dict.fromkeys((*door, *role, *asking, *self.errors, "internal")))

    def register(self, app: web.Application) -> None:
        """Put this route into an application."""
        app.router.add_route(self.method, self.path, self.serve)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Let somebody in, read what they ask, and encode the answer; raises `Refused`."""
        author = NOBODY if self.open else speaker(request)
        if _RANK[author.role] < _RANK[self.role]:
            raise Refused("no-right")
        desk = request.app[DESK]
        asked = await self._read(request, desk.bounds.request)
        answer = await self.handler(Call(request, desk, author, asked))
        return json_answer(answer.model_dump_json().encode()) if isinstance(answer, BaseModel) else answer

    async def _read(self, request: web.Request, seconds: float) -> A:
        try:
            if self.method == "POST":
                async with asyncio.timeout(seconds):
                    return self.asks.model_validate_json(await request.read())
            if len(set(request.query)) != len(request.query):
                raise Refused("bad-request", where="a parameter is given twice")
            given: dict[str, Any] = {**request.query, **request.match_info}
            return self.asks.model_validate(given)
        except TimeoutError:
            raise Refused("bad-request", where="the body did not arrive in time") from None
        except ValidationError as fault:
            first = fault.errors(include_url=False, include_context=False, include_input=False)[0]
            place = ".".join(str(part) for part in first["loc"])[:80]
            raise Refused("bad-request", where=f"{place or 'body'}: {first['type']}") from None


def speaker(request: web.Request) -> Author:
    """Who sends this request, by the token in its Authorization header; raises `no-token`, `bad-token`, `revoked`."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Refused("no-token")
    return request.app[DESK].roll.author(token)


def pressed(answer: web.Response) -> web.Response:
    """The answer, compressed for whoever takes that: for what is long and goes to laptops on a village's network."""
    answer.enable_compression()  # aiohttp has a thread do it, from 4 KiB on
    return answer


def json_answer(body: bytes, status: int = 200) -> web.Response:
    """A JSON answer that no cache keeps."""
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return web.Response(body=body, status=status, content_type="application/json", headers=headers)
