"""Responsibilities: which unit is charged with which duties in the implementation chapter.

Reads sections of role ``implementation``: headings that name a unit with duties under them ("5.1. Sở Y tế"),
statements that open with one ("1. Giao Văn phòng Sở chủ trì …"), bullets that open with a department's name inside
another body's section, and closing paragraphs that assign something to a body of units.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from pipeline.extract.abbreviations import canonical_name
from pipeline.extract.context import PlanContext
from pipeline.extract.deadlines import find_deadlines
from pipeline.extract.leaves import Leaf, leaves, points_elsewhere
from pipeline.extract.units import OpeningUnit, joint_unit, opening_unit
from pipeline.knowledge.labels import label_key
from pipeline.values import Outline, Section, Text
from schemas import Duty, Responsibility, Source, UnitRef

_FORMULAS = (
    "tren day la", "trong qua trinh", "qua trinh trien khai", "ke hoach nay thay the", "ke hoach nay co hieu luc",
    "can cu ke hoach nay de nghi", "yeu cau thu truong", "de nghi thu truong", "nhan duoc ke hoach",
)  # fmt: skip
# behind the closing "./.": "… nghiêm túc triển khai thực hiện./.", "Kế hoạch này phổ biến đến …./."
_EXHORTS = re.compile(
    r"nghiêm túc|khẩn trương|phổ biến đến|(?:kế hoạch|công văn|chỉ thị) này|(?:phối hợp|triển khai|tổ chức|quan tâm)"
    r"(?: (?:phối hợp|triển khai|tổ chức|chỉ đạo))* thực hiện\W*$",
    re.IGNORECASE,
)
# whom to ask, said behind it: "…; mọi vướng mắc liên hệ Phòng Nghiệp vụ Y, điện thoại …./."
_CONTACT = re.compile(
    r"[;.,]\s+(?:mọi|nếu|khi|trong quá trình|quá trình|thông tin|chi tiết|đầu mối)\b[^;]{0,200}?"
    r"\b(?:liên hệ|phản ánh|trao đổi|điện thoại)\b.*$",
    re.IGNORECASE | re.DOTALL,
)
_ADDRESS = re.compile(
    r"(?:Trên cơ sở|Căn cứ|(?:Ngay )?(?:Sau )?(?:Khi )?nhận được)\b.{0,160}?[,;]\s*"
    r"(?:đề nghị\s+|yêu cầu\s+|giao\s+)?(?=[^\W\d_])",
    re.IGNORECASE | re.DOTALL,
)
# a time in front of who acts: "Hằng quý, các đơn vị báo cáo …", "Trước ngày 15/6, các trường gửi …"
_WHEN = re.compile(
    r"(?:Hằng|Hàng|Định kỳ|Trước|Chậm nhất|Trong|Từ|Đến|Sau khi|Khi|Kết thúc)\b[^,;.]{1,60}?(?:,\s*|\s(?=các\s))"
    r"(?=[^\W\d_])",
    re.IGNORECASE,
)
_REQUEST = re.compile(r"(?:Đề nghị|Yêu cầu|đề nghị|yêu cầu)\s+(?=[^\W\d_])")
_ASKED = re.compile(r"(?:^|[.;,]\s+(?:[^\W\d_]+\s+){0,7})(?:đề nghị|yêu cầu)\s+", re.IGNORECASE)
_PERSON = re.compile(
    r"(?:truong|pho|thu ky|thanh vien|dong chi|dieu duong truong|to truong|lanh dao|can bo|nguoi)\b(?! (?:thon|ap|cac))"
)
_LONGEST_NAME = 14  # words of a heading that may still be a body's name
_MATTERS = re.compile(
    r"(?:chế độ|công tác|phân công|kinh phí|tiến độ|thời gian|giải pháp|kiểm tra|giám sát|theo dõi|báo cáo|tổ chức|"
    r"thông tin|"
    r"nguồn lực|nhiệm vụ|nội dung|lộ trình|khen thưởng|sơ kết|tổng kết|triển khai|điều khoản|một số)\b",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Charge:
    """A responsibility while it grows."""

    unit: UnitRef
    label: str | None
    source: Text
    duties: list[Leaf] = field(default_factory=list)


def read_responsibilities(outline: Outline, plan: PlanContext) -> list[Responsibility]:
    """Every responsibility, ids "r1" …, duties "d1" … through the document."""
    charges: list[_Charge] = []
    for section in outline.sections:
        _walk(section, _named_unit(section, plan), plan, None, charges)
    result: list[Responsibility] = []
    count = 0
    for charge in charges:
        if not charge.duties:
            continue
        duties = []
        for leaf in charge.duties:
            count += 1
            duties.append(_duty(f"d{count}", leaf, plan))
        sources = charge.source.sources()
        result.append(
            Responsibility(
                id=f"r{len(result) + 1}",
                unit=charge.unit,
                label=charge.label,
                duties=duties,
                source=sources[0] if sources else None,
                sources=sources,
            )
        )
    return result


def _duty(item_id: str, leaf: Leaf, plan: PlanContext) -> Duty:
    sources: list[Source] = leaf.text.sources()
    return Duty(
        id=item_id,
        text=leaf.text.string,
        context=leaf.context.string if leaf.context else None,
        deadlines=find_deadlines(leaf.text, plan.year, earliest=plan.issued_on),
        source=sources[0] if sources else None,
        sources=sources,
    )


def _named_unit(section: Section, plan: PlanContext) -> UnitRef | None:
    """The unit that the section's title names."""
    return joint_unit(section.title, plan.lore) if section.title else None


