"""What the server answers over HTTP, as models: they encode the answers and describe them in `openapi.json`."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

Code = Annotated[str, Field(description="A unit's code: 9 or 12 digits, with an extension or without.")]
Day = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$", description="An ISO 8601 date.")]
Hex = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
FileHash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="A file's BLAKE2b-256.")]
Lights = Annotated[str, Field(description="One character per column, of 毕补正临逾审退课未免？; a blank is no step.")]


class Answer(BaseModel):
    """What all answers share: they are values, and have no keys but these."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Alive(Answer):
    """The process lives."""

    ok: bool


class Ready(Answer):
    """Changes are taken; `head` is the seq of the last one."""

    ok: bool
    head: int


class Enrolled(Answer):
    """A new device: its token, shown this once, and who it speaks for."""

    token: str
    device: str
    member: str
    role: str
    areas: tuple[str, ...]
    board: Hex
    campaign: Hex


class FileKept(Answer):
    """A file is on the office's disk."""

    hash: FileHash
    size: int


class FilesMissing(Answer):
    """The files that the office lacks, of those that were asked about."""

    missing: tuple[FileHash, ...]


class Sentences(Answer):
    """One sentence in both languages."""

    en: str
    zh: str


class Problem(Answer):
    """A refusal: a code of the table in PROTOCOL.md, a sentence for people, and what was filled into it."""

    code: str
    message: Sentences
    details: dict[str, str | int]


class CampaignName(Answer):
    """Which campaign is on the board; `digest` leads to all of it."""

    id: str
    title: str
    title_en: str
    revision: int
    digest: Hex


class UnitLights(Answer):
    """One unit's row: `marks` are columns on which values collide, `over` is days past due of its worst step.

    `problems` are open, `late` of them past due.
    """

    code: Code
    name: str
    kind: str
    town: str
    workflow: str
    lights: Lights
    marks: tuple[int, ...]
    over: int
    done: int
    applicable: int
    problems: int
    late: int


class TownLights(Answer):
    """One town's row: its units' lights counted, and per column the most urgent one."""

    code: str
    name: str
    units: int
    done: int
    applicable: int
    counts: dict[str, int]
    worst: Lights
    marks: int
    over: int
    problems: int
    late: int


class BoardAnswer(Answer):
    """The board on the office's day, as far as the reader's areas go. Closed units are left out."""

    board: Hex
    head: int
    campaign: CampaignName
    today: Day
    columns: tuple[str, ...]
    units: tuple[UnitLights, ...]
    towns: tuple[TownLights, ...]
    counts: dict[str, int]
    done: int
    applicable: int


class UnitAnswer(Answer):
    """A unit as the roster and the office have entered it."""

    code: Code
    name: str
    short: str
    kind: str
    parent: str
    group: str
    closed: bool
    attributes: dict[str, Any]
    people: dict[str, Any]
    figures: dict[str, Any]
    ties: dict[str, Any]


class UnitsAnswer(Answer):
    """A page of units in the order of their codes; `next` is the `after` of the next page."""

    units: tuple[UnitAnswer, ...]
    next: str | None


class HeadAnswer(Answer):
    """One standing value of a field and where it came from; `at` is the laptop's clock."""

    id: Hex
    value: Any
    author: str
    device: str
    at: str


class FieldAnswer(Answer):
    """A field's heads. It collides when two of them differ in value."""

    heads: tuple[HeadAnswer, ...]
    collides: bool


class RecordAnswer(Answer):
    """Everything that stands on one address."""

    address: str
    fields: dict[str, FieldAnswer]


class UnitPage(Answer):
    """One unit with its row of today and its records in the order of first touch; `complete` when these are all."""

    unit: UnitAnswer
    row: UnitLights | None
    records: tuple[RecordAnswer, ...]
    complete: bool
    head: int


class LogRecordAnswer(Answer):
    """A record of the log: a change as its laptop sent it, how it was judged, and the server's time."""

    seq: int
    status: str
    device: str
    at: str
    chain: Hex
    change: dict[str, Any]
    proof: Hex | None = None


class PastAnswer(Answer):
    """Records of the log, oldest first, and the seq before the first that was looked at; 0 when that was the first."""

    records: tuple[LogRecordAnswer, ...]
    before: int


class DigestAnswer(Answer):
    """The digest of what the reader reads, at a place in the log; `shared/board/digest.py` says how it is made."""

    seq: int
    chain: Hex
    digest: Hex


class HistoryAnswer(Answer):
    """The newest records of a unit, newest first."""

    records: tuple[LogRecordAnswer, ...]
