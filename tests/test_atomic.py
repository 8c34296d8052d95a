"""Files that are written whole or not at all."""

from pathlib import Path

import pytest

from pipeline.atomic import replacing, write_text
from pipeline.errors import OutputError


def test_a_file_is_made_with_its_folders_and_replaced(tmp_path: Path) -> None:
    target = tmp_path / "năm" / "kế hoạch.json"
    write_text(target, "một\n")
    write_text(target, "hai\n")
    assert target.read_bytes() == b"hai\n"
    assert list(target.parent.iterdir()) == [target]


@pytest.mark.parametrize("fault", [ValueError("a defect"), KeyboardInterrupt()])
def test_what_fails_half_way_leaves_the_old_file_and_nothing_else(tmp_path: Path, fault: BaseException) -> None:
    target = tmp_path / "plan.json"
    write_text(target, "old")
    with pytest.raises(type(fault)), replacing(target) as place:
        place.write_text("ne")
        raise fault
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_place_that_cannot_be_written_to_is_named_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError) as told:
        write_text(tmp_path / "file" / "plan.json", "text", remedy="choose another")
    assert told.value.file == str(tmp_path / "file" / "plan.json")
    assert "choose another" in told.value.remedy


def test_a_text_with_lone_surrogates_leaves_no_half_file(tmp_path: Path) -> None:
    target = tmp_path / "plan.json"
    with pytest.raises(UnicodeEncodeError):
        write_text(target, "half \ud800")
    assert not list(tmp_path.iterdir())
