"""`guatu join` and `guatu sync`: the commands that speak with the office."""

from __future__ import annotations

import asyncio
import platform
from pathlib import Path
from typing import Any

import orjson
import typer

from shared.messages import _
from tui.commands.failing import NO_OFFICE, REFUSED, fail, plainly, say
from tui.laptop import Laptop, collisions_in, local_now
from tui.profile import Identity, Profile, default_folder


@plainly
def join(url: str, code: str, name: str = "") -> None:
    """Enrol this laptop with a one-time code and read the board."""
    from tui.doors import Fault, enrol  # noqa: PLC0415 -- aiohttp only where the network is used

    profile = Profile(default_folder())
    if "://" not in url:
        url = f"http://{url}"
    try:
        answer = asyncio.run(enrol(url, code, name or platform.node()))
    except Fault as fault:
        fail(say(fault.zh, fault.en), REFUSED if fault.code in ("bad-code", "too-many-tries") else NO_OFFICE)
    _begin_anew(profile, str(answer["board"]))
    profile.keep(_identity(url, answer))
    typer.echo(_("Joined as {member} ({role}).").format(member=answer["member"], role=answer["role"]))
    with Laptop(writing=True) as laptop:
        _sync(laptop)


@plainly
def sync(as_json: bool = False) -> None:
    """Send what waits here and read what is new, then say what happened."""
    with Laptop(writing=True) as laptop:
        result = _sync(laptop)
    if as_json:
        typer.echo(orjson.dumps(result).decode())
        return
    text = _("Sent {pushed}, read {pulled}; {pending} still here, {conflicts} collisions, {held} need a look.")
    typer.echo(text.format(**result))


def _sync(laptop: Laptop) -> dict[str, Any]:
    from tui.doors import Fault  # noqa: PLC0415
    from tui.link import Link, Refusal  # noqa: PLC0415

    async def run() -> tuple[int, int]:
        from tui.keeper import Keeper  # noqa: PLC0415

        keeper = Keeper(laptop.replica)
        tally = await Link(laptop.profile, keeper, lambda _: None, local_now).sync()
        return tally.pushed, tally.pulled

    try:
        pushed, pulled = asyncio.run(run())
    except Fault as fault:
        fail(say(fault.zh, fault.en), NO_OFFICE)
    except Refusal as refusal:
        fail(say(refusal.zh, refusal.en), REFUSED)
    labels = laptop.replica.labels()
    cursor = laptop.replica.cursor()
    return {
        "pushed": pushed,
        "pulled": pulled,
        "pending": labels.saved + labels.sent,
        "conflicts": sum(collisions_in(records.values()) for _owner, records in laptop.replica.every()),
        "held": labels.needs_look,
        "head": cursor.seq if cursor else 0,
    }


def _identity(url: str, answer: dict[str, Any]) -> Identity:
    return Identity(
        url=url,
        token=answer["token"],
        device=answer["device"],
        member=answer["member"],
        role=answer["role"],
        areas=tuple(answer["areas"]),
        board=answer["board"],
        campaign=answer["campaign"],
    )


def _begin_anew(profile: Profile, board: str) -> None:
    """Put the data of another board aside, never away: what was typed there stays readable."""
    if not profile.replica_path.exists():
        return
    from tui.profile import NotJoined  # noqa: PLC0415

    try:
        same = profile.identity().board == board
    except NotJoined:
        same = False
    if not same:
        for path in sorted(profile.folder.glob("replica.sqlite*")):
            path.rename(_free(profile.folder / f"{path.name}.before"))


def _free(path: Path) -> Path:
    number = 1
    while path.with_name(f"{path.name}-{number}").exists():
        number += 1
    return path.with_name(f"{path.name}-{number}")
