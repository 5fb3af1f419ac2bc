"""What the numbers were measured on: facts of the machine and of the libraries, and nothing that names either."""

from __future__ import annotations

import os
import platform
import sqlite3
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any, Final

_LIBRARIES: Final = ("aiohttp", "orjson", "pydantic", "textual", "tinydb")


def facts(folder: Path) -> dict[str, Any]:
    """The machine as far as numbers depend on it; `folder` is where the boards are."""
    return {
        "system": f"{platform.system()} {platform.release()}",
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "memory_mb": _memory_mb(),
        "file_system": _file_system(folder),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "libraries": {name: metadata.version(name) for name in _LIBRARIES},
    }


def load() -> float:
    """How many programs wanted a core during the last minute; more than there are cores spoils every number."""
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0


def memory_of(pid: int) -> float:
    """How much memory a process holds now, in MB; 0 where the system does not say."""
    for key, value in _fields(Path(f"/proc/{pid}/status")):
        if key == "VmRSS":
            return int(value.split()[0]) / 1024
    return 0.0


def memory_here() -> float:
    """How much memory this process holds now, in MB."""
    return memory_of(os.getpid())


def _processor() -> str:
    found = (value for key, value in _fields(Path("/proc/cpuinfo")) if key == "model name")
    return next(found, platform.processor() or platform.machine())


def _memory_mb() -> int:
    total = (value for key, value in _fields(Path("/proc/meminfo")) if key == "MemTotal")
    return int(next(total, "0 kB").split()[0]) // 1024


def _file_system(folder: Path) -> str:
    """The kind of the file system that holds a folder, by its longest mount point."""
    best, kind = "", "unknown"
    try:
        mounts = Path("/proc/mounts").read_text(encoding="utf-8")
    except OSError:
        return kind
    for line in mounts.splitlines():
        _, point, found = line.split()[:3]
        if folder.resolve().is_relative_to(point) and len(point) >= len(best):
            best, kind = point, found
    return kind


def _fields(path: Path) -> Iterator[tuple[str, str]]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError:
        return
    for line in lines:
        key, colon, value = line.partition(":")
        if colon:
            yield key.strip(), value.strip()
