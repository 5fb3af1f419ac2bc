"""The server's own log: readable for people, JSON for programs, and never a secret."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from pydantic import BaseModel

from server import logs


@pytest.fixture(autouse=True)
def put_back() -> Iterator[None]:
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    yield
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def lines(out: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_it_is_json_off_a_terminal_and_text_on_one() -> None:
    plain, terminal = io.StringIO(), Terminal()
    for out in (plain, terminal):
        logs.configure("auto", "info", out)
        structlog.get_logger().info("listening", port=8080)
    assert lines(plain)[0] | {"timestamp": ""} == {
        "event": "listening",
        "level": "info",
        "port": 8080,
        "timestamp": "",
    }
    assert not terminal.getvalue().startswith("{")
    assert "listening" in terminal.getvalue()


@pytest.mark.parametrize(
    "name",
    ["token", "code", "Authorization", "device_token", "api-key", "set_cookie", "password", "codes", "body", "frame"],
)
def test_no_key_named_like_a_secret_or_a_content_is_written(name: str) -> None:
    for log_format in ("json", "text"):
        out = io.StringIO()
        logs.configure("json" if log_format == "json" else "text", "info", out)
        structlog.get_logger().info("enrolled", **{name: "hush", "device": "d1"}, more={name: "hush"})
        assert "hush" not in out.getvalue()
        assert "d1" in out.getvalue()


def test_it_says_how_much_it_left_out() -> None:
    out = io.StringIO()
    logs.configure("json", "info", out)
    structlog.get_logger().info("enrolled", token="hush", more={"code": "hush", "n": 1})
    assert lines(out)[0]["dropped"] == 2
    assert lines(out)[0]["more"] == {"n": 1}


def test_what_other_libraries_log_takes_the_same_way() -> None:
    out = io.StringIO()
    logs.configure("json", "warning", out)
    logging.getLogger("aiohttp.server").info("too quiet")
    logging.getLogger("aiohttp.server").error("a %s of theirs", "word", extra={"token": "hush"})
    assert [line["event"] for line in lines(out)] == ["a word of theirs"]
    assert "hush" not in out.getvalue()


class Wish(BaseModel):
    number: int


def test_a_traceback_holds_neither_variables_nor_what_was_sent() -> None:
    out = io.StringIO()
    logs.configure("json", "info", out)
    secret = "".join(["hu", "sh"])
    try:
        Wish(number=secret)
    except ValueError:
        structlog.get_logger().exception("request failed", reference="r1")
    line = lines(out)[0]
    assert "ValidationError" in line["exception"]
    assert secret not in out.getvalue()


def test_the_level_is_heeded() -> None:
    out = io.StringIO()
    logs.configure("json", "error", out)
    structlog.get_logger().warning("not so bad")
    assert out.getvalue() == ""
