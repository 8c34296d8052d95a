"""Every sentence by which a document can fail has a Vietnamese one, whoever adds it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.batch.failures import HOLE, known_sentences, reason_words, remedy_words
from pipeline.errors import InputError, InternalError, LimitError, ToolError

PIPELINE = Path(__file__).resolve().parents[2] / "pipeline"
RAISED = {"InputError", "LimitError", "ToolError", "OutputError", "_refused"}
FILES = sorted([*PIPELINE.glob("intake/*.py"), *PIPELINE.glob("batch/*.py"), PIPELINE / "reading.py"])


def sentences(path: Path) -> Iterator[tuple[str, str]]:
    """Reasons and remedies that stand in the calls by which errors are made; what differs is a hole."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in RAISED:
            first, *others = node.args[node.func.id == "_refused" :]
            yield "reasons", text(first)
            for given in (*others, *(keyword.value for keyword in node.keywords if keyword.arg == "remedy")):
                yield "remedies", text(given)


def text(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else HOLE for part in node.values)  # type: ignore[misc]
    return ""  # a name, whose sentence stands elsewhere


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_sentence_of_the_program_is_in_the_table(path: Path) -> None:
    table = {"reasons": known_sentences("reasons"), "remedies": known_sentences("remedies")}
    assert [each for part, each in sentences(path) if each and each not in table[part]] == []


def test_the_program_has_sentences() -> None:
    assert sum(1 for path in FILES for _ in sentences(path)) > 60


def test_figures_and_names_are_kept() -> None:
    error = LimitError("has 3,000 pages, more than max_pages = 2000", remedy="raise max_pages, or split the file")
    assert reason_words(error) == "có 3,000 trang, quá giới hạn max_pages = 2000"
    assert remedy_words(error) == "tăng max_pages hoặc tách tệp"
    assert reason_words(InputError("is not complete: {0} {x}.part lies beside it")).endswith(
        "còn {0} {x}.part bên cạnh"
    )


def test_the_sentence_that_says_more_goes_first() -> None:
    unread = ToolError("Tesseract failed, with a message that cannot be read")
    assert reason_words(unread) == "Tesseract bị lỗi, không rõ lý do"


def test_a_sentence_that_is_not_known_gets_the_words_of_its_kind() -> None:
    assert "lỗi của chương trình" in reason_words(InternalError("ZeroDivisionError at x.py:3: a defect"))
    assert remedy_words(InputError("x", remedy="do something new")) == ""
