"""What stands between a laptop and its office is said in a sentence of its own: certificates, clocks, silence."""

from __future__ import annotations

import asyncio
import shutil
import socket
import ssl
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Final

import aiohttp
import pytest

from tests.laptops import now
from tui.doors import enrol
from tui.faults import FAULTS, Fault, diagnose


def distrust(verify_code: int) -> aiohttp.ClientConnectorCertificateError:
    """How aiohttp tells that a certificate is not accepted, for one of OpenSSL's reasons."""
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_code = verify_code
    return aiohttp.ClientConnectorCertificateError(None, error)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("verify_code", "code"), [(9, "clock"), (10, "certificate-expired"), (18, "certificate"), (62, "certificate")]
)
def test_a_certificate_is_told_by_what_is_wrong_with_it(verify_code: int, code: str) -> None:
    told = diagnose(distrust(verify_code), now())
    assert told.code == code
    assert ("2026-04-10" in told.en) == ("2026-04-10" in told.zh) == ("{today}" in FAULTS[code][0])


def test_each_of_them_has_a_sentence_of_its_own() -> None:
    codes = (
        "portal",
        "clock",
        "stalled",
        "certificate-expired",
        "certificate",
        "timeout",
        "refused",
        "name",
        "disk-low",
    )
    for lang in (0, 1):
        assert len({FAULTS[code][lang] for code in codes}) == len(codes)


DAYS: Final = {
    "certificate-expired": ("20200101000000Z", "20210101000000Z"),
    "clock": ("20400101000000Z", "20410101000000Z"),
}
AUTHORITY: Final = """
[ca]
default_ca = here
[here]
new_certs_dir = .
database = index.txt
serial = serial
default_md = sha256
policy = any
copy_extensions = copy
[any]
commonName = supplied
"""


def certify(folder: Path, first: str, last: str) -> None:
    """An authority, `ca.pem`, and what it has signed for this machine from one day to another, `s.pem`."""
    (folder / "ca.cnf").write_text(AUTHORITY)
    (folder / "index.txt").touch()
    (folder / "serial").write_text("01")
    name, new = ("-subj", "/CN=office"), ("-newkey", "rsa:2048", "-nodes")
    for words in (
        ("req", "-x509", *new, "-keyout", "ca.key", "-out", "ca.pem", "-days", "30", *name),
        ("req", *new, "-keyout", "s.key", "-out", "s.csr", *name, "-addext", "subjectAltName=IP:127.0.0.1"),
        ("ca", "-batch", "-config", "ca.cnf", "-cert", "ca.pem", "-keyfile", "ca.key", "-in", "s.csr",
         "-out", "s.pem", "-startdate", first, "-enddate", last),
    ):  # fmt: skip
        subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)


def greet_one(listener: socket.socket, context: ssl.SSLContext) -> None:
    """Show one visitor the certificate; nothing of the visit is left when this returns."""
    connection, _ = listener.accept()
    with connection, suppress(OSError):
        context.wrap_socket(connection, server_side=True).close()


@pytest.mark.skipif(shutil.which("openssl") is None, reason="the certificates are made with openssl")
@pytest.mark.parametrize("code", DAYS)
async def test_a_real_office_with_such_a_certificate_is_told_so_with_the_laptops_day(
    code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await asyncio.to_thread(certify, tmp_path, *DAYS[code])
    theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    theirs.load_cert_chain(tmp_path / "s.pem", tmp_path / "s.key")
    ours = ssl.create_default_context(cafile=str(tmp_path / "ca.pem"))
    monkeypatch.setattr("aiohttp.connector._SSL_CONTEXT_VERIFIED", ours)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(20)
        office = asyncio.create_task(asyncio.to_thread(greet_one, listener, theirs))
        with pytest.raises(Fault) as told:
            await enrol(f"https://127.0.0.1:{listener.getsockname()[1]}", "code", "laptop", now)
        await office
    assert told.value.code == code
    assert "2026-04-10" in told.value.en
