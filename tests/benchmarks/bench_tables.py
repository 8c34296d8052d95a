"""Cells of tables beside those of other free programs, on the same scans in one run; and what reading a page costs.

    python -m tests.benchmarks.bench_tables --shared FOLDER [--peers PYTHON] [--only PATTERN] [--no-cost]

FOLDER holds ``cases/`` and ``score.py``. The other programs are no dependency: they stand in an environment of their
own, whose interpreter ``--peers`` names (or KEHOACH_PEERS):

    python3 -m venv peers && peers/bin/pip install img2table ocrmypdf "camelot-py[base]" opencv-python-headless
    sudo apt-get install ghostscript

A program that is missing there costs its row, with a message. All get the same Tesseract with the model ``vie``, the
pages on which we find tables only (so that no false table elsewhere counts against them), and the same help: tables of
following pages are put behind each other, repeated headers are dropped where the first row says STT or TT again.
Camelot reads what OCRmyPDF's text layer says, with its lattice.

Cost: CPU seconds (this process and its children, by ``resource``) of reading a page with a table, beside bare
``tesseract -l vie`` on the page's picture, and beside Tesseract on the straightened picture with our options.
"""

from __future__ import annotations

import argparse
import fnmatch
import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from types import ModuleType

from pipeline.flow import interpret
from pipeline.intake.engine import close_engines
from pipeline.intake.ocr import default_reader
from pipeline.intake.orientation import upright
from pipeline.intake.source import open_source, source_facts
from pipeline.reading import MOST_PIXELS, read_page
from pipeline.settings import Settings
from tests.benchmarks.bench_ocr import native_pictures
from tests.benchmarks.score_cases import Case, cases, load_scorer

IMG2TABLE = """
import json, sys
from img2table.document import PDF
from img2table.ocr import TesseractOCR
path, pages = sys.argv[1], [int(p) - 1 for p in sys.argv[2].split(",")]
found = PDF(path, pages=pages).extract_tables(ocr=TesseractOCR(n_threads=1, lang="vie"), implicit_rows=False)
print(json.dumps([t.df.fillna("").astype(str).values.tolist() for p in sorted(found) for t in found[p]]))
"""
CAMELOT = """
import json, subprocess, sys, tempfile, os
import camelot
path, pages = sys.argv[1], sys.argv[2]
with tempfile.TemporaryDirectory() as folder:
    out = os.path.join(folder, "layer.pdf")
    subprocess.run([sys.executable, "-m", "ocrmypdf", "-l", "vie", "--force-ocr", "--output-type", "pdf",
                    "--rotate-pages", "--deskew", "--jobs", "1", "--optimize", "0", "--pages", pages, "-q", path, out],
                   check=True)
    print(json.dumps([t.df.astype(str).values.tolist() for t in camelot.read_pdf(out, pages=pages, flavor="lattice")]))
"""
PEERS = {"img2table": IMG2TABLE, "OCRmyPDF + camelot": CAMELOT}
SECONDS = 1800
Rows = list[list[str]]


def joined(tables: list[Rows]) -> list[Rows]:
    """Tables of following pages with the same number of columns as one; headers left out."""
    result: list[Rows] = []
    for table in tables:
        rows = [[" ".join(str(cell).split()) for cell in row] for row in table]
        while rows and rows[0][0].strip(". ").upper() in {"STT", "TT", "SỐ TT", ""}:
            rows = rows[1:]
        if result and rows and result[-1] and len(result[-1][0]) == len(rows[0]):
            result[-1] += rows
        elif rows:
            result.append(rows)
    return result


