"""Backing up a board, putting one back, and saying what has come of that."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final, NoReturn

from server.archive import BackupDamaged, Manifest
from server.backup import make
from server.cabinet import FOLDER as FILES
from server.commands.manners import Code, fail, remark, say, say_json
from server.commands.tables import table
from server.copying import Copied, copy_files, count
from server.lineage import Restore
from server.office import utc_now
from server.restore import NotEmpty
from server.restore import restore as put_back
from server.returned import Healing, healing
from shared.messages import _, mark, ngettext

LISTED: Final = 50
_WHY: Final = {
    "not-a-backup": mark("this is no backup, or it is cut short"),
    "newer-format": mark("a later guatu made it; install that version"),
    "part-missing": mark("{where} is missing in it"),
    "part-unknown": mark("it holds {where}, which belongs in no backup"),
    "part-differs": mark("{where} is not what was backed up"),
    "head-differs": mark("the log does not end where it says"),
    "people-damaged": mark("{where} cannot be read"),
    "chain-broken": mark("the log's chain breaks at record {where}"),
    "index-differs": mark("the log would not find record {where} again"),
    "log-damaged": mark("{where} is not a readable log"),
    "campaign-damaged": mark("there is no readable campaign in it"),
}


def backup(folder: Path, file: Path, files: Path | None, as_json: bool, force: bool) -> None:
    """Write a board into one file, also while it is served, and say what the file holds.

    With `files` the files of papers are copied into that folder, those that are not there yet.
    """
    if file.exists() and not force:
        fail(Code.USAGE, _("there is a {file} already; --force replaces it").format(file=file.name))
    try:
        manifest = make(folder, file, utc_now())
    except BackupDamaged as damaged:
        fail(Code.WRONG, _("nothing was written: {why}").format(why=_sentence(damaged)))
    copied = copy_files(folder / FILES, files) if files is not None else None
    if as_json:
        say_json({"file": str(file), "attachments": copied and copied._asdict(), **manifest.to_json()})
    else:
        say(f"{file.name}: {_holds(manifest)}")
    _say_copied(copied, files, as_json)
    if files is None and (left := count(folder)):
        text = ngettext("{n} file of a paper is not in it; --files FOLDER copies it",
                        "{n} files of papers are not in it; --files FOLDER copies them", left)  # fmt: skip
        remark(text.format(n=left))


def restore(file: Path, folder: Path, files: Path | None, as_json: bool, force: bool) -> None:
    """Make a folder the board that a backup holds, and say where what was there is now.

    With `files` the files of papers that are missing are copied back from that folder; those that are there stay.
    """
    try:
        restored = put_back(file, folder, utc_now, force=force)
    except BackupDamaged as damaged:
        _refuse(file, damaged)
    except NotEmpty:
        fail(Code.FOLDER, _("{folder} holds other things; --force leaves them there").format(folder=folder.name))
    aside = restored.aside.name if restored.aside is not None else None
    copied = copy_files(files, folder / FILES) if files is not None else None
    if as_json:
        told = {"aside": aside, "other_board": restored.other_board, "attachments": copied and copied._asdict()}
        say_json({**told, **restored.manifest.to_json()})
        return
    say(f"{folder.name}: {_holds(restored.manifest)}")
    _say_copied(copied, folder / FILES, as_json)
    if aside is not None:
        say(_("what was there is in {folder}").format(folder=aside))
    if restored.other_board:
        remark(_("what was there was another board; its laptops are refused by this one"))
    remark(_("people, laptops and ended rights are as they were then: look at guatu-server member list"))
    remark(_("next: guatu-server serve; laptops then bring back what they hold; guatu-server restored tells which"))


def restored(folder: Path, as_json: bool) -> None:
    """What laptops brought back since a board was put back, and which have not been heard of since."""
    found = healing(folder)
    if as_json:
        say_json(found.to_json())
    else:
        for line in _lines(found):
            say(line)


def _say_copied(copied: Copied | None, target: Path | None, as_json: bool) -> None:
    """Say how many files were copied; one that is damaged ends the command badly, after all others were copied."""
    if copied is None or target is None:
        return
    if not as_json:
        text = _("{folder}: {copied} files copied, {there} were there already")
        say(text.format(folder=target.name, copied=copied.copied, there=copied.there))
    if copied.damaged:
        fail(Code.WRONG, *(_("{file} is damaged and was not copied").format(file=each) for each in copied.damaged))


def _refuse(file: Path, damaged: BackupDamaged) -> NoReturn:
    fail(Code.WRONG, _("{file} cannot be put back: {why}").format(file=file.name, why=_sentence(damaged)))


def _sentence(damaged: BackupDamaged) -> str:
    return _(_WHY[damaged.why]).format(where=damaged.where)


def _holds(manifest: Manifest) -> str:
    return _(
        "{records} log records, {people} people, {devices} devices, {revisions} revisions of {campaign}, as of {at}"
    ).format(
        records=manifest.seq,
        people=manifest.people,
        devices=manifest.devices,
        revisions=manifest.revisions,
        campaign=manifest.campaign,
        at=manifest.at,
    )


def _lines(found: Healing) -> Iterator[str]:
    if found.restore is None:
        yield _("this board was never put back from a backup, as far as is known here")
        return
    yield _told(found.restore)
    count = sum(each.entries for each in found.returned)
    yield ngettext("{n} entry has come back", "{n} entries have come back", count).format(n=count)
    yield from _returned(found)
    if found.silent:
        yield _("not heard of since, and they may hold more:")
        rows = [(each.device, each.member, each.title, each.heard or "-") for each in found.silent[:LISTED]]
        yield from table((_("device"), _("name"), _("title"), _("last heard")), rows)
        yield from _more(len(found.silent))
    else:
        yield _("every device has been heard of since")


def _told(restore: Restore) -> str:
    if restore.noticed_by is None:
        text = _("restored at {at} to log record {seq}, from a backup of {backup}")
        return text.format(at=restore.at, seq=restore.seq, backup=restore.backup)
    text = _("put back by hand before {at}, when the log ended at record {seq}; device {device} had read further")
    return text.format(at=restore.at, seq=restore.seq, device=restore.noticed_by)


def _returned(found: Healing) -> Iterator[str]:
    if not found.returned:
        return
    heading = (_("device"), _("name"), _("entries"), _("own"), _("held"), _("authors"))
    rows = [
        (
            each.device,
            each.member,
            str(each.entries),
            str(each.own),
            str(each.held),
            " ".join(f"{author} {count}" for author, count in each.authors.items()),
        )
        for each in found.returned[:LISTED]
    ]
    yield from table(heading, rows)
    yield from _more(len(found.returned))


def _more(count: int) -> Iterator[str]:
    if count > LISTED:
        yield ngettext("and {n} more", "and {n} more", count - LISTED).format(n=count - LISTED)
