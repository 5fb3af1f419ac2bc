"""`guatu join` and `guatu sync`: the commands that speak with the office, when there is a network."""

from __future__ import annotations

import asyncio
import platform
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NoReturn

import orjson
import typer

from shared.messages import _, ngettext
from tui.attachments import FETCHED, OWN
from tui.commands.due import files_due, tell_due
from tui.commands.failing import PROGRAM, Code, fail, plainly, say
from tui.commands.proving import TRIES, Proof, compared
from tui.grid.plain import plain
from tui.laptop import Busy, Laptop, local_now
from tui.profile import IDENTITY, PRIVATE_FOLDER, REPLICA, Identity, NotJoined, Profile, ProfileDamaged, default_folder

MAX_NAME: Final = 64
_TEXTS: Final = ("token", "device", "member", "role", "board", "campaign")


@plainly
def join(url: str, code: str, name: str = "", bundle: Path | None = None, where: str = "") -> None:
    """Enrol this laptop with a one-time code and read the board; or start it from a bundle, without any network."""
    if bundle is not None and not (url or code or name):
        from tui.commands import carrying  # noqa: PLC0415

        carrying.join(bundle, where)
    elif bundle is None and url and code and not where:
        _join(url, code, name)
    else:
        fail(_("Give the office's URL and a CODE, or --bundle FILE (and --url URL)."), Code.USAGE)


def _join(url: str, code: str, name: str) -> None:
    profile = Profile(default_folder())
    if not profile.take():
        raise Busy(profile.holder())
    try:
        answer = _enrol(url, code, (name or platform.node() or "laptop")[:MAX_NAME])
        aside = begin_anew(profile, str(answer["board"]))
        profile.keep(_identity(url, answer))
    finally:
        profile.release()
    typer.echo(_("Joined as {member} ({role}).").format(member=plain(answer["member"]), role=plain(answer["role"])))
    tell_aside(aside)
    with Laptop(writing=True) as laptop:
        result = _sync(laptop)
    if result["pushed"] or result["held"]:  # entries of another device than this now is, which the office looks at
        tell(result, as_json=False)


@plainly
def sync(as_json: bool = False, check: bool = False, url: str = "") -> None:
    """Send what waits here and read what is new, then say what happened; `check` that both ends hold the same now.

    `url` is the office's address from now on; one known before is kept until the new one has answered.
    """
    with Laptop(writing=True) as laptop:
        result = _sync_at(laptop, url) if url else _sync(laptop)
        proof = _prove(laptop) if check else None
    tell(result if proof is None or not as_json else {**result, "check": proof.value}, as_json)
    if proof is not None:
        _say_proof(proof, quiet=as_json)


def _sync_at(laptop: Laptop, url: str) -> dict[str, Any]:
    before = laptop.profile.identity().url
    laptop.profile.update(url=plain_address(url))
    try:
        return _sync(laptop)
    except typer.Exit:
        if before:
            laptop.profile.update(url=before)
        raise


def tell(result: Mapping[str, Any], as_json: bool) -> None:
    """Say what a sync did, by whatever way it went."""
    if as_json:
        typer.echo(orjson.dumps(result).decode())
        return
    text = _("Sent {pushed}, read {pulled}; {pending} still here, {conflicts} collisions, {held} need a look.")
    typer.echo(text.format(**result))
    if sent := result["files_sent"]:
        typer.echo(ngettext("{n} file sent.", "{n} files sent.", sent).format(n=sent))
    tell_due(result["files_due"])


def _prove(laptop: Laptop) -> Proof:
    from tui.faults import Fault  # noqa: PLC0415

    try:
        for _try in range(TRIES):
            proof = compared(laptop)
            if proof is not Proof.MOVED:
                return proof
            _sync(laptop)
    except Fault as found:
        give_up(found)
    return Proof.MOVED


def _say_proof(proof: Proof, *, quiet: bool) -> None:
    if proof is Proof.DIFFERENT:
        fail(_("This laptop does not hold what the office holds. Tell the office; nothing typed here is lost."))
    if proof is Proof.MOVED:
        fail(_("The office goes on all the time; there was no moment to compare. Try again."))
    if not quiet:
        typer.echo(_("This laptop holds exactly what the office holds."))


