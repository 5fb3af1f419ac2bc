"""`make demo` without a terminal: one frame of a living district, and an end."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.e2e.office import ENV


@pytest.mark.slow
def test_without_a_terminal_the_demo_prints_one_frame_and_ends_well(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tui", "demo"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=90,
        check=False,
        env={**os.environ, **ENV, "TMPDIR": str(tmp_path)},
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.rstrip("\n").split("\n")
    assert len(lines) == 40
    assert all(cell_len(line) <= 160 for line in lines)
    for shown in ("骆岗街道", "示例小学", "毕", "逾", "审", "退"):
        assert shown in done.stdout
    assert not list(tmp_path.glob("guatu-demo-*")), "the demonstration cleans up behind itself"
