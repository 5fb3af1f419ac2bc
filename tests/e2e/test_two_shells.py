"""Two laptops and an office that is a process of its own, from the shell alone: decided, taken back, and proven."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from typer.testing import CliRunner

from tests.unit import clerk
from tui.cli import app
from tui.commands.failing import Code
from tui.laptop import local_now
from tui.profile import Profile
from tui.replica import Replica

pytestmark = pytest.mark.slow
UNIT = "340111001008"


class Laptop:
    """One laptop's command line."""

    def __init__(self, home: Path, url: str, code: str) -> None:
        self.home = home
        self.say("join", url, code)

    def say(self, *words: str, code: int = 0) -> str:
        result = CliRunner().invoke(app, list(words), env={"GUATU_HOME": str(self.home), "GUATU_LANG": "en"})
        assert result.exit_code == code, result.output
        return result.output

    def tell(self, *words: str) -> Any:
        return orjson.loads(self.say(*words, "--json"))

    def state(self, step: str = "1.1") -> str:
        return next(str(each["state"]) for each in self.tell("show", UNIT)["steps"] if each["id"] == step)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A board's folder and where a process serves it."""
    folder = tmp_path_factory.mktemp("office") / "board"
    clerk.answer(clerk.run("--lang", "en", "init", folder, "--start", "2026-09", "--area", "340111"))
    clerk.answer(clerk.run("--lang", "en", "roster", "import", folder, *clerk.STATISTICS))
    with clerk.serving("serve", folder) as (_, line):
        yield folder, line.removeprefix("listening on ").strip()


@pytest.fixture
def laptops(office: tuple[Path, str], tmp_path: Path) -> tuple[Laptop, Laptop]:
    """A lead's laptop and a member's."""
    folder, url = office
    made = []
    for role in ("lead", "member"):
        said = clerk.answer(
            clerk.run("--lang", "en", "member", "add", folder, f"{tmp_path.name} {role}", "--role", role)
        )
        code = next(line.removeprefix("code: ") for line in said.splitlines() if line.startswith("code: "))
        made.append(Laptop(tmp_path / role, url, code))
    return made[0], made[1]


def test_what_is_held_is_released_counts_and_is_taken_back_from_another_laptop(
    laptops: tuple[Laptop, Laptop],
) -> None:
    lead, member = laptops
    Profile(member.home).update(role="lead")  # as after rights were taken while it was away
    member.say("set", UNIT, "1.1", "returned", "--on", "2026-10-01")
    assert member.tell("sync")["held"] == 1
    (held,) = member.tell("held")
    assert held["status"] == "held:no-right"
    lead.say("sync")
    (seen,) = lead.tell("held")
    assert (seen["id"], seen["mine"], seen["change"]) == (held["id"], False, held["change"])
    lead.say("release", held["id"][:12], "--reason", "ok")
    assert lead.tell("sync")["held"] == 0
    member.say("sync")
    assert (member.tell("held"), member.state()) == ([], "returned")
    assert lead.tell("log", UNIT)[0]["released_by"].endswith("lead")
    lead.say("undo", held["id"])
    lead.say("sync")
    member.say("sync")
    assert member.state() == "todo"
    assert member.tell("log", UNIT)[0]["undoes"] == held["id"]
    for each in laptops:
        assert "holds exactly what the office holds" in each.say("sync", "--check")
        assert each.tell("sync", "--check")["check"] == "equal"


def test_a_laptop_that_holds_something_else_is_found_out(laptops: tuple[Laptop, Laptop]) -> None:
    lead, _ = laptops
    replica = Replica(lead.home / "replica.sqlite")
    replica._disk.execute("DELETE FROM base WHERE owner = ?", (UNIT,))
    replica.close()
    assert "does not hold what the office holds" in lead.say("sync", "--check", code=Code.WRONG)


def test_history_from_before_it_joined_is_told_after_a_sync(laptops: tuple[Laptop, Laptop]) -> None:
    lead, _ = laptops
    assert lead.tell("status")["known_since"] is None
    assert "put on the roster" in lead.tell("log", UNIT)[-1]["text"]
    today = local_now().date().isoformat()
    assert lead.tell("status", "--as-of", today)["units"] == 149
