"""Other systems, installed on demand by name and exact version with the machine's own clients, and never committed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

OUT: Final = Path(__file__).parents[1] / "out" / "peers"
DRIVERS: Final = Path(__file__).parent / "drivers"
_PATIENCE: Final = 600
_DONE: Final = ".installed"


class Packages(NamedTuple):
    """A folder of packages: of npm (`name@version`), or of a virtual environment of Python's (`name==version`)."""

    folder: str
    names: Sequence[str]

    @property
    def home(self) -> Path:
        """Where they are."""
        return OUT / self.folder

    @property
    def python(self) -> str:
        """The interpreter that sees them."""
        return str(self.home / "bin" / "python")

    @property
    def of_npm(self) -> bool:
        """Whether npm installs them."""
        return not any("==" in name for name in self.names)


def installed(packages: Packages) -> str:
    """Have them installed, and node's drivers beside them; why not, when that cannot be."""
    mark = packages.home / _DONE
    wanted = "\n".join(packages.names)
    if not mark.exists() or mark.read_text() != wanted:
        problem = _install(packages)
        if problem:
            return problem
        mark.write_text(wanted)
    for driver in DRIVERS.glob("*.mjs"):  # node looks for packages from where a script lies
        shutil.copy(driver, packages.home)
    return ""


def _install(packages: Packages) -> str:
    packages.home.mkdir(parents=True, exist_ok=True)
    commands = _npm(packages) if packages.of_npm else _pip(packages)
    for command in commands:
        try:
            done = subprocess.run(
                command, cwd=packages.home, capture_output=True, text=True, check=False, timeout=_PATIENCE
            )
        except (OSError, subprocess.TimeoutExpired) as wrong:
            return type(wrong).__name__
        if done.returncode != 0:
            return (done.stderr.strip().splitlines() or ["failed"])[-1][:120]
    return ""


def _npm(packages: Packages) -> list[list[str]]:
    quiet = ["--no-audit", "--no-fund", "--no-package-lock", "--prefix", "."]
    return [["npm", "install", *quiet, *packages.names]]


def _pip(packages: Packages) -> list[list[str]]:
    pip = [packages.python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    return [[sys.executable, "-m", "venv", "."], [*pip, *packages.names]]
