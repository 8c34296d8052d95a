"""Warnings in Vietnamese, for the clerks who look at them: reports, workbooks and the review page share these words.

The JSON keeps code and English message, for programs; the phrases by code are in ``warnings.toml``.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources

# As Python quotes a text; the apostrophe of "signer's" opens nothing.
_QUOTED = re.compile(r"""(?<!\w)(?:'((?:[^'\\]|\\.)+)'|"((?:[^"\\]|\\.)+)")(?!\w)""")
_ESCAPED = re.compile(r"\\(['\"\\])")


def warning_words(code: str, message: str) -> str:
    """What a warning says, in Vietnamese: the phrase for its code, then the figures and quoted words of its message.

    A code that is not known, as one of a later version, leaves the message as it is.
    """
    phrases, details = _table()
    phrase = phrases.get(code)
    if phrase is None:
        return message
    quoted = [_ESCAPED.sub(r"\1", one or other) for one, other in _QUOTED.findall(message)]
    rest = _QUOTED.sub("''", message)
    figures = [vi.format(*found.groups()) for pattern, vi in details for found in pattern.finditer(rest)]
    behind = f" ({', '.join(figures)})" if figures else ""
    return phrase + behind + (f": {', '.join(f'“{words}”' for words in quoted)}" if quoted else "")


def warning_phrases() -> dict[str, str]:
    """The phrase for each code that kehoach knows."""
    return dict(_table()[0])


@cache
def _table() -> tuple[dict[str, str], tuple[tuple[re.Pattern[str], str], ...]]:
    table = tomllib.loads((resources.files("schemas") / "warnings.toml").read_text(encoding="utf-8"))
    return table["phrases"], tuple((re.compile(each["message"]), each["vi"]) for each in table["details"])
