"""Draws sound files as users send them, for training, for the experts' own figures and for the mixed-media sets.

    data, suffix = draw(numpy.random.default_rng(1), "test", "speech", 7, corrupt=False)
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

import audio_effects as fx
import audio_voices as voices
from audio_waveform import resample

KINDS = ("speech", "dtmf")
ROWS, COLUMNS = (697, 770, 852, 941), (1209, 1336, 1477, 1633)  # ITU-T Q.23, hertz
KEYS = {"1": (0, 0), "2": (0, 1), "3": (0, 2), "A": (0, 3), "4": (1, 0), "5": (1, 1), "6": (1, 2), "B": (1, 3),
        "7": (2, 0), "8": (2, 1), "9": (2, 2), "C": (2, 3), "*": (3, 0), "0": (3, 1), "#": (3, 2), "D": (3, 3)}
FORMS = ("wav16", "wav8", "wav24", "float", "ulaw", "flac", "ogg", "opus", "mp3", "mp3-32k")
FORM_SHARE = (0.34, 0.03, 0.05, 0.05, 0.03, 0.12, 0.10, 0.06, 0.12, 0.10)


@dataclass
class Conditions:
    """Conditions of one sound. The defaults are a plain, clean file."""

    rate: int = 16000
    form: str = "wav16"
    snr: float = np.inf
    noise: str = "any"
    before: float = 0.05
    after: float = 0.05
    level: float = -6.0            # peak, dBFS
    room: float = 0.0              # seconds to fall by 60 dB; 0 is none
    equaliser: float = 0.0         # standard deviation of the random response, decibels
    speed: float = 1.0             # played faster: higher and shorter
    clip: float = 0.0              # share of the peak that is clipped
    cut: tuple[float, float] | None = None  # share of the signal that is missing: (start, length)
    talk: list[tuple[np.ndarray, int]] = field(default_factory=list)


def usual(rng: np.random.Generator, split: str, kind: str) -> Conditions:
    """A typical upload: any rate and format, some silence around it, mostly a quiet room."""
    c = Conditions(rate=int(rng.choice(fx.RATES)), form=str(rng.choice(FORMS, p=FORM_SHARE)))
    if kind == "dtmf" and c.form == "mp3-32k" and c.rate == 8000:
        c.form = "mp3"
    c.before, c.after = rng.exponential(0.35), rng.exponential(0.35)
    c.before, c.after = min(c.before, 2.5), min(c.after, 2.5)
    c.snr = rng.uniform(10, 40) if rng.random() < 0.7 else np.inf
    c.level = rng.uniform(-26, -0.5)
    c.room = rng.uniform(0.1, 0.5) if rng.random() < 0.3 else 0.0
    c.equaliser = rng.uniform(0, 4) if rng.random() < 0.5 else 0.0
    if kind == "speech":
        c.speed = float(np.exp(rng.normal(0, 0.03)))
    c.talk = [voices.espeak_other(rng, split) for _ in range(4)] if rng.random() < 0.2 else []
    return c


def damage(rng: np.random.Generator, c: Conditions) -> None:
    """Heavy damage: noise at -5 to 3 dB, hard clipping, or a hole in the middle."""
    which = rng.random()
    if which < 0.5:
        c.snr = rng.uniform(-5, 3)
    elif which < 0.75:
        c.clip, c.snr = rng.uniform(0.85, 0.97), min(c.snr, rng.uniform(3, 10))
    else:
        c.cut, c.snr = (rng.uniform(0.1, 0.3), rng.uniform(0.4, 0.6)), min(c.snr, rng.uniform(3, 15))


def render(rng: np.random.Generator, samples: np.ndarray, source: int, c: Conditions) -> tuple[bytes, str]:
    """Encodes `samples` (mono, `source` hertz) under the given conditions."""
    working = min(c.rate, 16000) if source <= 16000 else c.rate
    sound = resample(samples, source * c.speed, working)
    if c.equaliser:
        sound = fx.equalise(rng, sound, working, c.equaliser)
    if c.cut:
        sound = sound.copy()
        sound[int(c.cut[0] * len(sound)):int(sum(c.cut) * len(sound))] = 0
    if c.room:
        sound = fx.reverberate(rng, sound, working, c.room)
    sound = fx.with_noise(rng, sound, working, c.snr, c.before, c.after, c.talk, c.noise)
    peak = float(np.abs(sound).max(initial=0)) or 1.0
    if c.clip:
        sound, peak = np.clip(sound, -(1 - c.clip) * peak, (1 - c.clip) * peak), (1 - c.clip) * peak
    sound = sound * np.float32(10 ** (c.level / 20) / peak)
    return fx.encode(resample(sound, working, c.rate), c.rate, c.form, rng)


def keypad(rng: np.random.Generator, key: str, rate: int = 16000) -> np.ndarray:
    """One key press: both tones within 1.5 % of their frequency, up to 8 dB apart, 40 ms to 1 s."""
    row, column = KEYS[key]
    seconds = float(np.exp(rng.uniform(np.log(0.04), np.log(1.0))))
    t = np.arange(int(seconds * rate)) / rate
    twist = 10 ** (rng.uniform(-8, 4) / 40)  # the standards allow the column tone 4 dB above and 8 dB below
    low = np.sin(2 * np.pi * ROWS[row] * (1 + rng.uniform(-0.015, 0.015)) * t + rng.uniform(0, 2 * np.pi)) / twist
    high = np.sin(2 * np.pi * COLUMNS[column] * (1 + rng.uniform(-0.015, 0.015)) * t + rng.uniform(0, 2 * np.pi)) * twist
    ramp = np.minimum(1, np.minimum(t, t[-1] - t) / 0.003)
    return ((low + high) * ramp * 0.3).astype(np.float32)


def digit_sound(rng: np.random.Generator, split: str, kind: str, label: int) -> tuple[np.ndarray, int, str]:
    """Clean samples, their rate and their speaker. `split` may also be a FSDD speaker: only that one, all recordings."""
    if kind == "dtmf":
        return keypad(rng, str(label)), 16000, "keypad"
    if split in voices.ACCENTS:
        speaker = voices.TEST_SPEAKER if split == "test" else voices.TRAIN_SPEAKERS[rng.integers(3)]
        if rng.random() < 0.4:
            return (*voices.espeak_digit(rng, split, label), "espeak")
    else:
        speaker = split
    held = {"train": range(voices.DEV_INDEX, 50), "dev": range(voices.DEV_INDEX)}.get(split, range(50))
    index = held[rng.integers(len(held))]
    samples = next(s for s, digit, i in voices.fsdd(speaker) if digit == label and i == index)
    return samples, 8000, speaker


def draw(rng: np.random.Generator, split: str, kind: str, label: int, corrupt: bool) -> tuple[bytes, str]:
    """One sound file and its suffix. Splits share no speaker and no voice (dev: other recordings of the train speakers)."""
    samples, source, _ = digit_sound(rng, split, kind, label)
    conditions = usual(rng, split, kind)
    if corrupt:
        damage(rng, conditions)
    return render(rng, samples, source, conditions)


def junk(rng: np.random.Generator, split: str, kind: str) -> tuple[bytes, str]:
    """A sound without a digit, on which the expert of `kind` must have low confidence."""
    which, seconds, rate = rng.random(), rng.uniform(0.2, 1.5), 16000
    conditions = usual(rng, split, kind)
    t = np.arange(int(seconds * rate)) / rate
    if which < 0.1:
        samples = np.zeros(len(t), np.float32)
        conditions.snr = np.inf
    elif which < 0.35:
        samples = fx.background(rng, len(t), rate, conditions.talk)
    elif which < 0.55:  # music: a chord with harmonics
        samples = np.zeros(len(t), np.float32)
        for note in rng.choice(np.arange(-20, 20), size=rng.integers(1, 5), replace=False):
            for harmonic in range(1, 5):
                samples += np.sin(2 * np.pi * 440 * 2 ** (note / 12) * harmonic * t) / harmonic ** rng.uniform(1, 2)
    elif kind == "speech":
        samples, rate = voices.espeak_other(rng, split)
    elif which < 0.7:
        samples = keypad(rng, str(rng.choice(list("ABCD*#"))))
    elif which < 0.85:  # one tone of the pair, or a tone from anywhere
        hertz = rng.choice(ROWS + COLUMNS) if rng.random() < 0.5 else rng.uniform(200, 3000)
        samples = np.sin(2 * np.pi * hertz * t).astype(np.float32)
    else:  # dial and ringing tones: pairs that are not keys
        low, high = [(350, 440), (440, 480), (480, 620), (425, 425), (697, 852), (1209, 1477)][rng.integers(6)]
        samples = (np.sin(2 * np.pi * low * t) + np.sin(2 * np.pi * high * t)).astype(np.float32)
    return render(rng, samples.astype(np.float32), rate, conditions)
