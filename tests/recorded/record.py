"""`python -m tests.recorded.record NAME`: an office, a laptop and what they said to one another, in this version.

Kept under `tests/recorded/NAME/`, so that later versions are held against them: the office's log and members, its
campaign, the laptop's replica before it spoke, the conversation, and how the laptop's entries stood after it. Nothing
of what is recorded is ever changed; a new version is recorded beside the older ones.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import shutil
import sqlite3
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import aiohttp
from aiohttp import WSMsgType, web

from server.office import Office
from shared.board.change import Change
from shared.board.record import step_address
from shared.rights import Role
from tests.laptops import Door, FieldLaptop, stranger
from tests.small import FAR_VILLAGE, SECOND, TOWN, VILLAGE, SetClock, entry, make_office, note, state
from tui.profile import Identity

HERE: Final = Path(__file__).parent
TOKEN: Final = "recorded-laptop"
"""What the recorded laptop shows; it opens nothing but these recordings."""
DEVICE: Final = "d-recorded"
FILES: Final = ("log.sqlite", "members.sqlite", "replica.sqlite")


def whole(source: Path, target: Path) -> None:
    """A database as one file that holds everything."""
    with sqlite3.connect(source) as database:
        database.execute("VACUUM INTO ?", (str(target),))
    database.close()


def seat(office: Office, member: str) -> None:
    """Enter the recorded laptop's member, with a token that is no secret."""
    office.members.add(member, Role.LEAD, (TOWN,))
    row = (DEVICE, member, "recorded", hashlib.sha256(TOKEN.encode()).digest(), "2026-04-01T00:00:00+00:00")
    office.members._db.execute("INSERT INTO device (id, member, title, token, enrolled) VALUES (?, ?, ?, ?, ?)", row)


def identity(office: Office, url: str, member: str) -> Identity:
    """Who the recorded laptop is."""
    board, digest = office.ledger.head.board, office.campaigns.digest()
    return Identity(url=url, token=TOKEN, device=DEVICE, member=member, role="lead", areas=(TOWN,), board=board,
                    campaign=digest)  # fmt: skip


async def relayed(url: str, said: list[dict[str, Any]]) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """A door before the office's that writes down what goes through its WebSocket."""

    async def handle(request: web.Request) -> web.StreamResponse:
        async with aiohttp.ClientSession(headers={"Authorization": request.headers["Authorization"]}) as session:
            if not request.path.endswith("/live"):
                async with session.get(url + request.path_qs) as answer:
                    return web.Response(body=await answer.read(), content_type=answer.content_type)
            here = web.WebSocketResponse()
            await here.prepare(request)
            async with session.ws_connect(url + request.path) as there:
                await asyncio.gather(_pass_on(here, there, said, "laptop"), _pass_on(there, here, said, "office"))
            return here

    return handle


async def _pass_on(source: Any, target: Any, said: list[dict[str, Any]], who: str) -> None:
    async for message in source:
        if message.type is WSMsgType.TEXT:
            said.append({"from": who, "frame": json.loads(message.data)})
            await target.send_str(message.data)
    await target.close()


async def record(folder: Path, target: Path) -> None:
    """Make everything anew in `folder` and keep it in `target`."""
    clock, door, said = SetClock(), Door(), []  # type: ignore[var-annotated]
    member = "录音员"
    with make_office(folder / "board", clock) as office:
        await asyncio.to_thread(seat, office, member)
        await door.open(office)
        laptop = await asyncio.to_thread(FieldLaptop, folder / "laptop", identity(office, door.url, member))
        me = next(each.author for each in office.members.roll() if each.author.device == DEVICE)
        await laptop.enter({"state": "doing", "started_on": "2026-04-02"}, "1.1")
        await laptop.save(note(me, "越界", FAR_VILLAGE))
        await laptop.sync()
        await door.shut()
        _enter_elsewhere(office)
        await laptop.enter({"note": "离线写的\n第二行"}, "1.1")
        await laptop.enter({"state": "done", "done_on": "2026-04-09"}, "1.2", SECOND)
        await laptop.save(state(me, "doing", VILLAGE, "9.9"))
        target.mkdir()
        whole(folder / "board" / "log.sqlite", target / "log.sqlite")
        whole(folder / "board" / "members.sqlite", target / "members.sqlite")
        whole(laptop.profile.replica_path, target / "replica.sqlite")
        shutil.copytree(folder / "board" / "campaign", target / "campaign")
        await door.open(office)
        async with stranger(await relayed(door.url, said)) as url:
            laptop.profile.keep(identity(office, url, member))
            await laptop.sync()
        labels = await laptop.do(lambda replica: replica.labels())
        await laptop.close()
        await door.shut()
    (target / "conversation.jsonl").write_text("".join(json.dumps(each, ensure_ascii=False) + "\n" for each in said))
    after = {"labels": list(labels), "member": member, "head": office.ledger.head._asdict()}
    (target / "after.json").write_text(json.dumps(after, ensure_ascii=False, indent=1) + "\n")


def _enter_elsewhere(office: Office) -> None:
    """What others enter while the laptop is away: on the same field, on others, and something no format reads."""
    changes: list[Change] = [
        office.change(step_address(VILLAGE, "1.1"), {"note": "办公室写的"}),
        office.change(step_address(SECOND, "1.1"), {"state": "submitted", "submitted_on": "2026-04-08"}),
        entry_of_newer_kind(office),
    ]
    office.enter(changes)


def entry_of_newer_kind(office: Office) -> Change:
    """An entry of a kind and with fields that this version knows nothing of."""
    made = office.change(f"omen/{VILLAGE}/1", {"newer.field": [1, {"z": None}]})
    return entry(
        next(each.author for each in office.members.roll() if each.author.device == DEVICE)._replace(
            device=made.device, member=made.author
        ),
        made.record,
        made.values,
        change_id=made.id,
    )


def main() -> None:
    """Record this version under a name."""
    with TemporaryDirectory() as folder:
        asyncio.run(record(Path(folder), HERE / sys.argv[1]))


if __name__ == "__main__":
    main()
