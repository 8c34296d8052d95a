"""Warnings in Vietnamese: every code that is written has a phrase, figures and quoted words are kept."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from schemas import warning_phrases, warning_words

ROOT = Path(__file__).resolve().parents[2]
READERS = ("pipeline/extract", "pipeline/layout", "pipeline/provenance.py")


def _places(trees: list[ast.Module]) -> dict[str, int]:
    """Functions and classes that take a ``code``, and which argument it is."""
    found = {}
    for node in (each for tree in trees for each in ast.walk(tree)):
        if isinstance(node, ast.FunctionDef):
            names = [each.arg for each in node.args.args]
        elif isinstance(node, ast.ClassDef):
            names = [str(each.target.id) for each in node.body if isinstance(each, ast.AnnAssign)]  # type: ignore[union-attr]
        else:
            continue
        if "code" in names:
            found[node.name] = names.index("code")
    return found


def _codes(tree: ast.Module, places: dict[str, int]) -> Iterator[str]:
    """Constants that become codes: arguments of that name, notes of the outline, tables of codes by field."""
    for node in ast.walk(tree):
        values: list[ast.expr] = []
        if isinstance(node, ast.Call):
            place = places.get(node.func.id) if isinstance(node.func, ast.Name) else None
            values = [each.value for each in node.keywords if each.arg == "code"]
            values += node.args[place : place + 1] if place is not None else []
            if isinstance(node.func, ast.Attribute) and ast.unparse(node.func) == "notes.append":
                values += [each.elts[0] for each in node.args if isinstance(each, ast.Tuple)]
        elif isinstance(node, ast.For) and isinstance(node.target, ast.Tuple) and isinstance(node.iter, ast.Tuple):
            names = [ast.unparse(each) for each in node.target.elts]
            rows = [row for row in node.iter.elts if isinstance(row, ast.Tuple)]
            values = [row.elts[names.index("code")] for row in rows] if "code" in names else []
        for value in values:
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                yield value.value


def _files() -> Iterator[Path]:
    for name in READERS:
        path = ROOT / name
        yield from [path] if path.is_file() else path.rglob("*.py")


def test_every_code_has_a_phrase_and_every_phrase_a_code() -> None:
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in _files()]
    written = {code for tree in trees for code in _codes(tree, _places(trees))}
    assert written == set(warning_phrases())


def test_warnings_of_the_samples_are_told_in_vietnamese() -> None:
    told = 0
    for path in (ROOT / "samples" / "golden").rglob("*.json"):
        for warning in json.loads(path.read_text(encoding="utf-8")).get("warnings", ()):
            told += 1
            assert warning_words(warning["code"], warning["message"]).startswith(warning_phrases()[warning["code"]])
    assert len(set(warning_phrases().values())) == len(warning_phrases())


@pytest.mark.parametrize(
    ("code", "message", "words"),
    [
        ("no_items", "no objective was found under the headings", "Không thấy mục tiêu, nhiệm vụ nào"),
        (
            "text_doubtful",
            "task 'Rà soát quy chế' was read with confidence 0.44",
            "Nội dung đọc chưa chắc (độ tin cậy 0,44): “Rà soát quy chế”",
        ),
        (
            "table_row_doubtful",
            "tb1, row 17: 'Quý IH/2026' looks misread",
            "Hàng trong bảng đọc chưa chắc (hàng 17): “Quý IH/2026”",
        ),
        (
            "row_number_gap",
            "tb1: row 9 follows row 2: rows may be lost",
            "Số thứ tự hàng bị nhảy (hàng 9, hàng 2)",
        ),
        ("unit_doubtful", "4 more like these", "Tên đơn vị đọc chưa chắc (còn 4 chỗ như vậy)"),
        (
            "unit_doubtful",
            """units 'Sở Y tế' and "đội 'xung kích'" may be one""",
            "Tên đơn vị đọc chưa chắc: “Sở Y tế”, “đội 'xung kích'”",
        ),
        (
            "signature_doubtful",
            "the signer's name 'Lê Văn' has two syllables only",
            "Chữ ký, chức vụ đọc chưa chắc: “Lê Văn”",
        ),
        (
            "text_doubtful",
            "task 'row 3, confidence 0.99' was read with confidence 0.40",
            "Nội dung đọc chưa chắc (độ tin cậy 0,40): “row 3, confidence 0.99”",
        ),
        ("of_a_later_version", "look at 'this'", "look at 'this'"),
    ],
)
def test_figures_and_quoted_words_are_kept(code: str, message: str, words: str) -> None:
    assert warning_words(code, message) == words


def test_whatever_a_document_says_is_only_quoted() -> None:
    hostile = "{0} {x} %s \\' </b>"
    assert hostile in warning_words("text_doubtful", f"task {hostile!r} was read with confidence 0.10")
