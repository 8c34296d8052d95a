"""The numbering of Vietnamese administrative texts, read as a language.

Form of text: the beginnings of all paragraphs of a text, well printed or broken by OCR ("I11.", "|.", "Il.",
"11 Thường xuyên" for 1.1, "233 Phấn đấu" for 3.3).

A paragraph alone does not tell what its label is; the sequence does. :func:`number_paragraphs` therefore searches for
the cheapest reading of all paragraphs together: each may be taken as printed, as one of the labels that may stand there
(its distance from what is printed is the cost of the repair), or as no label at all. Labels that follow their
predecessors cost nothing; gaps, repetitions and restarts cost something, so that an author's slip is kept where
repairing it would only move the slip.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from math import inf
from typing import NamedTuple

from pipeline.layout.label_readings import Opening, Reading
from pipeline.layout.labels import FOREIGN, Label, Style, next_values
from pipeline.layout.misprints import repair_cost


class Numbered(NamedTuple):
    """The search's answer for one paragraph."""

    reading: Reading | None
    stack: tuple[Label, ...] = ()  # the open labels, this one last
    note: str = ""


REPEATED, GAP, RESTARTED, REPAIRED = "repeated", "gap", "restarted", "repaired"
_REPAIR = 0.7  # a label is broken now and then
_SURE = 1.4  # a well-formed label is seldom another one of its style,
_OTHER_STYLE = 2.0  # and hardly ever one of another style, nor is one with points between its figures
_SAME_STROKE = 0.5  # "I." and "1." look alike, so the style is not sure
_STROKE = 0.9
_LOST = 1.2  # a label of which nothing is left
_INNER = 0.3  # a list inside a bullet is rarer than the next section
_BEAM = 64
_HOPELESS = 9.0  # what costs so much more than the best reading so far will not catch up


class _Path(NamedTuple):
    cost: float
    stack: tuple[Label, ...]
    last: tuple[_Path, Numbered] | None


def number_paragraphs(openings: Sequence[Opening]) -> list[Numbered]:
    """The cheapest reading of all paragraphs together (beam search over the stacks of open labels)."""
    beam = [_Path(0.0, (), None)]
    for opening in openings:
        if not opening.readings and opening.broken is None:
            continue
        if _fits(beam[0].stack, opening) and not opening.opens_inner:
            opening = opening._replace(broken=None)  # nothing to mend; the search stays small
        beam = _extended(beam, opening)
    best = beam[0]
    answer: list[Numbered] = []
    while best.last is not None:
        best, numbered = best.last
        answer.append(numbered)
    found = reversed(answer)
    return [next(found) if o.readings or o.broken is not None else Numbered(None) for o in openings]


def _extended(beam: Sequence[_Path], opening: Opening) -> list[_Path]:
    """The likeliest paths through one paragraph more, the likeliest first."""
    following: dict[tuple[Label, ...], _Path] = {}
    hopeless = inf
    for path in beam:
        for numbered, cost in _choices(path.stack, opening):
            total = path.cost + cost
            if total > hopeless:
                continue
            known = following.get(numbered.stack)
            if known is None or total < known.cost:
                following[numbered.stack] = _Path(total, numbered.stack, (path, numbered))
                if total + _HOPELESS < hopeless:
                    hopeless = total + _HOPELESS
    paths = sorted(following.values(), key=lambda p: p.cost)
    return [p for p in paths[:_BEAM] if p.cost <= hopeless]


def _fits(stack: tuple[Label, ...], opening: Opening) -> bool:
    """Whether a well-printed label follows one of its like that the likeliest path has open."""
    keys = {label.key for label in stack}
    return any(
        r.cost == 0 and r.label.key in keys and _open(stack, r.label, opening.opens_list)[1] == 0
        for r in opening.readings
    )


@lru_cache(maxsize=8192)
def _choices(stack: tuple[Label, ...], opening: Opening) -> tuple[tuple[Numbered, float], ...]:
    """What the paragraph may be behind the open labels, and what each costs.

    Kept, since a list whose labels are all alike ("1." on every line) asks the same of each of its lines.
    """
    return tuple(_possible(stack, opening))


