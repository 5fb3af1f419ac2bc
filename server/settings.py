"""The server's settings: flags, then the environment, then `guatu.toml` in the board's folder, then the defaults.

Each setting is documented where it stands. A key that is not known, or a value that is not allowed, is an error that
names its place: a mistyped setting must not be a setting silently ignored.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from pydantic import Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from server.logs import LogFormat, LogLevel
from shared.messages import _, mark

FILE: Final = "guatu.toml"
PREFIX: Final = "GUATU_SERVER_"
_PATHS: Final = ("tls_cert", "tls_key")


class SettingsWrong(Exception):
    """Settings that cannot be used: one line for each, naming where it stands."""

    def __init__(self, *lines: str) -> None:
        super().__init__("; ".join(lines))
        self.lines = lines


class Settings(BaseSettings):
    """How one board is served."""

    model_config = SettingsConfigDict(frozen=True, extra="forbid", env_prefix=PREFIX, env_ignore_empty=True)

    host: str = Field(
        "127.0.0.1", min_length=1, description=mark("address to listen on; 0.0.0.0 for every network of this machine")
    )
    port: int = Field(0, ge=0, le=65535, description=mark("port to listen on, 0 to 65535; 0 takes a free one"))
    tls_cert: Path | None = Field(None, description=mark("certificate chain in PEM; goes together with tls_key"))
    tls_key: Path | None = Field(None, description=mark("private key in PEM; goes together with tls_cert"))
    log_format: LogFormat = Field(
        "auto", description=mark("text, json, or auto, which is text on a terminal and json elsewhere")
    )
    log_level: LogLevel = Field("info", description=mark("debug, info, warning or error"))
    metrics: bool = Field(True, description=mark("true or false: whether figures for monitoring are given out"))

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags, the environment, the board's own file."""
        return init_settings, env_settings, _BoardFile(settings_cls)


class Loaded(NamedTuple):
    """The settings in force, and for each that is not the default the place it came from."""

    settings: Settings
    places: Mapping[str, str]


def load(folder: Path, flags: Mapping[str, Any] | None = None) -> Loaded:
    """The settings of a board's folder; a flag that is nothing was not given. Raises `SettingsWrong`."""
    given = {name: value for name, value in (flags or {}).items() if value is not None}
    places = _places(folder / FILE, given)

    class BoardSettings(Settings):
        model_config = SettingsConfigDict(toml_file=folder / FILE)

    unknown = [_unknown(place, name) for name, place in places.items() if name not in Settings.model_fields]
    if unknown:
        raise SettingsWrong(*unknown)
    try:
        settings = BoardSettings(**given)
    except ValidationError as fault:
        raise SettingsWrong(*_lines(fault, places)) from None
    except SettingsError as fault:
        raise SettingsWrong(str(fault)) from None
    if (settings.tls_cert is None) != (settings.tls_key is None):
        raise SettingsWrong(_("tls_cert and tls_key go together: give both or none"))
    return Loaded(settings, places)


def as_toml(loaded: Loaded) -> str:
    """The settings in force as a `guatu.toml`, each with what it means and where it came from."""
    lines: list[str] = []
    for name, field in Settings.model_fields.items():
        value = getattr(loaded.settings, name)
        place = loaded.places.get(name) or _("default")
        lines += [f"# {_(str(field.description))} ({place})", _toml_line(name, value)]
    return "\n".join(lines) + "\n"


class _BoardFile(TomlConfigSettingsSource):
    """The board's file; what it says of other files is taken from its own folder."""

    def __call__(self) -> dict[str, Any]:
        folder = Path(str(self.toml_file_path)).parent
        found = super().__call__()
        return {name: str(folder / v) if name in _PATHS and isinstance(v, str) else v for name, v in found.items()}


def _places(path: Path, flags: Mapping[str, Any]) -> dict[str, str]:
    """Where each given setting comes from, the strongest place of several."""
    environment = {
        name.lower(): name for name, value in os.environ.items() if name.upper().startswith(PREFIX) and value
    }
    return {
        **dict.fromkeys(_file_keys(path), FILE),
        **{name[len(PREFIX) :]: shown for name, shown in environment.items()},
        **{name: "--" + name.replace("_", "-") for name in flags},
    }


def _file_keys(path: Path) -> list[str]:
    try:
        return list(tomllib.loads(path.read_text("utf-8")))
    except FileNotFoundError:
        return []
    except (OSError, ValueError) as fault:
        why = getattr(fault, "strerror", None) or str(fault)
        raise SettingsWrong(_("{file} cannot be read: {why}").format(file=FILE, why=why)) from None


def _unknown(place: str, name: str) -> str:
    known = ", ".join(Settings.model_fields)
    return _("{place}: there is no setting {key}; there are {known}").format(place=place, key=name, known=known)


def _lines(fault: ValidationError, places: Mapping[str, str]) -> Iterator[str]:
    for each in fault.errors(include_url=False):
        name = str(each["loc"][0])
        meaning = _(str(Settings.model_fields[name].description))
        yield _("{place}: {key} cannot be {value}; it is: {meaning}").format(
            place=places[name], key=name, value=repr(each["input"])[:60], meaning=meaning
        )


def _toml_line(name: str, value: object) -> str:
    if value is None:
        return f'# {name} = ""'
    if isinstance(value, bool):
        return f"{name} = {'true' if value else 'false'}"
    if isinstance(value, int):
        return f"{name} = {value}"
    return name + ' = "' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'
