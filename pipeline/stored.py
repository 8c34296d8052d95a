"""How the values of a document are kept: pickled several times as fast as frozen dataclasses are by themselves."""

from __future__ import annotations

import copyreg
from typing import Any, Self


def keep_by_values(*kinds: type[tuple[Any, ...]]) -> None:
    """Named tuples of these kinds are made from a pickle without their constructors, which are functions in Python: a
    document has thousands of them."""
    for kind in kinds:
        copyreg.pickle(kind, _by_values)


def _by_values(value: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple.__new__, (type(value), tuple(value))


class Stored:
    """A frozen dataclass with slots, pickled by its values: pages come from the cache several times as fast."""

    __slots__: tuple[str, ...] = ()
    __match_args__: tuple[str, ...]

    def __reduce__(self) -> tuple[type[Self], tuple[object, ...]]:
        return type(self), tuple([getattr(self, name) for name in self.__match_args__])
