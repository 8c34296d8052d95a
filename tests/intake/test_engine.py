"""Tesseract as a process that stays."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest

from pipeline.intake import engine as module
from pipeline.intake.engine import Call, Engine, EngineError, EngineMissingError, EngineTimeoutError
from pipeline.intake.ocr import OPTIONS, PSM_LINE, PSM_PAGE, OcrWord, default_reader, parse_tsv
from tests.intake.pages import Pixels, draw, paragraph

TEXTS = ("Kế hoạch triển khai năm 2026", "Phòng Tài chính", "trước ngày 30/9", "Sở Y tế chủ trì, phối hợp", "7")
STARTER = """
import os, sys, time
import numpy as np
from pipeline.intake.engine import Call, engine_of
engine = engine_of(Call("tesseract", "{model}", 7))
picture = np.full((40, 200), 255, np.uint8)
picture[10:30, 20:180] = 0
engine.read([picture], 200, 60)
print(engine._process.pid, flush=True)
{ending}
"""


@pytest.fixture
def engine() -> Iterator[Engine]:
    one = Engine(Call("tesseract", default_reader().model, PSM_LINE, OPTIONS))
    yield one
    one.close()


def line(text: str) -> Pixels:
    return draw([(20, 20, text)], dpi=200, page=(420, 60))


def read(engine: Engine, pictures: list[Pixels], seconds: float = 60) -> list[list[OcrWord]]:
    tsv, first = engine.read(pictures, 200, seconds)
    return [[replace_line(word) for word in words] for words in parse_tsv(tsv, len(pictures), first)]


def replace_line(word: OcrWord) -> OcrWord:
    """Without the number of its line, which counts on from picture to picture."""
    return OcrWord(word.text, word.x0, word.y0, word.x1, word.y1, word.confidence, 0, word.block)


def process_of(engine: Engine) -> psutil.Process:
    assert engine._process is not None
    return psutil.Process(engine._process.pid)


def ends(pid: int, seconds: float = 10) -> bool:
    with contextlib.suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        end = time.monotonic() + seconds
        while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
            if time.monotonic() > end:
                return False
            time.sleep(0.05)
    return True


def test_one_process_reads_all(engine: Engine) -> None:
    first = read(engine, [line(TEXTS[0])])
    pid = process_of(engine).pid
    more = read(engine, [line(text) for text in TEXTS[1:4]])
    assert process_of(engine).pid == pid
    assert [" ".join(w.text for w in words) for words in first + more] == list(TEXTS[:4])


def test_blank_pictures_do_not_shift_the_others(engine: Engine) -> None:
    blank = np.full((60, 200), 255, np.uint8)
    answers = read(engine, [blank, line(TEXTS[1]), blank, blank])
    assert len(answers) == 4
    assert [w.text for w in answers[1]] == TEXTS[1].split()


def test_what_is_read_does_not_depend_on_what_was_read_before(engine: Engine) -> None:
    pictures = [line(text) for text in TEXTS]
    alone = []
    for picture in pictures:
        engine.close()
        alone += read(engine, [picture])
    assert read(engine, pictures) == alone
    assert read(engine, pictures[::-1]) == alone[::-1]


def test_nor_on_the_pages_before() -> None:
    """Whole pages: Tesseract has a dictionary of the document's words, and measures of its letters."""
    engine = Engine(Call("tesseract", default_reader().model, PSM_PAGE, OPTIONS))
    pages = [draw(paragraph(times=2), page=(595, 330)), draw([(60, 40 + 24 * k, t) for k, t in enumerate(TEXTS)])]
    try:
        there = read(engine, pages)
        assert read(engine, pages[::-1]) == there[::-1]
        assert sum(map(len, there)) > 60
    finally:
        engine.close()


def test_the_resolution_reaches_the_engine(tmp_path: Path) -> None:
    """In the picture, for a process reads pictures of all resolutions."""
    path = tmp_path / "picture.bmp"
    for dpi in (150, 200, 240, 300):
        module.write_picture(path, line(TEXTS[1]), dpi)
        said = subprocess.run(
            ["tesseract", path, "stdout", "-l", default_reader().model, "-c", "thresholding_method=2",
             "-c", "thresholding_debug=1"], capture_output=True, text=True, check=True,
        ).stderr  # fmt: skip
        assert f"ppi: {dpi}" in said, said


def test_a_process_that_was_killed_is_replaced(engine: Engine) -> None:
    before = read(engine, [line(TEXTS[0])])
    process_of(engine).kill()
    assert ends(process_of(engine).pid)
    assert read(engine, [line(TEXTS[0])]) == before


