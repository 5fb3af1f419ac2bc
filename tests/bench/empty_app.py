"""The least that Textual can show: what opening anything costs before the board adds to it."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import Static


class EmptyApp(App[None]):
    """One line of text."""

    def compose(self) -> ComposeResult:
        """The line."""
        yield Static("here it is")


if __name__ == "__main__":
    EmptyApp().run()
