"""The sentences of a roster's problems, by code, in Chinese and English: what is wrong and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from shared.roster import KIND_TITLES


class Sentence(NamedTuple):
    """One code's words; `{name}` places are filled from the problem."""

    zh: str
    en: str


MESSAGES: Final[Mapping[str, Sentence]] = {
    # a whole file
    "file-missing": Sentence("找不到这个文件；请检查路径", "there is no such file; check the path"),
    "file-no-file": Sentence("这是文件夹，不是文件", "this is a folder, not a file"),
    "file-unreadable": Sentence(
        "读不了这个文件（{reason}）；请检查路径和权限",
        "the file cannot be read ({reason}); check its path and permissions",
    ),
    "file-too-big": Sentence(
        "文件超过 {limit} MB；请拆分后导入",
        "the file is larger than {limit} MB; import it in parts",
    ),
    "file-empty": Sentence("文件里没有单位", "there is no unit in the file"),
    "wrong-encoding": Sentence(
        "文件既不是 UTF-8 也不是 GB18030 文本；请另存为「CSV UTF-8」",
        "the file is text in neither UTF-8 nor GB18030; save it as CSV UTF-8",
    ),
    "damaged-utf8": Sentence(
        "文件是 UTF-8，但第 {line} 行有损坏的字节；请重新取得或另存该文件",
        "the file is UTF-8 with damaged bytes in line {line}; get or save the file again",
    ),
    "old-excel": Sentence(
        "这是旧版 .xls 文件或加了密码的工作簿；请另存为不加密的 .xlsx",
        "this is an old .xls file or a workbook with a password; save it as .xlsx without one",
    ),
    "not-xlsx": Sentence(
        "扩展名是 .xlsx，内容却不是 Excel 工作簿；请用 Excel 另存为 .xlsx",
        "the name ends in .xlsx but this is no Excel workbook; save it from Excel as .xlsx",
    ),
    "xlsx-damaged": Sentence(
        "工作簿已损坏或不完整；请用 Excel 打开后另存为 .xlsx",
        "the workbook is damaged or incomplete; open it in Excel and save it as .xlsx again",
    ),
    "xlsx-swollen": Sentence(
        "工作簿解压后超过 {limit} MB；请只保留名册一张表",
        "the workbook unpacks to more than {limit} MB; keep only the sheet with the roster",
    ),
    "no-header": Sentence(
        "前 {rows} 行里找不到表头；至少要有「名称」列和「编码」或「类型」列",
        "there is no header in the first {rows} rows; it needs a name and a code or a kind column",
    ),
    "no-group-header": Sentence(
        "前 {rows} 行里找不到检查组的表头；至少要有「名称」列和另一列，如「组长」",
        "there is no header of groups in the first {rows} rows; it needs a name and another column, like head",
    ),
    "duplicate-group": Sentence(
        "检查组「{name}」已在第 {first} 行出现；请只留一行",
        "the group “{name}” stands in row {first} already; keep one",
    ),
    "duplicate-column": Sentence(
        "有两列都是「{title}」；请只留一列",
        "two columns mean the same as “{title}”; keep one of them",
    ),
    "too-many-rows": Sentence(
        "超过 {limit} 行；请拆分后导入", "there are more than {limit} rows; import them in parts"
    ),
    "too-many-columns": Sentence("超过 {limit} 列", "there are more than {limit} columns"),
    "nothing-in-area": Sentence(
        "文件里没有编码以 {areas} 开头的单位；请检查辖区代码",
        "the file has no unit whose code begins with {areas}; check the area",
    ),
    "area-bad": Sentence(
        "「{area}」不是辖区代码；应为 2、4、6、9 或 12 位数字",
        "“{area}” is no area; it takes 2, 4, 6, 9 or 12 digits",
    ),
    "merged-cells": Sentence(
        "工作簿里有合并单元格；合并后只有第一行有值，请取消合并并逐行填写",
        "the workbook has merged cells; only their first row holds the value, so unmerge and fill every row",
    ),
    "other-sheets": Sentence(
        "只读取了工作表「{sheet}」，没有读取：{others}",
        "only the sheet “{sheet}” was read, not: {others}",
    ),
    "unknown-column": Sentence(
        "不认识「{title}」列，没有导入；自定义项请写成「属性:{title}」",
        "the column “{title}” is not known and was left out; for an item of your own write “attribute:{title}”",
    ),
    # a row
    "row-broken": Sentence("这一行的引号不配对，无法读取", "the quotes in this row do not pair; it cannot be read"),
    "too-many-cells": Sentence(
        "这一行比表头多出内容「{value}」；多半是文字里的逗号没有加引号",
        "this row has more cells than the header, “{value}”; often a comma in a text without quotes",
    ),
    "cell-too-long": Sentence("超过 {limit} 个字", "there are more than {limit} characters"),
    "control-character": Sentence(
        "含有不可见的控制字符 {characters}；请删去重填",
        "there are invisible control characters, {characters}; type the cell again",
    ),
    "private-use": Sentence(
        "含有自造字 {characters}，在别的电脑上可能显示不出来",
        "there are private-use characters, {characters}, which other computers may not show",
    ),
    "lost-character": Sentence(
        "含有替代符 U+FFFD：原来的字在别处转码时丢失了，请改正",
        "there is a U+FFFD: a character was lost when the text was converted elsewhere; correct it",
    ),
    "date-cell": Sentence(
        "单元格是日期「{value}」；请设为文本后重填",
        "the cell is a date, “{value}”; make it text and type it again",
    ),
    "error-cell": Sentence(
        "公式出错「{value}」；请改为数值或文字",
        "the formula failed, “{value}”; put the text itself",
    ),
    "code-number": Sentence(
        "编码被 Excel 变成了数字「{value}」，位数可能已丢失；请把该列设为文本后重填",
        "Excel turned the code into the number “{value}” and may have lost digits; "
        "make the column text and type it again",
    ),
    "code-bad": Sentence(
        "「{value}」不是单位编码；应为 9 位、12 位数字，或如 340111001-S01",
        "“{value}” is no unit's code; it takes 9 or 12 digits, or the form 340111001-S01",
    ),
    "code-blank": Sentence("没有编码", "there is no code"),
    "code-missing": Sentence(
        "没有编码；这一类型须填统计用区划代码",
        "there is no code; this kind needs the one of the statistical division",
    ),
    "name-missing": Sentence("没有名称", "there is no name"),
    "kind-missing": Sentence("没有编码，也没有类型", "there is neither a code nor a kind"),
    "kind-bad": Sentence(
        f"不认识类型「{{value}}」；可填：{'、'.join(zh for zh, _ in KIND_TITLES.values())}",
        f"“{{value}}” is no kind; choose one of: {', '.join(kind.value for kind in KIND_TITLES)}",
    ),
    "yes-or-no-bad": Sentence("不认识「{value}」；可填：是、否", "“{value}” is neither yes nor no"),
    "choice-bad": Sentence(
        "不认识「{value}」；可填：{choices}", "“{value}” is none of the answers; choose one of: {choices}"
    ),
    "number-bad": Sentence(
        "「{value}」不是整数；请只填数字，如 46", "“{value}” is no whole number; put digits alone, like 46"
    ),
    "number-range": Sentence("数字不在 {limit} 之内；请核对", "the number lies outside {limit}; check it"),
    "day-bad": Sentence("「{value}」不是日期；请写成 2026-11-23", "“{value}” is no day; write it like 2026-11-23"),
    "parent-bad": Sentence(
        "上级编码 {value} 与该单位的编码 {code} 不符",
        "the parent's code {value} does not go with the unit's code {code}",
    ),
    # one row against the others and the board
    "outside-scope": Sentence(
        "编码 {code} 不在导入范围 {scope} 内", "the code {code} is outside the import's area {scope}"
    ),
    "duplicate-code": Sentence(
        "编码 {code} 已在第 {first} 行（{file}）出现，内容不同",
        "the code {code} stands in row {first} of {file} already, with other content",
    ),
    "repeated-row": Sentence("与第 {first} 行（{file}）相同", "the same as row {first} of {file}"),
    "duplicate-name": Sentence(
        "「{name}」与第 {first} 行（{file}）是同一单位；若是两个单位请填编码或改名",
        "“{name}” is the unit of row {first} of {file}; if there are two, give codes or different names",
    ),
    "name-ambiguous": Sentence(
        "{parent} 下有多个「{name}」；请填编码",
        "there are several “{name}” under {parent}; give the code",
    ),
    "same-name": Sentence(
        "{parent} 下还有同名单位 {other}「{name}」", "{other} under {parent} has the same name, “{name}”"
    ),
    "parent-missing": Sentence("没有编码，也没有上级", "there is neither a code nor a parent"),
    "parent-unknown": Sentence(
        "找不到上级「{value}」；请先导入上级或填其编码",
        "there is no “{value}” to hang it from; import that unit first or give its code",
    ),
    "parent-ambiguous": Sentence(
        "有多个单位叫「{value}」（{codes}）；请填上级的编码",
        "several units are called “{value}” ({codes}); give the parent's code",
    ),
    "parent-closed": Sentence(
        "{unit} 的上级 {parent} 已撤销或将撤销", "{unit} hangs from {parent}, which closes or is closed"
    ),
    "kind-code": Sentence("类型「{kind}」与编码 {code} 不符", "the kind “{kind}” does not go with the code {code}"),
    "numbers-used-up": Sentence(
        "{parent} 下已没有可用的编号；请自行填写编码",
        "there is no free number left under {parent}; give a code",
    ),
    "school-level-missing": Sentence(
        "没有填学校类别（中学或小学）；在填写之前，两类步骤都会列出",
        "the school's level is not given (middle or primary); until it is, both kinds of step are asked",
    ),
    "closes-many": Sentence(
        "将撤销范围内 {all} 个单位中的 {count} 个；请确认文件是完整的",
        "{count} of {all} units in the area would be closed; make sure that the file is complete",
    ),
    "closing-withheld": Sentence(
        "{count} 个单位不在文件里；因为还有错误，暂不撤销",
        "{count} units are not in the files; none is closed while there are errors",
    ),
}


def sentence(code: str, lang: str) -> str:
    """The code's sentence in a language, with its `{name}` places still open."""
    return MESSAGES[code].zh if lang == "zh" else MESSAGES[code].en
