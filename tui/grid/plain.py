"""Text that people typed, made safe to paint: nothing in it can steer the terminal or hide in it."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

WHITE: Final = frozenset("\t\n\v\f\r\x85\u2028\u2029")
_IDEOGRAPHIC_SPACE: Final = "\u3000"
_FLAG_LETTERS: Final = range(0x1F1E6, 0x1F200)
# Printable for Python, but terminals do not agree whether they take a cell: variation selectors (VS16 is 1 in tmux
# and 2 in rich), skin tones, fillers and joiners that show nothing.
_UNSETTLED: Final = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\uffa0\ufe00-\ufe0f"
    "\U0001f1e6-\U0001f1ff\U0001f3fb-\U0001f3ff\U000e0100-\U000e01ef]"
)


def plain(text: str) -> str:
    """The text as it may be painted: one line, no control or direction characters, every width beyond dispute.

    White space becomes a blank, other controls and half surrogates `?`; what shows nothing is left out; a flag becomes
    its two letters. Letters, ideographs, private-use characters and emoji stay as they are.
    """
    if text.isprintable() and not _UNSETTLED.search(text):
        return text
    return "".join(map(_shown, text))


def _shown(character: str) -> str:
    if character in WHITE:
        return " "
    if _UNSETTLED.match(character):
        code = ord(character)
        return chr(code - _FLAG_LETTERS.start + ord("A")) if code in _FLAG_LETTERS else ""
    match unicodedata.category(character):
        case "Cc" | "Cs" | "Cn":
            return "?"
        case "Cf":
            return ""
        case "Zs":
            return character if character == _IDEOGRAPHIC_SPACE else " "
        case _:
            return character
