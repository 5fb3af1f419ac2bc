"""The laptop's end and the wall's: what somebody sees and enters, with or without a network."""

import os

# Committing five or more Chinese characters at once from an input method arrives as junk on terminals that speak the
# kitty keyboard protocol. Textual reads this when it is first imported, so it has to stand here.
os.environ.setdefault("TEXTUAL_DISABLE_KITTY_KEY", "1")
