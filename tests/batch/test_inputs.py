"""What the user names becomes a list of documents with names of their own."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.batch.inputs import Input, expand_inputs, name_results


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in (
        "b.pdf", "a.PDF", "notes.docx", ".hidden.pdf", "hue/plan.pdf", "vinh/plan.pdf", "vinh/plan.png",
        ".git/x.pdf", "vinh/deep/page.tif", "dump.txt", "out/dump.txt", "out/a.json",
    ):  # fmt: skip
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())
    monkeypatch.chdir(tmp_path)
    return tmp_path


def names(*named: str, out: str = "out") -> list[str]:
    return [item.name for item in expand_inputs(named, Path(out))]


def stems(*named: str) -> list[str]:
    return [item.stem for item in expand_inputs(named, Path("out"))]


def test_folders_are_searched_for_what_can_be_read(tree: Path) -> None:
    expected = ["a.PDF", "b.pdf", "dump.txt", "hue/plan.pdf", "vinh/plan.pdf", "vinh/plan.png", "vinh/deep/page.tif"]
    assert names(".") == expected


def test_the_output_folder_is_no_input_of_the_next_run(tree: Path) -> None:
    assert "out/dump.txt" not in names(str(tree))
    assert "out/dump.txt" in names(".", out="elsewhere")


def test_globs_also_when_the_shell_has_not_expanded_them(tree: Path) -> None:
    assert names("**/plan.p*") == ["hue/plan.pdf", "vinh/plan.pdf", "vinh/plan.png"]


def test_a_file_with_magic_letters_in_its_name_is_a_file(tree: Path) -> None:
    (tree / "plan[1].pdf").write_bytes(b"x")
    assert names("plan[1].pdf") == ["plan[1].pdf"]


def test_each_file_once_in_the_order_named(tree: Path) -> None:
    assert names("hue", "b.pdf", "*.pdf", "./b.pdf") == ["hue/plan.pdf", "b.pdf"]


def test_an_explicit_file_is_taken_whatever_its_name(tree: Path) -> None:
    assert names("notes.docx") == ["notes.docx"]


@pytest.mark.parametrize(("named", "reason"), [("*.jpg", "no file matches"), ("empty", "nothing to convert")])
def test_what_yields_nothing_says_so(tree: Path, named: str, reason: str) -> None:
    (tree / "empty").mkdir()
    (item,) = expand_inputs([named], Path("out"))
    assert item.error is not None
    assert reason in item.error.reason
    assert item.error.remedy


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every folder")
def test_an_unreadable_folder_is_named(tree: Path) -> None:
    (tree / "vinh").chmod(0)
    try:
        errors = [item.error for item in expand_inputs(["."], Path("out")) if item.error]
    finally:
        (tree / "vinh").chmod(0o755)
    assert [("folder cannot be read" in e.reason, e.file) for e in errors] == [(True, "./vinh")]


def test_a_folder_that_vanishes_is_named(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scandir = os.scandir

    def refuse(path: str) -> object:
        if str(path).endswith("vinh"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    found = expand_inputs(["."], Path("out"))
    assert [item.name for item in found if item.error] == ["vinh"]
    assert [item.error.reason for item in found if item.error] == ["folder cannot be read: Permission denied"]
    assert "hue/plan.pdf" in [item.name for item in found]


def test_links_that_run_in_circles_end(tree: Path) -> None:
    (tree / "vinh" / "loop").symlink_to(tree, target_is_directory=True)
    assert len(names(".")) == 7


def test_a_link_to_nothing_is_told_as_such(tree: Path) -> None:
    (tree / "vinh" / "gone.pdf").symlink_to(tree / "removed.pdf")
    for named in (".", "vinh/gone.pdf"):
        [item] = [item for item in expand_inputs([named], Path("out")) if item.error]
        assert item.name == "vinh/gone.pdf"
        assert item.error is not None
        assert item.error.reason == "is a link to a file that does not exist"
    (tree / "removed.pdf").write_bytes(b"x")
    assert not [item for item in expand_inputs(["."], Path("out")) if item.error]


def test_the_stem_names_the_result(tree: Path) -> None:
    assert stems("b.pdf", "dump.txt") == ["b", "dump"]


def test_same_stem_is_told_apart_by_kind_then_folder(tree: Path) -> None:
    assert stems("vinh/plan.pdf", "vinh/plan.png") == ["plan-pdf", "plan-png"]
    assert stems("vinh/plan.pdf", "hue/plan.pdf") == ["plan-vinh", "plan-hue"]
    assert stems("vinh/plan.pdf", "vinh/plan.png", "hue/plan.pdf") == ["plan-vinh-pdf", "plan-vinh-png", "plan-hue-pdf"]


def test_same_stem_and_folder_name_is_told_apart_by_path(tree: Path) -> None:
    for parent in ("x/2025", "y/2025"):
        (tree / parent).mkdir(parents=True)
        (tree / parent / "plan.pdf").write_bytes(b"x")
    first = stems("x/2025/plan.pdf", "y/2025/plan.pdf")
    assert len(set(first)) == 2
    assert stems("y/2025/plan.pdf", "x/2025/plan.pdf") == first[::-1]


def test_a_told_apart_name_does_not_hit_another(tree: Path) -> None:
    (tree / "plan-pdf.txt").write_bytes(b"x")
    found = stems("vinh/plan.pdf", "vinh/plan.png", "plan-pdf.txt")
    assert len({stem.casefold() for stem in found}) == 3
    assert found[2] == "plan-pdf"


@given(
    st.lists(
        st.tuples(
            st.lists(st.text(max_size=4), max_size=2),
            st.text(min_size=1, max_size=300),
            st.sampled_from(["pdf", "txt"]),
        ),
        max_size=8,
    )
)
def test_names_are_unique_and_safe_whatever_the_files_are_called(paths: list[tuple[list[str], str, str]]) -> None:
    files = {}
    for folders, stem, kind in paths:
        parts = [part.replace("/", "_").replace("\0", "_") or "d" for part in (*folders, f"{stem}.{kind}")]
        path = Path("/in", *parts)
        files[str(path)] = Input(path, str(path))
    named = name_results(list(files.values()))
    assert len({item.stem.casefold() for item in named}) == len(named)
    for item in named:
        assert Path(item.stem).name == item.stem
        assert item.stem.isprintable()
        assert not item.stem.startswith(".")
        assert len(f".{item.stem}.json.4194304.partial".encode()) <= 255
