from __future__ import annotations

from pipeline.extract.legal_bases import read_legal_bases
from pipeline.values import Item, Outline, Text
from tests.layout.dumps import PLAN, outline_of


def test_the_bases_of_a_plan_without_its_enacting_clause() -> None:
    found = read_legal_bases(outline_of(PLAN))
    assert [basis.text.split()[0:2] for basis in found] == [["Căn", "cứ"], ["Thực", "hiện"]]
    assert [[c.number for c in basis.citations] for basis in found] == [["08-NQ/TW"], ["15/KH-UBND"]]
    assert all(basis.source is not None for basis in found)


def bases(*paragraphs: str) -> list[str]:
    outline = Outline(tuple(Item(Text(paragraph)) for paragraph in paragraphs), ())
    return [basis.text for basis in read_legal_bases(outline)]


def test_a_basis_without_a_number_is_one_all_the_same() -> None:
    assert bases("Căn cứ Luật Thanh tra năm 2022;") == ["Căn cứ Luật Thanh tra năm 2022;"]


def test_an_enacting_clause_inside_a_basis_stays_with_it() -> None:
    whole = "Thực hiện Kế hoạch số 2/KH-UBND ngày 10/01/2026, Sở Du lịch ban hành Kế hoạch như sau:"
    assert bases(whole) == [whole]


def test_reasons_and_addressees_are_none() -> None:
    assert bases("Kính gửi:", "Để nâng cao chất lượng dịch vụ, Sở Du lịch lập kế hoạch như sau:") == []


def test_other_openings_count_with_a_citation() -> None:
    assert len(bases("Xét đề nghị của Trưởng phòng tại Tờ trình số 12/TTr-QLLH ngày 02/01/2026,")) == 1
    assert bases("Xét đề nghị của Trưởng phòng,") == []


def test_bases_listed_by_bullets() -> None:
    items = (
        Item(Text("Căn cứ:")),
        Item(Text("Luật Du lịch năm 2017;"), "-"),
        Item(Text("Kế hoạch số 2/KH-UBND ngày 10/01/2026;"), "-"),
        Item(Text("Sở Du lịch ban hành Kế hoạch như sau:")),
    )
    assert [basis.text for basis in read_legal_bases(Outline(items, ()))] == [
        "Luật Du lịch năm 2017;",
        "Kế hoạch số 2/KH-UBND ngày 10/01/2026;",
    ]
