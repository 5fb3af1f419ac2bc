"""What guatu says to people, in Chinese and English.

Message ids are the English sentences, so that English needs no catalogue; Chinese comes from the one beside this file.
The language belongs to the process: one program speaks to one person. `make messages` keeps the catalogue in step with
the source.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import Final, Literal, TypeVar

Lang = Literal["zh", "en"]
T = TypeVar("T")

DOMAIN: Final = "guatu"
VARIABLES: Final = ("GUATU_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
"""Where a language is looked for, the first one that says anything wins."""
FOLDER: Final = Path(__file__).parent
_CATALOGUE: Final = FOLDER / "zh_CN" / "LC_MESSAGES" / f"{DOMAIN}.mo"


class _Spoken:
    lang: Lang = "en"


def use(lang: str) -> None:
    """Speak this language from now on: any form of `zh` is Chinese, everything else English."""
    _Spoken.lang = _lang(lang)


def language() -> Lang:
    """The language spoken now."""
    return _Spoken.lang


def choose(option: str | None, env: Mapping[str, str] = os.environ) -> Lang:
    """The language to speak: the option's, else the environment's, else English."""
    named = (option, *(env.get(name) for name in VARIABLES))
    return _lang(next((text for text in named if text), "en"))


def _(text: str) -> str:
    """The text in the language spoken; the English itself where the catalogue has nothing."""
    return _catalogue(_Spoken.lang).gettext(text) if text else ""


def ngettext(one: str, many: str, count: int) -> str:
    """The text for this many, in the language spoken; fill in the count with `.format(n=count)`."""
    return _catalogue(_Spoken.lang).ngettext(one, many, count)


def mark(text: str) -> str:
    """The text as it is; says to the catalogue that it will be spoken later."""
    return text


def pick(zh: T, en: T) -> T:
    """Of two forms that data carries, the one in the language spoken."""
    return zh if _Spoken.lang == "zh" else en


@cache
def _catalogue(lang: Lang) -> NullTranslations:
    if lang == "en" or not _CATALOGUE.is_file():
        return NullTranslations()
    with _CATALOGUE.open("rb") as stream:
        return GNUTranslations(stream)


def _lang(text: str) -> Lang:
    return "zh" if text.lower().startswith("zh") else "en"
