"""Where `guatu` begins."""

from __future__ import annotations


def main() -> None:
    """Run the command line."""
    from tui.cli import app  # noqa: PLC0415 -- so that importing this costs nothing

    app(prog_name="guatu")


if __name__ == "__main__":
    main()
