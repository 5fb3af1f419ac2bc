"""Settings: who wins, where a mistake stands, and that nothing mistyped is silently ignored."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from server.settings import FILE, Settings, SettingsWrong, as_toml, load


@pytest.fixture(autouse=True)
def no_settings_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"GUATU_SERVER_{name.upper()}", raising=False)


def wrong(folder: Path, **flags: object) -> tuple[str, ...]:
    with pytest.raises(SettingsWrong) as fault:
        load(folder, flags)
    return fault.value.lines


def test_without_a_word_it_listens_on_this_machine_only(tmp_path: Path) -> None:
    settings, places = load(tmp_path)
    assert (settings.host, settings.port, settings.log_format) == ("127.0.0.1", 0, "auto")
    assert places == {}


def test_flags_win_over_the_environment_and_that_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / FILE).write_text('host = "10.0.0.1"\nport = 1\nlog_level = "debug"\n', "utf-8")
    monkeypatch.setenv("GUATU_SERVER_HOST", "10.0.0.2")
    monkeypatch.setenv("GUATU_SERVER_PORT", "2")
    settings, places = load(tmp_path, {"port": 3, "host": None})
    assert (settings.host, settings.port, settings.log_level) == ("10.0.0.2", 3, "debug")
    assert places == {"host": "GUATU_SERVER_HOST", "port": "--port", "log_level": FILE}


def test_an_unknown_key_is_named_with_its_file(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("prot = 8080\n", "utf-8")
    (line,) = wrong(tmp_path)
    assert line.startswith(f"{FILE}: there is no setting prot; there are host, port,")


def test_an_unknown_variable_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUATU_SERVER_PROT", "8080")
    (line,) = wrong(tmp_path)
    assert line.startswith("GUATU_SERVER_PROT: there is no setting prot")


@pytest.mark.parametrize(
    ("text", "key"),
    [("port = 65536", "port"), ('port = "x"', "port"), ('log_level = "loud"', "log_level"), ('host = ""', "host")],
)
def test_a_value_that_is_not_allowed_is_named_with_what_it_should_be(tmp_path: Path, text: str, key: str) -> None:
    (tmp_path / FILE).write_text(text, "utf-8")
    (line,) = wrong(tmp_path)
    assert line.startswith(f"{FILE}: {key} cannot be ")
    assert line.endswith(str(Settings.model_fields[key].description))


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text('port = -1\nlog_format = "xml"\n', "utf-8")
    assert len(wrong(tmp_path)) == 2


def test_a_file_that_is_no_toml_is_named(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("port = = 1", "utf-8")
    (line,) = wrong(tmp_path)
    assert line.startswith(f"{FILE} cannot be read: ")


def test_a_certificate_without_its_key_is_refused(tmp_path: Path) -> None:
    (line,) = wrong(tmp_path, tls_cert="a.pem")
    assert "tls_key" in line


def test_paths_in_the_file_are_taken_from_its_folder(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text('tls_cert = "cert.pem"\ntls_key = "/etc/key.pem"\n', "utf-8")
    settings, _places = load(tmp_path)
    assert (settings.tls_cert, settings.tls_key) == (tmp_path / "cert.pem", Path("/etc/key.pem"))


def test_settings_never_change(tmp_path: Path) -> None:
    settings, _places = load(tmp_path)
    with pytest.raises(ValidationError):
        setattr(settings, "port", 1)  # noqa: B010 -- the type checker would not let it pass


def test_what_is_printed_sets_the_same_again(tmp_path: Path) -> None:
    flags = {"port": 8443, "host": "::1", "tls_cert": tmp_path / 'odd "name".pem', "tls_key": tmp_path / "key.pem"}
    printed = load(tmp_path, flags)
    (tmp_path / FILE).write_text(as_toml(printed), "utf-8")
    assert load(tmp_path).settings.model_dump() == printed.settings.model_dump()
