"""A campaign folder is read whole, or every file that cannot be used is named."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from shared.campaign import loader, rules
from shared.campaign.model import Campaign, Phase, Rules, Step, Workflow
from shared.campaign.problems import MESSAGES

from .drill import FLOW, HEAD, problems_of


def folder(at: Path, **files: str | bytes) -> Path:
    """A campaign folder with campaign.toml, village.toml and what is given (`town` for town.toml)."""
    for name, text in ({"campaign": HEAD, "village": FLOW} | files).items():
        data = text if isinstance(text, bytes) else text.encode()
        (at / f"{name}.toml").write_bytes(data)
    return at


def test_a_folder_becomes_a_campaign(tmp_path: Path) -> None:
    campaign = loader.load(folder(tmp_path))
    assert campaign.workflow_for("village") is campaign.workflows[0]
    assert [item.text for item in campaign.workflows[0].steps()[0].checklist] == ["到会", "记录"]


TOWN = FLOW.replace("village", "town")


def test_workflows_come_in_the_order_asked_for_else_by_file_name(tmp_path: Path) -> None:
    by_name = loader.load(folder(tmp_path, town=TOWN))
    assert [each.id for each in by_name.workflows] == ["town", "village"]
    asked = loader.load(folder(tmp_path, town=TOWN, campaign=f'order = ["village", "town"]\n{HEAD}'))
    assert [each.id for each in asked.workflows] == ["village", "town"]


def test_what_editors_hide_in_a_folder_is_passed_over(tmp_path: Path) -> None:
    loader.load(folder(tmp_path, **{".village": b"\xff", "~town": b"\xff"}))


FILES: list[tuple[dict[str, str | bytes], str, str, str]] = [
    ({"village": b"\xef\xbb\xbf" + FLOW.encode()}, "village.toml", "", "file_bom"),
    ({"village": FLOW.encode("utf-16")}, "village.toml", "", "file_bom"),
    ({"village": FLOW.encode("gb18030")}, "village.toml", "line 3", "file_not_utf8"),
    ({"village": FLOW + "#" * loader.LARGEST}, "village.toml", "", "file_too_large"),
    ({"village": 'id = "village"\ntitle = \n'}, "village.toml", "line 2, column 9", "toml_syntax"),
    ({"village": "a = " + "9" * 5000}, "village.toml", "", "toml_syntax"),
    ({"village": "a = " + "[" * 50_000}, "village.toml", "", "toml_syntax"),
    ({"town": FLOW.replace('"village"', '"hamlet"')}, "town.toml", "id", "file_name"),
    ({"town": "\n"}, "town.toml", "phases", "missing_key"),
    ({"campaign": HEAD + "workflows = []"}, "campaign.toml", "roles[1].workflows", "unknown_key"),
    ({"campaign": 'order = ["town"]\n' + HEAD}, "campaign.toml", "order[1]", "order_unknown"),
    ({"campaign": "\x00"}, "campaign.toml", "line 1, column 1", "toml_syntax"),
]


@pytest.mark.parametrize(("files", "file", "where", "code"), FILES, ids=[f"{c}-{f}" for _, f, _, c in FILES])
def test_a_file_that_cannot_be_used_is_named(
    tmp_path: Path, files: Mapping[str, str | bytes], file: str, where: str, code: str
) -> None:
    found = problems_of(lambda: loader.load(folder(tmp_path, **files)))
    assert (f"{tmp_path}/{file}", where, code) in {(each.file, each.where, each.code) for each in found}


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    (found,) = problems_of(lambda: loader.load(tmp_path / "none"))
    assert (found.code, found.file) == ("folder_missing", str(tmp_path / "none"))


def test_a_folder_without_a_head_is_told_what_to_write(tmp_path: Path) -> None:
    assert [each.code for each in problems_of(lambda: loader.load(tmp_path))] == ["file_missing"]


def test_a_folder_without_workflows_is_told_what_to_write(tmp_path: Path) -> None:
    (tmp_path / "campaign.toml").write_text(HEAD, "utf-8")
    assert [each.code for each in problems_of(lambda: loader.load(tmp_path))] == ["no_workflow"]


def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    (folder(tmp_path) / "town.toml").mkdir()
    (found,) = problems_of(lambda: loader.load(tmp_path))
    assert (found.code, found.file) == ("file_unreadable", f"{tmp_path}/town.toml")


def test_a_bad_head_does_not_hide_what_is_wrong_in_a_workflow(tmp_path: Path) -> None:
    spoiled = FLOW.replace('id = "1.2"', 'id = "2.2"')
    found = problems_of(lambda: loader.load(folder(tmp_path, campaign="=", village=spoiled)))
    assert [each.code for each in found] == ["toml_syntax", "step_id"]


def test_an_unknown_built_in_campaign_is_told_which_there_are() -> None:
    for name in ("nowhere", "", "..", "baohe-2009/../baohe-2009"):
        (found,) = problems_of(lambda name=name: loader.builtin(name))  # type: ignore[misc]
        assert found.code == "campaign_unknown"
        assert "baohe-2009" in found.message_en


README = Path(loader.__file__).with_name("README.md")


def test_the_campaign_in_the_readme_can_be_used_as_it_stands(tmp_path: Path) -> None:
    blocks = re.findall(r"^`([a-z]+)\.toml`\n\n```toml\n(.*?)^```", README.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    assert [name for name, _ in blocks] == ["campaign", "village"]
    campaign = loader.load(folder(tmp_path, **dict(blocks)))
    assert rules.warnings(campaign) == ()


def test_the_readme_lists_every_code_and_every_key() -> None:
    text = README.read_text("utf-8")
    assert [code for code in MESSAGES if f"`{code}`" not in text] == []
    keys = {field.name for value in (Campaign, Workflow, Phase, Step, Rules) for field in dataclasses.fields(value)}
    assert [key for key in sorted(keys - {"workflows"}) if not re.search(rf"\b{key}\b", text)] == []
