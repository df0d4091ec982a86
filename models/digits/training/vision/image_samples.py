"""Pictures of single digits as users send them: photos, scans, screens; any size, position, colour and polarity.

`draw` makes one encoded file. `draw_scene` does the same before encoding, under a named condition, and returns the position of the
digit. All randomness comes from the generator argument.
"""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageDraw, ImageFilter
from scipy.ndimage import gaussian_filter

import image_glyphs

KINDS = image_glyphs.KINDS
CONDITIONS = ("clean", "corner", "thin", "thick", "blur", "noise", "uneven", "inverted", "turned", "colour", "card")


def _warp(rng: np.random.Generator, mask: np.ndarray, height: int, turn: float, tilt: float) -> np.ndarray:
    """Scales to a height, rotates by degrees, and tilts: each corner moves by up to `tilt` of the size."""
    scale = height / mask.shape[0]
    width = max(3, round(mask.shape[1] * scale))
    image = Image.fromarray((255 * mask).astype(np.uint8)).resize(
        (width, height), Image.Resampling.BOX if scale < 0.5 else Image.Resampling.BICUBIC)
    pad = int(0.3 * max(width, height)) + 2
    canvas = Image.new("L", (width + 2 * pad, height + 2 * pad), 0)
    canvas.paste(image, (pad, pad))
    if turn or tilt:
        w, h = canvas.size
        target = np.array([(0, 0), (w, 0), (w, h), (0, h)], float)
        angle = np.deg2rad(turn)
        spin = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        centre = np.array([w / 2, h / 2])
        source = (target - centre) @ spin.T + centre + rng.uniform(-tilt, tilt, (4, 2)) * np.array([w, h])
        rows, right = [], []
        for (x, y), (u, v) in zip(target, source):
            rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
            right += [u, v]
        coefficients = np.linalg.solve(np.array(rows), np.array(right))
        canvas = canvas.transform(canvas.size, Image.Transform.PERSPECTIVE, list(coefficients), Image.Resampling.BILINEAR)
    return image_glyphs.cut(np.asarray(canvas, np.float32) / 255, 0)


def _luma(colour: np.ndarray) -> float:
    return float(colour @ np.array([0.299, 0.587, 0.114]))


def _colours(rng: np.random.Generator, contrast: float, is_inverted: bool, is_coloured: bool) -> tuple[np.ndarray, np.ndarray]:
    """Paper and ink, RGB in 0..255, at least `contrast` levels apart in luma (or in hue, when coloured)."""
    for _ in range(200):
        if is_coloured:
            paper, ink = rng.uniform(0, 255, 3), rng.uniform(0, 255, 3)
            if np.linalg.norm(paper - ink) < 1.6 * contrast:
                continue
            return paper, ink
        tint = rng.uniform(-12, 12, (2, 3))
        paper = rng.uniform(120, 255) + tint[0]
        ink = rng.uniform(0, 110) + tint[1]
        if is_inverted:
            paper, ink = ink, paper
        paper, ink = np.clip(paper, 0, 255), np.clip(ink, 0, 255)
        if abs(_luma(paper) - _luma(ink)) >= contrast:
            return paper, ink
    return np.full(3, 250.0), np.zeros(3)


def _field(rng: np.random.Generator, height: int, width: int, strength: float) -> np.ndarray:
    """Illumination of the scene, around 1: a slope, a vignette or a soft shadow."""
    y, x = np.linspace(-1, 1, height, dtype=np.float32)[:, None], np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    angle = rng.uniform(0, 2 * np.pi)
    slope = np.cos(angle) * x + np.sin(angle) * y
    style = rng.integers(3)
    if style == 0:
        field = 1 - strength * (0.5 + 0.36 * slope)
    elif style == 1:
        field = 1 - strength * 0.5 * np.clip(x * x + y * y, 0, 2)
    else:
        field = 1 - strength / (1 + np.exp(-(slope - rng.uniform(-0.4, 0.4)) * rng.uniform(2, 6)))
    return np.clip(field, 0.1, 1.2)


