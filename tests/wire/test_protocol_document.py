"""PROTOCOL.md against the code: its codes, outcomes and bounds, the conversation it shows, and how it says to hash."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import orjson
import pytest

import server
import shared
from shared import bundle, protocol
from shared.board.change import MAX_BYTES, MAX_FIELDS, MAX_SEEN, MAX_STORED, canonical, to_json
from shared.board.log_record import genesis
from shared.errors import FAULTS
from shared.rights import Role
from tests.conftest import Served
from tests.small import FAR_VILLAGE, SECOND, TOWN, note, state
from tests.speaker import Speaker

PAGE = Path(shared.__file__).with_name("PROTOCOL.md").read_text("utf-8")


def section(name: str) -> str:
    return PAGE.partition(f"<!-- {name} -->")[2].partition(f"<!-- /{name} -->")[0].strip()


def codes_table() -> str:
    head = ["| code | HTTP | English | 中文 |", "|---|---|---|---|"]
    return "\n".join([*head, *(f"| `{code}` | {f.status} | {f.en} | {f.zh} |" for code, f in FAULTS.items())])


def test_its_codes_are_those_of_the_one_table() -> None:
    assert section("codes") == codes_table(), "put this between the marks of PROTOCOL.md:\n" + codes_table()


def test_its_outcomes_are_those_of_the_ledger() -> None:
    rules = (Path(server.__file__).with_name("judging.py"), Path(shared.__file__).with_name("board") / "holds.py")
    source = "".join(path.read_text("utf-8") for path in rules)
    held = set(re.findall(r'HELD \+ "([a-z-]+)"', source)) | {"unknown-step", "retired-step"}
    told = set(re.findall(r"^\| `held:([a-z-]+)`", PAGE, re.MULTILINE))
    assert told == held
    for outcome in ("applied", "id-reused", "malformed"):
        assert f"| `{outcome}` |" in PAGE


@pytest.mark.parametrize(
    ("words", "bound"),
    [
        ("`changes`: 1 to {} changes", protocol.MAX_CHANGES),
        ("1 to {} fields", MAX_FIELDS),
        ("up to {} ids", MAX_SEEN),
        ("more than {} KiB of canonical bytes", MAX_BYTES // 1024),
        ("beyond {} KiB", MAX_STORED // 1024),
        ("batches up to {} records", protocol.MAX_BATCH_RECORDS),
        ("and {} KiB, or one larger record", protocol.MAX_BATCH_BYTES // 1024),
        ("| connections of one device | {} |", protocol.MAX_SOCKETS),
        ("| changes a second on one connection | {} |", f"{protocol.MAX_CHANGES_PER_SECOND:,}"),
        ("| {} s, then `stalled` |", protocol.STALL_SECONDS),
        ("pings every {} s", protocol.HEARTBEAT_SECONDS),
        ("`areas` (≤ {})", protocol.MAX_AREAS),
        ("| the file | {} MiB |", bundle.MAX_PACKED // 2**20),
        ("| unpacked | {} MiB |", bundle.MAX_UNPACKED // 2**20),
        ("| one line | {} MiB |", bundle.MAX_LINE // 2**20),
        ("| the header | {} KiB |", bundle.MAX_HEADER // 2**10),
        ("up to {} records back", f"{bundle.MAX_PAST:,}"),
    ],
)
def test_its_bounds_are_those_of_the_code(words: str, bound: object) -> None:
    assert words.format(bound) in PAGE


def test_it_names_every_purpose_and_every_fault_of_a_bundle() -> None:
    told = PAGE.partition("## Bundles")[2].partition("\n## ")[0]
    assert set(re.findall(r"^\| `([a-z-]+)` \|", told, re.MULTILINE)) == {
        *bundle.SENTENCES, *bundle.Purpose, "campaign", "snapshot", "unit", "past", "files",
    }  # fmt: skip


def test_it_names_every_frame_and_every_key() -> None:
    for model in (*protocol.ClientFrame.__origin__.__args__, *protocol.ServerFrame.__origin__.__args__):  # type: ignore[attr-defined]
        kind = model.model_fields["kind"].default
        row = re.search(rf"^\| `{kind}` \|.*$", PAGE, re.MULTILINE)
        assert row, kind
        for name, field in model.model_fields.items():
            assert name == "kind" or re.search(rf"\b{field.alias or name}\b", row[0]), (kind, name)


EXAMPLE = [(line[0], line[2:]) for line in section("example").splitlines() if line[:1] in "→←" and line.strip("`")]


def shape(value: Any) -> Any:
    """What a frame looks like, whatever the values in it."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    return [shape(inner) for inner in value] if isinstance(value, list) else type(value).__name__


