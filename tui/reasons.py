"""Why an entry needs a look, and what to do about it: one sentence for each outcome, in both languages.

The outcomes are those of shared/PROTOCOL.md, and what this laptop calls the rest; one not known here has one, too.
"""

from __future__ import annotations

from typing import Final

from shared.messages import pick

_SENTENCES: Final[dict[str, tuple[str, str]]] = {
    "held:undecodable": (
        "办公室的服务器读不懂这条录入的格式；办公室更新后可放行。",
        "The office cannot read the form of this entry; it can release it once its server is brought up to date.",
    ),
    "held:too-large": (
        "这条录入超过 64 KiB；请缩短后重新录入。",
        "This entry is larger than 64 KiB; make it shorter and enter it anew.",
    ),
    "held:other-author": (
        "录入人或设备与发送者不符；请办公室核对后放行。",
        "Its author or device is not who sent it; the office can release it when that is in order.",
    ),
    "held:no-right": (
        "录入人的角色或区域不允许这样录入；有权的人可以放行或驳回。",
        "Its author's role or area does not allow it; whoever may can release or decline it.",
    ),
    "held:unknown-unit": (
        "挂图上没有这个单位；办公室登记该单位后可放行。",
        "This unit is not on the board; the office can release the entry once it is.",
    ),
    "held:unknown-step": (
        "该单位的工作流程中没有这个步骤；请核对步骤后重新录入。",
        "The unit's workflow has no such step; look for the right one and enter it anew.",
    ),
    "held:retired-step": (
        "这个步骤已停用，不再录入。",
        "This step has been retired and is not entered any more.",
    ),
    "held:crowded": (
        "这一处已有太多未处理的录入；请先处理分歧，再重新录入。",
        "Too many entries stand unsettled on this place; settle them first, then enter it anew.",
    ),
    "held:unproven": (
        "这是他人的录入，由别的电脑交回，但没有办公室的凭证；请办公室核对后放行。",
        "Another laptop gave this back without the office's proof that it had been there; the office can release it.",
    ),
    "held:unknown-hold": (
        "这个决定所指的暂存录入不存在或内容不符；请重新查看后再决定。",
        "This decision is about no entry that is held, or not about what it says; look again and decide anew.",
    ),
    "held:revoked": (
        "录入送达时，设备的权限已被终止；办公室可以放行或驳回。",
        "The device's rights had ended when this arrived; the office can release or decline it.",
    ),
    "held:unjudged": (
        "办公室的服务器未能判断这条录入；详情见其日志。",
        "The office failed to judge this entry; its log has the details.",
    ),
    "declined": ("这条录入已被驳回，不计入挂图。", "This entry was declined and does not count."),
    "released": ("这条录入已放行，计入挂图。", "This entry was released and counts."),
    "applied": ("这条录入已上图。", "This entry is on the board."),
    "refused": (
        "办公室无法保存这条录入；请导出后交给办公室，或重新录入。",
        "The office cannot store this entry; export it for the office, or enter it anew.",
    ),
    "malformed": (
        "办公室无法保存这条录入；请导出后交给办公室，或重新录入。",
        "The office cannot store this entry; export it for the office, or enter it anew.",
    ),
    "id-reused": (
        "编号已被另一条录入占用；本机会换新编号再次发送。",
        "Its id belongs to another entry; this laptop gives it a new one and sends it again.",
    ),
    "asking": (
        "这次批量录入涉及全部单位的十分之一以上；确认之后才会发送。",
        "This bulk act changes more than a tenth of all units; it is sent once somebody gives the word.",
    ),
}
_HELD: Final = (
    "办公室暂存了这条录入，原因此版本尚不认识（{code}）；有权的人可以放行或驳回。",
    "The office holds this entry for a reason that this version does not know ({code}); whoever may can decide on it.",
)
_CODE_SHOWN: Final = 40


def reason_words(status: str) -> str:
    """Why an entry of this status needs a look, as one sentence; a status that is not known here is like a held one."""
    found = _SENTENCES.get(status)
    if found is not None:
        return pick(*found)
    code = "".join(each for each in status if each.isascii() and (each.isalnum() or each in ":-_."))
    return pick(*_HELD).format(code=code[:_CODE_SHOWN])
