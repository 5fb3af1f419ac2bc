"""Big digits and Latin letters: our own bitmaps, five pixels wide and seven high, whatever fonts a machine has."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

Pixels = tuple[tuple[bool, ...], ...]
"""Rows of pixels from the top, all of one length; true where something is drawn."""

HEIGHT: Final = 7
WIDTH: Final = 5
_GAP: Final = 1
_BOX: Final = ("#####", "#...#", "#...#", "#...#", "#...#", "#...#", "#####")
_DRAWN: Final = """
0 .###. #...# #..## #.#.# ##..# #...# .###.
1 ..#.. .##.. ..#.. ..#.. ..#.. ..#.. .###.
2 .###. #...# ....# ..##. .#... #.... #####
3 #####  ....# ...#. ..##. ....# #...# .###.
4 ...#. ..##. .#.#. #..#. ##### ...#. ...#.
5 ##### #.... ####. ....# ....# #...# .###.
6 .###. #.... #.... ####. #...# #...# .###.
7 ##### ....# ...#. ..#.. .#... .#... .#...
8 .###. #...# #...# .###. #...# #...# .###.
9 .###. #...# #...# .#### ....# ....# .###.
A .###. #...# #...# ##### #...# #...# #...#
B ####. #...# #...# ####. #...# #...# ####.
C .###. #...# #.... #.... #.... #...# .###.
D ####. #...# #...# #...# #...# #...# ####.
E ##### #.... #.... ####. #.... #.... #####
F ##### #.... #.... ####. #.... #.... #....
G .###. #...# #.... #.### #...# #...# .####
H #...# #...# #...# ##### #...# #...# #...#
I .###. ..#.. ..#.. ..#.. ..#.. ..#.. .###.
J ..### ...#. ...#. ...#. ...#. #..#. .##..
K #...# #..#. #.#.. ##... #.#.. #..#. #...#
L #.... #.... #.... #.... #.... #.... #####
M #...# ##.## #.#.# #.#.# #...# #...# #...#
N #...# ##..# ##..# #.#.# #..## #..## #...#
O .###. #...# #...# #...# #...# #...# .###.
P ####. #...# #...# ####. #.... #.... #....
Q .###. #...# #...# #...# #.#.# #..#. .##.#
R ####. #...# #...# ####. #.#.. #..#. #...#
S .#### #.... #.... .###. ....# ....# ####.
T ##### ..#.. ..#.. ..#.. ..#.. ..#.. ..#..
U #...# #...# #...# #...# #...# #...# .###.
V #...# #...# #...# #...# .#.#. .#.#. ..#..
W #...# #...# #...# #.#.# #.#.# ##.## #...#
X #...# .#.#. .#.#. ..#.. .#.#. .#.#. #...#
Y #...# #...# .#.#. ..#.. ..#.. ..#.. ..#..
Z ##### ....# ...#. ..#.. .#... #.... #####
+ ..... ..#.. ..#.. ##### ..#.. ..#.. .....
- ..... ..... ..... ##### ..... ..... .....
% ##..# ##..# ...#. ..#.. .#... #..## #..##
/ ....# ....# ...#. ..#.. .#... #.... #....
? .###. #...# ....# ..##. ..#.. ..... ..#..
! ..#.. ..#.. ..#.. ..#.. ..#.. ..... ..#..
"""
_NARROW: Final = """
: . # # . # # .
. . . . . . # #
"""


def _read(drawn: str) -> dict[str, Pixels]:
    found: dict[str, Pixels] = {}
    for line in drawn.strip().splitlines():
        name, *rows = line.split()
        found[name] = tuple(tuple(dot == "#" for dot in row) for row in rows)
    return found


GLYPHS: Final = {**_read(_DRAWN), **_read(_NARROW)}
"""Character → its pixels."""
_UNKNOWN: Final = _read(" ".join(("?", *_BOX)))["?"]


def can_draw(text: str) -> bool:
    """Whether every character of a text is among the bitmaps; small letters are drawn as capitals."""
    return all(character == " " or character.upper() in GLYPHS for character in text)


@lru_cache(256)
def drawn(text: str, scale: int = 1) -> Pixels:
    """A text in big letters: seven times `scale` pixels high; what has no bitmap is a box."""
    rows: list[list[bool]] = [[] for _ in range(HEIGHT)]
    for at, character in enumerate(text):
        glyph = ((False,) * 3,) * HEIGHT if character == " " else GLYPHS.get(character.upper(), _UNKNOWN)
        for row, dots in zip(rows, glyph, strict=True):
            row.extend([*[False] * (_GAP if at else 0), *dots])
    return enlarged(tuple(map(tuple, rows)), scale)


def enlarged(pixels: Pixels, scale: int) -> Pixels:
    """The same picture with every pixel so many times as high and wide."""
    return tuple(tuple(dot for dot in row for _ in range(scale)) for row in pixels for _ in range(scale))


def width_of(text: str, scale: int = 1) -> int:
    """How many pixels, and so cells, a text in big letters is wide."""
    return len(drawn(text, scale)[0]) if text else 0
