"""Bundles that are not from whom they say, not for whom they are given to, or not whole: nothing of them is taken."""

from __future__ import annotations

import gzip
from dataclasses import replace
from pathlib import Path

import orjson

from shared.bundle import header_of, pack, secret_of, unpack
from tests.sticks import FIRST, Traveller, entered
from tests.unit.clerk import answer, parsed, refusal, run

SECOND = "340111001204"


def test_what_is_not_from_whom_it_says_is_not_taken(district: Path, started: Traveller) -> None:
    started.does("set", FIRST, "1.1", "doing")
    out = started.out()
    packed = out.read_bytes()
    header, lines = header_of(packed), list(unpack(packed, secret_of(started.identity.token)))
    before = entered(district)
    forged = {
        "bad-seal": pack(header, lines, secret_of("guessed")),
        "unknown-device": pack(replace(header, device="d000000000000"), lines, secret_of("guessed")),
        "bundle-of-other-board": pack(replace(header, board="00" * 16), lines, secret_of(started.identity.token)),
        "bad-line": pack(header, [*lines, b"{"], secret_of(started.identity.token)),
        "no-bundle": [b"guatu"],
    }
    for code, parts in forged.items():
        out.write_bytes(b"".join(parts))
        assert refusal(run("take", district, out), 1).endswith(f"[{code}]")
    for cut in (packed[:-1], packed[1:], packed + b"\n"):
        out.write_bytes(cut)
        assert refusal(run("take", district, out), 1).endswith(("[bad-seal]", "[no-bundle]"))
    assert entered(district) == before
    out.write_bytes(packed)
    assert parsed(run("take", district, out, "--json"))["new"] == 1


def test_a_bundle_goes_one_way(district: Path, started: Traveller) -> None:
    out = started.out()
    assert started.refusal("take", out).startswith("This bundle is for something else (entries)")
    assert started.refusal("join", "--bundle", out).endswith("[other-purpose]")
    start = started.stick / "laptop.start"
    assert refusal(run("take", district, start), 1).startswith("This bundle is for something else (start)")
    assert started.refusal("take", start).endswith("[other-purpose]")
    started.hands_in(district)
    started.is_answered(district)
    assert refusal(run("take", district, started.stick / "laptop.back"), 1).endswith("[other-purpose]")


def test_answers_are_for_one_device_and_from_its_office(district: Path, started: Traveller, tmp_path: Path) -> None:
    other = Traveller(tmp_path / "other").starts(district)
    other.does("set", SECOND, "1.1", "doing")
    other.hands_in(district)
    back = tmp_path / "back"
    answer(run("bundle", district, back, "--for", other.identity.device))
    before = started.board()
    assert started.refusal("take", back).startswith(f"This bundle is for another device, {other.identity.device};")
    packed = back.read_bytes()
    header, lines = header_of(packed), list(unpack(packed, secret_of(other.identity.token)))
    for code, board, secret in (("bad-seal", header.board, "guessed"), ("bundle-of-other-board", "00" * 16, "x")):
        forged = pack(replace(header, device=started.identity.device, board=board), lines, secret_of(secret))
        back.write_bytes(b"".join(forged))
        assert started.refusal("take", back).endswith(f"[{code}]")
    back.write_bytes(packed[:-200] + packed[-199:])
    assert other.refusal("take", back).endswith("[bad-seal]")
    assert (started.board(), other.labels()) == (before, (0, 1, 0, 0))


def test_a_bundle_that_cannot_be_read_starts_nothing(district: Path, traveller: Traveller) -> None:
    start = traveller.stick / "start"
    answer(run("bundle", district, start))
    packed = start.read_bytes()
    token = header_of(packed).more["token"]
    lines = list(unpack(packed, secret_of(token)))
    for left_out in ("campaign", "welcome", "snapshot"):
        fewer = [line for line in lines if orjson.loads(line)["kind"] != left_out]
        start.write_bytes(b"".join(pack(header_of(packed), fewer, secret_of(token))))
        assert traveller.refusal("join", "--bundle", start).endswith("[bad-line]")
    spoiled = [*lines, b'{"kind":"unit","owner":"x","records":{"unit/x":7}}']
    start.write_bytes(b"".join(pack(header_of(packed), spoiled, secret_of(token))))
    assert traveller.refusal("join", "--bundle", start).startswith(f"Line {len(spoiled) + 1} of this bundle")
    start.write_bytes(packed[:-30])
    said = traveller.refusal("join", "--bundle", start)
    assert said.endswith("[bad-seal]")
    assert token not in said
    assert not traveller.home.exists()


def test_what_a_newer_guatu_adds_does_no_harm(district: Path, started: Traveller) -> None:
    out = started.out()
    packed, secret = out.read_bytes(), secret_of(started.identity.token)
    lines = [*unpack(packed, secret), b'{"kind":"colours","of":"the rainbow"}']
    out.write_bytes(b"".join(pack(header_of(packed), lines, secret)))
    assert parsed(run("take", district, out, "--json"))["entries"] == 0
    answer(run("bundle", district, out, "--for", started.identity.device))
    packed = out.read_bytes()
    lines = [*unpack(packed, secret), b'{"kind":"colours","of":"the rainbow"}']
    out.write_bytes(b"".join(pack(header_of(packed), lines, secret)))
    assert started.told("take", out)["pulled"] == 0


def test_no_token_is_in_what_travels_later(district: Path, started: Traveller) -> None:
    started.does("set", FIRST, "1.1", "doing")
    started.hands_in(district)
    started.is_answered(district)
    token = started.identity.token.encode()
    for name in ("laptop.out", "laptop.back"):
        inside = gzip.decompress((started.stick / name).read_bytes())
        assert token not in inside
        assert secret_of(started.identity.token).hex().encode() not in inside
    assert token in gzip.decompress((started.stick / "laptop.start").read_bytes()), "that one is worth a token"
