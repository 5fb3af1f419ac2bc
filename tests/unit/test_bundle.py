"""Bundles as bytes: what comes back, and that nothing which was touched on the way does."""

from __future__ import annotations

import gzip
import hashlib
import secrets
import zlib
from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import bundle
from shared.bundle import SENTENCES, BundleWrong, Header, Purpose, header_of, pack, secret_of, unpack
from shared.messages import use

TOKEN = "token-that-nobody-may-see"
SECRET = secret_of(TOKEN)
HEADER = Header(Purpose.ENTRIES, "ab" * 16, "d1", "2026-04-10T12:00:00+08:00", {"cursor": None})
LINES = [b'{"kind":"push","changes":[%d]}' % number for number in range(40)]
PACKED = b"".join(pack(HEADER, LINES, SECRET))
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", max_size=3), inner, max_size=3),
    max_leaves=8,
)


def wrong(packed: bytes, secret: bytes = SECRET) -> str:
    """The code with which a bundle is not taken."""
    with pytest.raises(BundleWrong) as caught:
        list(unpack(packed, secret))
    return caught.value.code


@given(st.lists(values, max_size=20), st.sampled_from(Purpose))
def test_what_was_packed_comes_back(bodies: list[Any], purpose: Purpose) -> None:
    lines = [orjson.dumps({"kind": "x", "body": body}) for body in bodies]
    header = Header(purpose, "ab" * 16, "d1", "2026", {"more": [1, "二"]})
    packed = b"".join(pack(header, lines, SECRET))
    assert header_of(packed) == header
    assert list(unpack(packed, SECRET)) == lines


def test_anybody_can_look_into_it_with_gzip() -> None:
    first, *lines, last = gzip.decompress(PACKED).splitlines()
    assert orjson.loads(first)["guatu"] == "bundle"
    assert lines == LINES
    assert set(orjson.loads(last)) == {"kind", "seal"}


def test_damage_of_any_byte_is_noticed() -> None:
    for place in range(len(PACKED)):
        damaged = bytearray(PACKED)
        damaged[place] ^= 1 << place % 8
        assert wrong(bytes(damaged)) in ("bad-seal", "no-bundle", "newer-bundle"), place


@given(st.integers(0, len(PACKED) - 1), st.integers(0, 60), st.binary(max_size=60))
def test_nothing_can_be_cut_out_put_in_or_replaced(place: int, gone: int, instead: bytes) -> None:
    damaged = PACKED[:place] + instead + PACKED[place + gone :]
    if damaged != PACKED:
        assert wrong(damaged)


@given(st.binary(max_size=300))
def test_any_other_file_is_no_bundle(content: bytes) -> None:
    assert wrong(content) == "no-bundle"
    assert wrong(gzip.compress(content)) in ("no-bundle", "bad-seal")


def test_who_does_not_know_the_token_seals_nothing() -> None:
    assert wrong(PACKED, secret_of("another")) == "bad-seal"
    forged = b"".join(pack(HEADER, LINES, secret_of("another")))
    assert wrong(forged) == "bad-seal"


def test_a_seal_of_one_purpose_does_not_hold_for_another() -> None:
    keys = {bundle._hasher(purpose, SECRET).hexdigest() for purpose in Purpose}
    assert len(keys) == len(Purpose)


def test_a_bundle_of_a_newer_format_is_left_to_a_newer_guatu() -> None:
    body = {**orjson.loads(HEADER.encode()), "format": 2}
    assert wrong(gzip.compress(orjson.dumps(body) + b"\n" + LINES[0])) == "newer-bundle"


@pytest.mark.parametrize("missing", ["guatu", "format", "purpose", "board", "device", "made_at"])
@pytest.mark.parametrize("value", [None, 7, "", "\x1b[2J", [], "x" * 200])
def test_a_header_that_says_less_than_it_must_is_none(missing: str, value: object) -> None:
    body = {**orjson.loads(HEADER.encode()), missing: value}
    assert wrong(gzip.compress(orjson.dumps(body) + b"\n")) in ("no-bundle", "newer-bundle")


# --- bounds ---


def bomb(size: int) -> Iterator[bytes]:
    """Lines that unpack to so many mebibytes of nothing."""
    for _ in range(size * 1024):
        yield b" " * 1023


def test_a_bomb_is_given_up_at_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    packed = b"".join(pack(HEADER, bomb(64), SECRET))
    assert len(packed) < 200_000
    monkeypatch.setattr(bundle, "MAX_UNPACKED", 4 * 2**20)
    taken: list[int] = []
    with pytest.raises(BundleWrong) as caught:
        taken.extend(map(len, unpack(packed, SECRET)))
    assert caught.value.code == "bundle-too-large"
    assert sum(taken) <= 4 * 2**20


def test_a_line_without_end_is_given_up_at_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundle, "MAX_LINE", 2**20)
    assert wrong(b"".join(pack(HEADER, [b"x" * 2**23], SECRET))) == "bundle-too-large"
    assert wrong(b"".join(pack(HEADER, [b"x" * 2**23, b"{}"], SECRET))) == "bundle-too-large"


def test_of_a_bomb_that_nobody_sealed_the_header_is_all_that_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    def unpacked(_: object) -> Iterator[bytes]:
        raise AssertionError

    packed = b"".join(pack(HEADER, bomb(16), secret_of("another")))
    monkeypatch.setattr(bundle, "_portions", unpacked)
    assert wrong(packed) == "bad-seal"


def test_a_header_without_end_is_none() -> None:
    assert wrong(zlib.compress(b"x" * 2**24, wbits=31)) == "no-bundle"


def test_a_file_larger_than_any_is_not_looked_into(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundle, "MAX_PACKED", len(PACKED) - 1)
    assert wrong(PACKED) == "bundle-too-large"


def test_lines_that_do_not_compress_come_back_too() -> None:
    lines = [secrets.token_hex(700_000).encode() for _ in range(5)]
    assert list(unpack(b"".join(pack(HEADER, lines, SECRET)), SECRET)) == lines


# --- words ---


def test_a_token_is_in_no_words_about_a_bundle() -> None:
    header = Header(Purpose.START, "ab" * 16, "d1", "2026", {"token": TOKEN})
    assert TOKEN not in repr(header)
    assert TOKEN.encode() not in gzip.decompress(PACKED)
    assert hashlib.sha256(TOKEN.encode()).hexdigest().encode() not in gzip.decompress(PACKED)


def test_every_sentence_is_filled_and_ends_with_its_code() -> None:
    use("en")
    details: dict[str, str | int] = {"line": 3, "purpose": "start", "device": "d1"}
    for code in SENTENCES:
        said = BundleWrong(code, **details).said()
        assert said.endswith(f". [{code}]")
        assert "{" not in said


def test_it_is_sealed_as_the_document_says() -> None:
    """With nothing but the standard library."""
    key = hashlib.blake2b(b"entries", key=hashlib.sha256(TOKEN.encode()).digest(), person=b"guatu-bundle-1",
                          digest_size=32).digest()  # fmt: skip
    body, tail = PACKED[:-113], PACKED[-113:]
    seal = hashlib.blake2b(body, key=key, digest_size=32).hexdigest()
    line = b'{"kind":"seal","seal":"%b"}\n' % seal.encode()
    assert gzip.decompress(tail) == line
    stored = bytes.fromhex("1f8b08000000000000ff01") + len(line).to_bytes(2, "little")
    assert tail.startswith(stored + (len(line) ^ 0xFFFF).to_bytes(2, "little") + line)
    assert gzip.decompress(body).startswith(HEADER.encode() + b"\n")
