"""Laptops of a test over real sockets, and doors behind which offices come and go."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from blockbuster import blockbuster_ctx

from server.office import Office
from shared.rights import Role
from tests.laptops import Door, FieldLaptop, identity_of, now
from tests.wire.offices import Joins
from tui.doors import enrol


@pytest.fixture
async def laptops() -> AsyncIterator[list[FieldLaptop]]:
    """Every laptop of a test, closed at its end; whatever of the laptop's side blocks the loop fails the test."""
    opened: list[FieldLaptop] = []
    with blockbuster_ctx("tui"):
        yield opened
        for laptop in opened:
            await laptop.close()


@pytest.fixture
def joins(office: Office, tmp_path: Path, laptops: list[FieldLaptop]) -> Joins:
    """A new member's laptop, enrolled at an address, not yet connected; `via` is the address it uses from then on."""

    async def join(
        url: str, role: Role = Role.LEAD, areas: tuple[str, ...] = ("340111",), via: str = "", **more: Any
    ) -> FieldLaptop:
        number = len(laptops)
        code = await asyncio.to_thread(office.members.add, f"成员{number}", role, areas)
        answer = await enrol(url, code, f"laptop {number}", now)
        identity = identity_of(via or url, more.pop("token", answer["token"]), answer)
        laptop = await asyncio.to_thread(FieldLaptop, tmp_path / f"laptop-{number}", identity, **more)
        laptops.append(laptop)
        return laptop

    return join


@pytest.fixture
async def door(laptops: list[FieldLaptop], office: Office) -> AsyncIterator[Door]:
    """A door behind which offices come and go; it shuts before the test's office closes."""
    made = Door()
    yield made
    await made.shut()
