"""A process that appends to a log while others do: `python -m tests.contract.appender LOG COUNT`."""

from __future__ import annotations

import sys
from pathlib import Path

from server.log import HeadMoved, SqliteLog
from tests.contract.drafts import draft


def main() -> None:
    """Append so many records, one at a time, reading on whenever somebody was faster."""
    log = SqliteLog(Path(sys.argv[1]))
    for _ in range(int(sys.argv[2])):
        while True:
            try:
                log.append(log.head(), [draft()])
            except HeadMoved:
                continue
            break
    log.close()


if __name__ == "__main__":
    main()
