"""The systems that are compared: what each is made of, how its server starts, and what drives it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.bench.peers.install import DRIVERS, Packages, installed

Command = Sequence[str]


@dataclass(frozen=True, slots=True)
class System:
    """One system.

    `serve` gives the command of its server for a port and a folder of its own, `drive` the start of its driver's
    command, `env` what its server finds in its environment for the same port and folder. `end` is run when all is
    done with a folder.
    """

    name: str
    packages: Sequence[Packages]
    serve: Callable[[int, Path], Command]
    drive: Command
    scheme: str = "http"
    env: Callable[[int, Path], Mapping[str, str]] = lambda port, folder: {}
    end: Callable[[Path], Command] = lambda folder: ()

    def missing(self) -> str:
        """Why it cannot be measured here; nothing when it can, for which it is installed if need be."""
        if any(packages.of_npm for packages in self.packages) and shutil.which("node") is None:
            return "no node"
        return next((problem for packages in self.packages if (problem := installed(packages))), "")


_YJS: Final = Packages("y-websocket", ("y-websocket@2.1.0", "y-leveldb@0.1.2", "yjs@13.6.33", "ws@6.2.3"))
_PYCRDT: Final = Packages(
    "pycrdt-websocket",
    (
        "pycrdt-websocket==0.16.5",
        "pycrdt-store==0.1.5",
        "pycrdt==0.14.13",
        "uvicorn==0.35.0",
        "websockets==15.0.1",
    ),
)
_POUCHDB: Final = Packages("pouchdb-server", ("pouchdb-server@4.2.0", "pouchdb@9.0.0"))
_AUTOMERGE: Final = Packages(
    "automerge-repo",
    (
        "@automerge/automerge-repo@2.5.6",
        "@automerge/automerge-repo-network-websocket@2.5.6",
        "@automerge/automerge-repo-storage-nodefs@2.5.6",
        "ws@8.23.0",
    ),
)
_KINTO: Final = Packages("kinto", ("kinto[postgresql]==26.5.0", "waitress==3.0.2"))


def _node(packages: Packages, script: str) -> Command:
    return ("node", str(packages.home / script))


GUATU: Final = System(
    "guatu",
    (),
    lambda port, folder: (sys.executable, "-m", "server", "serve", str(folder / "board"), "--port", str(port)),
    (sys.executable, "-m", "tests.bench.peers.ours"),
)
PEERS: Final = (
    System(
        "pycrdt-websocket",
        (_PYCRDT, _YJS),
        lambda port, folder: (_PYCRDT.python, str(DRIVERS / "pycrdt-server.py"), str(port), str(folder)),
        _node(_YJS, "yjs.mjs"),
        "ws",
    ),
    System(
        "y-websocket",
        (_YJS,),
        lambda port, folder: _node(_YJS, "node_modules/y-websocket/bin/server.cjs"),
        _node(_YJS, "yjs.mjs"),
        "ws",
        lambda port, folder: {"HOST": "127.0.0.1", "PORT": str(port), "YPERSISTENCE": str(folder / "data")},
    ),
    System(
        "PouchDB Server",
        (_POUCHDB,),
        lambda port, folder: (
            *_node(_POUCHDB, "node_modules/pouchdb-server/bin/pouchdb-server"),
            *("--port", str(port), "--host", "127.0.0.1", "--dir", str(folder), "--no-stdout-logs"),
        ),
        _node(_POUCHDB, "pouchdb.mjs"),
    ),
    System(
        "automerge-repo",
        (_AUTOMERGE,),
        lambda port, folder: (*_node(_AUTOMERGE, "automerge-server.mjs"), str(port), str(folder)),
        _node(_AUTOMERGE, "automerge.mjs"),
        "ws",
    ),
    System(
        "Kinto",
        (_KINTO,),
        lambda port, folder: (_KINTO.python, str(DRIVERS / "kinto-server.py"), str(port), str(folder)),
        (_KINTO.python, str(DRIVERS / "kinto-driver.py")),
        "http",
        lambda port, folder: {},
        lambda folder: (_KINTO.python, str(DRIVERS / "kinto-server.py"), "stop", str(folder)),
    ),
)
