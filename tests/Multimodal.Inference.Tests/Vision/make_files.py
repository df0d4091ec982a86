"""Creates the small image files of the media tests in the folder `files` next to this script (Pillow, ffmpeg).

Every good file shows the same picture, 60 by 40: red, green, blue and white quarters (the white one bottom right), so that a
test can tell orientation, colour space and depth by four pixels.
"""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import zlib

import numpy as np
from PIL import Image

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "files")
WIDTH, HEIGHT = 60, 40


def picture() -> np.ndarray:
    image = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    image[:20, :30], image[:20, 30:], image[20:, :30], image[20:, 30:] = (220, 20, 20), (20, 200, 20), (20, 20, 220), (255, 255, 255)
    return image


def path(name: str) -> str:
    return os.path.join(OUT, name)


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, depth: int, colour: int, raw: bytes, extra: bytes = b"", interlace: int = 0) -> bytes:
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlace)) + extra
            + chunk(b"IDAT", zlib.compress(raw, 9)) + chunk(b"IEND", b""))


def write(name: str, data: bytes) -> None:
    with open(path(name), "wb") as file:
        file.write(data)


def jpegs(image: Image.Image) -> None:
    image.save(path("baseline.jpg"), quality=92)
    image.save(path("progressive.jpg"), quality=92, progressive=True)
    image.save(path("subsampled.jpg"), quality=80, subsampling=2)
    image.convert("L").save(path("gray.jpg"), quality=92)
    image.convert("CMYK").save(path("cmyk.jpg"), quality=92)
    turns = {1: [], 2: ["FLIP_LEFT_RIGHT"], 3: ["ROTATE_180"], 4: ["FLIP_TOP_BOTTOM"], 5: ["TRANSPOSE"], 6: ["ROTATE_90"],
             7: ["TRANSVERSE"], 8: ["ROTATE_270"]}
    for orientation, steps in turns.items():
        stored = image
        for step in steps:
            stored = stored.transpose(getattr(Image.Transpose, step))
        exif = Image.Exif()
        exif[0x0112] = orientation
        stored.save(path(f"orientation-{orientation}.jpg"), quality=92, exif=exif)


def pngs(image: Image.Image) -> None:
    pixels = np.asarray(image)
    image.save(path("rgb8.png"))
    image.quantize(8).save(path("palette.png"))
    mask = Image.fromarray((pixels.min(2) > 128).astype(np.uint8) * 255)
    image.convert("1", dither=Image.Dither.NONE).save(path("bilevel.png"))
    image.convert("L").save(path("gray8.png"))
    # The white quarter is transparent black, so it becomes white only on a white background.
    alpha = np.dstack([pixels * (pixels.min(2, keepdims=True) < 128), 255 - np.asarray(mask)])
    Image.fromarray(alpha.astype(np.uint8), "RGBA").save(path("alpha.png"))
    Image.fromarray(alpha.astype(np.uint8), "RGBA").save(path("alpha-lossless.webp"), lossless=True)
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in pixels.astype(np.uint16) * 257)
    write("rgb16.png", png(WIDTH, HEIGHT, 16, 2, rows))
    gray = np.asarray(image.convert("L")).astype(np.uint16) * 257
    write("gray16.png", png(WIDTH, HEIGHT, 16, 0, b"".join(b"\0" + row.astype(">u2").tobytes() for row in gray)))
    passes = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
    adam7 = b"".join(b"\0" + row.tobytes() for x, y, dx, dy in passes for row in pixels[y::dy, x::dx])
    write("interlaced.png", png(WIDTH, HEIGHT, 8, 2, adam7, interlace=1))


def others(image: Image.Image) -> None:
    image.save(path("lossy.webp"), quality=92)
    image.save(path("lossless.webp"), lossless=True)
    second = Image.new("RGB", image.size, (0, 0, 0))
    image.save(path("animated.webp"), save_all=True, append_images=[second], duration=100, lossless=True)
    image.quantize(16).save(path("still.gif"))
    image.quantize(16).save(path("animated.gif"), save_all=True, append_images=[second.quantize(2)], duration=100)
    image.save(path("lzw.tiff"), compression="tiff_lzw")
    image.save(path("deflate.tiff"), compression="tiff_adobe_deflate")
    image.save(path("pages.tiff"), save_all=True, append_images=[second], compression="tiff_lzw")
    image.convert("CMYK").save(path("cmyk.tiff"), compression="tiff_lzw")
    Image.fromarray(np.asarray(image.convert("L")).astype(np.uint16) * 257).save(path("gray16.tiff"))
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", path("rgb8.png"), "-frames:v", "1", "-c:v", "libaom-av1", "-still-picture", "1",
                    "-crf", "12", "-pix_fmt", "yuv444p", "-threads", "1", path("still.avif")], check=True)


