"""Bundles: what laptops and the office hand over on a stick, as bytes and back; `PROTOCOL.md` describes the form.

A bundle is one gzip member over JSON lines, the header first, and a second one that holds the seal alone. The seal is
over the packed bytes, so that it is checked before anything but the header has been unpacked.
"""

from __future__ import annotations

import hashlib
import hmac
import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import chain
from typing import Any, BinaryIO, Final

import orjson

from shared.board.change import JSON
from shared.messages import _, mark

FORMAT: Final = 1
MAX_PACKED: Final = 128 * 1024 * 1024
MAX_UNPACKED: Final = 512 * 1024 * 1024
MAX_LINE: Final = 32 * 1024 * 1024
MAX_HEADER: Final = 64 * 1024
"""Bytes of a bundle as a file, unpacked, of one line and of its header; what is larger is not read."""
MAX_PAST: Final = 50_000
"""How many records of history a bundle holds at most; who is further behind gets a snapshot."""
_PERSON: Final = b"guatu-bundle-1"
_GZIP: Final = 31  # zlib's window size, with a gzip header around
_HEAD: Final = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
_SLICE: Final = 64 * 1024
_PORTION: Final = 1024 * 1024
_KEYS: Final = frozenset(("guatu", "format", "purpose", "board", "device", "made_at"))


class Purpose(StrEnum):
    """What a bundle is for: a laptop's first start, its entries on their way in, and the office's answers."""

    START = "start"
    ENTRIES = "entries"
    ANSWERS = "answers"


SENTENCES: Final[Mapping[str, str]] = {
    "no-bundle": mark("This file is no bundle of guatu."),
    "newer-bundle": mark("A newer guatu has written this bundle; install that version to take it."),
    "bad-seal": mark("This bundle is damaged, or not from whom it says; nothing of it was taken."),
    "bundle-too-large": mark("This bundle is larger than guatu writes any; nothing of it was taken."),
    "bad-line": mark("Line {line} of this bundle cannot be read; nothing of it was taken."),
    "other-purpose": mark(
        "This bundle is for something else ({purpose}): start is for guatu join --bundle, "
        "entries are for guatu-server take, answers for guatu take."
    ),
    "bundle-of-other-board": mark("This bundle belongs to another board; nothing of it was taken."),
    "bundle-of-other-device": mark("This bundle is for another device, {device}; nothing of it was taken."),
    "unknown-device": mark("No device {device} is known on this board; nothing was taken."),
    "does-not-follow": mark(
        "These answers do not follow on what stands on this laptop. "
        "Hand in a new bundle (guatu bundle OUT) and ask for answers to it."
    ),
}
"""What is wrong with a bundle, by its code."""


