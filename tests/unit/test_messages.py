"""The words: every sentence of the program is there in Chinese, fits its English, and is compiled."""

from __future__ import annotations

import io
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po

from shared import messages
from shared.messages import FOLDER, choose, language, ngettext, pick, usage, use

ROOT = FOLDER.parent.parent
CATALOGUE = FOLDER / "zh_CN" / "LC_MESSAGES"
KEYWORDS = {"_": None, "mark": None, "ngettext": (1, 2)}


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    yield
    use("en")


def said() -> set[str]:
    """Every sentence that the source marks, by its English singular."""
    found: set[str] = set()
    for room in ("tui", "server", "shared"):
        for _file, _line, message, _comments, _context in extract_from_dir(ROOT / room, keywords=KEYWORDS):
            found.add(message if isinstance(message, str) else message[0])
    return found


@pytest.fixture(scope="module")
def chinese() -> Catalog:
    with (CATALOGUE / "guatu.po").open("rb") as file:
        return read_po(file, locale="zh_CN")


def forms(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


def places(text: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in string.Formatter().parse(text) if name is not None}


def spoken(compiled: bytes) -> dict[str, list[str]]:
    return {english: forms(message) for english, message in sentences(read_mo(io.BytesIO(compiled)))}


def sentences(catalogue: Catalog) -> Iterator[tuple[str, Message]]:
    for message in catalogue:
        if message.id:
            yield (message.id if isinstance(message.id, str) else message.id[0]), message


def test_every_sentence_of_the_program_has_its_chinese(chinese: Catalog) -> None:
    there = {english for english, message in sentences(chinese) if all(forms(message)) and not message.fuzzy}
    assert sorted(said() - there) == [], "run `make messages` and put the words into guatu.po"


def test_the_catalogue_holds_nothing_that_nobody_says(chinese: Catalog) -> None:
    assert sorted({english for english, _message in sentences(chinese)} - said()) == [], "run `make messages`"


def test_both_languages_fill_in_the_same_places(chinese: Catalog) -> None:
    differing = [
        english for english, message in sentences(chinese) for form in forms(message) if places(form) != places(english)
    ]
    assert differing == []


def test_the_compiled_catalogue_is_up_to_date(chinese: Catalog) -> None:
    compiled = io.BytesIO()
    write_mo(compiled, chinese)
    assert spoken(compiled.getvalue()) == spoken((CATALOGUE / "guatu.mo").read_bytes()), "run `make messages`"


def test_it_speaks_the_language_in_use() -> None:
    use("zh_CN.UTF-8")
    assert (language(), messages._("yes"), pick("甲", "a")) == ("zh", "是", "甲")
    use("en")
    assert (language(), messages._("yes"), pick("甲", "a")) == ("en", "yes", "a")


def test_what_has_no_translation_comes_as_it_is() -> None:
    use("zh")
    assert messages._("nobody says this") == "nobody says this"
    assert messages._("") == ""


def test_plural_forms_fall_together_in_chinese() -> None:
    use("zh")
    assert ngettext("and {n} more", "and {n} more", 1) == ngettext("and {n} more", "and {n} more", 5)


@pytest.mark.parametrize(
    ("option", "env", "expected"),
    [
        ("zh", {"GUATU_LANG": "en"}, "zh"),
        (None, {"GUATU_LANG": "zh", "LC_ALL": "en_GB.UTF-8"}, "zh"),
        (None, {"LC_ALL": "zh_CN.UTF-8", "LANG": "en_GB.UTF-8"}, "zh"),
        (None, {"LC_ALL": "", "LC_MESSAGES": "C", "LANG": "zh_CN"}, "en"),
        (None, {"LANG": "zh_TW"}, "zh"),
        (None, {"LANG": "fr_FR"}, "en"),
        (None, {}, "en"),
    ],
)
def test_the_language_is_the_options_then_the_environments(
    option: str | None, env: dict[str, str], expected: str
) -> None:
    assert choose(option, env) == expected


def test_errors_of_usage_are_told_in_the_language_in_use() -> None:
    use("zh")
    assert usage.error("Missing option '--area'.") == "缺少 --area"
    assert usage.error("No such option: --aera (Possible options: --area)").startswith("没有选项 --aera")
    told = usage.error("Invalid value for '--role': 'king' is not one of 'viewer', 'member'.")
    assert told == "--role 不接受 'king'；可用：'viewer', 'member'"
    assert usage.error("something\nnew") == "something new"


def test_messages_live_beside_the_source() -> None:
    assert (CATALOGUE / "guatu.mo").is_relative_to(Path(messages.__file__).parent)
