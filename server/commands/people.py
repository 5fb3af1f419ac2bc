"""The people of a board: letting in, inviting again, listing, revoking."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from server.commands.manners import Code, fail, remark, say, say_json
from server.commands.tables import plain, table
from server.export import members as members_of
from server.members import CODE_DAYS, Members
from server.office import LOG, MEMBERS, NotABoard, Office, utc_now
from shared.messages import _, pick
from shared.rights import EVERYWHERE, ROLE_TITLES, Role
from shared.roster import canonical_code, clean_text, is_area

MAX_NAME: Final = 64


def add(folder: Path, name: str, role: Role, areas: Sequence[str]) -> None:
    """Let somebody in; the last line on stdout is their one-time code."""
    person = clean_name(name)
    with Office(folder) as office:
        rights = kept_areas(areas, office.area)
        code = office.members.add(person, role, rights)
    remark(
        _("{name} is in: {role}, {areas}").format(name=person, role=pick(*ROLE_TITLES[role]), areas=" ".join(rights))
    )
    _hand_out(code)


def invite(folder: Path, name: str) -> None:
    """A further one-time code for somebody who is in already, for another laptop."""
    person = clean_name(name)
    with _people(folder) as people:
        member = people.member(person)
        if member is not None and member.revoked is not None:
            text = _("the rights of {name} have ended; guatu-server member reinstate gives them back")
            fail(Code.WRONG, text.format(name=person))
        code = people.invite(person)
    _hand_out(code)


def assign(folder: Path, name: str, role: Role | None, areas: Sequence[str] | None) -> None:
    """Give somebody another role or other areas, on the same laptops; what they entered before stays."""
    person = clean_name(name)
    if role is None and areas is None:
        fail(Code.USAGE, _("say what is to be different: --role or --area"))
    with Office(folder) as office:
        rights = kept_areas(areas, office.area) if areas is not None else None
        member = office.members.assign(person, role, rights)
    words = _("{name} now is: {role}, {areas}")
    say(words.format(name=person, role=pick(*ROLE_TITLES[member.role]), areas=" ".join(member.areas)))


def revoke(folder: Path, name: str, by: str) -> None:
    """End somebody's rights on all their laptops; what they entered stays. `by` is told to whoever uses one."""
    person, ended_by = clean_name(name), clean_name(by)
    with _people(folder) as people:
        people.revoke(person, ended_by)
    say(_("the rights of {name} have ended on all devices; what they entered stays").format(name=person))


def reinstate(folder: Path, name: str) -> None:
    """Give somebody back the rights that had ended, on the same laptops, so that what waits there flows again."""
    person = clean_name(name)
    with _people(folder) as people:
        had_ended = people.reinstate(person)
    if not had_ended:
        fail(Code.WRONG, _("the rights of {name} have not ended").format(name=person))
    text = _("{name} has the same rights as before, on the same devices; what was held meanwhile waits for your word")
    say(text.format(name=person))


def list_members(folder: Path, as_json: bool) -> None:
    """Everybody who was ever let in."""
    with _people(folder) as people:
        found = members_of(people)
    if as_json:
        say_json(found)
        return
    heading = (_("name"), _("role"), _("areas"), _("devices"), _("last heard"), _("ended"))
    rows = [
        (
            each["name"],
            pick(*ROLE_TITLES[Role(each["role"])]),
            " ".join(each["areas"]),
            str(len(each["devices"])),
            max((d["heard"] or "" for d in each["devices"]), default="") or "-",
            each["revoked"] or "-",
        )
        for each in found
    ]
    for line in table(heading, rows):
        say(line)
    told = _("device {device} of {name} ({title}) was copied, or put back from an older state, as seen at {at}")
    for each in found:
        for device in each["devices"]:
            if device["copied"] is not None:
                at = device["copied"]
                say(told.format(device=device["id"], name=each["name"], title=plain(device["title"]), at=at))


@contextmanager
def _people(folder: Path) -> Iterator[Members]:
    if not (folder / LOG).exists():
        raise NotABoard(folder.name)
    people = Members(folder / MEMBERS, utc_now)
    try:
        yield people
    finally:
        people.close()


def clean_name(text: str) -> str:
    """A person's name as it is kept; ends the command when it is none."""
    name = clean_text(text)
    if not 0 < len(name) <= MAX_NAME or not name.isprintable():
        fail(Code.USAGE, _("a name has 1 to {limit} characters that can be seen").format(limit=MAX_NAME))
    return name


def kept_areas(wanted: Sequence[str], board: str) -> list[str]:
    """The areas as they are kept; one that lies outside the board would be a right to nothing."""
    if not wanted:
        return [board]
    found: list[str] = []
    for text in wanted:
        area = text if text == EVERYWHERE or is_area(text) else canonical_code(text)
        if not area:
            fail(Code.USAGE, _("{area} is no area: give 2, 4, 6, 9 or 12 digits, like 340111").format(area=text))
        if area != EVERYWHERE and not (area.startswith(board) or board.startswith(area)):
            fail(Code.USAGE, _("{area} lies outside this board's area {board}").format(area=area, board=board))
        found.append(area)
    return list(dict.fromkeys(found))


def _hand_out(code: str) -> None:
    remark(_("one laptop enrols with it within {days} days: guatu join URL CODE").format(days=CODE_DAYS))
    say(f"code: {code}")
