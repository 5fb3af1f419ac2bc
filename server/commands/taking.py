"""`guatu-server take`: what comes from laptops on a stick."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from server import intake
from server.bounds import Bounds
from server.by_stick import Received, receive
from server.commands.manners import Code, fail, remark, say, say_json
from server.intake import MANY, Parcel, Receipt
from server.offered import MALFORMED
from server.office import Office
from server.taken import Taken
from shared.board.log_record import APPLIED
from shared.bundle import read_packed
from shared.messages import _, mark, ngettext

_SAID: Final = {
    APPLIED: mark("{count} on the board"),
    "id-reused": mark("{count} under ids that are taken: the laptop gives them others"),
    MALFORMED: mark("{count} that no log can keep"),
}


def take(folder: Path, path: Path, files: Path | None, yes: bool, as_json: bool) -> None:
    """Take a laptop's entries in from a bundle, and files that go with it, beside a running server too."""
    packed = _read(path)
    with Office(folder) as office:
        parcel = intake.read(office, packed)
        touched, units = intake.reached(office, parcel)
        if touched > 1 and touched * MANY > units and not yes:
            text = _(
                "this bundle changes the state of steps on {touched} of {units} units; look, then give --yes [many]"
            )
            fail(Code.WRONG, text.format(touched=touched, units=units))
        with Taken(folder) as taken:
            receipt = intake.take(office, parcel, taken)
        received = receive(folder, files, parcel.author, parcel.files, Bounds())
    if as_json:
        say_json({**_as_json(parcel, receipt, touched), "files": _files_as_json(received)})
    else:
        _tell_taken(parcel, receipt, received)


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return read_packed(file)


def _as_json(parcel: Parcel, receipt: Receipt, touched: int) -> dict[str, object]:
    return {
        "device": parcel.author.device,
        "member": parcel.author.member,
        "revoked": parcel.entry.revoked,
        "entries": receipt.entries,
        "new": receipt.new,
        "units_changed": touched,
        "outcomes": receipt.outcomes,
    }


def _files_as_json(received: Received) -> dict[str, object]:
    return {**received._asdict(), "refused": dict(received.refused)}


def _tell_taken(parcel: Parcel, receipt: Receipt, received: Received) -> None:
    author, entries = parcel.author, receipt.entries
    text = ngettext(
        "{n} entry of {name} from device {device}, {new} new here",
        "{n} entries of {name} from device {device}, {new} new here",
        entries,
    )
    say(text.format(n=entries, name=author.member, device=author.device, new=receipt.new))
    for line in _outcomes(receipt.outcomes.items()):
        say(f"  {line}")
    for line in _files(received):
        say(line)
    if parcel.entry.revoked is not None:
        text = _("{by} ended the rights of {name} on {since}: what is new waits on the board, held, for your word")
        remark(text.format(by=parcel.entry.revoked_by or "?", name=author.member, since=parcel.entry.revoked))
    else:
        remark(_("its answers: guatu-server bundle DIR OUT --for {device}").format(device=author.device))


def _files(received: Received) -> Iterator[str]:
    counts = ((received.taken, _("{n} new")), (received.there, _("{n} here already")))
    said = [text.format(n=count) for count, text in counts if count]
    if said:
        yield _("files of papers: {counts}").format(counts=", ".join(said))
    if received.missing:
        text = ngettext(
            "{n} file of a paper goes with it and was not found: --files FOLDER says where it lies",
            "{n} files of papers go with it and were not found: --files FOLDER says where they lie",
            received.missing,
        )
        yield text.format(n=received.missing)
    for code, count in received.refused:
        text = ngettext("{n} file was not taken [{code}]", "{n} files were not taken [{code}]", count)
        yield text.format(n=count, code=code)


def _outcomes(counted: Iterable[tuple[str, int]]) -> Iterable[str]:
    held = mark("{count} held ({reason}): stored, and not counted until somebody has decided")
    for outcome, count in counted:
        yield _(_SAID.get(outcome, held)).format(count=count, reason=outcome.rpartition(":")[2])
