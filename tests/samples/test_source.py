"""The samples' own material: sources, golden answers and what is printed agree."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pdfplumber
import pytest

from samples.answers import golden
from samples.plan_source import SourceError, read_source
from schemas.plan import PlanDocument

SAMPLES = Path(__file__).parents[2] / "samples"
NAMES = sorted(path.stem for path in (SAMPLES / "source").glob("*.md"))

MINIMAL = """+++
shape = "test"
to = []
[header]
document_number = "1/KH-SNV"
[signed]
name = "Tô Hạ Nguyên Khôi"
+++
"""


def answer(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((SAMPLES / "golden" / f"{name}.json").read_text(encoding="utf-8"))
    return loaded


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def without_places(value: Any) -> Any:
    """The answer without what is known only after typesetting: boxes of items and pages of tables."""
    if isinstance(value, dict):
        return {k: without_places(v) for k, v in value.items() if k not in ("source", "sources") and (k != "pages")}
    return [without_places(entry) for entry in value] if isinstance(value, list) else value


def written(tmp_path: Path, body: str) -> Path:
    path = tmp_path / "plan.md"
    path.write_text(MINIMAL + body, encoding="utf-8")
    return path


def test_three_shapes_are_there() -> None:
    assert NAMES == ["cai-cach-hanh-chinh", "chuyen-doi-so", "truong-hoc-an-toan"]


@pytest.mark.parametrize("name", NAMES)
def test_golden_answer_is_valid_under_the_contract(name: str) -> None:
    document = PlanDocument.model_validate(answer(name))
    assert document.tasks
    assert document.objectives
    assert document.responsibilities


@pytest.mark.parametrize("name", NAMES)
def test_golden_answer_is_of_the_committed_scan(name: str) -> None:
    facts = answer(name)["source"]
    scan = SAMPLES / facts["file"]
    assert hashlib.sha256(scan.read_bytes()).hexdigest() == facts["sha256"]
    with pdfplumber.open(scan) as pdf:
        assert len(pdf.pages) == facts["pages"] == len(facts["page_text"])
        assert not any(page.chars for page in pdf.pages)


@pytest.mark.parametrize("name", NAMES)
def test_golden_answer_follows_from_its_source(name: str) -> None:
    committed = answer(name)
    made = golden(read_source(SAMPLES / "source" / f"{name}.md"), committed["source"])
    assert without_places(made) == without_places(committed)


@pytest.mark.parametrize("name", NAMES)
def test_registers_name_every_unit_and_deadline_once(name: str) -> None:
    document = PlanDocument.model_validate(answer(name))
    owners = {item.id: item for _, item in document.items()}
    assert len(owners) == sum(1 for _ in document.items())
    owned = [(item_id, deadline.text, deadline.kind) for item_id, item in owners.items() for deadline in item.deadlines]
    assert sorted(owned) == sorted((entry.item_id, entry.text, entry.kind) for entry in document.deadlines)
    named = [unit.name for task in document.tasks for unit in task.lead_units + task.coordinating_units]
    named += [entry.unit.name for entry in document.responsibilities]
    bare = {re.sub(r"^các ", "", unit.casefold()) for unit in named}
    assert sorted(bare) == sorted(re.sub(r"^các ", "", unit.name.casefold()) for unit in document.units)
    assert all(item_id in owners for unit in document.units for item_id in unit.item_ids)


@pytest.mark.parametrize("name", NAMES)
def test_every_annotation_quotes_what_is_printed(name: str) -> None:
    """A deadline's text and a unit's printed form stand in the item they belong to, or in the lines right below it."""
    source = read_source(SAMPLES / "source" / f"{name}.md")
    for block in source.blocks:
        quotes = [fields[1] for fields in block.values("due")]
        for word in ("lead", "with", "unit"):
            quotes += [fields[2] if len(fields) > 2 else fields[0] for fields in block.values(word)]
        for quote in quotes:
            assert quote in block.text.replace("<br>", " "), f"{quote!r} is not printed in {block.text[:60]!r}"
        for fields in block.values("cite"):
            assert fields[1] in block.text


@pytest.mark.parametrize("name", NAMES)
def test_typeset_page_carries_the_golden_texts(name: str, tmp_path: Path) -> None:
    typesetting = pytest.importorskip("samples.typeset", reason="needs reportlab")
    pdf = tmp_path / "plan.pdf"
    try:
        typesetting.typeset(read_source(SAMPLES / "source" / f"{name}.md"), pdf)
    except typesetting.FontError as error:
        pytest.skip(str(error))
    with pdfplumber.open(pdf) as pages:
        black = [page.filter(lambda drawn: not any(drawn.get("non_stroking_color") or ())) for page in pages.pages]
        left = [page.crop((0, 0, page.width * 0.53, page.height)) for page in black]  # the column of recipients
        printed = squeezed("".join(re.sub(r"^\d+\n", "", page.extract_text()) for page in black + left))
    plan = PlanDocument.model_validate(answer(name))
    texts = [basis.text for basis in plan.legal_bases] + [plan.header.title or "", plan.header.document_number or ""]
    texts += [text for section in plan.walk_sections() for text in (section.title, *section.paragraphs)]
    texts += [cell for table in plan.tables for row in table.rows for cell in row if len(cell) < 12]
    texts += [recipient.name for recipient in plan.recipients]
    for text in texts:
        assert squeezed(text) in printed, text


def test_layered_scan_has_hidden_garbled_words_over_the_same_pictures() -> None:
    with (
        pdfplumber.open(SAMPLES / "chuyen-doi-so-layered.pdf") as layered,
        pdfplumber.open(SAMPLES / "chuyen-doi-so.pdf") as plain,
    ):
        assert len(layered.pages) == len(plain.pages)
        text = layered.pages[0].extract_text()
        assert "37/KH-SVHTTDL" in text
        assert "chuyển đổi số" not in text
        assert layered.pages[0].images[0]["srcsize"] == plain.pages[0].images[0]["srcsize"]


def test_dump_parts_pages_by_form_feeds() -> None:
    pages = (SAMPLES / "chuyen-doi-so-dump.txt").read_text(encoding="utf-8").split("\f")
    assert len(pages) == answer("chuyen-doi-so")["source"]["pages"]
    assert "2.1. Nam 2026" in pages[1]


def test_committed_scans_stay_small() -> None:
    assert sum(path.stat().st_size for path in SAMPLES.glob("*.pdf")) < 6_000_000


def test_prefix_labels_fall_out_of_paths_and_statements_become_tasks(tmp_path: Path) -> None:
    body = (
        "# III. NHIỆM VỤ\n@role tasks\n## 1. Việc đầu\n### 1.1. Làm đường.\n@statement\n* Chủ trì: Sở A.\n@lead Sở A\n"
    )
    plan = golden(read_source(written(tmp_path, body)), {})
    (task,) = plan["tasks"]
    assert (task["number"], task["section"], task["group"]) == ("1.1", "III.1.1", "Việc đầu")
    assert [unit["name"] for unit in task["lead_units"]] == ["Sở A"]
    assert plan["sections"][0]["children"][0]["children"][0]["title"] == ""


def test_annotation_above_the_first_block_names_file_and_line(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"plan\.md, line 9"):
        read_source(written(tmp_path, "@role tasks\n"))


def test_attribute_line_without_a_task_is_an_error(tmp_path: Path) -> None:
    source = read_source(written(tmp_path, "# I. MỤC TIÊU\n@role objectives\n* Chủ trì: Sở A.\n@lead Sở A\n"))
    with pytest.raises(ValueError, match="no task above"):
        golden(source, {})
