"""A process that lets others die: it forks a child for each piece of work and has strace meddle with its system calls.

Nothing is loaded anew for a child, so that a death costs some 40 ms and every single call can have its own. A child
says what it has promised (an ack, "saved") on a socket whose calls are left alone, so that nothing it said is lost.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple, NoReturn, Self

ROOT: Final = Path(__file__).parents[2]
PATIENCE: Final = 60
"""Seconds after which a child that hangs is ended by SIGALRM."""
EVERY: Final = "%file,%desc"
"""Every system call on a file, by its name or its number."""
SAID_AT_ONCE: Final = 1 << 20
_CALL: Final = re.compile(r"^(\d+) +(\w+)\(")
_STOPS: Final = 3

Tell = Callable[[str], None]


class StraceMissing(Exception):
    """strace is not installed: `apt-get install strace`, as .ci/run does."""


class Ended(NamedTuple):
    """How a child ended: what it said, its exit code (or minus the signal), and its calls as strace wrote them."""

    said: tuple[str, ...]
    code: int
    trace: tuple[str, ...]

    @property
    def injected(self) -> str:
        """The call that was made to fail, with what it was about; nothing when none was."""
        return next((line for line in self.trace if "(INJECTED)" in line), "")

    def calls(self) -> list[tuple[str, int]]:
        """Every call as (name, n): strace counts them for each thread and each name."""
        counts: Counter[tuple[str, str]] = Counter()
        for line in self.trace:
            if found := _CALL.match(line):
                counts[found[1], found[2]] += 1
        most: dict[str, int] = {}
        for (_, name), count in counts.items():
            most[name] = max(count, most.get(name, 0))
        return [(name, n) for name, count in most.items() for n in range(1, count + 1)]


class Cradle:
    """The forking process, as a test has it. `run` does a work of `tests.faults.works` in a folder."""

    def __init__(self) -> None:
        if shutil.which("strace") is None:
            raise StraceMissing(StraceMissing.__doc__)
        command = [sys.executable, "-m", "tests.faults.cradle"]
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate(timeout=PATIENCE)

    def run(
        self,
        work: str,
        folder: Path,
        inject: str = "",
        trace: str = EVERY,
        largest_file: int | None = None,
        **more: Any,
    ) -> Ended:
        """Do this work with this meddling (as `strace -e inject` has it), files no larger than so many bytes."""
        order = {
            "work": work, "folder": str(folder), "inject": inject, "trace": trace, "largest": largest_file,
            "more": more,
        }  # fmt: skip
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        said, code, calls = json.loads(self._process.stdout.readline())
        return Ended(tuple(said), code, tuple(calls))


def main() -> None:
    """Read orders, one a line, and answer each by how its child ended."""
    from tests.faults.works import WORKS

    for line in sys.stdin:
        order = json.loads(line)
        sys.stdout.write(json.dumps(_run(order, *WORKS[order["work"]])) + "\n")
        sys.stdout.flush()


def _run(order: dict[str, Any], work: Callable[..., int], names: Sequence[str]) -> Ended:
    ours, theirs = socket.socketpair()
    theirs.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SAID_AT_ONCE)
    folder = Path(order["folder"])
    child = os.fork()
    if child == 0:
        ours.close()
        _be_the_child(order, work, theirs)
    theirs.close()
    trace = folder.with_name(f"{folder.name}.trace")
    strace = _attach(child, order, trace, _paths(folder, names, child))
    ours.sendall(b"go")
    said = b"".join(iter(lambda: ours.recv(65536), b"")).decode().splitlines()
    _, status = os.waitpid(child, 0)
    strace.communicate(timeout=PATIENCE)
    return Ended(
        tuple(said), os.waitstatus_to_exitcode(status), tuple(trace.read_text("utf-8", "replace").splitlines())
    )


def _be_the_child(order: dict[str, Any], work: Callable[..., int], line: socket.socket) -> NoReturn:
    """Wait until somebody watches, then work; whatever happens, never return into the parent's loop."""
    code = 70
    try:
        signal.alarm(PATIENCE)
        line.recv(2)
        errors = os.open(f"{order['folder']}.stderr", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(errors, 1)
        os.dup2(errors, 2)
        if order["largest"] is not None:
            import resource  # only where there is fork, too

            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (order["largest"], order["largest"]))
        code = work(Path(order["folder"]), lambda said: line.sendall(f"{said}\n".encode()), **order["more"])
    except BaseException:
        sys.excepthook(*sys.exc_info())
        sys.stderr.flush()
    finally:
        os._exit(code)


def _attach(child: int, order: dict[str, Any], trace: Path, paths: Iterable[Path]) -> subprocess.Popen[bytes]:
    """strace on this child, which does nothing that it would miss once this returns."""
    only = [word for path in paths for word in ("-P", str(path))]
    meddle = ["-e", f"inject={order['inject']}"] if order["inject"] else []
    command = [
        "strace",
        "-f",
        "-y",
        "-s",
        "0",
        "-p",
        str(child),
        "-o",
        str(trace),
        *only,
        "-e",
        f"trace={order['trace']}",
    ]
    process = subprocess.Popen([*command, *meddle], stderr=subprocess.PIPE)
    assert process.stderr is not None
    line = process.stderr.readline().decode()
    if "attached" not in line:
        os.kill(child, signal.SIGKILL)
        raise RuntimeError(line + process.stderr.read().decode())
    return process


def _paths(folder: Path, names: Sequence[str], child: int) -> list[Path]:
    return [folder, *(folder / name.format(pid=child) for name in names)]


if __name__ == "__main__":
    main()