class BundleWrong(Exception):
    """A bundle that is not taken; `code` is a key of `SENTENCES`. No secret is ever in the details."""

    def __init__(self, code: str, **details: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.details = details

    def said(self) -> str:
        """The sentence in the language spoken, with its code."""
        return f"{_(SENTENCES[self.code]).format(**self.details)} [{self.code}]"


@dataclass(frozen=True, slots=True)
class Header:
    """The first line: for what and which device of which board, when by its maker's clock; `more` depends on `purpose`.

    In a `start` bundle `more` holds the new device's token.
    """

    purpose: Purpose
    board: str
    device: str
    made_at: str
    more: Mapping[str, JSON] = field(default_factory=dict, repr=False)

    def encode(self) -> bytes:
        """The line without its end."""
        named = {"purpose": self.purpose, "board": self.board, "device": self.device, "made_at": self.made_at}
        return orjson.dumps({"guatu": "bundle", "format": FORMAT, **named, **self.more})


def secret_of(token: str) -> bytes:
    """What both ends know of a device's token, and the office keeps: its SHA-256."""
    return hashlib.sha256(token.encode()).digest()


def pack(header: Header, lines: Iterable[bytes], secret: bytes) -> Iterator[bytes]:
    """The bytes of a bundle in parts, sealed with what is known of the device's token.

    `lines`: JSON objects without line ends, each with a `kind`.
    """
    seal = _hasher(header.purpose, secret)
    for part in _pressed(chain((header.encode(),), lines)):
        seal.update(part)
        yield part
    yield _sealing(seal.digest())


def read_packed(stream: BinaryIO) -> bytes:
    """Everything a bundle's file holds, or `BundleWrong` when that is more than any bundle is."""
    packed = stream.read(MAX_PACKED + 1)
    if len(packed) > MAX_PACKED:
        raise BundleWrong("bundle-too-large")
    return packed


def header_of(packed: bytes) -> Header:
    """The header of a bundle, before its seal is checked; raises `BundleWrong`."""
    if len(packed) > MAX_PACKED:
        raise BundleWrong("bundle-too-large")
    try:
        start = zlib.decompressobj(_GZIP).decompress(packed[:_SLICE], MAX_HEADER)
        body = orjson.loads(start.partition(b"\n")[0])
        if body["guatu"] != "bundle":
            raise BundleWrong("no-bundle")
        if body["format"] != FORMAT:
            raise BundleWrong("newer-bundle")
        texts = {name: _text(body, name) for name in ("board", "device", "made_at")}
        more = {name: value for name, value in body.items() if name not in _KEYS}
        return Header(purpose=Purpose(body["purpose"]), more=more, **texts)
    except (zlib.error, ValueError, TypeError, KeyError, AttributeError):
        raise BundleWrong("no-bundle") from None


def unpack(packed: bytes, secret: bytes) -> Iterator[bytes]:
    """The lines behind the header, each without its end, once the seal has been found right; raises `BundleWrong`."""
    body = memoryview(packed)[: -len(_sealing(bytes(32)))]
    seal = _hasher(header_of(packed).purpose, secret)
    seal.update(body)
    if not hmac.compare_digest(packed[len(body) :], _sealing(seal.digest())):
        raise BundleWrong("bad-seal")
    lines = _lines(body)
    next(lines)
    return lines


def _text(body: Mapping[str, JSON], name: str) -> str:
    value = body[name]
    if not isinstance(value, str) or not 0 < len(value) <= 128 or not value.isprintable():
        raise ValueError(name)
    return value


def _hasher(purpose: Purpose, secret: bytes) -> Any:
    """A hash whose key is another one for each purpose, so that no bundle passes for one of another kind."""
    key = hashlib.blake2b(purpose.encode(), key=secret, person=_PERSON, digest_size=32).digest()
    return hashlib.blake2b(key=key, digest_size=32)


def _sealing(digest: bytes) -> bytes:
    """A gzip member with the seal's line in a stored block: always of the same length, and the same for one digest."""
    line = b'{"kind":"seal","seal":"%b"}\n' % digest.hex().encode()
    sizes = struct.pack("<BHH", 1, len(line), len(line) ^ 0xFFFF)
    return _HEAD + sizes + line + struct.pack("<II", zlib.crc32(line), len(line))


def _pressed(lines: Iterable[bytes]) -> Iterator[bytes]:
    press = zlib.compressobj(6, zlib.DEFLATED, _GZIP)
    for line in lines:
        if part := press.compress(line + b"\n"):
            yield part
    yield press.flush()


def _lines(body: memoryview) -> Iterator[bytes]:
    rest = b""
    for part in _portions(body):
        *whole, rest = (rest + part).split(b"\n")
        if max(map(len, (rest, *whole))) > MAX_LINE:
            raise BundleWrong("bundle-too-large")
        yield from whole
    if rest:
        raise BundleWrong("bad-seal")


def _portions(body: memoryview) -> Iterator[bytes]:
    """What the packed bytes hold, a portion at a time: never more in memory than is looked at, whatever they claim."""
    press = zlib.decompressobj(_GZIP)
    size = 0
    for start in range(0, len(body), _SLICE):
        data = bytes(body[start : start + _SLICE])
        while True:
            part = press.decompress(data, _PORTION)
            data = press.unconsumed_tail
            size += len(part)
            if size > MAX_UNPACKED:
                raise BundleWrong("bundle-too-large")
            yield part
            if not data and len(part) < _PORTION:
                break
    if not press.eof or press.unused_data:
        raise BundleWrong("bad-seal")