def _possible(stack: tuple[Label, ...], opening: Opening) -> Iterator[tuple[Numbered, float]]:
    yield Numbered(None, stack), opening.plain
    seen: set[Label] = set()
    for reading in opening.readings:
        seen.add(reading.label)
        opened, cost, note = _open(stack, reading.label, opening.opens_list)
        yield Numbered(reading, opened, note), reading.cost + cost
        if (inner := _inner(stack, reading, opening.opens_inner)) is not None:
            yield Numbered(inner, (*_up_to_inner(stack), inner.label)), reading.cost + _INNER
    if opening.broken is None:
        return
    token, end = opening.broken
    printed = [reading.label.style for reading in opening.readings if reading.cost < 0.5]
    deep = any(len(reading.label.value) > 1 for reading in opening.readings if reading.cost < 0.5)
    for label, wanted, opened, note, cost in _steps(stack, opening.opens_list):
        if label in seen:
            continue
        if opening.lost and not (token or label.style is Style.ROMAN):
            continue
        repair = repair_cost(token, wanted)
        if opening.lost:
            repair = min(repair, _LOST)
        elif repair > 0.75 * len(wanted) + 0.4:
            continue
        surely = 0.0 if not printed else _SURE if _alike(label.style, printed) and not deep else _OTHER_STYLE
        if surely == _OTHER_STYLE and repair <= _SAME_STROKE:
            surely = _STROKE
        yield Numbered(Reading(label, end, repair), opened, note), _REPAIR + surely + repair + cost


def _inner(stack: tuple[Label, ...], reading: Reading, opens_inner: bool) -> Reading | None:
    """The reading as an entry of a list inside a bullet: its first behind the bullet's colon, or the next."""
    label = reading.label
    if label.style not in (Style.DECIMAL, Style.SLASH) or len(label.value) > 1:
        return None
    open_list = next((k.value[0] for k in stack if k.style is Style.INNER), None)
    if not (opens_inner and label.value[0] == 1) and open_list != label.value[0] - 1:
        return None
    return reading._replace(label=Label(Style.INNER, label.value))


def _up_to_inner(stack: tuple[Label, ...]) -> tuple[Label, ...]:
    return tuple(label for label in stack if label.style is not Style.INNER)


def _alike(style: Style, printed: Sequence[Style]) -> bool:
    """ "2)" may well be "(2)" that lost its bracket."""
    return style in printed or (style is Style.BRACKETS and Style.PAREN in printed)


@lru_cache(maxsize=4096)
def expected(stack: tuple[Label, ...]) -> tuple[tuple[Label, str], ...]:
    """The labels that may well come next, each as it is printed: successors of the open ones, first ones below."""
    result = [
        label._replace(value=(*label.value[:-1], n), word="")
        for label in stack
        for n in next_values(label)
        if not label.word
    ]
    if not stack:
        result += [Label(Style.ROMAN, (1,)), Label(Style.DECIMAL, (1,)), Label(Style.CAPITAL, (1,))]
    else:
        top = stack[-1]
        if top.style in (Style.DECIMAL, Style.SLASH):
            result.append(Label(Style.DECIMAL, (*top.value, 1)))
        if top.style in (Style.PART, Style.CHAPTER, Style.CAPITAL):
            result += [Label(Style.ROMAN, (1,)), Label(Style.DECIMAL, (1,))]
        if top.style in (Style.DIVISION, Style.ARTICLE):
            result.append(Label(Style.DECIMAL, (1,)))
        if top.style is Style.ROMAN:
            result += [Label(Style.DECIMAL, (1,)), Label(Style.DECIMAL, (top.value[0], 1)), Label(Style.SLASH, (1,))]
        if top.style in (Style.ROMAN, Style.DECIMAL, Style.SLASH):
            result.append(Label(Style.LETTER, (1,)))
        if top.style not in (Style.PAREN, Style.BRACKETS, Style.PART, Style.CHAPTER):
            result += [Label(Style.BRACKETS, (1,)), Label(Style.PAREN, (1,))]
    return tuple((label, label.printed) for label in dict.fromkeys(result))


