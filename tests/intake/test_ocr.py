"""Tesseract behind its protocol."""

from __future__ import annotations

import itertools
import shutil
import stat
from pathlib import Path

import numpy as np
import pytesseract
import pytest

from pipeline.errors import ToolError
from pipeline.intake import ocr
from pipeline.intake.ocr import PSM_CHARACTER, PSM_LINE, TesseractReader, default_reader, parse_tsv
from tests.intake.pages import draw


@pytest.fixture(scope="module")
def reader() -> TesseractReader:
    return default_reader(60)


def line(text: str, bold: bool = False) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return draw([(20, 20, text)], dpi=200, page=(420, 60), bold=[text] if bold else [])


def test_words_come_with_boxes_and_confidences(reader: TesseractReader) -> None:
    words = reader.read(line("Kế hoạch triển khai năm 2026"), dpi=200, psm=PSM_LINE)
    assert " ".join(word.text for word in words) == "Kế hoạch triển khai năm 2026"
    assert all(0.5 < word.confidence <= 1 for word in words)
    assert all(a.x1 <= b.x0 for a, b in itertools.pairwise(words))
    assert {word.line for word in words} == {words[0].line}


def test_many_pictures_keep_their_order_and_empty_ones_their_place(reader: TesseractReader) -> None:
    blank = np.full((60, 200), 255, np.uint8)
    tiny = np.zeros((3, 3), np.uint8)
    pictures = [line("Phòng Kế hoạch"), blank, tiny, line("Văn phòng Sở")]
    texts = [" ".join(w.text for w in words) for words in reader.read_many(pictures, dpi=200, psm=PSM_LINE)]
    assert texts == ["Phòng Kế hoạch", "", "", "Văn phòng Sở"]
    assert reader.read_many([]) == []


def test_each_picture_is_read_in_the_first_of_its_modes_that_gives_words(reader: TesseractReader) -> None:
    pictures = [line("Phòng Kế hoạch"), np.full((60, 200), 255, np.uint8), line("7")]
    modes = (PSM_LINE, PSM_CHARACTER)
    texts = [" ".join(w.text for w in words) for words in reader.read_each(pictures, modes, dpi=200)]
    assert texts == ["Phòng Kế hoạch", "", "7"]
    assert reader.read_each([], modes) == []


def test_a_model_name_cannot_smuggle_options() -> None:
    for name in ("vie --oem 0", "-l", "", "vie;ls", "vie+eng -c x=y"):
        with pytest.raises(ValueError, match="not the name"):
            TesseractReader(name)


def test_a_missing_binary_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pytesseract.pytesseract, "tesseract_cmd", "tesseract-that-is-not-there")
    with pytest.raises(ToolError, match="not installed") as caught:
        TesseractReader("vie").read(line("Kế hoạch"))
    assert "tesseract-ocr-vie" in caught.value.remedy
    ocr.installed_models.cache_clear()
    with pytest.raises(ToolError, match="not installed"):
        default_reader()
    ocr.installed_models.cache_clear()


def test_a_model_that_is_not_installed_is_named_as_the_cause() -> None:
    with pytest.raises(ToolError, match="Tesseract failed"):
        TesseractReader("nosuchmodel").read(line("Kế hoạch"))


def test_a_hanging_engine_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = tmp_path / "tesseract"
    fake.write_text("#!/bin/sh\nexec sleep 60\n")
    fake.chmod(fake.stat().st_mode | stat.S_IEXEC)
    monkeypatch.setattr(pytesseract.pytesseract, "tesseract_cmd", str(fake))
    with pytest.raises(ToolError, match="longer than 0.5 s"):
        TesseractReader("vie", seconds=0.5).read(line("Kế hoạch"))


def test_the_engine_runs_with_one_thread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OMP_THREAD_LIMIT", raising=False)
    fake = tmp_path / "tesseract"
    real = shutil.which("tesseract")
    fake.write_text(f'#!/bin/sh\necho "$OMP_THREAD_LIMIT" > {tmp_path}/limit\nexec {real} "$@"\n')
    fake.chmod(fake.stat().st_mode | stat.S_IEXEC)
    monkeypatch.setattr(pytesseract.pytesseract, "tesseract_cmd", str(fake))
    TesseractReader("vie").read(line("Kế hoạch"))
    assert (tmp_path / "limit").read_text().strip() == "1"


def test_tsv_of_two_pages() -> None:
    rows = [
        "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext",
        "1\t1\t0\t0\t0\t0\t0\t0\t100\t50\t-1\t",
        '5\t1\t1\t1\t1\t1\t5\t6\t20\t10\t96.5\t"So',
        "5\t1\t1\t1\t1\t2\t30\t6\t20\t10\t-1\t ",
        "5\t2\t1\t1\t1\t1\t7\t8\t20\t10\t101\ttên",
        "5\t9\t1\t1\t1\t1\t7\t8\t20\t10\t90\tlạc",
        "broken",
    ]
    first, second = parse_tsv("\n".join(rows), 2)
    assert [(w.text, w.x0, w.y1, w.confidence) for w in first] == [('"So', 5, 16, 0.965)]
    assert [(w.text, w.confidence) for w in second] == [("tên", 1.0)]
    assert first[0].line != second[0].line
