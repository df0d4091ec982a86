"""Makes a mixed-media data set for the digits ensemble: one JSONL row per request, media files beside it.

Each request shows one digit through a random non-empty subset of text, image and audio. Every part is of one of its
modality's two kinds, 40 % of the parts are heavily corrupted, and 10 % of all requests are in conflict: one of their
parts shows another digit, nothing says which, and the label stays the digit of the others.

`--split dev` draws from sources that fitted no expert's weights (it trains the gate and the combiner); `--split test`
draws from speakers, images, fonts and templates seen by nothing (final judgement only).
"""

import argparse
import itertools
import json
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))
import audio_samples  # noqa: E402
import image_samples  # noqa: E402
import text_samples  # noqa: E402

MODALITIES = {"text": text_samples, "image": image_samples, "audio": audio_samples}
SUBSETS = [s for n in (1, 2, 3) for s in itertools.combinations(MODALITIES, n)]
CORRUPT = 0.40
CONFLICT = 0.10
# Only requests with two parts or more can be in conflict; subsets are equally likely.
CONFLICT_GIVEN_SEVERAL = CONFLICT * len(SUBSETS) / sum(len(s) > 1 for s in SUBSETS)


def make_request(rng: np.random.Generator, split: str, number: int, media: Path) -> dict:
    """Draws one request and writes its media files."""
    label = int(rng.integers(10))
    present = SUBSETS[rng.integers(len(SUBSETS))]
    odd_one = None
    if len(present) > 1 and rng.random() < CONFLICT_GIVEN_SEVERAL:
        odd_one = present[rng.integers(len(present))]
    row: dict = {"id": f"{split}-{number:05d}"}
    parts = {}
    for modality in present:
        source = MODALITIES[modality]
        kind = source.KINDS[rng.integers(len(source.KINDS))]
        corrupt = bool(rng.random() < CORRUPT)
        shown = (label + int(rng.integers(1, 10))) % 10 if modality == odd_one else label
        sample = source.draw(rng, split, kind, shown, corrupt)
        if modality == "text":
            row["text"] = sample
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--split", choices=("dev", "test"), required=True)
    parser.add_argument("--rows", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()

    media = options.out / "media"
    media.mkdir(parents=True, exist_ok=True)
    # Written under another name first: a run that was cut short leaves no set that looks whole.
    unfinished = options.out / "set.jsonl.unfinished"
    with unfinished.open("w", encoding="utf-8") as lines:
        for number in range(options.rows):
            # One generator per row: a row does not depend on how many there are.
            rng = np.random.default_rng([options.seed, number])
            row = make_request(rng, options.split, number, media)
            lines.write(json.dumps(row, ensure_ascii=False) + "\n")
            if number % 250 == 249:
                print(f"\r{options.split}: {number + 1} of {options.rows} requests", end="", file=sys.stderr, flush=True)
    unfinished.rename(options.out / "set.jsonl")
    print(f"\r{options.split}: {options.rows} requests in {options.out}", file=sys.stderr)


if __name__ == "__main__":
    main()
