"""`guatu demo --offline` plays the promise with the real commands, and fails when it is not kept."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CHECKS = ("equal", "nothing-waits", "settled", "taken", "both-kept")


@pytest.mark.slow
def test_two_laptops_and_a_server_end_with_a_check() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tui", "demo", "--offline"], cwd=ROOT, capture_output=True, text=True, encoding="utf-8",
        timeout=110, env={**os.environ, "GUATU_LANG": "zh", "PYTHONUTF8": "1"}, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert [line.split()[1] for line in lines if line.startswith("  ok ")] == list(CHECKS)
    assert "每条录入都在" in lines[-1]
    assert str(ROOT) not in done.stdout
