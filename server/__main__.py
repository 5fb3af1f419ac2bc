"""Where `guatu-server` begins."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line; what a narrow terminal cannot show is replaced, never a reason to fail."""
    from server.cli import app  # noqa: PLC0415 -- so that importing this costs nothing

    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
    app()


if __name__ == "__main__":
    main()
