"""What the server writes about itself: structured lines on stderr, readable on a terminal, JSON everywhere else.

No secret and no content of a request or a change is ever written, whoever logs it: see `without_secrets`.
"""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import Mapping, MutableMapping
from typing import Any, Final, Literal, TextIO

import structlog
from structlog.types import EventDict, Processor

LogFormat = Literal["auto", "json", "text"]
LogLevel = Literal["debug", "info", "warning", "error"]

SECRET: Final = ("token", "code", "authorization", "cookie", "password", "secret", "key")
CONTENT: Final = ("body", "payload", "frame", "values", "query")
"""Names that stand for what people sent: it belongs in the log of changes, not in this one."""
DROPPED: Final = "dropped"
_INPUT: Final = re.compile(r"input_value=.*?, (?=input_type=)", re.DOTALL)


def configure(log_format: LogFormat = "auto", level: LogLevel = "info", stream: TextIO | None = None) -> None:
    """Send everything that this process logs, through structlog or the standard library, to stderr."""
    out = stream if stream is not None else sys.stderr
    text = log_format == "text" or (log_format == "auto" and out.isatty())
    structlog.configure(
        processors=[*_shared(), structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(_formatter(text=text, colors=text and out.isatty()))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())


def without_secrets(_: Any, __: str, event: EventDict) -> EventDict:
    """Drop every key that is named like a secret or like content, at any depth, and say how many were dropped."""
    kept, dropped = _cleaned(event)
    if dropped:
        kept[DROPPED] = dropped
    return kept


def _cleaned(event: Mapping[str, Any]) -> tuple[MutableMapping[str, Any], int]:
    kept: dict[str, Any] = {}
    dropped = 0
    for name, value in event.items():
        if _is_private(name):
            dropped += 1
        elif isinstance(value, Mapping):
            kept[name], inner = _cleaned(value)
            dropped += inner
        else:
            kept[name] = value
    return kept, dropped


def _is_private(name: str) -> bool:
    words = str(name).lower().replace("-", "_").split("_")
    return any(word.rstrip("s") in SECRET or word in CONTENT for word in words)


def _shared() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        without_secrets,
    ]


def _formatter(*, text: bool, colors: bool) -> logging.Formatter:
    render: list[Processor] = (
        [structlog.dev.ConsoleRenderer(colors=colors)]
        if text
        else [structlog.processors.JSONRenderer(ensure_ascii=False)]
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_shared(),
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.ExceptionRenderer(_traceback),
            *render,
        ],
    )


def _traceback(exc_info: Any) -> str:
    """A traceback without local variables, and without the input that pydantic quotes in its errors."""
    return _INPUT.sub("", "".join(traceback.format_exception(*exc_info))).rstrip()
