"""What was entered with a form is told in the form's words wherever a history or a question tells it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from shared.board.change import JSON
from shared.board.history import events
from shared.board.surveys import count_field
from shared.campaign.loader import builtin
from shared.messages import pick, use
from tests.logbook import Logbook, change
from tests.small import VILLAGE
from tui.telling import field_told, tell, told_value, where_told

PROBLEM = f"problem/{VILLAGE}/{'3fa9c1' + '0' * 26}"


def told(*entries: tuple[str, Mapping[str, JSON]]) -> list[str]:
    """These entries one after the other, each by somebody who had seen what stood, as a history tells them."""
    book = Logbook()
    seen: dict[str, dict[str, tuple[int, ...]]] = {}
    for number, (address, values) in enumerate(entries, 1):
        before = seen.setdefault(address, {})
        made = change(number, values, address, seen={name: before[name] for name in values if name in before})
        before.update(dict.fromkeys(values, (number,)))
        book.store(made)
    return [tell(event, "甲村") for event in events(book.records)]


@pytest.fixture(params=["en", "zh"])
def lang(request: pytest.FixtureRequest) -> Iterator[str]:
    use(request.param)
    yield str(request.param)
    use("en")


def test_a_new_record_is_told_by_the_fields_that_tell_it_and_a_change_by_what_it_moves() -> None:
    values = {"title": "路灯不亮[b]\x1b", "severity": "high", "stage": "open", "due_on": "2026-05-01"}
    first, second = told((PROBLEM, values), (PROBLEM, {"stage": "measured", "measured_on": "2026-04-20"}))
    assert first.startswith('甲村 problem T-3fa9c1: problem "路灯不亮[b]')
    assert "\x1b" not in first
    assert "severity high" in first
    assert "stage open → measure done" in second
    assert "measure done on empty → 2026-04-20" in second


@pytest.mark.parametrize(
    ("address", "en", "zh"),
    [
        (PROBLEM, "甲村 problem T-3fa9c1", "甲村 突出问题 T-3fa9c1"),
        (f"visit/{VILLAGE}/abcdef0123", "甲村 visit abcdef", "甲村 走访检查 abcdef"),
        (f"archive/{VILLAGE}/1", "甲村 archive", "甲村 资料归档"),
        (f"from-later/{VILLAGE}/1", "甲村 from-later 1", "甲村 from-later 1"),
    ],
)
def test_a_record_is_called_by_its_form(lang: str, address: str, en: str, zh: str) -> None:
    assert where_told(address, "甲村") == (en if lang == "en" else zh)


def test_fields_and_answers_have_their_titles_and_what_no_form_knows_stays_as_it_is(lang: str) -> None:
    assert field_told("severity", PROBLEM) == ("severity" if lang == "en" else "严重程度")
    assert told_value("severity", "high", PROBLEM) == ("high" if lang == "en" else "严重")
    assert told_value("category", "some-new-one", PROBLEM) == ("「some-new-one」" if lang == "zh" else '"some-new-one"')
    assert field_told("from_later", PROBLEM) == "from_later"
    file = {"hash": "0" * 64, "name": "方案.docx", "size": 3}
    assert told_value("file", file, f"document/{VILLAGE}/1") == "方案.docx"


def test_where_a_campaign_is_at_hand_its_own_answers_and_grades_are_told_in_words(lang: str) -> None:
    campaign, survey = builtin("baohe-2009"), f"survey/{VILLAGE}/1"
    for question in campaign.rules.questions:
        for grade in campaign.rules.grades:
            found = field_told(count_field(question.id, grade.id), survey, campaign)
            assert pick(question.title, question.title_en) in found
            assert pick(grade.title, grade.title_en) in found
    for each in next(each.items for each in campaign.lists if each.id == "problem-category"):
        assert pick(each.title, each.title_en)[:20] in told_value("category", each.id, PROBLEM, campaign)
    assert told_value("category", "some-new-one", PROBLEM, campaign) == told_value("category", "some-new-one", PROBLEM)
