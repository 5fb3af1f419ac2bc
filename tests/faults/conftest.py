"""What the tests of faults share: one forking process for all that a worker strikes down."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.cradle import Cradle


@pytest.fixture(scope="session")
def cradle() -> Iterator[Cradle]:
    """A process that forks children to be struck; fails clearly where strace is missing."""
    with Cradle() as made:
        yield made
