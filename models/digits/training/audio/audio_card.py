"""The final evaluation of an audio expert, its expert.json and its model card."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Callable

import numpy as np

import audio_samples as samples
import audio_voices as voices
from audio_samples import Conditions
from audio_waveform import decode, row

RATE = 8000

# Each condition changes one property of a plain 16 kHz file.
CONDITIONS: dict[str, dict] = {
    "clean": {},
    "1.5 s of silence on both sides": {"before": 1.5, "after": 1.5},
    "8 kHz": {"rate": 8000},
    "11.025 kHz": {"rate": 11025},
    "44.1 kHz": {"rate": 44100},
    "48 kHz": {"rate": 48000},
    "white noise, 20 dB SNR": {"snr": 20, "noise": "white", "before": 0.5, "after": 0.5},
    "white noise, 10 dB SNR": {"snr": 10, "noise": "white", "before": 0.5, "after": 0.5},
    "mixed background noise, 10 dB SNR": {"snr": 10, "before": 0.5, "after": 0.5},
    "mixed background noise, 5 dB SNR": {"snr": 5, "before": 0.5, "after": 0.5},
    "MP3 at 32 kbit/s": {"form": "mp3-32k"},
    "MP3 at 32 kbit/s, 10 dB SNR": {"form": "mp3-32k", "snr": 10, "before": 0.5, "after": 0.5},
    "Opus": {"form": "opus"},
    "room, 0.4 s": {"room": 0.4},
    "-40 dBFS": {"level": -40},
}


def folder(kind: str) -> Path:
    return Path(__file__).resolve().parents[2] / f"audio-{kind}"


def measure(kind: str, judge: Callable[[np.ndarray], object], seconds: float, repeats: int = 300) -> dict:
    """Accuracy on test sounds under each condition and on mixed and damaged uploads, and the confidence on junk.

    `judge` converts rows to calibrated logits (a tensor).
    """
    figures: dict = {"conditions": {}}
    sources = {"dtmf": ("keypad",), "speech": (voices.TEST_SPEAKER, "espeak test voices")}[kind]
    for name, change in CONDITIONS.items():
        figures["conditions"][name] = {}
        for source in sources:
            rng = np.random.default_rng(900)
            rows, truth = [], []
            for i in range(repeats):
                if source == "espeak test voices":
                    sound, rate = voices.espeak_digit(rng, "test", i % 10)
                else:
                    sound, rate, _ = samples.digit_sound(rng, source, kind, i % 10)
                talk = [voices.espeak_other(rng, "test") for _ in range(3)]
                media, _ = samples.render(rng, sound, rate, replace(Conditions(talk=talk), **change))
                rows.append(row(decode(media, RATE), RATE, seconds))
                truth.append(i % 10)
            best = judge(np.stack(rows)).argmax(1).numpy()
            figures["conditions"][name][source] = round(float((best == np.array(truth)).mean()), 4)
        print(kind, name, figures["conditions"][name], flush=True)
    for name, corrupt in (("mixed uploads", False), ("heavily damaged uploads", True)):
        rng = np.random.default_rng(901)
        rows = [row(decode(samples.draw(rng, "test", kind, i % 10, corrupt)[0], RATE), RATE, seconds) for i in range(2 * repeats)]
        chance = judge(np.stack(rows)).softmax(1).numpy()
        truth = np.arange(2 * repeats) % 10
        right = chance.argmax(1) == truth
        figures[name] = {"accuracy": round(float(right.mean()), 4),
                         "nll": round(float(-np.log(chance[np.arange(len(truth)), truth]).mean()), 4),
                         "ece": round(calibration_error(chance.max(1), right), 4)}
        print(kind, name, figures[name], flush=True)
    rng = np.random.default_rng(902)
    rows = [row(decode(samples.junk(rng, "test", kind)[0], RATE), RATE, seconds) for _ in range(repeats)]
    figures["junk"] = {"meanConfidence": round(float(judge(np.stack(rows)).softmax(1).max(1).values.mean()), 4)}
    print(kind, "junk", figures["junk"], flush=True)
    return figures


def calibration_error(confidence: np.ndarray, right: np.ndarray, bins: int = 15) -> float:
    """Expected calibration error over equally wide bins (Guo et al. 2017)."""
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    return float(sum(abs(confidence[place == b].sum() - right[place == b].sum()) for b in range(bins)) / len(right))


TEXT = {
    "speech": {
        "title": "Spoken English digits",
        "limits": """- The test speaker is heard less well than the 90 % that is wanted.
