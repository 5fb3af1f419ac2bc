"""`guatu bundle`, `guatu take` and `guatu join --bundle`: what goes to and comes from the office on a stick."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

import typer

from shared.attached import file_lines
from shared.bundle import BundleWrong, Header, Purpose, header_of, pack, read_packed, secret_of, unpack
from shared.messages import _, ngettext
from shared.protocol import MAX_CHANGES
from tui import attachments, carried
from tui.aside import write_aside
from tui.commands.failing import Code, fail, plainly
from tui.commands.syncing import begin_anew, plain_address, result_of, tell, tell_aside
from tui.frames import push_frame
from tui.grid.plain import plain
from tui.laptop import Busy, Laptop
from tui.profile import Identity, NotJoined, Profile, ProfileDamaged, default_folder
from tui.talk import PUSH_BYTES
from tui.waiting import ASKING, SAVED, Waiting


@plainly
def bundle(output: Path, files: Path | None = None) -> None:
    """Write everything of one's own that the office's log does not hold yet; it is on its way then, and stays here.

    With `files` the files that the office has not got are copied into that folder, to go with it.
    """
    if output.is_dir():
        fail(_("{file} is a folder; name the file to write.").format(file=output), Code.USAGE)
    with Laptop(writing=True) as laptop:
        waiting = [each for each in laptop.replica.outbox.waiting() if each.label != ASKING]
        due = attachments.due(laptop.replica, laptop.profile.folder).here
        copied = attachments.copy_out(laptop.profile.folder, due, files) if files is not None else ()
        header, lines = _header(laptop), chain(_frames(waiting), file_lines(copied))
        write_aside(output, pack(header, lines, secret_of(laptop.identity.token)))
        laptop.replica.outbox.note_sent(each for each in waiting if each.label == SAVED)
    text = ngettext("{n} entry is in {file}; it stays here, too.", "{n} entries are in {file}; they stay here, too.",
                    len(waiting))  # fmt: skip
    typer.echo(text.format(n=len(waiting), file=output))
    if copied:
        text = ngettext("{n} file of a paper is in {folder}; take the folder along.",
                        "{n} files of papers are in {folder}; take the folder along.", len(copied))  # fmt: skip
        typer.echo(text.format(n=len(copied), folder=files))
    said = _("In the office: guatu-server take DIR FILE, then guatu-server bundle DIR OUT --for {device}.")
    if copied:
        said = _(
            "In the office: guatu-server take DIR FILE --files FOLDER, then guatu-server bundle DIR OUT --for {device}."
        )
    typer.echo(said.format(device=plain(header.device)))
    if left := len(due) - len(copied):
        text = ngettext("{n} file of a paper does not go with it: --files FOLDER copies it, and a network takes it.",
                        "{n} files of papers do not go with it: --files FOLDER copies them, and a network takes them.",
                        left)  # fmt: skip
        typer.echo(text.format(n=left))


@plainly
def take(path: Path, as_json: bool = False) -> None:
    """Take in the office's answers from a bundle."""
    packed = _read(path)
    header = header_of(packed)
    if header.purpose is not Purpose.ANSWERS:
        raise BundleWrong("other-purpose", purpose=header.purpose)
    _follow(header, packed, as_json)


def join(path: Path, url: str) -> None:
    """Start this laptop from a bundle, or take in the answers for it from one."""
    packed = _read(path)
    header = header_of(packed)
    if header.purpose is Purpose.ANSWERS:
        _follow(header, packed, url=url)
        return
    if header.purpose is not Purpose.START:
        raise BundleWrong("other-purpose", purpose=header.purpose)
    identity = carried.identity_in(header)
    secret = secret_of(identity.token)
    contents = carried.read(header, packed, secret)
    where = url or identity.url
    aside = _become(replace(identity, url=plain_address(where) if where else ""))
    with Laptop(writing=True) as laptop:
        carried.begin(laptop.replica, contents, unpack(packed, secret))
        known = laptop.identity.url
    typer.echo(_("Joined as {member} ({role}).").format(member=plain(identity.member), role=plain(identity.role)))
    tell_aside(aside)
    if not known:
        typer.echo(_("The office's address is not known here yet; once there is a network: guatu sync --url URL."))


def _become(identity: Identity) -> Path | None:
    """Be this device from now on, with the data of another board put aside; an address that is known here stays."""
    profile = Profile(default_folder())
    if not profile.take():
        raise Busy(profile.holder())
    try:
        known = _address_of(profile, identity.board)
        aside = begin_anew(profile, identity.board)
        profile.keep(replace(identity, url=identity.url or known))
    finally:
        profile.release()
    return aside


def _address_of(profile: Profile, board: str) -> str:
    try:
        before = profile.identity()
    except (NotJoined, ProfileDamaged):
        return ""
    return before.url if before.board == board else ""


def _follow(header: Header, packed: bytes, as_json: bool = False, url: str = "") -> None:
    with Laptop(writing=True) as laptop:
        if header.board != laptop.identity.board:
            raise BundleWrong("bundle-of-other-board")
        if header.device != laptop.identity.device:
            raise BundleWrong("bundle-of-other-device", device=header.device)
        secret = secret_of(laptop.identity.token)
        contents = carried.read(header, packed, secret)
        done = carried.follow(laptop.replica, contents, unpack(packed, secret))
        laptop.profile.update(**_facts(contents, laptop.identity, url))
        tell(result_of(laptop, done.pushed, done.pulled), as_json)


def _facts(contents: carried.Contents, known: Identity, url: str) -> dict[str, Any]:
    """What the office now says of this device, and its address, if it is told at last."""
    welcome = contents.welcome
    assert welcome is not None
    told = url or known.url or str(contents.header.more.get("url") or "")
    me = welcome.me
    return {
        "member": me.member,
        "role": me.role,
        "areas": me.areas,
        "campaign": welcome.campaign,
        "url": plain_address(told) if told else "",
    }


def _header(laptop: Laptop) -> Header:
    cursor, areas, me = laptop.replica.cursor(), laptop.replica.areas(), laptop.identity
    stand = {"cursor": cursor._asdict() if cursor is not None else None, "areas": areas}
    return Header(Purpose.ENTRIES, me.board, me.device, laptop.now().isoformat(timespec="seconds"), stand)


def _frames(waiting: Sequence[Waiting]) -> Iterator[bytes]:
    """The pushes by which these entries would go over the wire."""
    portion: list[Waiting] = []
    size = 0
    for each in waiting:
        size += len(each.body)
        if portion and (len(portion) >= MAX_CHANGES or size > PUSH_BYTES):
            yield push_frame(portion).encode()
            portion, size = [], len(each.body)
        portion.append(each)
    if portion:
        yield push_frame(portion).encode()


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return read_packed(file)