def peer_tables(python: Path, program: str, case: Case, pages: list[int]) -> list[Rows] | str:
    """What another program finds; a message where it cannot run."""
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    command = [str(python), "-c", PEERS[program], str(case.document), ",".join(map(str, pages))]
    with tempfile.TemporaryDirectory() as folder:
        try:
            answer = subprocess.run(
                command, capture_output=True, text=True, timeout=SECONDS, env=environment, cwd=folder, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            return f"cannot run: {error}"
    if answer.returncode:
        return f"failed: {(answer.stderr.strip().splitlines() or ['no message'])[-1][:100]}"
    found: list[Rows] = json.loads(answer.stdout.strip().splitlines()[-1])
    return joined(found)


def own_tables(case: Case) -> tuple[list[Rows], list[int]]:
    """The rows of our tables, and the pages they stand on."""
    settings = Settings(cache_dir=None)
    facts = source_facts(case.document, settings)
    document = interpret(facts, [read_page(case.document, n, settings) for n in facts.wanted_pages]).document
    return [table.rows for table in document.tables], sorted({n for table in document.tables for n in table.pages})


def cell_f1(scorer: ModuleType, gold: dict[str, object], rows: list[Rows]) -> float:
    value: float | None = scorer.table_f1(
        scorer.table_cells(gold), scorer.table_cells({"tables": [{"rows": table} for table in rows]})
    )
    return value or 0.0


def cpu_seconds() -> float:
    """User and system time of this process and of the children it has waited for."""
    close_engines()
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in both)


def page_cost(case: Case, page: int) -> tuple[float, float, float]:
    """CPU seconds of reading a page as the program does, of ``tesseract -l vie`` on the page's picture at its native
    resolution, and of Tesseract on the straightened picture with the options that the program sets."""
    settings = Settings(cache_dir=None)
    began = cpu_seconds()
    read_page(case.document, page, settings)
    whole = cpu_seconds() - began
    with tempfile.TemporaryDirectory() as folder:
        [picture] = native_pictures([(case.document, page)], Path(folder))
        began = cpu_seconds()
        environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
        subprocess.run(["tesseract", picture, picture, "-l", "vie"], env=environment, capture_output=True, check=True)
        bare = cpu_seconds() - began
    with open_source(case.document, settings) as source:
        prepared = upright(source.raster(page, settings.dpi, MOST_PIXELS), default_reader())
    began = cpu_seconds()
    default_reader().read(prepared.grey, dpi=round(prepared.dpi))
    return whole, bare, cpu_seconds() - began


def cost_line(name: str, cost: tuple[float, float, float]) -> str:
    whole, bare, prepared = cost
    return f"{name}{whole:>10.2f}{bare:>12.2f}{whole / bare:>8.2f}{prepared:>11.2f}{whole / prepared:>8.2f}"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--shared", type=Path, default=Path(os.environ.get("KEHOACH_SHARED", "../shared")))
    parser.add_argument("--peers", type=Path, default=Path(os.environ.get("KEHOACH_PEERS", "peers/bin/python")))
    parser.add_argument("--only", default="*", help="documents to take, such as 'dong-thap*'")
    parser.add_argument("--no-cost", action="store_true", help="cell F1 only")
    options = parser.parse_args()
    if not (options.shared / "cases").is_dir():
        print(f"no cases in {options.shared}: nothing to measure (name the folder with --shared or KEHOACH_SHARED)")
        return 0
    scorer = load_scorer(options.shared)
    peers = PEERS if options.peers.exists() else {}
    if not peers:
        print(f"no other programs at {options.peers}: the head of this file says how to install them")
    print(f"{'cell F1':<28}{'kehoach':>10}" + "".join(f"{name:>22}" for name in peers), flush=True)
    table_pages: list[tuple[Case, int]] = []
    for case in cases(options.shared / "cases"):
        gold = json.loads(case.gold.read_text(encoding="utf-8"))
        if not gold["tables"] or case.document.suffix != ".pdf" or not fnmatch.fnmatch(case.name, options.only):
            continue
        rows, pages = own_tables(case)
        table_pages += [(case, page) for page in pages]
        line = f"{case.name:<28}{cell_f1(scorer, gold, rows):>10.2f}"
        for program in peers:
            found = peer_tables(options.peers, program, case, pages)
            line += f"{found:>22}" if isinstance(found, str) else f"{cell_f1(scorer, gold, found):>22.2f}"
        print(line, flush=True)
    if not options.no_cost:
        heads = f"{'kehoach':>10}{'tesseract':>12}{'ratio':>8}{'prepared':>11}{'ratio':>8}"
        print(f"\n{'CPU seconds a page':<22}{'page':>5}{heads}", flush=True)
        costs = []
        for case, page in table_pages:
            costs.append(page_cost(case, page))
            print(cost_line(f"{case.name:<22}{page:>5}", costs[-1]), flush=True)
        if costs:
            whole, bare, prepared = (sum(column) for column in zip(*costs, strict=True))
            print(cost_line(f"{'all':<27}", (whole, bare, prepared)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
