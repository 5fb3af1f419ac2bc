"""Kinto on a PostgreSQL of its own: `kinto-server.py PORT FOLDER`, and `kinto-server.py stop FOLDER` when all is done.

The database commits as it comes: with fsync, and before it answers. It lies in the system's folder for temporary files,
as it runs as a user of its own who may not look into the folder given.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SETTINGS = """
[server:main]
use = egg:waitress#main
host = 127.0.0.1
port = %(http_port)s
[app:main]
use = egg:kinto
kinto.storage_backend = kinto.core.storage.postgresql
kinto.storage_url = {url}
kinto.permission_backend = kinto.core.permission.postgresql
kinto.permission_url = {url}
kinto.cache_backend = kinto.core.cache.memory
kinto.userid_hmac_secret = bench
kinto.bucket_create_principals = system.Everyone
kinto.batch_max_requests = 256
multiauth.policies = basicauth
multiauth.policy.basicauth.use = kinto.core.authentication.BasicAuthAuthenticationPolicy
[loggers]
keys = root
[handlers]
keys =
[formatters]
keys =
[logger_root]
level = ERROR
handlers =
"""


class Database:
    """A cluster that belongs to one folder of the bench."""

    def __init__(self, folder: Path) -> None:
        own = hashlib.blake2b(str(folder.resolve()).encode(), digest_size=6).hexdigest()
        self.home = Path(tempfile.gettempdir()) / f"bench-kinto-{own}"
        self.data = self.home / "data"
        self.url = f"postgresql://postgres@/postgres?host={self.home}"

    def start(self) -> None:
        """Have it running."""
        if not self.data.exists():
            self.home.mkdir(parents=True)
            if os.geteuid() == 0:
                shutil.chown(self.home, "postgres")
            self._run("initdb", "--auth", "trust", "--username", "postgres", "--encoding", "UTF8", "--locale", "C")
        if not (self.data / "postmaster.pid").exists():
            options = f"-c listen_addresses= -c unix_socket_directories={self.home}"
            self._run("pg_ctl", "start", "--wait", "--log", str(self.home / "log"), "--options", options)

    def stop(self) -> None:
        """End it, and leave nothing behind."""
        if (self.data / "postmaster.pid").exists():
            self._run("pg_ctl", "stop", "--mode", "immediate")
        shutil.rmtree(self.home, ignore_errors=True)

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(_programs() / program), "--pgdata", str(self.data), *arguments]
        if os.geteuid() == 0:
            command = ["runuser", "-u", "postgres", "--", *command]
        subprocess.run(command, cwd=self.home, stdout=subprocess.DEVNULL, check=True)


def _programs() -> Path:
    """Where the newest PostgreSQL of this machine has its programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        sys.exit("there is no PostgreSQL on this machine")
    return found[-1].parent


def main(port: str, folder: Path) -> None:
    """Start the database, bring its tables up to date, and become the server."""
    database = Database(folder)
    if port == "stop":
        return database.stop()
    database.start()
    settings = folder / "kinto.ini"
    settings.write_text(SETTINGS.format(url=database.url))
    kinto = str(Path(sys.executable).parent / "kinto")
    subprocess.run([kinto, "migrate", "--ini", str(settings)], check=True)
    os.execv(kinto, [kinto, "start", "--ini", str(settings), "--port", port])


main(sys.argv[1], Path(sys.argv[2]))
