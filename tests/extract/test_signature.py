from __future__ import annotations

import pytest

from pipeline.extract.signature import joint_signers, read_name, read_signature, read_signatures
from pipeline.values import PlacedWord, Text


def signature(*lines: str) -> tuple[str | None, str | None, str | None]:
    found = read_signature([Text(line) for line in lines])
    assert found is not None
    return found.capacity, found.position, found.name


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["GIÁM ĐỐC", "Trần Thị Mây"], (None, "GIÁM ĐỐC", "Trần Thị Mây")),
        (["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "Lê Văn An"], ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "Lê Văn An")),
        (["KT.GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "Lê Văn An"], ("KT.GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "Lê Văn An")),
        (["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "Lê Văn An"], ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "Lê Văn An")),
        (["TL. GIÁM ĐỐC", "CHÁNH VĂN PHÒNG", "Lê Văn An"], ("TL. GIÁM ĐỐC", "CHÁNH VĂN PHÒNG", "Lê Văn An")),
        (["TUQ. GIÁM ĐỐC", "TRƯỞNG PHÒNG", "Lê Văn An"], ("TUQ. GIÁM ĐỐC", "TRƯỞNG PHÒNG", "Lê Văn An")),
        (["Q. GIÁM ĐỐC", "Lê Văn An"], (None, "Q. GIÁM ĐỐC", "Lê Văn An")),
        (["GIÁM ĐỐC"], (None, "GIÁM ĐỐC", None)),
        (
            ["TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "CHỦ TỊCH", "Lê Văn An"],
            ("TM. ỦY BAN NHÂN DÂN", "PHÓ CHỦ TỊCH", "Lê Văn An"),
        ),
        (["T/M BAN ỜNG VỤ", "BÍ THƯ", "Lê Văn An"], ("T/M BAN THƯỜNG VỤ", "BÍ THƯ", "Lê Văn An")),
        (
            ["TL. GIÁM ĐỐC", "TRƯỞNG PHÒNG LỮ HÀNH", "Lê Văn An"],
            ("TL. GIÁM ĐỐC", "TRƯỞNG PHÒNG LỮ HÀNH", "Lê Văn An"),
        ),
        (["TL. GIÁM ĐỐC", "TRỎNG HNG LU", "Lê Văn An"], ("TL. GIÁM ĐỐC", None, "Lê Văn An")),
        (["GIÁM ĐỐC", "SỞ DU LỊCH", "Lê Văn An"], (None, "GIÁM ĐỐC", "Lê Văn An")),
    ],
)
def test_who_signed_in_what_capacity(lines: list[str], expected: tuple[str | None, ...]) -> None:
    assert signature(*lines) == expected


def test_broken_titles_and_seal_noise() -> None:
    assert signature("GIÁM ĐÓỎC", "s2 ÖÀ", "ˆ", "Lê Văn An") == (None, "GIÁM ĐỐC", "Lê Văn An")
    assert signature("730e ASFAM ĐỌC", "Lê Văn An")[1] == "GIÁM ĐỐC"


def test_a_deputy_signs_for_the_head_however_the_sign_was_read() -> None:
    assert signature("VT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "Lê Văn An") == ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "Lê Văn An")


def test_nobody_signs_for_himself() -> None:
    assert signature("KT. GIÁM ĐỐC", "GIÁM ĐỐC", "Lê Văn An")[1] == "PHÓ GIÁM ĐỐC"


def test_several_signers_in_order() -> None:
    found = read_signatures(
        [Text(line) for line in ["GIÁM ĐỐC", "Trần Thị Mây", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", "Lê Văn An"]]
    )
    assert [(s.capacity, s.position, s.name) for s in found] == [
        (None, "GIÁM ĐỐC", "Trần Thị Mây"),
        ("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", "Lê Văn An"),
    ]


def test_joint_signers_side_by_side() -> None:
    right = ["KT. GIÁM ĐỐC", "SỞ DU LỊCH", "PHÓ GIÁM ĐỐC", "Lê Văn An"]
    left = ["GIÁM ĐỐC", "SỞ Y TẾ", "Trần Thị Mây", "Nơi nhận:", "- UBND tỉnh;"]
    found = read_signatures([Text(line) for line in right], beside=[Text(line) for line in left])
    assert [(s.capacity, s.position, s.name) for s in found] == [
        ("KT. GIÁM ĐỐC SỞ DU LỊCH", "PHÓ GIÁM ĐỐC", "Lê Văn An"),
        (None, "GIÁM ĐỐC SỞ Y TẾ", "Trần Thị Mây"),
    ]
    assert len(joint_signers([Text(line) for line in left])) == 3
    assert not joint_signers([Text("Nơi nhận:"), Text("- Giám đốc Sở;")])


def test_a_digital_stamp_goes_with_the_signer_or_stands_alone() -> None:
    stamp = Text("Ký bởi: SỞ DU LỊCH")
    found = read_signature([Text("GIÁM ĐỐC")], stamp)
    assert found is not None and (found.position, found.digital) == ("GIÁM ĐỐC", "Ký bởi: SỞ DU LỊCH")
    alone = read_signature([], stamp)
    assert alone is not None and alone.position is None and alone.digital == "Ký bởi: SỞ DU LỊCH"


def test_without_a_signature_there_is_none() -> None:
    assert read_signature([]) is None
    assert read_signature([Text("ˆ"), Text("25s No")]) is None


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("Nguyễn Thị Minh Khai", "Nguyễn Thị Minh Khai"),
        ("BS.CKII. Hoàng Minh Đức", "Hoàng Minh Đức"),
        ("HàĐứcThạch", "Hà Đức Thạch"),
        ("HAĐứcThạch", "Hà Đức Thạch"),
        ("nguyễn Minh Tâm", "Nguyễn Minh Tâm"),
        ("xã Minh Tâm", None),
        ("Lê Văn An.", "Lê Văn An"),
        ("GIÁM ĐỐC SỞ", None),
        ("Đã ký", None),
        ("Trương Dps", None),
        ("H Yên Niê", "H Yên Niê"),
    ],
)
def test_names(printed: str, name: str | None) -> None:
    found = read_name(Text(printed))
    assert (found.string if found else None) == name


@pytest.mark.parametrize(
    ("lines", "issuer", "expected"),
    [
        (["ET. GIÁM ĐÓC", "ĐỚC", "Lê Văn An"], "Sở Y tế", ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC")),
        (["BỘ TRƯỞNG", "z TRƯỞNG", "Lê Văn An"], "Bộ Công Thương", ("KT. BỘ TRƯỞNG", "THỨ TRƯỞNG")),
        (["GIÁM ĐỐC", "GIÁM ĐỐC", "Lê Văn An"], "Sở Y tế", ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC")),
        (["lÓ GIẮM ĐỘC", "Lê Văn An"], "Sở Y tế", (None, "PHÓ GIÁM ĐỐC")),
        (["tỤC TRƯỞNG", "Lê Văn An"], "Chi cục Kiểm lâm", (None, "CHI CỤC TRƯỞNG")),
        (["tỤC TRƯỞNG", "Lê Văn An"], "Sở Y tế", (None, None)),
        (["TRƯỞNG PHÒNG", "Lê Văn An"], "Phòng Tư pháp", (None, "TRƯỞNG PHÒNG")),
        (["KT. GIÁM ĐỐC", "ĐỚC", "Lê Văn An"], "Sở Y tế", ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC")),
        (["TL. GIÁM ĐỐC", "ĐỚC", "Lê Văn An"], "Sở Y tế", ("TL. GIÁM ĐỐC", None)),
    ],
)
def test_broken_titles_are_read_by_what_heads_the_issuer_have(
    lines: list[str], issuer: str, expected: tuple[str | None, str | None]
) -> None:
    found = read_signature([Text(line) for line in lines], issuer=issuer)
    assert found is not None
    assert (found.capacity, found.position) == expected


def test_what_was_concluded_is_less_sure() -> None:
    def confidence(*lines: str) -> float:
        words = [Text(line, (PlacedWord(0, len(line), 1, None, 0.9, line),)) for line in lines]
        found = read_signature(words, issuer="Sở Y tế")
        assert found is not None and found.source is not None
        return found.source.confidence

    assert confidence("GIÁM ĐỐC", "Lê Văn An") == 0.9
    assert confidence("I Ắ M ĐỐC", "Lê Văn An") < 0.6
    assert confidence("lÓ GIẮM ĐỘC", "Lê Văn An") < 0.6


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ([("Lâm", 0.96), ("ai", 0.65), ("Quốc", 0.96), ("Z", 0.2), ("Trạch", 0.97)], "Lâm Quốc Trạch"),
        ([("Cao", 0.9), ("T1", 0.8), ("Mỹ", 0.9), ("Duyên", 0.9)], "Cao Thị Mỹ Duyên"),
        ([("Bùi", 0.9), ("7hanh", 0.8), ("Lộc", 0.9)], "Bùi Thanh Lộc"),
        ([("PHÓ", 0.9), ("7P", 0.5), ("BAN", 0.9), ("LỄ", 0.9)], None),
        ([("Mưa", 0.9), ("ai", 0.3), ("Rơi", 0.9), ("Xuống", 0.9)], None),
    ],
)
def test_a_name_under_the_seal_is_concluded_with_half_its_confidence(
    words: list[tuple[str, float]], name: str | None
) -> None:
    string, placed = "", []
    for word, confidence in words:
        string += " " if string else ""
        placed.append(PlacedWord(len(string), len(string) + len(word), 1, None, confidence, word))
        string += word
    found = read_signature([Text("TM. ỦY BAN NHÂN DÂN"), Text(string, tuple(placed))])
    assert found is not None and found.name == name
    assert name is None or (found.source is not None and found.source.confidence < 0.6)


def test_a_standing_deputy_is_known_though_a_pen_broke_the_line() -> None:
    assert signature("K/T TRƯỞNG BAN", 'PHÓ TP""” BAN THƯỜNG TRỰC')[1] == "PHÓ TRƯỞNG BAN THƯỜNG TRỰC"