def bmps() -> None:
    """Written byte by byte, because Pillow does not write run lengths, bit fields or rows from top to bottom."""
    rows = [[tuple(int(level) for level in pixel) for pixel in row] for row in picture()]
    colours = sorted({pixel for row in rows for pixel in row})
    indices = [[colours.index(pixel) for pixel in row] for row in rows]
    palette = b"".join(bytes((b, g, r, 0)) for r, g, b in colours)

    def bmp(bits: int, compression: int, body: bytes, extra: bytes = b"", height: int = HEIGHT, header: int = 40) -> bytes:
        colours_used = len(colours) if bits <= 8 else 0
        info = struct.pack("<IiiHHIIiiII", header, WIDTH, height, 1, bits, compression, len(body), 2835, 2835, colours_used, 0)
        start = 14 + len(info) + len(extra)
        return b"BM" + struct.pack("<IHHI", start + len(body), 0, 0, start) + info + extra + body

    def pad(row: bytes) -> bytes:
        return row + b"\0" * (-len(row) % 4)

    def runs(row: list[int], double: bool) -> bytes:
        half = WIDTH // 2
        return b"".join(bytes((half, row[x] * 17 if double else row[x])) for x in (0, half)) + b"\0\0"

    bgr = [pad(b"".join(bytes((b, g, r)) for r, g, b in row)) for row in rows]
    write("rgb24.bmp", bmp(24, 0, b"".join(reversed(bgr))))
    write("top-down.bmp", bmp(24, 0, b"".join(bgr), height=-HEIGHT))
    write("palette8.bmp", bmp(8, 0, b"".join(pad(bytes(row)) for row in reversed(indices)), palette))
    write("rle8.bmp", bmp(8, 1, b"".join(runs(row, False) for row in reversed(indices)) + b"\0\1", palette))
    write("rle4.bmp", bmp(4, 2, b"".join(runs(row, True) for row in reversed(indices)) + b"\0\1", palette))
    fields = b"".join(struct.pack("<I", r << 16 | g << 8 | b) for row in reversed(rows) for r, g, b in row)
    write("fields32.bmp", bmp(32, 3, fields, struct.pack("<III", 0xFF0000, 0xFF00, 0xFF)))
    # The white quarter is transparent black, as in alpha.png; version 4 of the header has a mask for alpha.
    shown = [struct.pack("<I", 0 if min(pixel) > 128 else 0xFF << 24 | pixel[0] << 16 | pixel[1] << 8 | pixel[2])
             for row in reversed(rows) for pixel in row]
    masks = struct.pack("<IIII", 0xFF0000, 0xFF00, 0xFF, 0xFF000000) + b"BGRs" + b"\0" * 48
    write("alpha32.bmp", bmp(32, 3, b"".join(shown), masks, header=108))


def bad() -> None:
    # 62 million pixels with one bit each, within the limits, in a few kilobytes.
    write("huge-within-limits.png", png(7_900, 7_900, 1, 0, b"\0" * (989 * 7_900)))
    write("lying-dimensions.png", png(6_000, 6_000, 8, 2, b"\0" * 2_000))
    write("bad-crc.png", bytearray_with_flip(path("rgb8.png"), 50))
    write("drawing.svg", b'<svg xmlns="http://www.w3.org/2000/svg" width="60" height="40"><rect width="60" height="40"/></svg>')
    write("page.pdf", b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n%%EOF\n")


def digits() -> None:
    """Creates three photos for each expert from the test split. Run it in a checkout with node_modules and fonts."""
    sys.path.insert(0, os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", "models", "digits", "training")))
    import image_samples

    for kind, label, condition, seed in (("handwritten", 3, "corner", 1), ("handwritten", 7, "uneven", 2), ("handwritten", 8, "inverted", 3),
                                         ("printed", 2, "card", 4), ("printed", 5, "colour", 5), ("printed", 9, "noise", 6)):
        scene, _ = image_samples.draw_scene(np.random.default_rng(seed), "test", kind, label, condition)
        Image.fromarray(scene).save(path(f"{kind}-{label}.jpg"), quality=85)


def bytearray_with_flip(source: str, at: int) -> bytes:
    with open(source, "rb") as file:
        data = bytearray(file.read())
    data[at] ^= 0xFF
    return bytes(data)


def main() -> None:
    os.makedirs(OUT, exist_ok=True)
    image = Image.fromarray(picture())
    jpegs(image)
    pngs(image)
    others(image)
    bmps()
    bad()
    digits()


if __name__ == "__main__":
    main()
