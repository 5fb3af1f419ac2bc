"""Every bound of a running server in one value, so that tests can shorten what the office waits for."""

from __future__ import annotations

from dataclasses import dataclass

from shared import protocol
from shared.attached import MAX_FILE


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much and how long. All times are seconds.

    `stall`: a peer that makes no progress for so long is dropped. `hello`: how long it may take to say hello.
    `goodbye`: how long a refusal may take to leave. `changes_per_second`, `sockets`: per connection, per device.
    `look`: between looks at what other processes wrote and at peers that stall. `save`: between writings of the board.
    `note`: between notes of who was heard of. `quiet`: between news of that to others.
    `file`: bytes of one file. `device_files`, `all_files`: bytes that the files of one device and of all may take.
    `free`: bytes of the disk that files leave to the log. `arriving`, `upload`: how many files may be on their way at
    once, and how long one may take.
    `request`: how long a request's body may take to arrive. `stop`: how long goodbyes may take when the server ends.
    """

    stall: float = protocol.STALL_SECONDS
    hello: float = 10.0
    goodbye: float = 2.0
    changes_per_second: int = protocol.MAX_CHANGES_PER_SECOND
    sockets: int = protocol.MAX_SOCKETS
    look: float = 0.5
    save: float = 2.0
    note: float = 60.0
    quiet: float = 60.0
    request: float = 10.0
    stop: float = 2.0
    tries_per_minute: int = 20
    file: int = MAX_FILE
    device_files: int = 2 * 1024**3
    all_files: int = 64 * 1024**3
    free: int = 512 * 1024**2
    arriving: int = 16
    upload: float = 1800.0
