"""Big Chinese names: drawn from a font that comes with an extra of guatu, or that is found on the machine.

No font is part of guatu. Without one, and without Pillow, which draws, names are written in their normal size.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, Protocol

from tui.wall.bitmaps import HEIGHT, Pixels, can_draw, drawn

_PACKAGE, _FILE = "manimgx_fonts_cjk", "NotoSansCJK-VF.otf.ttc"
"""The package of the extra `wall`: Noto Sans CJK, SIL Open Font License 1.1."""
_KNOWN: Final = (
    "wenquanyi_bitmap_song*", "wqy-*.tt*", "fusion-pixel-*", "NotoSansCJK*", "NotoSansSC*", "SourceHanSans*",
    "unifont*.otf", "unifont*.ttf", "msyh.ttc", "simhei.ttf", "PingFang.ttc", "DroidSansFallback*",
)  # fmt: skip
"""Fonts with Chinese characters as they are called on machines, those that are clear in few pixels first."""
_STYLE: Final = b"Medium"
_INK: Final = 110
"""From so much of 255 on a pixel is drawn."""
_FACES: Final = 12
"""So many faces of one file are looked through."""


class Typeface(Protocol):
    """Something that draws texts in pixels."""

    def pixels(self, text: str, high: int) -> Pixels | None:
        """The text so many pixels high, or nothing when it cannot be drawn."""


class Outline:
    """A font file, drawn by Pillow."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @lru_cache(256)  # noqa: B019 -- one face for the life of the program
    def pixels(self, text: str, high: int) -> Pixels | None:
        """The text so many pixels high: a character is as wide as high, one of ASCII half as wide."""
        from PIL import Image, ImageDraw  # noqa: PLC0415 -- only where big names are drawn

        try:
            font = self._font(high)
            places = list(_places(text, high))
            width = places[-1][1] + places[-1][2] if places else 0
            picture = Image.new("L", (max(1, width), high))
            pen = ImageDraw.Draw(picture)
            for character, at, _wide in places:
                pen.text((at, high // 2), character, font=font, fill=255, anchor="lm")
        except (OSError, ValueError):
            return None
        dots = picture.tobytes()
        row = picture.width
        return tuple(tuple(dot > _INK for dot in dots[at * row : (at + 1) * row]) for at in range(high))

    @lru_cache(8)  # noqa: B019 -- as above
    def _font(self, high: int) -> Any:
        from PIL import ImageFont  # noqa: PLC0415

        faces: list[Any] = []
        for index in range(_FACES):
            try:
                faces.append(ImageFont.truetype(str(self._path), high, index=index))
            except OSError:
                break
        simplified = [face for face in faces if " SC" in str(face.getname()[0]) and "Mono" not in face.getname()[0]]
        font = (simplified or faces or [ImageFont.truetype(str(self._path), high)])[0]
        with suppress(OSError, NotImplementedError, ValueError):  # a font of one weight
            font.set_variation_by_name(_STYLE)
        return font


class Latin:
    """Nothing but guatu's own bitmaps: digits and Latin letters."""

    def pixels(self, text: str, high: int) -> Pixels | None:
        """The text, if the bitmaps have all of it."""
        return drawn(text, max(1, high // HEIGHT)) if text and can_draw(text) else None


def find_typeface(environment: Mapping[str, str] = os.environ) -> Typeface:
    """The font of the extra, else the first known one on this machine, else the bitmaps alone.

    `GUATU_FONT` names a file to take instead; `none` takes no font at all.
    """
    named = environment.get("GUATU_FONT", "")
    if named == "none" or find_spec("PIL") is None:
        return Latin()
    candidates = [Path(named)] if named else [*_packaged(), *_on_machine(_folders(environment))]
    return next((Outline(path) for path in candidates if path.is_file()), Latin())


def _packaged() -> Iterator[Path]:
    spec = find_spec(_PACKAGE)
    for place in spec.submodule_search_locations or () if spec is not None else ():
        yield Path(place) / _FILE


def _folders(environment: Mapping[str, str]) -> Iterator[Path]:
    home = environment.get("HOME", "")
    yield from (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
    if home:
        yield from (Path(home) / ".fonts", Path(home) / ".local/share/fonts", Path(home) / "Library/Fonts")
    yield from (Path("/System/Library/Fonts"), Path(environment.get("WINDIR", "C:/Windows")) / "Fonts")


def _on_machine(folders: Iterable[Path]) -> Iterator[Path]:
    places = [folder for folder in folders if folder.is_dir()]
    for pattern in _KNOWN:
        for folder in places:
            yield from sorted(folder.rglob(pattern))


def _places(text: str, high: int) -> Iterator[tuple[str, int, int]]:
    """Each character, where it begins and how wide it is."""
    at = 0
    for character in text:
        wide = high // 2 + 1 if character.isascii() else high + 1
        yield character, at, wide
        at += wide
