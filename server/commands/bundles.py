"""`guatu-server bundle`: what goes to laptops on a stick."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from server import intake
from server.atomic import write_aside
from server.bundling import Courier
from server.commands.manners import Code, fail, remark, say
from server.commands.people import clean_name, kept_areas
from server.members import Device, Member
from server.offered import Author
from server.office import Office
from server.taken import Stand, Taken
from shared.bundle import Header, Purpose, pack, secret_of
from shared.messages import _, pick
from shared.rights import ROLE_TITLES, Role, covers, reach

PRIVATE: Final = 0o600


def bundle(
    folder: Path,
    output: Path,
    areas: Sequence[str],
    name: str | None,
    role: Role | None,
    url: str,
    device: str | None,
) -> None:
    """Write a bundle: the answers for a device, or without one all that a new device starts from."""
    if device is None:
        start(folder, output, areas, name, role, url)
    elif areas or name is not None or role is not None:
        fail(Code.USAGE, _("--for goes without --area, --member and --role"))
    else:
        answers(folder, output, device, url)


def start(folder: Path, output: Path, areas: Sequence[str], name: str | None, role: Role | None, url: str) -> None:
    """Write all that a laptop starts from without a network, a new device of a member included."""
    where = _address(url)
    _writable(output)
    with Office(folder) as office:
        member, fresh = _member(office, areas, name, role)
        device, token = office.members.issue(member.name, output.name)
        author = Author(device.id, member.name, member.role, member.areas)
        try:
            courier = _write_start(office, output, author, token, where, _narrowed(office, areas, author))
        except BaseException:
            office.members.withdraw(device, with_member=fresh)
            raise
    _tell_start(output, member, device, courier)


def answers(folder: Path, output: Path, device: str, url: str) -> None:
    """Write what a laptop that came by stick has to be told; a snapshot when its place is not in this log."""
    where = _address(url)
    _writable(output)
    with Office(folder) as office:
        entry = intake.entry_of(office, device)
        if entry.revoked is not None:
            text = _("the rights of {name} have ended; guatu-server member reinstate gives them back")
            fail(Code.WRONG, text.format(name=entry.author.member))
        with Taken(folder) as taken:
            stand = taken.stand(device)
        courier, lines, anew = _answers(office, entry.author, stand)
        stands = stand.cursor._asdict() if stand.cursor is not None else None
        more = {"stands": stands, "to": courier.head._asdict(), "anew": anew, "url": where}
        header = Header(Purpose.ANSWERS, office.log.board, device, _now(office), more)
        write_aside(output, pack(header, lines, entry.token), mode=PRIVATE)
    text = _("wrote {file}: answers for {name}, device {device}; log records: {records}")
    if anew:
        text = _("wrote {file}: answers for {name}, device {device}; the board anew; log records: {records}")
    say(text.format(file=output, records=courier.records, name=entry.author.member, device=device))
    remark(_("on the laptop: guatu take FILE"))


# --- starting a laptop ---


def _member(office: Office, areas: Sequence[str], name: str | None, role: Role | None) -> tuple[Member, bool]:
    """The member a bundle is for, and whether they are new with it."""
    person = clean_name(name) if name is not None else _fresh_name(office)
    known = office.members.member(person)
    if known is None:
        office.members.admit(person, role or Role.MEMBER, kept_areas(areas, office.area))
        made = office.members.member(person)
        assert made is not None
        return made, True
    if known.revoked is not None:
        text = _("the rights of {name} have ended; guatu-server member reinstate gives them back")
        fail(Code.WRONG, text.format(name=person))
    if role not in (None, known.role):
        text = _("{name} is in already, as {role}; leave --role out")
        fail(Code.USAGE, text.format(name=person, role=pick(*ROLE_TITLES[known.role])))
    own = reach(known.role, known.areas)
    for area in kept_areas(areas, office.area) if areas else ():
        if not covers(own, area):
            text = _("{name} does not read {area}, only {areas}")
            fail(Code.USAGE, text.format(name=person, area=area, areas=" ".join(own)))
    return known, False


def _fresh_name(office: Office) -> str:
    taken = {member.name for member in office.members.members()}
    number = 1
    while (name := _("laptop-{number}").format(number=number)) in taken:
        number += 1
    return name


def _narrowed(office: Office, areas: Sequence[str], author: Author) -> Author:
    """Who reads the snapshot: the member, or somebody who reads the areas asked for alone."""
    wanted = kept_areas(areas, office.area) if areas else reach(author.role, author.areas)
    if set(wanted) == set(reach(author.role, author.areas)):
        return author
    return author._replace(role=Role.VIEWER, areas=tuple(wanted))


def _write_start(office: Office, output: Path, author: Author, token: str, url: str, reader: Author) -> Courier:
    with Courier(office, reader) as courier:
        lines = courier.start()
    told = {"url": url, "token": token, "member": author.member, "role": author.role, "areas": author.areas}
    more = {**told, "campaign": office.campaigns.digest(), "to": courier.head._asdict()}
    header = Header(Purpose.START, office.log.board, author.device, _now(office), more)
    write_aside(output, pack(header, lines, secret_of(token)), mode=PRIVATE)
    return courier


def _tell_start(output: Path, member: Member, device: Device, courier: Courier) -> None:
    text = _(
        "wrote {file} for {name} ({role}), device {device}; areas: {areas}; units: {units}; log records: {records}"
    )
    say(
        text.format(
            file=output, name=member.name, role=pick(*ROLE_TITLES[member.role]), device=device.id,
            units=courier.units, records=courier.records, areas=" ".join(member.areas),
        )
    )  # fmt: skip
    text = _("who holds this file can enter things as {name} until they are revoked: hand it over, then delete it")
    remark(text.format(name=member.name))
    remark(_("on the laptop: guatu join --bundle FILE"))


# --- answering ---


def _answers(office: Office, author: Author, stand: Stand) -> tuple[Courier, list[bytes], bool]:
    with Courier(office, author) as courier:
        if stand.cursor is not None and courier.follows(stand):
            return courier, courier.onward(stand.cursor, stand.told), False
        return courier, courier.anew(stand.told), True


# --- both ---


def _now(office: Office) -> str:
    return office.clock().isoformat(timespec="seconds")


def _writable(output: Path) -> None:
    if output.is_dir():
        fail(Code.USAGE, _("{file} is a folder; name the file to write").format(file=output))


def _address(url: str) -> str:
    """The office's address as laptops are to use it; empty when nobody says."""
    if not url:
        return ""
    parts = urlsplit(url if "://" in url else f"http://{url}")
    try:
        sound = parts.scheme in ("http", "https") and parts.hostname and not parts.username and not parts.query
        sound = bool(sound) and (parts.port or 1) > 0 and url.isprintable()
    except ValueError:
        sound = False
    if not sound:
        fail(Code.USAGE, _("{url} is no address: give http://HOST:PORT").format(url=url))
    return parts.geturl().rstrip("/")