def _walk(
    section: Section, unit: UnitRef | None, plan: PlanContext, owner: _Charge | None, charges: list[_Charge]
) -> None:
    """Hand the leaves of a section to the unit that its heading or statement names, else to the unit above.

    ``unit`` is the one that its title names.
    """
    if section.role == "implementation":
        own = _heading_charge(section, unit, plan)
        if own is not None:
            charges.append(own)
            owner = own
        _own_items(section, plan, owner, charges, own is not None)
    elif any(item.closing for item in section.items):
        _own_items(section, plan, None, charges, named=False, only_closing=True)
    children = section.children
    charging = any(child.role == "implementation" for child in children)
    units = [_named_unit(child, plan) if charging else None for child in children]
    headed = [bool(c.title and c.content and not _MATTERS.match(c.title.string)) for c in children]
    mostly_units = 2 * sum(h and u is not None for h, u in zip(headed, units, strict=True)) >= sum(headed)
    for child, is_headed, named_unit in zip(children, headed, units, strict=True):
        if charging and mostly_units and is_headed and named_unit is None:
            named = _unknown_body(child, plan)
            if named is not None:
                charges.append(named)
                _own_items(child, plan, named, charges, named=True)
                for grandchild in child.children:
                    _walk(grandchild, _named_unit(grandchild, plan), plan, named, charges)
                continue
        _walk(child, named_unit, plan, owner, charges)


def _unknown_body(section: Section, plan: PlanContext) -> _Charge | None:
    """A heading among headings of units is one too, though its first word is no known organ ("Công chức Địa chính")."""
    title = section.title.string.strip(" .:")
    if section.role != "implementation" or len(title.split()) > _LONGEST_NAME or _MATTERS.match(title):
        return None
    name = canonical_name(re.sub(r"^(?:Giao|Đối với|Trách nhiệm của)\s+", "", title), plan.lore)
    sources = section.title.sources()
    unit = UnitRef(name=name, parent=None, text=title, source=sources[0] if sources else None)
    return _Charge(unit, section.label, section.title)


def _heading_charge(section: Section, unit: UnitRef | None, plan: PlanContext) -> _Charge | None:
    """The unit named by the section's title (``unit``), or by the statement it consists of."""
    if section.title:
        return _Charge(unit, section.label, section.title) if unit else None
    if section.statement and section.items:
        text = section.items[0].text
        found = opening_unit(text, plan.lore)
        if found is None and not _is_formula(text.string):
            found = _opening_behind(text, plan, (_ADDRESS, _WHEN))
        return _Charge(found.unit, section.label, text) if found else None
    return None