@lru_cache(maxsize=4096)
def _steps(stack: tuple[Label, ...], opens_list: bool) -> tuple[tuple[Label, str, tuple[Label, ...], str, float], ...]:
    """The labels that may well come next, as they are printed, the stack behind each, what is odd, what it costs."""
    steps = []
    for label, wanted in expected(stack):
        opened, cost, note = _open(stack, label, opens_list)
        if label.style is Style.LETTER and label.text in FOREIGN:
            cost += 1.0  # "f)" is rare in Vietnamese lists: nothing is repaired to it lightly
        steps.append((label, wanted, opened, note or REPAIRED, cost))
    return tuple(steps)


@lru_cache(maxsize=65536)
def _open(stack: tuple[Label, ...], label: Label, opens_list: bool) -> tuple[tuple[Label, ...], float, str]:
    """The stack after ``label``, what the step costs, and what is odd about it."""
    place = next((k for k, open_label in enumerate(stack) if open_label.key == label.key), None)
    if place is not None:
        return _sibling(stack, place, label, opens_list)
    return _child(stack, label)


def _sibling(
    stack: tuple[Label, ...], place: int, label: Label, opens_list: bool
) -> tuple[tuple[Label, ...], float, str]:
    before, kept = stack[place], stack[:place]
    opened = (*kept, label)
    if label.value[:-1] != before.value[:-1]:
        follows = label.value[-1] == 1 and label.value[:-1] > before.value[:-1]
        return opened, 3.0 if follows else 5.5, GAP
    if label.value[-1] in next_values(before):
        return opened, 0.0, ""
    step = label.value[-1] - before.value[-1]
    if step == 0:
        return opened, 3.0, REPEATED
    if label.value[-1] == 1:
        return opened, 0.4 if opens_list else 2.6, RESTARTED
    if step > 0:
        return opened, 1.8 + 0.5 * min(step, 12), GAP
    return opened, 5.0, GAP


def _child(stack: tuple[Label, ...], label: Label) -> tuple[tuple[Label, ...], float, str]:
    late = label.value[-1] - 1
    missing = 1.8 + 0.5 * min(late, 12) if late else 0.0
    note = GAP if late else ""
    if label.style is Style.DECIMAL and len(label.value) > 1:
        for k in range(len(stack) - 1, -1, -1):
            if stack[k].style in (Style.DECIMAL, Style.SLASH) and stack[k].value == label.value[:-1]:
                return (*stack[: k + 1], label), missing, note
        if (
            len(label.value) == 2
            and stack
            and stack[-1].style in (Style.ROMAN, Style.CAPITAL, Style.PART, Style.CHAPTER)
        ):
            own = stack[-1].value[-1] == label.value[0]  # "II." then "2.1."
            return (*stack, label), (0.1 if own else 1.0 if label.value[0] == 1 else 2.5) + missing, note
        return (*_above(stack, label), label), (3.5 if stack else 1.0) + missing, GAP
    kept = _above(stack, label)
    dropped = len(stack) - len(kept)
    below_list = bool(kept) and kept[-1].style in (Style.PAREN, Style.BRACKETS)
    crowned = 1.5 if stack and not kept and label.style is Style.CAPITAL else 0.0  # "A." over chapters I, II, III
    return (*kept, label), missing + 2.0 * bool(dropped) + (0.8 if below_list else 0.0) + crowned, note


def _above(stack: tuple[Label, ...], label: Label) -> tuple[Label, ...]:
    """The part of the stack that may stand over ``label``."""
    if label.style in (Style.LETTER, Style.PAREN, Style.BRACKETS):
        return stack
    kept = len(stack)
    while kept and stack[kept - 1].rank >= label.rank:
        kept -= 1
    return stack[:kept]
