"""Generates the bundled cases of `make demo`: media files and cases.json in models/digits/samples.

Everything comes from the `test` sources, which no expert was trained on: MNIST test images, fonts of the test split, an espeak-ng
test voice (the repository contains no recording of a person) and generated key tones.
"""

import json
import sys
from pathlib import Path

import numpy as np

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / medium) for medium in ("audio", "vision")]
import audio_samples  # noqa: E402
import audio_voices  # noqa: E402
import image_samples  # noqa: E402

FOLDER = Path(__file__).resolve().parents[2] / "samples"


def image(name: str, seed: int, kind: str, label: int, corrupt: bool = False) -> str:
    data, suffix = image_samples.draw(np.random.default_rng(seed), "test", kind, label, corrupt)
    return save(name, data, suffix)


def speech(name: str, seed: int, label: int, **conditions: object) -> str:
    rng = np.random.default_rng(seed)
    samples, rate = audio_voices.espeak_digit(rng, "test", label)
    data, suffix = audio_samples.render(rng, samples, rate, audio_samples.Conditions(**conditions))
    return save(name, data, suffix)


def key_tone(name: str, seed: int, label: int, **conditions: object) -> str:
    rng = np.random.default_rng(seed)
    data, suffix = audio_samples.render(rng, audio_samples.keypad(rng, str(label)), 16000, audio_samples.Conditions(**conditions))
    return save(name, data, suffix)


def save(name: str, data: bytes, suffix: str) -> str:
    file = f"{name}.{suffix.lstrip('.')}"
    (FOLDER / file).write_bytes(data)
    return file


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    seven = image("handwritten-seven", 7, "handwritten", 7)
    four = image("printed-four", 14, "printed", 4)
    two = speech("spoken-two", 22, 2, form="flac")
    nine = key_tone("key-nine", 9, 9, form="mp3", snr=20.0)
    whole = (FOLDER / four).read_bytes()
    broken = save("cut-off", whole[:len(whole) // 3], Path(four).suffix)

    cases = [
        {"name": "a handwritten digit", "image": seven, "expect": {"label": "7"}},
        {"name": "a printed digit", "image": four, "expect": {"label": "4"}},
        {"name": "a spoken digit", "audio": two, "expect": {"label": "2"}},
        {"name": "a telephone key", "audio": nine, "expect": {"label": "9"}},
        {"name": "a word with a typing error", "text": "die Antwort ist actht", "expect": {"label": "8"}},
        {"name": "a numeral of another script", "text": "no. \u096b", "expect": {"label": "5"}},
        {"name": "text and image", "text": "it looks like a seven", "image": seven, "expect": {"label": "7", "conflict": False}},
        {"name": "image and sound", "image": image("handwritten-two", 12, "handwritten", 2), "audio": two, "expect": {"label": "2", "conflict": False}},
        {"name": "text and sound", "text": "#9", "audio": nine, "expect": {"label": "9", "conflict": False}},
        {"name": "all three media", "text": "quatre", "image": four, "audio": speech("spoken-four", 44, 4, form="mp3-32k", rate=22050),
         "expect": {"label": "4", "conflict": False}},
        {"name": "a noisy sound beside a clear image", "image": image("printed-six", 6, "printed", 6),
         "audio": speech("noisy-six", 66, 6, snr=-2.0), "expect": {"label": "6"}},
        {"name": "a picture of nothing beside a clear sound (one missing)", "image": save("blank", blank(), ".png"), "audio": two, "expect": {"label": "2"}},
        {"name": "two in conflict", "text": "three", "image": image("handwritten-eight", 83, "handwritten", 8), "expect": {"conflict": True}},
        {"name": "a sentence without a number", "text": "good morning, how was your trip?", "expect": {"maxConfidence": 0.6}},
        {"name": "an unreadable image (cut off)", "image": broken, "expect": {"code": "undecodable"}},
    ]
    (FOLDER / "cases.json").write_text(json.dumps(cases, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{len(cases)} cases in {FOLDER}")


def blank() -> bytes:
    import io

    from PIL import Image

    held = io.BytesIO()
    Image.new("L", (320, 240), 235).save(held, "PNG")
    return held.getvalue()


if __name__ == "__main__":
    main()
