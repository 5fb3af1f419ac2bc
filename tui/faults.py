"""Why the office cannot be reached or says no: one table of codes, a sentence for the person at the laptop each."""

from __future__ import annotations

import errno
import os
import socket
import ssl
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import aiohttp

from tui.grid.plain import plain

FAULTS: Final[Mapping[str, tuple[str, str]]] = {
    "address": ("This is not the address of an office: http://HOST:PORT.", "地址格式应为 http://主机:端口。"),
    "no-address": (
        "This laptop does not know the office's address yet: guatu sync --url URL, or guatu bundle OUT and a stick.",
        "本机尚不知道服务器地址：请用 guatu sync --url 网址，或用 guatu bundle 写入优盘带去。",
    ),
    "name": ("The office's address cannot be found; is there a network?", "找不到服务器地址，请检查网络。"),
    "refused": ("No server is running at the office's address.", "该地址上没有运行服务器。"),
    "timeout": ("The office does not answer in time.", "服务器未在规定时间内应答。"),
    "network": ("The connection failed; it will be tried again.", "连接失败，将自动重试。"),
    "certificate": (
        "The office's certificate cannot be trusted: it is not of this address, or nobody known has signed it.",
        "服务器证书不可信：与地址不符，或签发者不明。请联系办公室。",
    ),
    "certificate-expired": (
        "The office's certificate has expired. If this laptop's date ({today}) is right, ask the office to renew it.",
        "服务器证书已过期。请核对本机日期（{today}）；如日期无误，请联系办公室更新证书。",
    ),
    "clock": (
        "The office's certificate is not valid yet: this laptop's date ({today}) is wrong. Put its clock right.",
        "服务器证书尚未生效：本机日期（{today}）有误，请校正时钟。",
    ),
    "portal": (
        "Something else answered: log in to this network's web page first.",
        "应答的不是挂图服务器：请先在浏览器中登录此网络。",
    ),
    "gateway": ("The office's machine answers, but its guatu server does not.", "服务器主机有应答，但挂图服务未运行。"),
    "not-guatu": ("What answers there is not a guatu server.", "对方不是挂图服务器。"),
    "cut": ("The office ended the connection.", "办公室端断开了连接。"),
    "gap": ("The office's answer did not fit; connecting again.", "数据未能衔接，正在重新连接。"),
    "broken-download": ("The download broke off; it will be tried again.", "下载中断，将自动重试。"),
    "too-large": ("The snapshot is larger than this laptop takes.", "快照超过本机上限。"),
    "file-not-here": (
        "{why} This file is not on this laptop yet; it comes from the office.",
        "{why}本机尚无此文件，需向办公室获取。",
    ),
    "file-not-there": (
        "The office does not have this file yet; it comes when the laptop on which it was entered has sent it.",
        "办公室尚无此文件；录入它的电脑上报之后才有。",
    ),
    "no-files": (
        "This office is of an older version and keeps no files; they stay here and are sent once it does.",
        "办公室的服务器版本较旧，不存放文件；文件保存在本机，待其更新后再上报。",
    ),
    "file-damaged": (
        "What came is not the file that was entered. Tell the office.",
        "收到的内容与录入的文件不符，请告知办公室。",
    ),
    "stalled": (
        "The connection stands, but nothing has come over it for {seconds} s; connecting again.",
        "连接仍在，但已有 {seconds} 秒没有数据，正在重新连接。",
    ),
    "disk-low": (
        "This laptop's disk is almost full: nothing more is read; what you enter is still saved and sent.",
        "本机磁盘即将写满：暂停接收，您的录入仍会保存并上报。",
    ),
    "disk": ("This laptop's disk cannot be written: {why}.", "本机磁盘无法写入：{why}。"),
    "internal": (
        "Something went wrong on this laptop ({why}); it will be tried again.",
        "本机出错（{why}），将自动重试。",
    ),
}
MAX_SAID: Final = 300
_CERTIFICATES: Final = {9: "clock", 10: "certificate-expired"}
"""What OpenSSL's verification says of a certificate that is not valid yet, and not any more."""
_DISK: Final = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO)


class Fault(Exception):
    """The connection failed; a code, and a sentence in both languages."""

    def __init__(self, code: str, en: str, zh: str) -> None:
        super().__init__(en)
        self.code, self.en, self.zh = code, en, zh


class Refusal(Fault):
    """The office itself said no; the code is one of `shared.errors`."""


def fault(code: str, **details: str) -> Fault:
    """A fault of the table."""
    en, zh = FAULTS[code]
    return Fault(code, en.format(**details), zh.format(**details))


def refusal(body: Mapping[str, Any]) -> Fault:
    """What the office said, made safe to show; an answer without a code is none of guatu's."""
    code, message = body.get("code"), body.get("message")
    if not isinstance(code, str) or not isinstance(message, Mapping):
        return fault("not-guatu")
    en, zh = (plain(str(message.get(lang) or code))[:MAX_SAID] for lang in ("en", "zh"))
    return Refusal(plain(code)[:MAX_SAID], en, zh)


def diagnose(error: BaseException, now: datetime) -> Fault:
    """What a failed connection means; `now` is what this laptop's clock says, by which certificates are judged."""
    if isinstance(error, Fault):
        return error
    if isinstance(error, OSError) and error.errno in _DISK:
        return fault("disk", why=os.strerror(error.errno))
    cause = getattr(error, "os_error", None) or error
    distrust = getattr(error, "certificate_error", cause)
    if isinstance(distrust, ssl.SSLError | ssl.CertificateError):
        code = _CERTIFICATES.get(getattr(distrust, "verify_code", 0), "certificate")
        return fault(code, today=now.date().isoformat())
    kinds: tuple[tuple[str, bool], ...] = (
        ("name", isinstance(cause, socket.gaierror)),
        ("timeout", isinstance(cause, TimeoutError)),
        ("refused", isinstance(cause, ConnectionRefusedError)),
        ("address", isinstance(error, aiohttp.InvalidURL)),
    )
    return fault(next((code for code, holds in kinds if holds), "network"))
