"""A system's server as a process of its own, and its driver as another, which is told one piece of work."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final, NamedTuple

from tests.bench.peers.systems import System

TASK: Final = "task.json"
_PATIENCE: Final = 300
_STARTING: Final = 60


class Failed(Exception):
    """A server did not start, or a driver did not do its work."""


class Serving(NamedTuple):
    """A running server; `folder` holds its data and what its drivers keep."""

    system: System
    folder: Path
    port: int
    process: subprocess.Popen[bytes]

    def asked(self, work: str, *numbers: int, port: int = 0) -> dict[str, Any]:
        """The driver's answer to one piece of work; `port` stands for another way to the server. Raises `Failed`."""
        command = self.command(work, *numbers, port=port)
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_PATIENCE)
        except (OSError, subprocess.TimeoutExpired) as wrong:
            raise Failed(f"{self.system.name}: {work}: {type(wrong).__name__}") from None
        if done.returncode != 0 or not done.stdout:
            raise Failed(f"{self.system.name}: {work}: {done.stderr.strip()[-400:]}")
        answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return answer

    def command(self, work: str, *numbers: int, port: int = 0) -> list[str]:
        """What starts the driver."""
        url = f"{self.system.scheme}://127.0.0.1:{port or self.port}"
        given = [work, url, str(self.folder / TASK), str(self.folder)]
        return [*self.system.drive, *given, *map(str, numbers)]

    def kill(self) -> None:
        """`kill -9`."""
        self.process.kill()
        self.process.wait()


@contextmanager
def serving(system: System, folder: Path) -> Iterator[Serving]:
    """The server, until the block ends. Raises `Failed` when it does not listen after a minute."""
    port = _free_port()
    env = {**os.environ, "GUATU_LANG": "en", **system.env(port, folder)}
    with (folder / "server.log").open("ab") as log:
        command = list(system.serve(port, folder))
        process = subprocess.Popen(command, cwd=_where(system, folder), stdout=log, stderr=log, env=env)
    try:
        _until_listening(process, port, system.name)
        yield Serving(system, folder, port, process)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def end(system: System, folder: Path) -> None:
    """Whatever else runs for this folder ends."""
    if command := system.end(folder):
        subprocess.run(list(command), capture_output=True, check=False, timeout=_STARTING)


def _where(system: System, folder: Path) -> Path | None:
    """Servers of others may write beside them what they like; ours is found from where the bench was started."""
    return folder if system.packages else None


def _until_listening(process: subprocess.Popen[bytes], port: int, name: str) -> None:
    latest = time.monotonic() + _STARTING
    while time.monotonic() < latest and process.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.02)
    raise Failed(f"{name}: its server does not start")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
