import pickle

import pytest

from pipeline.errors import InputError, KehoachError, LimitError, OutputError, SettingsError, ToolError, printable


def test_message_names_file_page_reason_and_remedy() -> None:
    error = InputError("is encrypted", file="plan.pdf", page=3, remedy="save it without a password")
    assert str(error) == "plan.pdf, page 3: is encrypted – save it without a password"


@pytest.mark.parametrize("kind", [InputError, LimitError, OutputError, SettingsError, ToolError])
def test_errors_cross_process_borders_whole(kind: type[KehoachError]) -> None:
    error = pickle.loads(pickle.dumps(kind("reason", file="a.pdf", page=2, remedy="do this")))
    assert (type(error), error.reason, error.file, error.page, error.remedy) == (kind, "reason", "a.pdf", 2, "do this")


def test_place_is_filled_in_only_where_unknown() -> None:
    error = ToolError("fails", page=4).at(file="b.pdf", page=9)
    assert (error.file, error.page) == ("b.pdf", 4)


def test_control_characters_of_file_names_do_not_reach_the_terminal() -> None:
    assert printable("kế hoạch\x1b[31m\n\udcff") == "kế hoạch\\x1b[31m\\n\\udcff"
