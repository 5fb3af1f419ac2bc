"""Meetings and study in words: who had to come and did not, and how many members study reached."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from shared.board.record import Record
from shared.campaign.model import Campaign, Step
from shared.inspection.meetings import Attendance, attendance_of, breaches
from shared.inspection.study import Coverage, coverage_of
from shared.messages import _, pick
from tui.grid.plain import plain


def breach_lines(records: Mapping[str, Record], unit: str, steps: Iterable[Step], campaign: Campaign) -> list[str]:
    """A line for each step to whose meeting somebody who must did not come."""
    titles = {role.id: pick(role.title, role.title_en) for role in campaign.roles}
    found = breaches(attendance_of(records, unit, steps, campaign.roles))
    return [_breach(each, titles) for each in found]


def gathered_lines(records: Mapping[str, Record], unit: str, steps: Iterable[Step], campaign: Campaign) -> list[str]:
    """What there is to say of a unit's meetings and study: breaches first, and nothing of what was not begun."""
    study = study_line(coverage_of(records, unit))
    return [*breach_lines(records, unit, steps, campaign), *([study] if study else [])]


def study_line(coverage: Coverage) -> str:
    """How far study has come, with its denominator where that is known; empty when there was none."""
    if not coverage.sessions:
        return ""
    text = _("Study: {reached} of {members} members reached, {home} of them at home (sessions: {sessions})")
    if coverage.members is None:
        text = _("Study: {reached} members reached, {home} of them at home (sessions: {sessions})")
    return text.format(
        reached=coverage.reached, members=coverage.members, sessions=coverage.sessions, home=coverage.at_home
    )


def gathered_json(
    records: Mapping[str, Record], unit: str, steps: Iterable[Step], campaign: Campaign
) -> dict[str, Any]:
    """Attendance and study of a unit for other programs."""
    coverage = coverage_of(records, unit)
    return {
        "attendance": [
            {"step": each.step, "must": each.must, "missing": each.missing, "meetings": len(each.meetings)}
            for each in attendance_of(records, unit, steps, campaign.roles)
        ],
        "study": {
            "sessions": coverage.sessions,
            "reached": coverage.reached,
            "at_home": coverage.at_home,
            "members": coverage.members,
        },
    }


def _breach(each: Attendance, titles: Mapping[str, str]) -> str:
    roles = pick("、", ", ").join(titles.get(role, plain(role)) for role in each.missing)
    if not each.held:
        return _("{step}: no meeting is entered; {roles} had to come").format(step=each.step, roles=roles)
    said = _("{step}: {roles} had to come and did not").format(step=each.step, roles=roles)
    if not each.reasons:
        return said
    why = pick("；", "; ").join(map(plain, each.reasons))
    return pick(f"{said}（{why}）", f"{said} ({why})")
