"""Compares audio_waveform.py with the service: rows of the same files must agree within 1e-3.

    audio_parity.py [path of multimodal.dll]      (after `make build`)
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

import audio_samples as samples
import audio_train
from audio_waveform import decode, row

ROOT = Path(__file__).resolve().parents[4]


def largest_difference(tool: Path, kind: str, count: int) -> float:
    """`count` files of every format, valid and damaged, and junk."""
    rng = np.random.default_rng(5)
    files = [samples.junk(rng, "dev", kind)[0] if i % 10 == 9 else samples.draw(rng, "dev", kind, i % 10, i % 4 == 0)[0]
             for i in range(count)]
    seconds = audio_train.net_seconds(kind)
    with tempfile.TemporaryDirectory() as place:
        options, pack, out = Path(place, "options.json"), Path(place, "pack.bin"), Path(place, "rows.npy")
        options.write_text(json.dumps({"kind": "waveform", "sampleRate": 8000, "seconds": seconds, "trim": "energy", "normalise": "rms"}))
        pack.write_bytes(b"".join(len(f).to_bytes(4, "little") + f for f in files))
        subprocess.run(["dotnet", str(tool), "preprocess", "--options", options, "--pack", pack, "--out", out], check=True)
        theirs = np.load(out)
    ours = np.stack([row(decode(f, 8000), 8000, seconds) for f in files])
    difference = np.abs(ours - theirs).max(axis=1)
    for i in np.flatnonzero(difference > 1e-3):
        print(f"{kind} row {i}: {difference[i]:.4f}, file begins {files[i][:12]}")
    return float(difference.max())


if __name__ == "__main__":
    tool = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "artifacts/bin/Multimodal.Tool/release/multimodal.dll"
    worst = {kind: largest_difference(tool, kind, 120) for kind in samples.KINDS}
    print(worst, "target: at most 0.001")
    sys.exit(any(value > 1e-3 for value in worst.values()))
