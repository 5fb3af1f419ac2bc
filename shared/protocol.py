"""What travels on the wire, version by version. `shared/PROTOCOL.md` describes it for other clients.

JSON text frames with an explicit `kind`. Keys that a reader does not know are ignored; frames of an unknown kind
are ignored by a laptop, and answered with `bad-frame` by the server.
"""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from shared.board.log_record import Cursor

LOWEST: Final = 1
HIGHEST: Final = 2
HEALING: Final = 2
"""From this version on a laptop can offer others' records, and a release needs no new start."""
MAX_CHANGES: Final = 256
MAX_HAVE: Final = 4096
MAX_FRAME: Final = 1024 * 1024
MAX_BATCH_RECORDS: Final = 512
MAX_BATCH_BYTES: Final = 256 * 1024
MAX_SOCKETS: Final = 4
MAX_AREAS: Final = 64
MAX_CHANGES_PER_SECOND: Final = 20_000
STALL_SECONDS: Final = 30
HEARTBEAT_SECONDS: Final = 20

Hex128 = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]


class Frame(BaseModel):
    """What all frames share: they are values, and keys of a newer version do no harm."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Place(Frame):
    """A cursor on the wire."""

    board: Hex128
    seq: Annotated[int, Field(ge=0, lt=2**53)]
    chain: Hex128

    def cursor(self) -> Cursor:
        """The place as a value."""
        return Cursor(self.board, self.seq, self.chain)


class Hello(Frame):
    """Client: who speaks which protocols, where it stands, and what its clock says.

    `areas` is what the header of its snapshot said: when that is not what this device reads now, it has to start anew.
    `ticket` is what the last welcome gave it: an older one tells that this laptop was copied or put back.
    """

    kind: Literal["hello"] = "hello"
    protocol: tuple[int, int]
    board: Hex128 | None = None
    cursor: Place | None = None
    areas: Annotated[tuple[Annotated[str, Field(max_length=64)], ...] | None, Field(max_length=MAX_AREAS)] = None
    ticket: Hex128 | None = None
    clock: Annotated[str, Field(max_length=40)] = ""
    client: Annotated[str, Field(max_length=80)] = ""


class Push(Frame):
    """Client: changes in the order they were entered."""

    kind: Literal["push"] = "push"
    changes: Annotated[list[Any], Field(min_length=1, max_length=MAX_CHANGES)]


class Received(Frame):
    """Client: everything up to here is on the laptop's disk."""

    kind: Literal["received"] = "received"
    cursor: Place


class Have(Frame):
    """Client: the ids of records it holds, so that an office put back from a backup can ask for those it has lost."""

    kind: Literal["have"] = "have"
    ids: Annotated[list[Hex128], Field(min_length=1, max_length=MAX_HAVE)]


class Give(Frame):
    """Client: records that were wanted, as they once travelled, each with the office's own proof."""

    kind: Literal["give"] = "give"
    records: Annotated[list[Any], Field(min_length=1, max_length=MAX_CHANGES)]


class Limits(Frame):
    """The bounds of this connection."""

    frame: int = MAX_FRAME
    changes: int = MAX_CHANGES
    changes_per_second: int = MAX_CHANGES_PER_SECOND
    stall_seconds: int = STALL_SECONDS


class Myself(Frame):
    """Who the server takes this device for."""

    device: str
    member: str
    role: str
    areas: tuple[str, ...]


class Welcome(Frame):
    """Server: the protocol chosen, its head, how far the laptop's clock is off (seconds), limits, who you are.

    `units`: how many the whole board has. `ticket`: to be said at the next hello. `copied`: since when the office has
    reason to think that this device's data stands on two machines, or was put back from an older state.
    """

    kind: Literal["welcome"] = "welcome"
    protocol: int
    board: Hex128
    head: Place
    clock_offset: float | None = None
    limits: Limits = Limits()
    me: Myself
    campaign: str
    units: int = 0
    ticket: Hex128 | None = None
    copied: str | None = None


class Message(Frame):
    """One sentence in both languages."""

    en: str
    zh: str


class Refuse(Frame):
    """Server: a coded refusal; the connection ends when `final`."""

    kind: Literal["refuse"] = "refuse"
    code: str
    message: Message
    details: dict[str, Any] = {}
    final: bool = True


class Outcome(Frame):
    """What became of one change: `applied`, `held:<reason>`, `id-reused`, `malformed`."""

    id: str | None
    outcome: str
    seq: int | None = None


class Ack(Frame):
    """Server: the outcomes of one push, in its order; sent after they are on the disk."""

    kind: Literal["ack"] = "ack"
    results: list[Outcome]


class Batch(Frame):
    """Server: log records between two cursors. Apply it only when `from` is your cursor, otherwise ask again."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)
    kind: Literal["batch"] = "batch"
    start: Annotated[Place, Field(alias="from")]
    records: list[dict[str, Any]]
    to: Place
    at_head: bool


class Reset(Frame):
    """Server: your cursor is not in my history. Take a snapshot; keep everything you entered."""

    kind: Literal["reset"] = "reset"
    common: Place | None = None


class Want(Frame):
    """Server: those of the ids of one `have` that its log does not know, in their order."""

    kind: Literal["want"] = "want"
    ids: list[Hex128]


class Heard(Frame):
    """Server: when it last heard of a device that enters things for an area (code prefix → ISO time)."""

    kind: Literal["heard"] = "heard"
    areas: dict[str, str]


ClientFrame = Annotated[Hello | Push | Received | Have | Give, Field(discriminator="kind")]
ServerFrame = Annotated[Welcome | Refuse | Ack | Batch | Reset | Want | Heard, Field(discriminator="kind")]

CLOSE_CODES: Final = {"restarting": 1012, "internal": 1011, "storage": 1011, "too-large": 1009}
"""How a connection is closed after a final refusal; all others with 1008. The reason of the close is the code."""

client_frames: Final[TypeAdapter[ClientFrame]] = TypeAdapter(ClientFrame)
server_frames: Final[TypeAdapter[ServerFrame]] = TypeAdapter(ServerFrame)


def close_code(code: str) -> int:
    """The WebSocket close code that goes with a final refusal."""
    return CLOSE_CODES.get(code, 1008)


def place(cursor: Cursor) -> Place:
    """A cursor as it travels."""
    return Place(board=cursor.board, seq=cursor.seq, chain=cursor.chain)
