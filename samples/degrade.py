"""From clean page images to what offices have: skewed, blurred, speckled scans, photocopies, faxes and photographs.

Images are numpy arrays of unsigned bytes, grey (height, width) or colour (height, width, 3) in RGB order, black ink on
white paper; a ``Random`` seeds every chance, so that the same seed gives the same page. Tests use ``turned``, ``fax``,
``phone_photo`` and ``enlarged`` to make difficult pages from easy ones.
"""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
Random = np.random.Generator


def grey(image: Image) -> Image:
    """Luminance of a colour image; a grey image as it is."""
    return image if image.ndim == 2 else np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), np.uint8)


def _clipped(values: NDArray[np.floating]) -> Image:
    return np.asarray(np.clip(values, 0, 255), np.uint8)


def skewed(image: Image, degrees: float, paper: int = 255) -> Image:
    """Turned by a small angle, counter-clockwise, on paper of the same size."""
    height, width = image.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    turned_image = cv2.warpAffine(image, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=(paper,) * 3)
    return np.asarray(turned_image, np.uint8)


def turned(image: Image, degrees: int) -> Image:
    """Laid on the glass the wrong way: turned clockwise by 90, 180 or 270 degrees.

    Raises:
        ValueError: any other angle.
    """
    turns = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}
    if degrees not in turns:
        raise ValueError(f"a page is turned by 90, 180 or 270 degrees, not by {degrees}")
    return np.asarray(cv2.rotate(image, turns[degrees]), np.uint8)


def blurred(image: Image, sigma: float) -> Image:
    """Out of focus by a Gaussian of ``sigma`` pixels."""
    return np.asarray(cv2.GaussianBlur(image, (0, 0), sigma), np.uint8)


def noisy(image: Image, sigma: float, random: Random) -> Image:
    """With a sensor's noise of standard deviation ``sigma`` grey levels, the same in all channels."""
    noise = random.normal(0, sigma, image.shape[:2]).astype(np.float32)
    return _clipped(image.astype(np.float32) + (noise if image.ndim == 2 else noise[..., None]))


def specked(image: Image, share: float, random: Random, largest: float = 2.0) -> Image:
    """With dust: ``share`` specks a thousand pixels' square side, each up to ``largest`` pixels wide."""
    out = image.copy()
    height, width = image.shape[:2]
    for _ in range(int(share * height * width / 1_000_000)):
        centre = int(random.integers(width)), int(random.integers(height))
        radius = max(1, round(float(random.uniform(0.5, largest))))
        cv2.circle(out, centre, radius, (int(random.integers(0, 110)),) * 3, -1)
    return out


def shaded(image: Image, depth: float, random: Random) -> Image:
    """With paper and lamp that are not even: slow waves of up to ``depth`` grey levels."""
    height, width = image.shape[:2]
    coarse = random.normal(0, 1, (7, 5)).astype(np.float32)
    waves = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC) * depth / 2
    return _clipped(image.astype(np.float32) - (waves if image.ndim == 2 else waves[..., None]) - depth)


def worn(image: Image, ink: int, paper: int) -> Image:
    """With black ink faded to level ``ink`` and white paper darkened to level ``paper``."""
    return _clipped(ink + image.astype(np.float32) * ((paper - ink) / 255))


def edge_shadow(image: Image, width: int, level: int = 60) -> Image:
    """With the dark strip that an open lid leaves along the left edge."""
    out = image.copy()
    fade = np.linspace(level / 255, 1.0, width, dtype=np.float32)
    strip = out[:, :width].astype(np.float32)
    out[:, :width] = _clipped(strip * (fade[None, :] if image.ndim == 2 else fade[None, :, None]))
    return out


def bitonal(image: Image, threshold: int = 160) -> Image:
    """Black and white alone: 0 or 255, grey."""
    return np.where(grey(image) < threshold, 0, 255).astype(np.uint8)


def scaled(image: Image, factor: float) -> Image:
    """Sampled anew, ``factor`` times as large on each side."""
    way = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(image, None, fx=factor, fy=factor, interpolation=way), np.uint8)


def colour_scan(image: Image, random: Random) -> Image:
    """A careful office scan in colour: little skew, soft, faint tint."""
    page = skewed(image, float(random.uniform(-0.6, 0.6)), 253)
    page = noisy(shaded(worn(blurred(page, 0.7), 28, 252), 4, random), 2.0, random)
    return specked(page, 12, random, 1.5)


def photocopy(image: Image, random: Random) -> Image:
    """A grey photocopy of a copy: skewed, blurred, thin toner, dust and a dark edge."""
    page = skewed(grey(image), float(random.uniform(0.5, 1.1)) * (1 if random.random() < 0.5 else -1), 250)
    page = shaded(worn(blurred(page, 0.95), 48, 240), 9, random)
    page = noisy(specked(page, 28, random, 1.8), 4.5, random)
    return edge_shadow(page, 26, 70)


def bitonal_scan(image: Image, random: Random) -> Image:
    """What a multi-function printer sends as CCITT: noise and specks, then a threshold that frays the strokes."""
    page = skewed(grey(image), float(random.uniform(-0.5, 0.5)), 255)
    page = noisy(blurred(page, 1.1), 16, random)
    return bitonal(specked(page, 18, random, 3.0), 150)


def fax(image: Image, dots_per_inch: float, random: Random) -> Image:
    """A fax: ``image``, taken at ``dots_per_inch``, as black and white at 150 dots an inch with dropped lines."""
    page = scaled(blurred(grey(image), dots_per_inch / 300), 150 / dots_per_inch)
    page = bitonal(specked(noisy(page, 12, random), 40, random, 1.5), 165)
    for row in random.integers(0, page.shape[0], 3):
        page[row] = 255
    return page


def enlarged(image: Image, dots_per_inch: float) -> Image:
    """``image``, taken at ``dots_per_inch``, as a scan of 600 dots an inch."""
    return scaled(image, 600 / dots_per_inch)


def phone_photo(image: Image, random: Random, tilt: float = 0.05) -> Image:
    """A photograph by telephone: seen in perspective on a dark desk, with a shadow falling across the sheet.

    ``tilt`` is how far the corners move, as a share of the page's width.
    """
    page = image if image.ndim == 3 else np.asarray(cv2.cvtColor(image, cv2.COLOR_GRAY2RGB), np.uint8)
    height, width = page.shape[:2]
    margin = round(0.06 * width)
    size = (width + 2 * margin, height + 2 * margin)
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    moved = corners + margin + random.uniform(-tilt, tilt, (4, 2)).astype(np.float32) * width * np.float32(0.5)
    matrix = cv2.getPerspectiveTransform(corners, moved.astype(np.float32))
    sheet = cv2.warpPerspective(page, matrix, size, flags=cv2.INTER_CUBIC, borderValue=(72, 62, 55))
    return noisy(blurred(_shadow(np.asarray(sheet, np.uint8), random), 0.8), 3.0, random)


def _shadow(image: Image, random: Random) -> Image:
    height, width = image.shape[:2]
    angle = float(random.uniform(0.15, 0.6))
    across = np.linspace(-1, 1, width, dtype=np.float32)[None, :] * math.cos(angle)
    down = np.linspace(-1, 1, height, dtype=np.float32)[:, None] * math.sin(angle)
    light = 0.62 + 0.38 / (1 + np.exp(-9 * (across + down + np.float32(random.uniform(0.1, 0.5)))))
    return _clipped(image.astype(np.float32) * (light if image.ndim == 2 else light[..., None]))