def _enrol(url: str, code: str, name: str) -> Mapping[str, Any]:
    from tui.doors import enrol  # noqa: PLC0415 -- aiohttp only where the network is used
    from tui.faults import Fault, fault  # noqa: PLC0415

    try:
        answer = asyncio.run(enrol(url, code, name, local_now))
        if not isinstance(answer.get("areas"), list) or not all(isinstance(answer.get(key), str) for key in _TEXTS):
            raise fault("not-guatu")
    except Fault as found:
        give_up(found)
    return answer


def _sync(laptop: Laptop) -> dict[str, Any]:
    from tui.faults import Fault  # noqa: PLC0415
    from tui.keeper import Keeper  # noqa: PLC0415
    from tui.link import Link, Tally  # noqa: PLC0415

    async def run() -> Tally:
        return await Link(laptop.profile, keeper, lambda _: None, local_now).sync()

    keeper = Keeper(laptop.replica)
    try:
        tally = asyncio.run(run())
    except Fault as found:
        give_up(found)
    finally:
        keeper.stop()
    result = result_of(laptop, tally.pushed, tally.pulled, tally.files)
    if tally.why is not None and result["files_due"]:
        typer.echo(f"{PROGRAM}: {say(tally.why.zh, tally.why.en)}", err=True)
    return result


def result_of(laptop: Laptop, pushed: int, pulled: int, files: int = 0) -> dict[str, Any]:
    """What a sync did and how this laptop stands after it, as it is told to other programs."""
    labels, cursor = laptop.replica.labels(), laptop.replica.cursor()
    return {
        "pushed": pushed,
        "pulled": pulled,
        "pending": labels.saved + labels.sent,
        "conflicts": laptop.replica.collisions(),
        "held": labels.needs_look,
        "head": cursor.seq if cursor else 0,
        "files_sent": files,
        "files_due": files_due(laptop),
    }


def give_up(found: Any) -> NoReturn:
    """End with what the connection ended with: the office's no, this laptop's disk, or no office at all."""
    from tui.faults import Refusal  # noqa: PLC0415

    refused = Code.REFUSED if isinstance(found, Refusal) else Code.NO_OFFICE
    fail(say(found.zh, found.en), Code.DISK if found.code == "disk" else refused)


def plain_address(url: str) -> str:
    """The office's address as it is kept; ends the command when it is none."""
    from tui.doors import address  # noqa: PLC0415
    from tui.faults import Fault  # noqa: PLC0415

    try:
        return str(address(url)).rstrip("/")
    except Fault as found:
        give_up(found)


def _identity(url: str, answer: Mapping[str, Any]) -> Identity:
    texts = {key: str(answer[key]) for key in _TEXTS}
    return Identity(url=plain_address(url), areas=tuple(map(str, answer["areas"])), **texts)


def tell_aside(folder: Path | None) -> None:
    """Say where the data of another board is now, if there was any."""
    if folder is not None:
        text = _("The data of the board before is kept in {folder}; {count} of its entries have not been sent.")
        typer.echo(text.format(folder=folder, count=_unsent(folder)))


def begin_anew(profile: Profile, board: str) -> Path | None:
    """Put the data of another board aside, never away; the folder where it is now, a profile of its own, if any."""
    if not profile.replica_path.exists() or _board_of(profile) == board:
        return None
    aside = _free(profile.folder)
    aside.mkdir(mode=PRIVATE_FOLDER)
    files = (profile.folder / OWN, profile.folder / FETCHED)
    for path in (*sorted(profile.folder.glob(f"{REPLICA}*")), *files, profile.folder / IDENTITY):
        if path.exists():
            path.rename(aside / path.name)
    return aside


def _board_of(profile: Profile) -> str:
    try:
        return profile.identity().board
    except (NotJoined, ProfileDamaged):
        return ""


def _free(folder: Path) -> Path:
    number = 1
    while (folder / f"before-{number}").exists():
        number += 1
    return folder / f"before-{number}"


def _unsent(folder: Path) -> int:
    from tui.replica import Replica  # noqa: PLC0415

    replica = Replica(folder / REPLICA)
    try:
        return replica.outbox.size()
    finally:
        replica.close()