def _texture(rng: np.random.Generator, height: int, width: int) -> np.ndarray:
    """Paper grain: smooth noise of a random scale, standard deviation 1."""
    scale = int(rng.integers(2, 24))
    small = rng.normal(0, 1, (height // scale + 3, width // scale + 3)).astype(np.float32)
    large = np.asarray(Image.fromarray(small).resize((width, height), Image.Resampling.BICUBIC))
    return large / max(1e-3, float(large.std()))


def _noise(rng: np.random.Generator, image: np.ndarray, sigma: float) -> np.ndarray:
    """Sensor noise, partly shared by the channels. Large scenes repeat a tile, which costs less than fresh noise."""
    height, width = image.shape[:2]
    if sigma < 0.5:
        return image
    tile_h, tile_w = min(height, 192), min(width, 192)
    normal = rng.standard_normal((tile_h, tile_w, 4), np.float32)
    tile = np.tile(sigma * (0.8 * normal[..., :1] + 0.6 * normal[..., 1:]), (-(-height // tile_h), -(-width // tile_w), 1))
    return image + tile[:height, :width]


def _canvas(rng: np.random.Generator, layout: str) -> tuple[int, int, int]:
    """Width, height of the scene and height of the digit, in pixels."""
    if layout == "raw":
        edge = int(rng.integers(28, 72))
        return edge, edge, int(edge * rng.uniform(0.6, 0.85))
    if layout == "plain":
        width, height = int(rng.integers(64, 300)), int(rng.integers(64, 300))
        return width, height, int(min(width, height) * rng.uniform(0.4, 0.85))
    if layout == "corner":
        width = int(rng.integers(600, 1100))
        height = int(width * rng.choice([0.75, 0.5625, 1.0, 1.33]))
        return width, height, max(24, int(min(width, height) * rng.uniform(0.045, 0.12)))
    width = int(rng.integers(200, 560))
    height = int(width * rng.choice([0.75, 1.0, 1.33]))
    return width, height, int(min(width, height) * rng.uniform(0.16, 0.5))


def _place(rng: np.random.Generator, layout: str, free_x: int, free_y: int) -> tuple[int, int]:
    if layout == "corner":
        x = rng.uniform(0.02, 0.2) if rng.random() < 0.5 else rng.uniform(0.8, 0.98)
        y = rng.uniform(0.02, 0.2) if rng.random() < 0.5 else rng.uniform(0.8, 0.98)
    elif layout in ("plain", "raw"):
        x, y = rng.uniform(0.3, 0.7, 2)
    else:
        x, y = rng.uniform(0.08, 0.92, 2)
    return int(x * free_x), int(y * free_y)


def _paper(rng: np.random.Generator, layout: str, paper: np.ndarray, box: tuple[int, int, int, int],
           height: int, width: int) -> np.ndarray:
    """The scene without the digit: paper, possibly ruled, a card on a table, or a framed display."""
    scene = np.empty((height, width, 3), np.float32)
    scene[:] = paper
    left, top, right, bottom = box
    room = max(right - left, bottom - top)
    if layout == "card":
        image = Image.fromarray(np.clip(np.broadcast_to(_table(rng, paper), (height, width, 3)), 0, 255).astype(np.uint8))
        margin = room * rng.uniform(0.25, 0.9, 4)
        jitter = rng.uniform(-0.08, 0.08, (4, 2)) * room
        corners = np.array([(left - margin[0], top - margin[1]), (right + margin[2], top - margin[1]),
                            (right + margin[2], bottom + margin[3]), (left - margin[0], bottom + margin[3])]) + jitter
        ImageDraw.Draw(image).polygon([tuple(c) for c in corners], fill=tuple(int(v) for v in paper))
        scene = np.asarray(image, np.float32).copy()
        grain = _texture(rng, height, width)[..., None] * rng.uniform(0, 5)
        scene += grain
    elif layout == "framed":
        image = Image.fromarray(scene.clip(0, 255).astype(np.uint8))
        margin = room * rng.uniform(0.25, 0.6)
        frame = tuple(int(v) for v in np.clip(_table(rng, paper), 0, 255))
        ImageDraw.Draw(image).rectangle((left - margin, top - margin, right + margin, bottom + margin),
                                        outline=frame, width=int(rng.integers(1, 2 + room // 12)))
        scene = np.asarray(image, np.float32).copy()
    elif layout == "page" and rng.random() < 0.2:
        shade = paper + (40 if _luma(paper) < 128 else -1) * rng.uniform(15, 40)  # faint ruled lines
        pitch = int(room * rng.uniform(0.5, 1.2)) + 6
        for y in range(int(rng.integers(0, pitch)), height, pitch):
            scene[y:y + max(1, height // 400)] = np.clip(shade, 0, 255) if _luma(paper) < 128 else paper - rng.uniform(15, 40)
    return scene


def _table(rng: np.random.Generator, paper: np.ndarray) -> np.ndarray:
    """A colour with sufficient contrast to the paper."""
    for _ in range(50):
        colour = rng.uniform(0, 255, 3) * 0.5 + rng.uniform(0, 128)
        if abs(_luma(colour) - _luma(paper)) > 50:
            return colour
    return 255 - paper


def draw_scene(rng: np.random.Generator, split: str, kind: str, label: int, condition: str = "any",
               corrupt: bool = False) -> tuple[np.ndarray, tuple[int, int, int, int]]:
    """One scene as uint8 RGB and the digit's box (left, top, right, bottom). `any` combines mild forms of all conditions."""
    any_of = condition == "any"
    layout = {"corner": "corner", "card": "card"}.get(condition) or str(rng.choice(
        ["raw", "plain", "page", "corner", "card", "framed"], p=[0.08, 0.38, 0.26, 0.10, 0.12, 0.06])
        if any_of else rng.choice(["plain", "page"]))
    weight = condition if condition in ("thin", "thick") else "any"
    mask = image_glyphs.glyph(rng, split, kind, label, weight)
    width, height, tall = _canvas(rng, layout)
    turn = rng.uniform(-14, 14) if condition == "turned" else rng.uniform(-7, 7) if any_of else rng.uniform(-2, 2)
    tilt = 0.06 if condition == "turned" else 0.03 if any_of and rng.random() < 0.4 else 0.0
    if layout == "raw":
        turn = tilt = 0
    mask = _warp(rng, mask, tall, turn, tilt)
    mask = mask[:height, :width]
    gh, gw = mask.shape
    left, top = _place(rng, layout, width - gw, height - gh)
    box = (left, top, left + gw, top + gh)

    is_inverted = condition == "inverted" or (condition != "clean" and rng.random() < 0.35)
    is_coloured = condition == "colour" or (any_of and rng.random() < 0.25)
    low = corrupt and rng.random() < 0.35
    paper, ink = _colours(rng, 12 if low else 70, is_inverted, is_coloured)
    if low:
        ink = paper + np.sign(128 - _luma(paper)) * rng.uniform(14, 30)
    scene = _paper(rng, layout, paper, box, height, width)
    cover = mask[..., None]
    scene[top:top + gh, left:left + gw] = scene[top:top + gh, left:left + gw] * (1 - cover) + cover * ink

    trouble = str(rng.choice(["blur", "noise", "hidden"])) if corrupt and not low else ""
    if trouble == "hidden":
        _hide(rng, scene, box, paper)
    if rng.random() < 0.3 and condition not in ("clean",):
        scene += _texture(rng, height, width)[..., None] * rng.uniform(1, 6)
    light = rng.uniform(0.35, 0.75) if condition == "uneven" else rng.uniform(0, 0.45) if any_of else 0.0
    if light > 0.05:
        scene *= _field(rng, height, width, light)[..., None]
    blur = (rng.uniform(0.09, 0.16) if trouble == "blur" else rng.uniform(0.03, 0.06) if condition == "blur"
            else rng.uniform(0, 0.025) if any_of else 0.0) * gh
    if blur > 0.4:
        margin = int(3 * blur) + 2
        y0, y1, x0, x1 = max(0, top - margin), top + gh + margin, max(0, left - margin), left + gw + margin
        scene[y0:y1, x0:x1] = gaussian_filter(scene[y0:y1, x0:x1], (blur, blur, 0))
    sigma = (rng.uniform(55, 100) if trouble == "noise" else rng.uniform(14, 28) if condition == "noise"
             else rng.uniform(3, 8) if low else rng.uniform(0, 9) if any_of else rng.uniform(0, 2))
    scene = _noise(rng, scene, sigma)
    return np.clip(scene + 0.5, 0, 255).astype(np.uint8), box


def _hide(rng: np.random.Generator, scene: np.ndarray, box: tuple[int, int, int, int], paper: np.ndarray) -> None:
    """Covers about a third to a half of the digit."""
    left, top, right, bottom = box
    share = rng.uniform(0.35, 0.55)
    side = rng.integers(4)
    if side == 0:
        right = left + int(share * (right - left))
    elif side == 1:
        left = right - int(share * (right - left))
    elif side == 2:
        bottom = top + int(share * (bottom - top))
    else:
        top = bottom - int(share * (bottom - top))
    scene[max(0, top - 2):bottom + 2, max(0, left - 2):right + 2] = (
        paper if rng.random() < 0.5 else rng.uniform(0, 255, 3))


def junk(rng: np.random.Generator) -> np.ndarray:
    """A picture without a digit: blank, gradient, texture, noise, blobs, lines."""
    width, height = int(rng.integers(48, 420)), int(rng.integers(48, 420))
    paper, ink = _colours(rng, 50, rng.random() < 0.4, rng.random() < 0.3)
    scene = np.empty((height, width, 3), np.float32)
    scene[:] = paper
    style = rng.integers(5)
    if style == 1:
        scene += _texture(rng, height, width)[..., None] * rng.uniform(5, 50)
    elif style == 2:
        scene = _noise(rng, scene, rng.uniform(10, 60))
    elif style >= 3:
        image = Image.fromarray(scene.clip(0, 255).astype(np.uint8))
        pen = ImageDraw.Draw(image)
        for _ in range(int(rng.integers(2, 14))):
            x, y = rng.uniform(0, width, 2), rng.uniform(0, height, 2)
            fill = tuple(int(v) for v in np.clip(ink + rng.uniform(-40, 40, 3), 0, 255))
            if style == 3:
                r = rng.uniform(2, 0.2 * min(width, height), 2)
                pen.ellipse((x[0] - r[0], y[0] - r[1], x[0] + r[0], y[0] + r[1]), fill=fill)
            else:
                pen.line([(float(a), float(b)) for a, b in zip(x, y)], fill=fill, width=int(rng.integers(1, 8)))
        scene = np.asarray(image, np.float32)
    scene = scene * _field(rng, height, width, rng.uniform(0, 0.5))[..., None]
    return np.clip(_noise(rng, scene, rng.uniform(0, 6)), 0, 255).astype(np.uint8)


def encode(rng: np.random.Generator, scene: np.ndarray) -> tuple[bytes, str]:
    """The scene as a file: mostly JPEG, some PNG and WebP."""
    file, style = io.BytesIO(), rng.random()
    image = Image.fromarray(scene)
    if style < 0.6:
        image.save(file, "JPEG", quality=int(rng.integers(45, 96)))
        return file.getvalue(), ".jpg"
    if style < 0.85:
        if rng.random() < 0.3:
            image = image.convert("L")
        image.save(file, "PNG", compress_level=1)
        return file.getvalue(), ".png"
    image.save(file, "WEBP", quality=int(rng.integers(50, 95)), method=0)
    return file.getvalue(), ".webp"


def draw(rng: np.random.Generator, split: str, kind: str, label: int, corrupt: bool) -> tuple[bytes, str]:
    """One image file of a digit and its suffix.

    split: train, dev or test (images and fonts are disjoint); kind: one of KINDS; label: 0 to 9; corrupt: damage so heavy (blur, noise,
    a hidden part, very low contrast) that people would often fail too.
    """
    return encode(rng, draw_scene(rng, split, kind, label, "any", corrupt)[0])
