"""Generates a mixed-media data set for the digits ensemble: one JSONL row per request, with media files in the same folder.

Each request shows one digit in a random non-empty subset of text, image and audio. Every part is of one of its modality's two
kinds, 40 % of the parts are heavily corrupted, and 10 % of all requests have a conflict: one of their parts shows another digit,
without any mark, and the label is the digit of the others.

Only requests with three parts have a conflict, because only there do the others have a majority (decision 0007). For two clean
parts that contradict each other, no answer is better than a coin flip: `--undecidable` generates a set of only these, on which
answers must have low confidence. Training uses both.

`--split dev` uses sources that no expert's weights were fitted to; it trains the gate and the combiner. `--split test` uses
speakers, images, fonts and templates that nothing was trained on; it is only for the final evaluation.
"""

import argparse
import itertools
import json
import sys
from pathlib import Path

import numpy as np
import soundfile

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / medium) for medium in ("audio", "vision", "text")]
import audio_samples  # noqa: E402
import image_samples  # noqa: E402
import text_samples  # noqa: E402

MODALITIES = {"text": text_samples, "image": image_samples, "audio": audio_samples}
SUBSETS = [s for n in (1, 2, 3) for s in itertools.combinations(MODALITIES, n)]
CORRUPT = 0.40
CONFLICT = 0.10
# Subsets are equally likely, so this share of those with three parts is 10 % of all requests.
CONFLICT_OF_THREE = CONFLICT * len(SUBSETS)
# Probability of a conflict by number of parts.
CONFLICTS = {"dev": {1: 0.0, 2: 0.10, 3: CONFLICT_OF_THREE}, "test": {1: 0.0, 2: 0.0, 3: CONFLICT_OF_THREE}}


def make_request(rng: np.random.Generator, split: str, number: int, media: Path, undecidable: bool) -> dict:
    """Draws one request and writes its media files."""
    label = int(rng.integers(10))
    subsets = [s for s in SUBSETS if len(s) == 2] if undecidable else SUBSETS
    present = subsets[rng.integers(len(subsets))]
    odd_one = None
    if undecidable or rng.random() < CONFLICTS[split][len(present)]:
        odd_one = present[rng.integers(len(present))]
    row: dict = {"id": f"{split}-{number:05d}"}
    parts = {}
    for modality in present:
        source = MODALITIES[modality]
        kind = source.KINDS[rng.integers(len(source.KINDS))]
        corrupt = bool(rng.random() < CORRUPT) and not undecidable
        shown = (label + int(rng.integers(1, 10))) % 10 if modality == odd_one else label
        sample = source.draw(rng, split, kind, shown, corrupt)
        if modality == "text":
            row["text"] = sample if sample.strip() else "?"  # damage may leave only whitespace, which the service rejects
        else:
            data, suffix = sample
            name = f"{number:05d}-{modality}.{suffix.lstrip('.')}"
            (media / name).write_bytes(data)
            row[modality] = f"media/{name}"
        parts[modality] = {"kind": kind, "corrupt": corrupt, "shown": str(shown)}
    row["label"] = str(label)
    row["conflict"] = odd_one is not None
    row["parts"] = parts
    return row


def as_wav(folder: Path, name: str) -> str:
    """The file, or a WAV next to it if managed code cannot read it."""
    path = folder / name
    if path.suffix == ".flac" or (path.suffix == ".mp3" and soundfile.info(path).samplerate == 8000):
        samples, rate = soundfile.read(path, dtype="float32")
        soundfile.write(path.with_suffix(".wav"), samples, rate, subtype="FLOAT")
        return str(Path(name).with_suffix(".wav"))
    return name


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--split", choices=("dev", "test"), required=True)
    parser.add_argument("--rows", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--undecidable", action="store_true", help="only pairs of clean parts that contradict each other")
    parser.add_argument("--managed", action="store_true", help="FLAC and MP3 of 8 kHz, which managed code does not read, as WAV with the same samples")
    options = parser.parse_args()

    media = options.out / "media"
    media.mkdir(parents=True, exist_ok=True)
    # The final name appears only after the last row, so that an interrupted run does not look complete.
    unfinished = options.out / "set.jsonl.unfinished"
    with unfinished.open("w", encoding="utf-8") as lines:
        for number in range(options.rows):
            # One generator per row, so that a row does not depend on the number of rows.
            rng = np.random.default_rng([options.seed, number])
            row = make_request(rng, options.split, number, media, options.undecidable)
            if options.managed and "audio" in row:
                row["audio"] = as_wav(options.out, row["audio"])
            lines.write(json.dumps(row, ensure_ascii=False) + "\n")
            if number % 250 == 249:
                print(f"\r{options.split}: {number + 1} of {options.rows} requests", end="", file=sys.stderr, flush=True)
    unfinished.rename(options.out / "set.jsonl")
    print(f"\r{options.split}: {options.rows} requests in {options.out}", file=sys.stderr)


if __name__ == "__main__":
    main()
