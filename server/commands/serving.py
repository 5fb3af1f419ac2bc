"""Serving a board."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from server import settings
from server.commands.manners import Code, fail, say
from server.office import Office
from server.settings import Settings
from shared.messages import _

if TYPE_CHECKING:
    from server.desk import Desk

Beside = Callable[["Desk"], Coroutine[Any, Any, None]]


def serve(folder: Path, flags: Mapping[str, Any]) -> None:
    """Serve a board until told to stop; the exit code says whether the disk failed."""
    run(folder, settings.load(folder, flags).settings)


def run(folder: Path, wanted: Settings, welcome: str = "", beside: Beside | None = None) -> None:
    """Serve with these settings. `welcome` is a line behind the one with the address, `beside` runs while serving."""
    from server import logs  # noqa: PLC0415 -- what only a server needs

    logs.configure(wanted.log_format, wanted.log_level)
    tls = _tls(wanted)
    listening = False

    def started(url: str) -> None:
        nonlocal listening
        listening = True
        say(f"listening on {url}" + (f"\n{welcome}" if welcome else ""))

    office = Office(folder, serving=True)
    try:
        sound = asyncio.run(_serve(office, wanted, started, tls, beside))
    except OSError as fault:
        if listening or fault.filename is not None:
            raise
        _refuse_address(wanted, fault)
    finally:
        office.close()
    if not sound:
        fail(Code.DISK, _("the disk failed; what was acknowledged is in the log, start again when it is mended"))


async def _serve(
    office: Office,
    wanted: Settings,
    started: Callable[[str], None],
    tls: ssl.SSLContext | None,
    beside: Beside | None,
) -> bool:
    from server import app  # noqa: PLC0415 -- aiohttp only where something is served

    return await app.serve(office, wanted.host, wanted.port, started, tls, beside, metrics=wanted.metrics)


def _refuse_address(wanted: Settings, fault: OSError) -> NoReturn:
    text = _("cannot listen on {host}:{port}: {why}")
    fail(Code.FOLDER, text.format(host=wanted.host, port=wanted.port, why=fault.strerror or str(fault)))


def _tls(wanted: Settings) -> ssl.SSLContext | None:
    if wanted.tls_cert is None or wanted.tls_key is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(wanted.tls_cert, wanted.tls_key)
    except OSError as fault:
        why = fault.strerror or str(fault)
        fail(Code.USAGE, _("tls_cert and tls_key cannot be used: {why}").format(why=why))
    return context
