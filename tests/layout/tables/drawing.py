"""Tables drawn into a grey picture, with known cells: clean, or as bad as scans are."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

Grey = npt.NDArray[np.uint8]
Span = tuple[int, int, int, int]  # row, column, rows, columns

DPI = 200
FONT = cv2.FONT_HERSHEY_SIMPLEX


@dataclass(frozen=True)
class Drawing:
    image: Grey
    row_edges: tuple[int, ...]
    column_edges: tuple[int, ...]
    cells: frozenset[Span]


def page(width: int = 1654, height: int = 1200, shade: int = 235) -> Grey:
    return np.full((height, width), shade, np.uint8)


def draw_table(
    widths: list[int],
    heights: list[int],
    merged: list[Span] | None = None,
    *,
    left: int = 150,
    top: int = 120,
    broken: float = 0.0,
    noise: float = 0.0,
    shade: int = 60,
    close_bottom: bool = True,
    seed: int = 0,
) -> Drawing:
    """A table of ``widths`` x ``heights`` pixels whose ``merged`` cells have no inner rules.

    ``broken`` is the share of short pieces left out of the rules, ``noise`` the share of black specks on the page.
    """
    random = np.random.default_rng(seed)
    columns = (left, *(left + int(x) for x in np.cumsum(widths)))
    rows = (top, *(top + int(y) for y in np.cumsum(heights)))
    image = page(max(1654, columns[-1] + 150), max(1200, rows[-1] + 150))
    owner = {(r, c): (r, c, 1, 1) for r in range(len(heights)) for c in range(len(widths))}
    for span in merged or []:
        r, c, high, wide = span
        for y in range(r, r + high):
            for x in range(c, c + wide):
                owner[y, x] = span
    rules = np.zeros_like(image)
    for (r, c), span in owner.items():
        x0, x1, y0, y1 = columns[c], columns[c + 1], rows[r], rows[r + 1]
        if owner.get((r, c - 1)) != span:
            cv2.line(rules, (x0, y0), (x0, y1), 255, 2)
        if owner.get((r - 1, c)) != span:
            cv2.line(rules, (x0, y0), (x1, y0), 255, 2)
    cv2.line(rules, (columns[-1], rows[0]), (columns[-1], rows[-1]), 255, 2)
    if close_bottom:
        cv2.line(rules, (columns[0], rows[-1]), (columns[-1], rows[-1]), 255, 2)
    if broken:
        ys, xs = np.nonzero(rules)
        for k in random.choice(len(ys), int(len(ys) * broken / 30), replace=False):
            rules[ys[k] - 2 : ys[k] + 3, xs[k] - 2 : xs[k] + 3] = 0
    image[rules > 0] = shade
    if noise:
        image[random.random(image.shape) < noise] = 0
    return Drawing(image, rows, columns, frozenset(owner.values()))


def write(image: Grey, text: str, x: int, y: int, size: float = 1.0, thickness: int = 2) -> None:
    cv2.putText(image, text, (x, y), FONT, size, 30, thickness, cv2.LINE_AA)
