"""What can be wrong with a written campaign: one table of codes, each with what to do about it.

The codes are stable: they are documented in `shared/campaign/README.md` and may be matched by scripts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

SHOWN_LENGTH: Final = 60

MESSAGES: Final[dict[str, tuple[str, str]]] = {
    # the folder and its files
    "campaign_unknown": (
        "没有内置活动 {value}；可用：{expected}",
        "there is no built-in campaign {value}; choose one of: {expected}",
    ),
    "folder_missing": (
        "找不到活动文件夹；请检查路径",
        "there is no such campaign folder; check the path",
    ),
    "file_missing": (
        "文件夹里没有 campaign.toml；请新建",
        "the folder has no campaign.toml; write one",
    ),
    "file_unreadable": (
        "读不了这个文件（{value}）；请检查它是否为普通文件、是否有权限",
        "the file cannot be read ({value}); check that it is a plain file and that you may read it",
    ),
    "file_too_large": (
        "文件超过 {expected} 字节；请拆分或精简",
        "the file is larger than {expected} bytes; shorten it",
    ),
    "file_bom": (
        "文件开头有 BOM；请另存为「UTF-8（无 BOM）」",
        "the file starts with a byte order mark; save it as UTF-8 without BOM",
    ),
    "file_not_utf8": (
        "文件不是 UTF-8 编码（{value}）；请另存为 UTF-8",
        "the file is not UTF-8 ({value}); save it as UTF-8",
    ),
    "file_name": (
        "id 是 {value}，文件名却是 {expected}；请改成一致",
        "the id is {value} but the file is named {expected}; make them the same",
    ),
    "toml_syntax": (
        "不是正确的 TOML：{value}；请改正这一处",
        "this is not valid TOML: {value}; correct this place",
    ),
    "no_workflow": (
        "没有工作流程；每个工作流程写一个 TOML 文件",
        "there is no workflow; write one TOML file for each",
    ),
    # the shape of a table
    "missing_key": (
        "缺少这一项；请补上",
        "this key is missing; add it",
    ),
    "unknown_key": (
        "不认识这一项；请删去{expected}",
        "this key is not known; remove it{expected}",
    ),
    "wrong_type": (
        "写法不对；应写成 {expected}",
        "this has the wrong form; write it like {expected}",
    ),
    "not_allowed": (
        "不能是 {value}；可用：{expected}",
        "{value} is not allowed here; choose one of: {expected}",
    ),
    "out_of_range": (
        "{value} 超出范围；要求 {expected}",
        "{value} is out of range; it must be {expected}",
    ),
    "too_long": (
        "太长；最多 {expected}",
        "this is too long; at most {expected} fit",
    ),
    "empty": (
        "不能为空；请填写",
        "this must not be empty; fill it in",
    ),
    "bad_id": (
        "{value} 不能作标识；只用小写字母和数字，中间用 - 或 _ 连接",
        "{value} is not an id; use small letters and digits, joined by - or _",
    ),
    "text_control": (
        "含有不可见字符 {expected}；请删去",
        "there is an invisible character, {expected}; remove it",
    ),
    "text_edges": (
        "前后有空白；请删去",
        "there is white space at an end; remove it",
    ),
    "start_format": (
        "{value} 不是起始月份；应写成 2009-09 这样（1900 至 2199 年）",
        "{value} is not a first month; write it like 2009-09 (years 1900 to 2199)",
    ),
    "invalid": (
        "不符合要求：{value}；请对照说明改正",
        "this is not accepted: {value}; compare it with the README",
    ),
    # what has to agree
    "phase_numbers": (
        "阶段编号是 {value}，应为 {expected}；阶段从 1 起连续编号",
        "the phase has number {value}, expected {expected}; number phases 1, 2, 3 without gaps",
    ),
    "step_numbers": (
        "步骤编号 {value} 没有大于前一个 {expected}；请按顺序编号",
        "step number {value} does not follow {expected}; number steps upwards",
    ),
    "step_id": (
        "步骤 id 是 {value}，应为 {expected}（阶段.步骤）",
        "the step id is {value}, expected {expected} (phase.step)",
    ),
    "ladder_order": (
        "{value} 天不大于上一级的 {expected} 天；督办时限要逐级加长",
        "{value} days is not more than the {expected} of the rung before; each rung comes later",
    ),
    "duplicate": (
        "{value} 出现了两次；请改名或删去一个",
        "{value} stands here twice; rename or remove one",
    ),
    "role_unknown": (
        "campaign.toml 里没有角色 {value}{expected}；请改正或在那里补上",
        "campaign.toml has no role {value}{expected}; correct it or add it there",
    ),
    "kind_twice": (
        "单位类型 {value} 已在工作流程 {expected} 中；一类单位只能有一个流程",
        "the kind {value} is already in workflow {expected}; a kind has one workflow",
    ),
    "window_order": (
        "结束早于开始；请检查月份和旬",
        "the window ends before it starts; check months and ten-day words",
    ),
    "start_word": (
        "「底」不能作开始；请用 初、上旬、中旬、下旬 或留空",
        "底 cannot start a window; use 初, 上旬, 中旬, 下旬 or nothing",
    ),
    "order_unknown": (
        "没有工作流程 {value}；请从 order 中删去或补上文件",
        "there is no workflow {value}; remove it from order or add its file",
    ),
    "order_missing": (
        "order 漏了工作流程 {value}；请补上",
        "order leaves out the workflow {value}; add it",
    ),
    "reason_missing": (
        "单位自定时间要写明原因；请填写",
        "a unit's own window needs a reason; give one",
    ),
    "workflow_unknown": (
        "没有工作流程 {value}；可用：{expected}",
        "there is no workflow {value}; choose one of: {expected}",
    ),
    # what a further revision may not do
    "campaign_other": (
        "{value} 是另一个活动，这块挂图用的是 {expected}；另一个活动请新建挂图",
        "{value} is another campaign than this board's {expected}; make a board of its own for it",
    ),
    "workflow_gone": (
        "工作流程 {value} 不见了；请保留它，不再要求的步骤写 retired = true",
        "the workflow {value} is gone; keep it, with retired = true on the steps no longer asked",
    ),
    "phase_gone": (
        "第 {value} 阶段不见了；请保留它，不再要求的步骤写 retired = true",
        "phase {value} is gone; keep it, with retired = true on the steps no longer asked",
    ),
    "kind_moved": (
        "单位类型 {value} 一直按工作流程 {expected} 办理，换流程会使已有录入变成别的意思；请留在原处",
        "units of the kind {value} follow {expected}; elsewhere their entries would mean other things: leave it there",
    ),
    "step_reused": (
        "步骤 {value} 已在第 {expected} 版停用，编号不再使用；请给新步骤新的编号",
        "step {value} was retired in revision {expected}, and its id is not used again; give the step a new number",
    ),
    # a warning
    "words_disagree": (
        "印出的时间「{value}」与 {expected} 不一致；请核对",
        "the printed words {value} do not agree with {expected}; compare them",
    ),
}


@dataclass(frozen=True, slots=True)
class CampaignProblem:
    """One thing to put right: the file, the place in it (`phases[2].steps[1].title`, counted from 1), and how."""

    file: str
    where: str
    code: str
    message_zh: str
    message_en: str

    def __str__(self) -> str:
        place = ": ".join(part for part in (self.file, self.where) if part)
        return f"{place}: [{self.code}] {self.message_zh} / {self.message_en}"


class CampaignInvalid(Exception):
    """A campaign cannot be used; `problems` holds every one that was found, never none."""

    def __init__(self, problems: Iterable[CampaignProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))


def problem(
    code: str, *, file: str = "", where: str = "", value: object = "", expected: object = ""
) -> CampaignProblem:
    """A problem with its messages filled in; whatever somebody typed comes out harmless and short."""
    zh, en = MESSAGES[code]
    filled = {"value": shown(value), "expected": shown(expected, 400)}
    return CampaignProblem(shown(file, 400), shown(where, 200), code, zh.format(**filled), en.format(**filled))


def shown(value: object, limit: int = SHOWN_LENGTH) -> str:
    """The value as one short line: what a terminal could obey is written as its code point."""
    if isinstance(value, int) and value.bit_length() > limit:  # past 4300 digits Python refuses to print it
        return f"{'-' if value < 0 else ''}..."
    cut = str(value)[: limit + 1]
    text = "".join(c if c.isprintable() else f"<U+{ord(c):04X}>" for c in cut)
    return text if len(cut) <= limit else text[:limit] + "..."
