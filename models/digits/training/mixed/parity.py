"""Generates the files of `make parity`: the digits of the test split in every file type that a decoder supports.

Writes `set.jsonl` (one row per file: id, image or audio, label, type) and the files. Kinds, labels and types alternate, so every
type has the same number of files. The last two rows are for speed: a photo of 12 megapixels and 30 s of speech.
"""

from __future__ import annotations

import argparse
import io
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / medium) for medium in ("audio", "vision")]
import audio_effects  # noqa: E402
import audio_samples  # noqa: E402
import image_samples  # noqa: E402

IMAGES = {
    "jpeg": ("jpg", "JPEG", {"quality": 85}),
    "jpeg-progressive": ("jpg", "JPEG", {"quality": 85, "progressive": True}),
    "jpeg-444": ("jpg", "JPEG", {"quality": 92, "subsampling": 0}),
    "png": ("png", "PNG", {"compress_level": 1}),
    "webp": ("webp", "WEBP", {"quality": 80, "method": 0}),
    "webp-lossless": ("webp", "WEBP", {"lossless": True, "method": 0}),
    "gif": ("gif", "GIF", {}),
    "bmp": ("bmp", "BMP", {}),
    "tiff": ("tiff", "TIFF", {"compression": "tiff_lzw"}),
}
# Forms of audio_effects.encode, then those that ffmpeg converts from a WAV.
SOUNDS = ("wav16", "wav8", "wav24", "float", "ulaw", "flac", "ogg", "opus", "mp3")
FFMPEG = {
    "alaw": ("wav", ["-c:a", "pcm_alaw"]),
    "adpcm-ima": ("wav", ["-c:a", "adpcm_ima_wav"]),
    "adpcm-ms": ("wav", ["-c:a", "adpcm_ms"]),
    "aiff": ("aiff", ["-c:a", "pcm_s16be"]),
    "mp3-vbr": ("mp3", ["-c:a", "libmp3lame", "-q:a", "4"]),
    "mp3-stereo": ("mp3", ["-c:a", "libmp3lame", "-b:a", "128k", "-ac", "2"]),
}


def picture(scene: np.ndarray, kind: str) -> tuple[bytes, str]:
    suffix, form, options = IMAGES[kind]
    file = io.BytesIO()
    Image.fromarray(scene).save(file, form, **options)
    return file.getvalue(), suffix


def sound(rng: np.random.Generator, samples: np.ndarray, source: int, conditions: audio_samples.Conditions, kind: str) -> tuple[bytes, str]:
    conditions.form = kind if kind in SOUNDS else "wav16"
    data, suffix = audio_samples.render(rng, samples, source, conditions)
    if kind in FFMPEG:
        suffix, arguments = FFMPEG[kind]
        data = convert(data, suffix, arguments)
    return data, suffix.lstrip(".")


def convert(data: bytes, suffix: str, arguments: list[str]) -> bytes:
    """Uses files, because WAV and MP3 headers are completed at the end."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "in.wav"), Path(folder, f"out.{suffix}")
        source.write_bytes(data)
        subprocess.run(["ffmpeg", "-v", "error", "-bitexact", "-i", str(source), *arguments, str(target)], check=True)
        return target.read_bytes()


def photo(rng: np.random.Generator) -> bytes:
    """4000 by 3000 pixels: enlarged scenes side by side, with sensor noise."""
    scene = image_samples.draw_scene(rng, "test", "handwritten", 7)[0]
    large = np.asarray(Image.fromarray(scene).resize((4000, 3000), Image.Resampling.BICUBIC), np.float32)
    file = io.BytesIO()
    Image.fromarray(np.clip(large + rng.normal(0, 6, large.shape), 0, 255).astype(np.uint8)).save(file, "JPEG", quality=90)
    return file.getvalue()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=2028)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()

    (options.out / "media").mkdir(parents=True, exist_ok=True)
    # The final name appears only after the last row, so that an interrupted run does not look complete.
    unfinished = options.out / "set.jsonl.unfinished"
    kinds = {"image": list(IMAGES), "audio": [*SOUNDS, *FFMPEG]}
    with unfinished.open("w", encoding="utf-8") as lines:
        def write(number: str, medium: str, kind: str, label: int, data: bytes, suffix: str) -> None:
            name = f"media/{number}-{kind}.{suffix}"
            (options.out / name).write_bytes(data)
            lines.write(json.dumps({"id": number, medium: name, "label": str(label), "type": kind}) + "\n")

        for number in range(options.files):
            rng = np.random.default_rng([options.seed, number])
            medium, turn = ("image", "audio")[number % 2], number // 2
            kind = kinds[medium][turn % len(kinds[medium])]
            label, which = int(rng.integers(10)), int(rng.integers(2))
            if medium == "image":
                scene = image_samples.draw_scene(rng, "test", image_samples.KINDS[which], label)[0]
                data, suffix = picture(scene, kind)
            else:
                expert = audio_samples.KINDS[which]
                samples, source, _ = audio_samples.digit_sound(rng, "test", expert, label)
                data, suffix = sound(rng, samples, source, audio_samples.usual(rng, "test", expert), kind)
            write(f"{number:05d}", medium, kind, label, data, suffix)
            if number % 100 == 99:
                print(f"\r{number + 1} of {options.files} files", end="", file=sys.stderr, flush=True)

        rng = np.random.default_rng([options.seed, options.files])
        write("photo", "image", "12-megapixel-jpeg", 7, photo(rng), "jpg")
        speech = np.concatenate([audio_samples.digit_sound(rng, "test", "speech", int(rng.integers(10)))[0] for _ in range(80)])[:240_000]
        for kind in ("wav16", "mp3", "ogg", "opus"):
            data, suffix = audio_effects.encode(speech / np.abs(speech).max() * 0.5, 8000, kind, rng)
            write(f"speech-{kind}", "audio", f"30-s-{kind}", 0, data, suffix.lstrip("."))
    unfinished.rename(options.out / "set.jsonl")
    print(f"\r{options.files} files and 5 for speed in {options.out}", file=sys.stderr)


if __name__ == "__main__":
    main()