- It is too sure of sounds that hold no digit, and the confidence is not calibrated for voices it never heard (see the ECE).
- The test speaker's recordings were looked at while the augmentation was designed; no weight was fitted to them.""",
        "description": "Spoken English digits, from any sound file.",
        "licence": "CC-BY-SA-4.0",
        "cost": 1.0,
        "trainedOn": ["Free Spoken Digit Dataset, speakers jackson, nicolas and theo, recordings 5 to 49 (CC BY-SA 4.0)",
                      "espeak-ng, English and foreign voices, training variants (generated)"],
        "data": """- [Free Spoken Digit Dataset](https://github.com/Jakobovski/free-spoken-digit-dataset), CC BY-SA 4.0, by
  Zohar Jackson and contributors: speakers jackson, nicolas, theo, recordings 5 to 49. The model is published under the
  same licence. The recordings themselves are not part of this repository.
- espeak-ng: English accents with 51 training variants, and six foreign voices reading respelt digits.
- 8 % junk (silence, noise, chords, other words) with the uniform distribution as its target.

Dev (temperature): recordings 0 to 4 of the three speakers, espeak-ng dev variants and an accent of their own.
Test: speaker yweweler and espeak-ng test variants with an accent of their own. No part of them was used in training.""",
        "net": "40 mel bands over a short-time Fourier transform (both inside the graph), three 2-D convolutions, one over "
               "time, attentive statistics pooling",
    },
    "dtmf": {
        "title": "Telephone keypad tones",
        "limits": """A single tone of a pair, which is no key, still gets a confidence of about 0.65.""",
        "description": "Telephone keypad tones (DTMF) of the ten digits, from any sound file.",
        "licence": "MIT",
        "cost": 0.5,
        "trainedOn": ["ITU-T Q.23 keypad tones (generated)"],
        "data": """- Generated tones of ITU-T Q.23: frequencies within 1.5 %, 40 ms to 1 s, column tone from 8 dB below to 4 dB above the row tone.
- 8 % junk (silence, noise, chords, single tones, dial tones, the keys A to D, * and #) with the uniform distribution as
  its target.

Train, dev and test are drawn with different seeds; background talkers of test are espeak-ng voices that training lacks.""",
        "net": "Short-time Fourier transform (inside the graph), two convolutions over time, attention and maximum over time",
    },
}


def write(kind: str, seconds: float, temperature: float, figures: dict, parameters: int) -> None:
    """Writes expert.json and README.md next to the model."""
    text, place = TEXT[kind], folder(kind)
    model = (place / "model.onnx").read_bytes()
    package = {
        "name": f"audio-{kind}", "version": "1.0.0", "description": text["description"], "modality": "audio",
        "labels": [str(digit) for digit in range(10)],
        "model": "model.onnx", "sha256": hashlib.sha256(model).hexdigest(), "input": "pcm", "output": "logits",
        "preprocessing": {"kind": "waveform", "sampleRate": RATE, "seconds": seconds, "trim": "energy", "normalise": "rms"},
        "activation": "softmax", "temperature": temperature, "cost": text["cost"], "licence": text["licence"],
        "trainedOn": text["trainedOn"]}
    (place / "expert.json").write_text(json.dumps(package, indent=2, ensure_ascii=False) + "\n")
    lines = [f"# audio-{kind}: {text['title'].lower()}", "", text["description"], "",
             f"- Input `pcm` [batch, {round(seconds * RATE)}]: mono at 8 kHz, {seconds} s around the loudest run of sound, RMS 0.1 "
             "(preprocessing kind `waveform`).", "- Output `logits` [batch, 10]: the digits 0 to 9.",
             f"- {text['net']}; {parameters:,} trained parameters, {len(model) / 1024:,.0f} KiB.",
             f"- Temperature {temperature}, fitted on dev by negative log-likelihood.",
             f"- Licence {text['licence']}.",
             f"- Made by `models/digits/training/audio/audio_train.py {kind}`.", "", "## Data", "", text["data"], "",
             "## Test figures", "", "Every sound goes through a file and the service's preprocessing.", ""]
    names = list(next(iter(figures["conditions"].values())))
    lines += ["| condition | " + " | ".join(names) + " |", "|---|" + "---|" * len(names)]
    lines += [f"| {condition} | " + " | ".join(f"{100 * by[name]:.1f} %" for name in names) + " |"
              for condition, by in figures["conditions"].items()]
    lines += ["", "| uploads as they come | accuracy | NLL | ECE |", "|---|---|---|---|"]
    lines += [f"| {name} | {100 * figures[name]['accuracy']:.1f} % | {figures[name]['nll']:.3f} | {figures[name]['ece']:.3f} |"
              for name in ("mixed uploads", "heavily damaged uploads")]
    lines += ["", f"Mean confidence in test junk (no digit in it): {figures['junk']['meanConfidence']:.2f}.", ""]
    if (place / "loso.json").exists():
        folds = json.loads((place / "loso.json").read_text())
        lines += ["## Leave one speaker out", "", "The same design, trained four times, each time without the speaker "
                  "that judges it (`audio_train.py speech --loso`).", "",
                  "| speaker left out | 500 recordings as they are | 1,500 mixed uploads of them |", "|---|---|---|"]
        lines += [f"| {name} | {100 * fold['recordings']:.1f} % | {100 * fold['asUsersSend']:.1f} % |" for name, fold in folds.items()]
        lines += [f"| mean | {100 * np.mean([f['recordings'] for f in folds.values()]):.1f} % | "
                  f"{100 * np.mean([f['asUsersSend'] for f in folds.values()]):.1f} % |", ""]
    lines += ["## Known limits", "", text["limits"], ""]
    (place / "README.md").write_text("\n".join(lines))
    (place / "figures.json").write_text(json.dumps(figures, indent=2) + "\n")
