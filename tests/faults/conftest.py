"""What the tests of faults share: one forking process for all that a worker strikes down."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.faults.cradle import Cradle, StraceMissing


@pytest.fixture(scope="session")
def cradle() -> Iterator[Cradle]:
    """A process that forks children to be struck. Where nothing may go unproved, a missing strace fails the tests."""
    try:
        made = Cradle()
    except StraceMissing:
        if os.environ.get("CI"):
            raise
        pytest.skip("these strike at system calls and need strace: apt-get install strace")
    with made:
        yield made
