"""Rules that a scan broke or doubled, made whole again: what stands on one line is one rule."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from pipeline.layout.tables.fields import SAME_EDGE
from pipeline.layout.tables.rules import POINTS_PER_INCH, PageRules, Rule

# Lengths in points.
TOUCH = 5.0  # how far the end of a rule may stay from the rule it meets
PIECE_GAP, WIDEST_GAP = 12.0, 30.0  # between two pieces of a broken rule
MOST_GAP = 0.5  # of the shorter piece, for gaps wider than the first
STUB = 0.4  # share of ink where a rule's end is broken off


def merged(rules: Sequence[Rule], dpi: float) -> list[Rule]:
    """Doubled rules and the pieces of a broken one made one."""
    same, gap, wide = (points * dpi / POINTS_PER_INCH for points in (0.7 * SAME_EDGE, PIECE_GAP, WIDEST_GAP))
    result: list[Rule] = []
    bands: dict[int, list[int]] = {}  # of the result so far, those of like position
    for rule in sorted(rules, key=lambda r: (r.start, r.position)):
        band = math.floor(rule.position / same)
        near = [k for b in (band - 1, band, band + 1) for k in bands.get(b, ())]
        for k in sorted(near, reverse=True):
            other = result[k]
            away = rule.start - other.end
            if abs(other.position - rule.position) <= same and (
                away <= gap or away <= min(wide, MOST_GAP * min(rule.length, other.length))
            ):
                total = other.length + rule.length
                bands[math.floor(other.position / same)].remove(k)
                result[k] = Rule(
                    (other.position * other.length + rule.position * rule.length) / total,
                    min(other.start, rule.start),
                    max(other.end, rule.end),
                    max(other.thickness, rule.thickness),
                )
                break
        else:
            k = len(result)
            result.append(rule)
        bands.setdefault(math.floor(result[k].position / same), []).append(k)
    return result


def mended(rules: Sequence[Rule], others: Sequence[Rule], page: PageRules, *, vertical: bool) -> list[Rule]:
    """``rules`` with broken off ends lengthened to those of ``others`` they met there, where stubs of ink are left."""
    touch, farthest = page.pixels(TOUCH), page.pixels(PIECE_GAP)
    crossings = sorted(others, key=lambda other: other.position)
    places = [other.position for other in crossings]
    mended = []
    for rule in rules:
        met = [
            other.position
            for low, high in ((rule.start - farthest, rule.start), (rule.end, rule.end + farthest))
            for other in crossings[bisect_left(places, low) : bisect_right(places, high)]
            if other.start - touch <= rule.position <= other.end + touch
        ]
        before = max((c for c in met if c < rule.start), default=rule.start)
        behind = min((c for c in met if c > rule.end), default=rule.end)
        ends = [rule.start, rule.end]
        for k, (end, crossing) in enumerate(((rule.start, before), (rule.end, behind))):
            if touch < abs(crossing - end) <= farthest:
                broken_off = replace(rule, start=min(end, crossing), end=max(end, crossing))
                if inked(broken_off, page, vertical) >= STUB:
                    ends[k] = crossing
        mended.append(rule if ends == [rule.start, rule.end] else replace(rule, start=ends[0], end=ends[1]))
    return mended


def inked(rule: Rule, rules: PageRules, vertical: bool) -> float:
    """Share of a rule's length that is ink within a stroke's width of the rule's middle."""
    band = max(1, round(rules.pixels(0.8)))
    first, last = round(rule.start), max(round(rule.start) + 1, round(rule.end))
    low, high = max(0, round(rule.position) - band), round(rule.position) + band + 1
    # Pieces follow a rule that leaves its axis: the best of three neighbouring bands each.
    ink = rules.ink[first:last, :] if vertical else rules.ink[:, first:last].T
    width, rows = high - low, len(ink)
    pieces = min(max(1, (last - first) // max(1, round(rules.pixels(20.0)))), max(1, rows))
    begins = np.arange(pieces) * (rows // pieces) + np.minimum(np.arange(pieces), rows % pieces)
    lengths = np.diff(begins, append=rows)
    if not rows:
        return 0.0
    bands = [ink[:, max(0, low + d) : max(0, low + d) + width].any(axis=1) for d in (-width, 0, width)]
    shares = [np.add.reduceat(band, begins, dtype=np.int64) / lengths for band in bands]
    return float(np.max(shares, axis=0).mean())
