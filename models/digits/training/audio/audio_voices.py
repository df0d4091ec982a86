"""Sources of spoken digits: FSDD recordings and espeak-ng voices, each split three ways by voice.

espeak-ng runs once per sentence and voice; its output is cached outside the repository.
"""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import tempfile
from functools import lru_cache
from pathlib import Path

import numpy as np
import soundfile

DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
TRAIN_SPEAKERS = ("jackson", "nicolas", "theo")
TEST_SPEAKER = "yweweler"
DEV_INDEX = 5  # recordings 0..4 of the training speakers are dev

# A voice is an accent and a variant (timbre). No variant is in two splits; one accent is reserved for dev, one for test.
ACCENTS = {
    "train": ("en", "en-us", "en-gb-scotland", "en-gb-x-gbclan", "en-gb-x-rp", "en-029"),
    "dev": ("en", "en-us", "en-gb-x-gbcwmd"),
    "test": ("en", "en-us", "en-us-nyc"),
}
VARIANTS = {
    "train": ("m1", "m2", "m4", "m5", "m7", "f1", "f3", "f5", "klatt", "klatt3", "klatt5", "Alex", "Andrea", "Andy",
              "Annie", "Denis", "Diogo", "Gene", "Henrique", "Jacky", "Lee", "Marco", "Mario", "Mike", "Nguyen",
              "adam", "anika", "antonio", "belinda", "boris", "caleb", "david", "ed", "gustave", "iven", "john",
              "linda", "max", "michel", "miguel", "norbert", "paul", "quincy", "rob", "sandro", "steph", "travis",
              "victor", "whisper", "zac", "grandma"),
    "dev": ("m3", "f2", "klatt2", "Alicia", "Hugo", "Michael", "benjamin", "edward", "iven2", "marcelo", "robert",
            "shelby"),
    "test": ("m6", "m8", "f4", "klatt4", "Gene2", "Tweaky", "announcer", "aunty", "grandpa", "iven3", "pablo",
             "pedro", "steph2"),
}
# English digits with a foreign accent: the voice of another language reads a respelling. Training only.
FOREIGN = {
    "de": ("siero", "wann", "tu", "sri", "foor", "faif", "siks", "sewwen", "ejt", "nain"),
    "fr": ("ziro", "ouanne", "tou", "sri", "fore", "faïve", "sixe", "sévène", "éïte", "naïne"),
    "es": ("siro", "uan", "tu", "zri", "for", "faif", "siks", "seven", "eit", "nain"),
    "it": ("ziro", "uan", "tu", "tri", "for", "faiv", "sics", "seven", "eit", "nain"),
    "nl": ("ziero", "wan", "toe", "srie", "foor", "fajv", "siks", "seven", "eet", "najn"),
    "pl": ("ziro", "łan", "tu", "sri", "for", "fajw", "siks", "sewen", "ejt", "najn"),
}
# Words that are not digits and do not sound like one.
OTHER_WORDS = ("hello", "yes", "no", "stop", "please", "music", "water", "window", "monday", "banana", "computer",
               "garden", "orange", "london", "people", "coffee", "maybe", "open", "thank you", "good morning",
               "hundred", "picture", "down", "up", "left", "right", "camera", "happy", "house", "lamp", "operator",
               "cancel", "repeat", "table", "machine", "apple", "door", "cloud", "friday", "question")


def data_folder() -> Path:
    """$MULTIMODAL_DATA, or else ../shared/data next to the repository."""
    default = Path(__file__).resolve().parents[4].parent / "shared" / "data"
    return Path(os.environ.get("MULTIMODAL_DATA", default))


def cache_folder() -> Path:
    """Cache folder for synthesised speech and prepared rows."""
    folder = Path(os.environ.get("MULTIMODAL_CACHE", Path(tempfile.gettempdir()) / "multimodal-audio"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@lru_cache(maxsize=None)
def fsdd(speaker: str) -> tuple[tuple[np.ndarray, int, int], ...]:
    """Every recording of one speaker as (samples at 8 kHz, digit, index), in a fixed order."""
    found = []
    for path in sorted((data_folder() / "fsdd" / "recordings").glob(f"*_{speaker}_*.wav")):
        digit, _, index = path.stem.split("_")
        samples, rate = soundfile.read(path, dtype="float32")
        assert rate == 8000
        found.append((samples, int(digit), int(index)))
    if not found:
        raise SystemExit(f"no FSDD recordings of {speaker} under {data_folder()}; set MULTIMODAL_DATA")
    return tuple(found)


@lru_cache(maxsize=8192)
def speak(text: str, voice: str, pitch: int, speed: int) -> tuple[np.ndarray, int]:
    """Synthesises `text` with espeak-ng; mono float32 samples without the silence at both ends, and their rate."""
    key = hashlib.sha256(f"{text}|{voice}|{pitch}|{speed}".encode()).hexdigest()[:24]
    path = cache_folder() / "espeak" / f"{key}.wav"
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        wav = subprocess.run(["espeak-ng", "-v", voice, "-p", str(pitch), "-s", str(speed), "--stdout", text],
                             check=True, capture_output=True).stdout
        partial = path.with_suffix(f".{os.getpid()}")
        partial.write_bytes(wav)
        partial.rename(path)
    samples, rate = soundfile.read(io.BytesIO(path.read_bytes()), dtype="float32")
    loud = np.flatnonzero(np.abs(samples) > 0.01 * max(float(np.abs(samples).max(initial=0)), 1e-6))
    return (samples[loud[0]:loud[-1] + 1], rate) if len(loud) else (samples, rate)


def espeak_voice(rng: np.random.Generator, split: str) -> tuple[str, int, int]:
    """A voice of the split, a pitch and a speed, on a coarse grid for cache hits."""
    accent = ACCENTS[split][rng.integers(len(ACCENTS[split]))]
    variant = VARIANTS[split][rng.integers(len(VARIANTS[split]))]
    return f"{accent}+{variant}", int(rng.choice([30, 50, 70])), int(rng.choice([120, 155, 190]))


def espeak_digit(rng: np.random.Generator, split: str, digit: int) -> tuple[np.ndarray, int]:
    """One synthetic digit; in training, one in five has a foreign voice."""
    voice, pitch, speed = espeak_voice(rng, split)
    if split == "train" and rng.random() < 0.2:
        language = list(FOREIGN)[rng.integers(len(FOREIGN))]
        return speak(FOREIGN[language][digit], f"{language}+{voice.split('+')[1]}", pitch, min(speed, 160))
    return speak(DIGITS[digit], voice, pitch, speed)


def espeak_other(rng: np.random.Generator, split: str) -> tuple[np.ndarray, int]:
    """A word that is not a digit."""
    voice, pitch, speed = espeak_voice(rng, split)
    return speak(OTHER_WORDS[rng.integers(len(OTHER_WORDS))], voice, pitch, speed)