def _own_items(
    section: Section,
    plan: PlanContext,
    owner: _Charge | None,
    charges: list[_Charge],
    named: bool,
    only_closing: bool = False,
) -> None:
    bare = replace(
        section, content=tuple(replace(c, content=()) if isinstance(c, Section) else c for c in section.content)
    )
    own = leaves(bare, frozenset({section.role}))
    own = [leaf for leaf in own if (leaf.closing or not only_closing) and not _is_pointer(leaf.text)]
    introduced: _Charge | None = None
    for k, leaf in enumerate(own):
        if named and section.statement and k == 0 and owner is not None:
            owner.duties.append(leaf)
            continue
        if introduced is None or leaf.context != introduced.source:
            introduced = _introduced_charge(leaf, plan, owner)
            if introduced is not None:
                charges.append(introduced)
        if introduced is not None:
            introduced.duties.append(replace(leaf, context=None))
            continue
        charge = _leaf_charge(leaf, plan, owner, top=owner is None or leaf.closing)
        if charge is not None:
            charge.duties.append(leaf)
            charges.append(charge)
        elif owner is not None and not leaf.closing and not _is_formula(leaf.text.string):
            owner.duties.append(leaf)


def _introduced_charge(leaf: Leaf, plan: PlanContext, owner: _Charge | None) -> _Charge | None:
    """The unit that introduces the leaf on a line of its own ("* Phòng Nghiệp vụ Y:")."""
    if leaf.context is None:
        return None
    name = leaf.context.slice(0, len(leaf.context.string.rstrip(" :")))
    if len(name.string.split()) > _LONGEST_NAME or _MATTERS.match(name.string):
        return None
    unit = joint_unit(name, plan.lore)
    return _Charge(unit, None, leaf.context) if unit is not None and _is_department(unit, owner) else None


def _leaf_charge(leaf: Leaf, plan: PlanContext, owner: _Charge | None, *, top: bool) -> _Charge | None:
    """The unit that a bullet or paragraph names for itself, none where it is a duty of the unit above it."""
    string = leaf.text.string
    if _is_formula(string):
        return _asked_by_date(leaf, plan) if leaf.closing else None
    found = opening_unit(leaf.text, plan.lore)
    if found is not None and (top or _is_department(found.unit, owner)):
        rest = string[found.end :].strip()
        if rest and rest[:1] not in ".;":
            return _Charge(found.unit, None, leaf.text)
    if top:
        return _addressed(leaf, plan)
    return None


def _addressed(leaf: Leaf, plan: PlanContext) -> _Charge | None:
    """ "Trên cơ sở Kế hoạch này, các cơ quan, đơn vị chủ động …": a closing paragraph that charges a body of units."""
    found = _opening_behind(leaf.text, plan, (_ADDRESS, _REQUEST, _WHEN))
    return _Charge(found.unit, None, leaf.text) if found is not None else None


def _asked_by_date(leaf: Leaf, plan: PlanContext) -> _Charge | None:
    """ "Trên đây là Kế hoạch …, đề nghị các đơn vị báo cáo … trước ngày 05/12.": a formula that charges a body."""
    for match in _ASKED.finditer(leaf.text.string):
        asked = leaf.text.slice(match.end())
        found = opening_unit(asked, plan.lore)
        if found is not None and any(d.due or d.rrule for d in find_deadlines(asked, plan.year)):
            return _Charge(found.unit, None, leaf.text)
    return None


def _opening_behind(text: Text, plan: PlanContext, patterns: tuple[re.Pattern[str], ...]) -> OpeningUnit | None:
    """The unit right behind an opening that one of the patterns knows."""
    for pattern in patterns:
        match = pattern.match(text.string)
        if match is not None and (found := opening_unit(text.slice(match.end()), plan.lore)) is not None:
            return found
    return None


def _is_department(unit: UnitRef, owner: _Charge | None) -> bool:
    """Whether a bullet's unit is a body of its own inside the owner's section, not the owner under another word."""
    if owner is None:
        return True
    mine, theirs = label_key(unit.name), label_key(owner.unit.name)
    if mine == theirs or mine in theirs or theirs in mine:
        return False
    if _PERSON.match(mine):  # "Trưởng đoàn phân công …": somebody inside the body above
        return False
    general = {"don vi", "cac don vi", "co quan don vi", "cac co quan don vi", "co quan"}
    return mine not in general


def _is_pointer(text: Text) -> bool:
    """ "(Chi tiết tại Phụ lục kèm theo)": a remark of its own in brackets."""
    return text.string.startswith("(") and points_elsewhere(text)


def _is_formula(string: str) -> bool:
    key = label_key(string[:80])
    if key.startswith(_FORMULAS):
        return True
    if not string.rstrip().endswith("/."):
        return False
    asked = _CONTACT.sub("", string)
    return _EXHORTS.search(asked) is not None and not re.search(r"\d/\d", asked)
