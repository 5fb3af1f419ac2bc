"""Asking over HTTP: entering something first, and refusals whose form is checked."""

from __future__ import annotations

from typing import Any

from server.answers import Problem
from shared.errors import FAULTS
from tests.conftest import Pass, Served


async def enter(guest: Pass, *changes: Any) -> list[dict[str, Any]]:
    """Enter these over a live connection, and wait until they are published."""
    async with guest.connect() as speaker:
        await speaker.hello(guest.served.desk.feed.head)
        return await speaker.push(changes) if changes else []


async def problem(served: Served, path: str, token: str = "", **more: Any) -> tuple[int, str]:
    """The status and code of a refusal, whose form is checked."""
    status, body = await served.ask(path, token, **more)
    told = Problem.model_validate(body)
    assert FAULTS[told.code].status == status
    assert told.message.en.isascii() or told.code == "internal"
    assert not told.message.zh.isascii()
    return status, told.code
