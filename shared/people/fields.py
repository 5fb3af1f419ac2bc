"""The one table of what is known of a unit beside its name: the roster's columns, the words on screens, the entry form.

A field's name is its name in the unit's record. Each stands here because the plan asks for it; the numbers are those of
the requirements that `tests/unit/requirements.toml` keeps.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from shared.forms.model import Field, FieldKind, Option
from shared.messages import pick
from shared.roster import UnitKind

MOST_PEOPLE: Final = 1_000_000
GROUPS: Final[Mapping[str, tuple[str, str]]] = {
    "attribute": ("属性", "Attributes"),
    "person": ("人员", "People"),
    "figure": ("数据", "Figures"),
    "tie": ("联系", "Ties"),
}
"""The first part of a field's name, and what people call all that begins so: the form's parts and a sheet's own columns
(`属性:…`)."""
_SORTS: Final[Mapping[str, FieldKind]] = {"attribute": "line", "person": "line", "figure": "number", "tie": "line"}

_SCHOOL: Final = frozenset({UnitKind.SCHOOL})
_VILLAGE: Final = frozenset({UnitKind.VILLAGE})
_ORGANISATION: Final = frozenset({UnitKind.NEW_ECONOMIC, UnitKind.NEW_SOCIAL})
_ORGAN: Final = frozenset({UnitKind.TOWN_ORGAN, UnitKind.STREET_ORGAN})


class UnitField(NamedTuple):
    """One field of a unit: as a form has it, the other headings its column goes by, and of whom alone it is asked."""

    field: Field
    headings: tuple[str, ...] = ()
    kinds: frozenset[UnitKind] = frozenset()

    def concerns(self, kind: UnitKind) -> bool:
        """Whether units of this kind are asked for it."""
        return not self.kinds or kind in self.kinds


def _line(name: str, zh: str, en: str, *headings: str, most: int = 200) -> UnitField:
    return UnitField(Field(name, zh, en, "line", most=most), headings)


def _number(name: str, zh: str, en: str, *headings: str) -> UnitField:
    return UnitField(Field(name, zh, en, "number", most=MOST_PEOPLE), headings)


def _tick(name: str, zh: str, en: str, *headings: str, kinds: frozenset[UnitKind] = frozenset()) -> UnitField:
    return UnitField(Field(name, zh, en, "tick"), headings, kinds)


def _choice(
    name: str, zh: str, en: str, *headings: str, of: tuple[Option, ...], kinds: frozenset[UnitKind] = frozenset()
) -> UnitField:
    return UnitField(Field(name, zh, en, "choice", options=of), headings, kinds)


_TABLE: Final = (
    # what the unit is: B1-B8, A25
    _tick("attribute.party_committee", "设党委", "party committee",
          "是否设党委", "党委", "是否设基层党委", "设基层党委", "party_committee"),
    _choice("attribute.school_level", "学校类别", "school level",
            "学校类型", "学段", "办学层次", "school_level", "level",
            of=(Option("middle", "中学", "middle"), Option("primary", "小学", "primary")), kinds=_SCHOOL),
    _tick("attribute.larger_school", "规模较大中学", "larger middle school", "规模较大的中学", kinds=_SCHOOL),
    _choice("attribute.party_body", "党组织形式", "form of party body", "党组织类别", "party body",
            of=(Option("branch", "党支部", "branch"), Option("general", "党总支", "general branch"),
                Option("committee", "党委", "committee"))),
    _choice("attribute.joint", "联合或挂靠", "joint or attached", "联合挂靠", "党组织组建方式", "joint",
            of=(Option("own", "单独组建", "of its own"), Option("joint", "联合党组织", "joint"),
                Option("attached", "挂靠党组织", "attached")), kinds=_ORGANISATION),
    _tick("attribute.head_is_member", "负责人是党员", "head is a party member", "负责人是否党员", "head_is_member",
          kinds=_ORGANISATION),
    _tick("attribute.head_is_secretary", "负责人任书记", "head is the secretary", "负责人是否任书记",
          "head_is_secretary", kinds=_ORGANISATION),
    _tick("attribute.problem_village", "难点村", "problem village", "是否难点村", "problem_village", kinds=_VILLAGE),
    _tick("attribute.weak", "软弱涣散", "weak and lax", "是否软弱涣散", "软弱涣散党组织", "weak"),
    # its leading group and its office: C1-C12, B27
    _line("person.responsible", "第一责任人", "responsible person", "责任人", "党组织负责人", "responsible"),
    _line("person.directly_responsible", "直接责任人", "directly responsible",
          "分管领导", "directly responsible person", "directly_responsible"),
    _line("person.liaison", "联络员", "liaison", "联系人", "联络人", "专职联络员"),
    _choice("person.liaison_duty", "联络员专兼职", "liaison's duty", "专兼职", "liaison_duty",
            of=(Option("full", "专职", "full-time"), Option("part", "兼职", "part-time"))),
    _line("person.phone", "联系电话", "phone", "电话", "手机", "手机号", "手机号码", "联系方式", "telephone"),
    _line("person.office", "办公地点", "office room", "办公室地点", "office"),
    _line("person.group_head", "领导小组组长", "head of the leading group", "group_head"),
    _line("person.group_deputies", "领导小组副组长", "deputy heads of the leading group", "group_deputies"),
    _line("person.group_members", "领导小组成员", "members of the leading group", "group_members", most=400),
    _line("person.office_head", "活动办公室主任", "head of the campaign office", "办公室主任", "office_head"),
    _line("person.outside_head", "党外负责人", "head outside the party", "outside_head"),
    # who guides it: C14-C19, D31, C20-C23
    _line("person.instructor", "指导员", "instructor", "指导小组", "指导员姓名"),
    _line("person.instructor_post", "指导员职务", "instructor's post", "指导员单位及职务", "instructor_post"),
    _line("person.instructor_phone", "指导员电话", "instructor's phone", "指导员联系电话", "instructor_phone"),
    _line("person.instructor_from", "指导员派出单位", "instructor sent by", "派出单位", "instructor_from"),
    UnitField(Field("person.instructor_reported_on", "指导员上报日期", "instructor reported on", "day"),
              ("登记上报日期", "上报日期", "instructor_reported_on")),
    _line("person.contact_leader", "联系领导", "contact leader", "联系点领导", "contact_leader"),
    _line("person.contact_post", "联系领导职务", "contact leader's post", "contact_post"),
    # its members: B10, B12-B18, B21
    _number("figure.members", "党员数", "party members", "党员人数", "党员总数", "members"),
    _number("figure.leading", "党员领导干部", "leading cadres", "党员领导干部数", "leading"),
    _number("figure.in_service", "在职党员", "members in service", "在职党员数", "in_service"),
    _number("figure.retired", "离退休党员", "retired members", "离退休党员数", "retired"),
    _number("figure.inflow", "流入党员", "members flowed in", "流入党员数", "inflow"),
    _number("figure.outflow", "流出党员", "members flowed out", "流出党员数", "outflow"),
    _number("figure.away", "外出务工经商党员", "members away for work", "外出党员数", "away"),
    _number("figure.hidden", "隐性口袋党员", "hidden and pocket members", "隐性党员数", "hidden"),
    _number("figure.frail", "年老体弱党员", "old or frail members", "年老卧病党员", "frail"),
    _number("figure.poor", "生活困难党员", "members in hardship", "下岗困难党员", "poor"),
    _number("figure.little_schooling", "文化程度低党员", "members of little schooling", "little_schooling"),
    _number("figure.applicants", "入党积极分子", "applicants for membership", "积极分子", "applicants"),
    # whom it hangs on: A18-A24, C24-C26
    _line("tie.superior", "上级党组织", "superior party organisation", "党组织隶属", "superior"),
    _line("tie.guide_department", "条块指导部门", "guiding department", "业务指导部门", "指导部门", "guide_department"),
    _line("tie.guide_group", "系统指导小组", "guidance group of the line", "guide_group"),
    _line("tie.department", "结对部门", "paired department", "结对区直部门", "结对机关", "department"),
    _line("tie.partners", "结对单位", "paired units", "结对共建单位", "partners", most=400),
)  # fmt: skip

UNIT_FIELDS: Final[Mapping[str, UnitField]] = {each.field.name: each for each in _TABLE}
"""Every field by its name, in the order in which it is listed and asked for."""
FORMER: Final[Mapping[str, str]] = {"person.direct": "person.directly_responsible"}
"""Names under which a field may stand in an old record."""


def unit_field(name: str) -> Field | None:
    """The field of this name: one of the table, or of somebody's own; nothing for what is no such field at all."""
    known = UNIT_FIELDS.get(FORMER.get(name, name))
    return known.field if known is not None else _own(name)


def group_of_field(name: str) -> str:
    """`person` of `person.liaison`; empty for what belongs to none of the groups."""
    group = name.partition(".")[0]
    return group if group in GROUPS and "." in name else ""


def in_order(names: Mapping[str, object], group: str) -> list[str]:
    """Names inside a group, `liaison`, in the table's order, somebody's own behind."""
    known = {name: place for place, name in enumerate(UNIT_FIELDS)}
    return sorted(names, key=lambda name: (known.get(f"{group}.{name}", len(known)), name))


def title_of(name: str) -> str:
    """What people call the field, in the language spoken."""
    field = unit_field(name)
    return name if field is None else pick(field.title, field.title_en)


@lru_cache(1024)
def _own(name: str) -> Field | None:
    group, _, rest = name.partition(".")
    return Field(name, rest, rest, _SORTS[group]) if rest and group in GROUPS else None
