"""The one table of error codes: what went wrong, in both languages, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple


class Fault(NamedTuple):
    """One code's HTTP status and its sentence in English and Chinese; `{name}` places are filled when it is raised."""

    status: int
    en: str
    zh: str


FAULTS: Final[Mapping[str, Fault]] = {
    "no-token": Fault(
        401,
        "This needs a device token. Enrol first: guatu join URL CODE.",
        "需要设备令牌。请先登记：guatu join 网址 登记码。",
    ),
    "bad-token": Fault(
        401,
        "This token is not known here. Enrol again with a new code.",
        "服务器不认识此令牌。请用新的登记码重新登记。",
    ),
    "revoked": Fault(
        403,
        "{by} ended the rights of this device on {since}. Ask the office; nothing typed is lost.",
        "{by} 已于 {since} 终止此设备的权限。请联系办公室；已录入的内容不会丢失。",
    ),
    "rights-changed": Fault(
        403,
        "The office has changed the rights of this device. Connect again; nothing typed is lost.",
        "办公室已变更此设备的权限。请重新连接；已录入的内容不会丢失。",
    ),
    "campaign-changed": Fault(
        409,
        "The office has changed the campaign. Connect again to get it; nothing typed is lost.",
        "办公室已更新活动方案。请重新连接以获取；已录入的内容不会丢失。",
    ),
    "bad-code": Fault(
        403,
        "This enrolment code is unknown, used or out of date. Ask the office for a new one.",
        "登记码不存在、已使用或已过期。请向办公室索取新的登记码。",
    ),
    "too-many-tries": Fault(
        429, "Too many tries from here. Wait {seconds} seconds.", "尝试次数过多。请等待 {seconds} 秒。"
    ),
    "no-right": Fault(403, "Your role does not allow this.", "您的角色无权执行此操作。"),
    "not-found": Fault(404, "There is no {what} here.", "这里没有 {what}。"),
    "bad-method": Fault(405, "This address does not take {method}.", "此地址不接受 {method}。"),
    "bad-request": Fault(
        400, "The request does not have the form that is asked for: {where}.", "请求格式不正确：{where}。"
    ),
    "too-large": Fault(
        413,
        "This is larger than the limit of {limit} bytes. Send it in parts.",
        "超过 {limit} 字节的上限。请分批发送。",
    ),
    "file-too-large": Fault(413, "A file may have {limit} bytes at most.", "单个文件不得超过 {limit} 字节。"),
    "file-differs": Fault(
        409,
        "What arrived is not the file that was announced; it is sent again.",
        "收到的内容与所报的文件不符，将重新发送。",
    ),
    "file-share": Fault(
        403,
        "The files of this device fill its share of {limit} bytes. Ask the office; the file stays on the laptop.",
        "此设备的文件已占满 {limit} 字节的额度。请联系办公室；文件仍保存在本机。",
    ),
    "files-full": Fault(
        507,
        "The office has no room for more files. Tell the office; the file stays on the laptop.",
        "办公室已无空间存放更多文件。请告知办公室；文件仍保存在本机。",
    ),
    "files-busy": Fault(
        429,
        "Files are on their way already, from this device or from many. Wait a moment and try again.",
        "此设备或多台设备正在传送文件。请稍候再试。",
    ),
    "bad-frame": Fault(400, "This frame is not of the protocol: {where}.", "数据帧不符合协议：{where}。"),
    "hello-first": Fault(400, "The first frame of a connection is hello.", "连接的第一帧必须是 hello。"),
    "protocol-range": Fault(
        426, "This server speaks protocol {low} to {high}.", "服务器支持的协议版本为 {low} 至 {high}。"
    ),
    "other-board": Fault(
        409,
        "This laptop belongs to another board. Join again to change boards.",
        "此电脑属于另一块挂图。如需更换，请重新登记。",
    ),
    "too-many-sockets": Fault(
        429, "This device has {limit} connections open already.", "此设备已打开 {limit} 个连接。"
    ),
    "too-fast": Fault(
        429,
        "Too many changes at once; at most {limit} a second. Wait and go on.",
        "提交过快，每秒最多 {limit} 条。请稍候再继续。",
    ),
    "stalled": Fault(
        408, "Nothing was read for {seconds} seconds. Connect again.", "已有 {seconds} 秒未读取数据。请重新连接。"
    ),
    "restarting": Fault(
        503, "The server is restarting. Connect again in a moment.", "服务器正在重启。请稍后重新连接。"
    ),
    "storage": Fault(
        503,
        "The server cannot write to its disk and has stopped taking changes.",
        "服务器无法写入磁盘，已停止接收录入。",
    ),
    "internal": Fault(
        500,
        "Something went wrong in the server. The office's log has the details: {reference}.",
        "服务器出错。详情见办公室日志：{reference}。",
    ),
}


class Refused(Exception):
    """A coded refusal. `code` is a key of `FAULTS`; `details` fill its sentence and never hold a secret."""

    def __init__(self, code: str, **details: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.details = details

    def fault(self) -> Fault:
        """The table's line for this code."""
        return FAULTS[self.code]

    def sentences(self) -> dict[str, str]:
        """The sentence in both languages, filled in."""
        fault = self.fault()
        return {"en": fault.en.format(**self.details), "zh": fault.zh.format(**self.details)}

    def to_json(self) -> dict[str, object]:
        """The refusal as it travels."""
        return {"code": self.code, "message": self.sentences(), "details": self.details}
