"""Values that are kept: they come back as they were, without a call of Python for each."""

import pickle
import sys
from typing import Any

import pytest

from pipeline.values import Box, Line, PlacedWord, Text, Word

WORD = Word("Sở", "So", Box(1.0, 2.0, 3.0, 4.0), 0.5, bold=True)
PLACED = PlacedWord(0, 2, 1, WORD.box, 0.5, "So")


@pytest.mark.parametrize("value", [WORD, PLACED, Line(1, (WORD, WORD), WORD.box), Text("Sở", (PLACED,))])
def test_values_come_back_from_a_pickle_as_they_were(value: object) -> None:
    back = pickle.loads(pickle.dumps(value, protocol=5))
    assert back == value
    assert type(back) is type(value)


def test_words_and_their_boxes_come_back_without_a_call_of_python_for_each() -> None:
    data = pickle.dumps([Word(str(n), str(n), Box(n, n, n + 1, n + 1)) for n in range(50)], protocol=5)
    calls: list[str] = []

    def note(frame: Any, event: str, _: object) -> None:
        if event == "call":
            calls.append(frame.f_code.co_name)

    sys.setprofile(note)
    try:
        words = pickle.loads(data)
    finally:
        sys.setprofile(None)
    assert words[7].box == Box(7, 7, 8, 8)
    assert type(words[7].box) is Box
    assert len(calls) < 10
