"""`python -m tests.soak`: all that was asked for runs, its seed is said, and a promise that broke is the exit code."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from tests.soak import __main__ as soak
from tests.soak.effort import Counted, Effort
from tests.soak.soaks import SOAKS, Soak


def run(monkeypatch: pytest.MonkeyPatch, *words: str, **soaks: Soak) -> int:
    monkeypatch.setattr(soak, "SOAKS", soaks or SOAKS)
    monkeypatch.setattr(sys, "argv", ["soak", *words])
    return soak.main()


def well(effort: Effort) -> Iterator[Counted]:
    assert not list(effort.place.iterdir())
    yield Counted(effort.rounds, "kills")
    yield Counted(effort.histories, "histories")


def badly(effort: Effort) -> Iterator[Counted]:
    yield Counted(effort.rounds, "kills")
    raise AssertionError("one was lost")


def test_it_says_seed_and_counts_and_ends_with_0(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "--rounds", "7", "--histories", "9", "--seed", "5", kill=well) == 0
    said = capsys.readouterr().out
    assert said.startswith("seed 5, ")
    assert "kill: 7 kills\nkill: 9 histories\n" in said


def test_a_broken_promise_is_the_exit_code_and_ends_no_other_soak(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "--seed", "5", bad=badly, good=well) == 1
    said = capsys.readouterr().out
    assert "bad: FAILED, seed 5" in said
    assert "one was lost" in said
    assert "good: 200 kills" in said
    assert said.endswith("failed: bad\n")


def test_what_is_asked_for_by_name_runs_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "--only", "good", bad=badly, good=well) == 0
    assert "bad" not in capsys.readouterr().out