def test_a_process_that_dies_at_its_work_is_told_and_replaced(tmp_path: Path) -> None:
    fake = tmp_path / "tesseract"
    fake.write_text(f'#!/bin/sh\n[ -e {tmp_path}/died ] && exec tesseract "$@"\n: > {tmp_path}/died\nkill -SEGV $$\n')
    fake.chmod(0o755)
    engine = Engine(Call(str(fake), default_reader().model, PSM_LINE, OPTIONS))
    with pytest.raises(EngineError, match="SIGSEGV"):
        read(engine, [line(TEXTS[1])])
    assert [w.text for w in read(engine, [line(TEXTS[1])])[0]] == TEXTS[1].split()
    engine.close()


def test_what_a_process_complains_of_is_told(tmp_path: Path) -> None:
    fake = tmp_path / "tesseract"
    fake.write_text("#!/bin/sh\necho 'Page 0 : x' >&2\nprintf '\\377 is wrong\\n' >&2\nexit 3\n")
    fake.chmod(0o755)
    with pytest.raises(EngineError, match="is wrong"):
        Engine(Call(str(fake), "vie", PSM_LINE)).read([line("a")], 200, 60)
    with pytest.raises(EngineError, match="nosuchmodel"):
        Engine(Call("tesseract", "nosuchmodel", PSM_LINE)).read([line("a")], 200, 60)
    with pytest.raises(EngineMissingError):
        Engine(Call(str(tmp_path / "nothing"), "vie", PSM_LINE)).read([line("a")], 200, 60)


@pytest.mark.parametrize("body", ["exec sleep 600", "while :; do echo babble; sleep 0.01; done"])
def test_one_that_hangs_or_babbles_is_ended(tmp_path: Path, body: str) -> None:
    fake = tmp_path / "tesseract"
    fake.write_text(f"#!/bin/sh\necho $$ > {tmp_path}/pid\n{body}\n")
    fake.chmod(0o755)
    began = time.monotonic()
    with pytest.raises(EngineTimeoutError):
        Engine(Call(str(fake), "vie", PSM_LINE)).read([line("a")], 200, 0.5)
    assert time.monotonic() - began < 5
    assert ends(int((tmp_path / "pid").read_text()))


def test_more_pictures_than_a_pipe_holds(engine: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Questions and answers of 64 kB each and more: neither side may wait for the other for ever."""
    folder = tmp_path / ("long" * 40)
    folder.mkdir()
    monkeypatch.setattr(module.tempfile, "tempdir", str(folder))
    words = read(engine, [line("7")[:40, :60]] * 300)
    assert len(words) == 300


def test_its_pictures_are_private_and_go_with_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(module.tempfile, "tempdir", str(tmp_path))
    engine = Engine(Call("tesseract", default_reader().model, PSM_LINE, OPTIONS))
    read(engine, [line(text) for text in TEXTS])
    [folder] = tmp_path.iterdir()
    assert folder.stat().st_mode & 0o777 == 0o700
    engine.close()
    assert list(tmp_path.iterdir()) == []
    read(engine, [line(TEXTS[1])])
    (next(tmp_path.iterdir()) / "0.bmp").unlink()
    (next(tmp_path.iterdir()) / "0.bmp").mkdir()
    with pytest.raises(IsADirectoryError):
        read(engine, [line(TEXTS[1])])
    assert list(tmp_path.iterdir()) == [], "nor does it leave any where it fails"


def test_a_picture_in_the_place_of_a_longer_one_is_that_alone(engine: Engine) -> None:
    long, short = line(TEXTS[0]), line(TEXTS[4])[:, :240]
    read(engine, [long, long])
    [words] = read(engine, [short])
    assert " ".join(w.text for w in words) == TEXTS[4]
    engine.close()
    assert read(engine, [short]) == [words]


def test_it_is_started_anew_after_many_pictures(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "RENEWED_AFTER", 3)
    read(engine, [line(TEXTS[1])])
    pid = process_of(engine).pid
    read(engine, [line(TEXTS[1])])
    assert process_of(engine).pid == pid
    read(engine, [line(TEXTS[1])])
    assert process_of(engine).pid != pid
    assert ends(pid)


@pytest.mark.parametrize("ending", ["", "os.kill(os.getpid(), 9)", "os._exit(0)", "raise SystemExit", "time.sleep(60)"])
def test_it_ends_with_the_process_that_started_it(tmp_path: Path, ending: str) -> None:
    code = STARTER.format(model=default_reader().model, ending=ending)
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    starter = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=environment)
    assert starter.stdout is not None
    pid = int(starter.stdout.readline())
    if "sleep" in ending:
        starter.send_signal(signal.SIGTERM)
    starter.wait(timeout=30)
    starter.stdout.close()
    assert ends(pid)
    if ending in {"", "raise SystemExit"}:
        assert list(tmp_path.iterdir()) == [], "whoever is not killed leaves no pictures"


def test_a_fork_has_its_own() -> None:
    call = Call("tesseract", default_reader().model, PSM_LINE)
    ours = module.engine_of(call)
    ready, told = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(told, b"1" if module.engine_of(call) is ours else b"0")
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(ready, 1) == b"0"
    assert module.engine_of(call) is ours
    os.close(ready)
    os.close(told)
