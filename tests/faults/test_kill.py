"""`kill -9` of the server in the middle of edits loses no acknowledged one (promises 1, 2 and 4).

Twenty kills here, on several boards so that every core has some; `python -m tests.soak --only kill` does hundreds.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.faults.killing import ACKED_PER_ROUND, kill_while_they_write

BOARDS = 4
ROUNDS = 5


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL")
@pytest.mark.parametrize("board", range(BOARDS))
async def test_what_was_acknowledged_is_there_after_kill_9(tmp_path: Path, board: int) -> None:
    assert await kill_while_they_write(tmp_path / f"board-{board}", ROUNDS) >= ROUNDS * ACKED_PER_ROUND
