"""One simulated district for all tests of the wall, and copies of it for those that write."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pytest

from shared.messages import use
from tests.wall.district import district, opened
from tests.wall.known import Known
from tui.wall.facts import Facts
from tui.wall.once import facts_now


@pytest.fixture(scope="session")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The profile of a wall over the simulated district."""
    return district(tmp_path_factory.mktemp("district"))


@pytest.fixture
def own(profile: Path, tmp_path: Path) -> Path:
    """A copy of it, to write on."""
    return Path(copytree(profile, tmp_path / "wall"))


@pytest.fixture(scope="session")
def facts(profile: Path) -> Facts:
    """Everything that stands there, in Chinese."""
    use("zh")
    with opened(profile) as laptop:
        return facts_now(laptop)


@pytest.fixture(scope="session")
def known(facts: Facts) -> Known:
    """The same for tests of hypothesis."""
    return Known(facts)


@pytest.fixture(autouse=True)
def chinese() -> Iterator[None]:
    """The wall speaks Chinese, unless a test says else."""
    use("zh")
    yield
    use("en")
