"""What stands between a laptop and its office is said in a sentence of its own: certificates, clocks, silence."""

from __future__ import annotations

import ssl

import aiohttp
import pytest

from tui.faults import FAULTS, diagnose


def distrust(verify_code: int) -> aiohttp.ClientConnectorCertificateError:
    """How aiohttp tells that a certificate is not accepted, for one of OpenSSL's reasons."""
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_code = verify_code
    return aiohttp.ClientConnectorCertificateError(None, error)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("verify_code", "code"), [(9, "clock"), (10, "certificate-expired"), (18, "certificate"), (62, "certificate")]
)
def test_a_certificate_is_told_by_what_is_wrong_with_it(verify_code: int, code: str) -> None:
    told = diagnose(distrust(verify_code), "2026-04-10")
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
