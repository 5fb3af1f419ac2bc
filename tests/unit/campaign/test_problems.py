"""Every problem has a stable code, words in both languages, and does a terminal no harm."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.campaign import schema
from shared.campaign.problems import MESSAGES, CampaignInvalid, problem, shown

from .drill import drill
from .test_loader import FILES
from .test_schema import SPOILED


def test_every_code_has_both_languages_and_is_provoked_here() -> None:
    provoked = {code for _, code, _ in SPOILED} | {code for *_, code in FILES}
    elsewhere = {
        *("folder_missing", "file_missing", "file_unreadable", "campaign_unknown"),
        *("workflow_unknown", "words_disagree", "reason_missing"),
        *("campaign_other", "workflow_gone", "phase_gone", "kind_moved", "step_reused"),
    }
    assert set(MESSAGES) == provoked | elsewhere
    assert all(zh and en and zh != en for zh, en in MESSAGES.values())


@given(st.text(), st.text(), st.text())
def test_no_message_carries_what_a_terminal_would_obey(file: str, where: str, value: str) -> None:
    found = problem("not_allowed", file=file, where=where, value=value, expected=value)
    assert str(found).isprintable()


def test_a_long_value_is_cut_short() -> None:
    assert shown("x" * 1000) == "x" * 60 + "..."
    assert shown(-(1 << 100_000)) == "-..."


def test_the_exception_reads_as_one_line_for_each_problem() -> None:
    table = drill()
    table["start"] = table["id"] = "?"
    with pytest.raises(CampaignInvalid) as caught:
        schema.parse(table)
    assert [line.split(":")[0] for line in str(caught.value).splitlines()] == ["id", "start"]
