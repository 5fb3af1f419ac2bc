"""What a short answer costs: the commands that need no screen and no network load neither, nor a validator."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.tui.boards import laptop

ROOT = Path(__file__).parents[2]
HEAVY = {"textual", "aiohttp", "pydantic", "rich", "tinydb", "openpyxl", "server"}


def after(home: Path, *words: str) -> tuple[int, set[str], str]:
    """The exit code of a command in a fresh interpreter, the top-level modules it has loaded, and what it said."""
    script = (
        "import sys\nfrom tui.__main__ import main\ncode = 0\n"
        "try:\n    main()\nexcept SystemExit as end:\n    code = end.code or 0\n"
        "print(code, *sorted({name.partition('.')[0] for name in sys.modules}), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *words],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        cwd=ROOT,
        env={"GUATU_HOME": str(home), "GUATU_LANG": "en", "PATH": "", "PYTHONIOENCODING": "utf-8"},
    )
    code, *modules = done.stderr.splitlines()[-1].split()
    return int(code), set(modules), done.stdout


@pytest.fixture
def home(tmp_path: Path) -> Path:
    laptop(tmp_path).close()
    return tmp_path


@pytest.mark.parametrize(
    "words",
    [
        ("status",),
        ("status", "--json"),
        ("show", "陆大村"),
        ("set", "陆大村", "1.1", "doing", "--note", "甲"),
        ("--help",),
    ],
)
def test_a_command_without_a_screen_or_a_network_loads_neither_nor_a_validator(
    home: Path, words: tuple[str, ...]
) -> None:
    code, modules, said = after(home, *words)
    assert code == 0
    assert said
    assert not modules & HEAVY


def test_a_refusal_costs_no_more(tmp_path: Path) -> None:
    code, modules, _ = after(tmp_path, "status")
    assert code == 3
    assert not modules & HEAVY


def test_the_rooms_keep_their_contract() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([lint], capture_output=True, text=True, check=False, timeout=120, cwd=ROOT)
    assert done.returncode == 0, done.stdout
    assert "2 kept, 0 broken" in done.stdout
