"""Rows of the models' input, computed once with the service's preprocessing and cached."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import numpy as np

import audio_samples as samples
import audio_voices as voices
from audio_waveform import decode, row

SECONDS = {"speech": 1.5, "dtmf": 0.6}
RATE = 8000
JUNK = -1


def to_row(media: bytes, kind: str) -> np.ndarray:
    return row(decode(media, RATE), RATE, SECONDS[kind])


def pool(name: str, kind: str, source: str, count: int, seed: int, vary: float = 0.0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """`count` rows as (rows float16, labels, FSDD index or -1) from `source`.

    Sources: a FSDD speaker (each recording in turn), "espeak:<split>", "junk:<split>", "keypad". `vary` is the spread of the playback
    speed, for training.
    """
    made_by = "".join(Path(__file__).with_name(f).read_text() for f in
                      ("audio_pools.py", "audio_samples.py", "audio_effects.py", "audio_voices.py", "audio_waveform.py"))
    key = hashlib.sha256(json.dumps([made_by, name, kind, source, count, seed, vary]).encode()).hexdigest()[:16]
    path = voices.cache_folder() / f"{name}-{key}.npz"
    if path.exists():
        held = np.load(path)
        return held["rows"], held["labels"], held["index"]
    rng = np.random.default_rng(seed)
    rows, labels, indices = [], [], []
    for i in range(count):
        what, _, split = source.partition(":")
        label, index = i % 10, -1
        if what == "junk":
            media, label = samples.junk(rng, split, kind)[0], JUNK
        else:
            if what == "espeak":
                clean, rate = voices.espeak_digit(rng, split, label)
            elif what == "keypad":
                clean, rate = samples.keypad(rng, str(label)), 16000
            else:
                split = "train" if what in voices.TRAIN_SPEAKERS else "test"
                recordings = voices.fsdd(what)
                clean, label, index = recordings[i % len(recordings)]
                rate = 8000
            conditions = samples.usual(rng, split or "train", kind)
            conditions = replace(conditions, speed=conditions.speed * float(np.exp(rng.normal(0, vary))))
            media = samples.render(rng, clean, rate, conditions)[0]
        rows.append(to_row(media, kind).astype(np.float16))
        labels.append(label)
        indices.append(index)
    result = np.stack(rows), np.array(labels), np.array(indices)
    np.savez(path, rows=result[0], labels=result[1], index=result[2])
    return result