def test_the_frames_of_its_example_are_frames() -> None:
    for way, text in EXAMPLE:
        frames: Any = protocol.client_frames if way == "→" else protocol.server_frames
        frames.validate_json(text)


async def test_its_example_is_what_the_server_does(served: Served) -> None:
    one, two = await served.enrol(Role.LEAD, (TOWN,)), await served.enrol(Role.MEMBER, (TOWN,))
    head = served.desk.feed.head
    async with one.connect() as client, two.connect() as other:
        await other.hello(head)
        spoken = _listen_in(client)
        await client.hello(head, clock="2026-04-10T12:00:03+08:00", areas=[TOWN], client="guatu 0.1.0")
        await client.take("heard")
        first = state(one.author, "submitted")
        await client.push([first, note(one.author, "x", FAR_VILLAGE)])
        await client.until(served.head)
        await other.push([state(two.author, "doing", SECOND)])
        await client.until(served.head)
        await client.send({"kind": "push", "changes": [to_json(first)]})
        await client.take("ack")
        await client.send({"kind": "have", "ids": [first.id, "0" * 32]})
        await client.take("want")
        await client.send({"kind": "hello", "protocol": [1, 2]})
        await client.end()
    assert [shape(frame) for frame in spoken] == [shape(json.loads(text)) for way, text in EXAMPLE if way == "→"]
    told = sorted(json.dumps(shape(frame)) for frame in client.frames)
    assert told == sorted(json.dumps(shape(json.loads(text))) for way, text in EXAMPLE if way == "←")


def _listen_in(client: Speaker) -> list[dict[str, Any]]:
    spoken: list[dict[str, Any]] = []
    send = client.send

    async def heard(frame: dict[str, Any]) -> None:
        spoken.append(frame)
        await send(frame)

    client.send = heard  # type: ignore[method-assign]
    return spoken


def test_its_example_is_chained_as_it_says() -> None:
    """With nothing but the standard library and the text of the page."""
    checked = 0
    for way, text in EXAMPLE:
        frame = json.loads(text)
        if way == "→" or frame["kind"] != "batch":
            continue
        chain = frame["from"]["chain"]
        for record in re.findall(r'"chain":"[0-9a-f]{32}",("seq":.*?\}\})(?=[,\]])', text):
            chain = hashlib.blake2b(bytes.fromhex(chain) + record.encode(), digest_size=16).hexdigest()
            checked += 1
        assert chain == frame["to"]["chain"]
    assert checked == 3
    assert genesis("ab" * 16) == hashlib.blake2b(b"ab" * 16, digest_size=16).hexdigest()


@pytest.mark.parametrize(
    "body",
    [
        {"b": 1, "a": [1.5, True, None, {"z": "é", "y": '"\\\n\t\x01'}], "😀": -7, "中": 0.1},
        {"set": {"note": "包河区\u2028\x7f/"}, "seq": 2**64 - 1, "low": -(2**63), "big": 1e300, "tiny": 5e-324},
    ],
)
def test_canonical_bytes_can_be_made_without_this_program(body: Any) -> None:
    plain = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert json.loads(canonical(body)) == json.loads(plain)
    assert re.sub(rb"e[+]?(-?)0*", rb"e\1", canonical(body)) == re.sub(rb"e[+]?(-?)0*", rb"e\1", plain)


def test_a_canonical_text_stays_itself() -> None:
    for text in ('{"a":1e16}', '{"a":-0.0,"b":100000.0,"c":1e-7}', '{"n":18446744073709551616}'):
        once = canonical(orjson.loads(text))
        assert canonical(orjson.loads(once)) == once
