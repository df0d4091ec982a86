"""Trains the audio experts.

    audio_train.py speech          trains on three FSDD speakers and espeak-ng voices, writes models/digits/audio-speech
    audio_train.py speech --loso   leave-one-speaker-out: four trainings, each evaluated on the speaker it was not trained on
    audio_train.py dtmf            trains on synthetic keypad tones, writes models/digits/audio-dtmf

One core, fixed seeds. FSDD is read from $MULTIMODAL_DATA, or else from ../shared/data next to the repository.
"""

from __future__ import annotations

import argparse
import copy
import json
import time

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

import audio_augment as augment
import audio_card as card
import audio_models as models
import audio_pools as pools
import audio_voices as voices
from audio_pools import JUNK, pool
from audio_waveform import row

SPEAKER_SEEDS = {"jackson": 100, "nicolas": 101, "theo": 102, "yweweler": 103}
JUNK_SHARE, ESPEAK_SHARE = 0.08, 0.30
STEPS = {"speech": 1000, "dtmf": 700}
BATCH = 64
NET = {"speech": models.SpeechNet, "dtmf": models.ToneNet}


# Views of a voice: unchanged, and with a longer and a shorter vocal tract.
WARPS = (0.92, 1.0, 1.09)


def listener(kind: str, nets: list[nn.Module]) -> models.Listener:
    net = NET[kind]
    spectrogram = models.Spectrogram(net.SIZE, net.HOP, net.MELS, WARPS) if kind == "speech" else models.Spectrogram(net.SIZE, net.HOP)
    return models.Listener(spectrogram, nets).eval()


def window(kind: str, rows: np.ndarray) -> Tensor:
    """Cuts pool rows to the model's window; pools are wider to allow shifts."""
    width = round(net_seconds(kind) * models.RATE)
    start = (rows.shape[1] - width) // 2
    return torch.from_numpy(rows[:, start:start + width].astype(np.float32))


def powers_of(kind: str, rows: np.ndarray) -> Tensor:
    """The spectrogram for training, of whole pool rows."""
    transform = models.Spectrogram(NET[kind].SIZE, NET[kind].HOP, NET[kind].MELS if kind == "speech" else 0)
    with torch.no_grad():
        return torch.cat([transform(torch.from_numpy(part.astype(np.float32)))[0] for part in np.array_split(rows, max(1, len(rows) // 400))])


def net_seconds(kind: str) -> float:
    return NET[kind].SECONDS


def speaker_pool(speaker: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Every FSDD recording of the speaker, three times, each time under different typical conditions."""
    return pool(speaker, "speech", speaker, 1500, SPEAKER_SEEDS[speaker], 0.08)


def training_parts(kind: str, speakers: tuple[str, ...], hold_dev: bool) -> list[tuple[float, np.ndarray, np.ndarray]]:
    """(share of a batch, rows, labels) of each source."""
    if kind == "dtmf":
        sources = [(1 - JUNK_SHARE, pool("keypad-train", kind, "keypad", 4000, 200)),
                   (JUNK_SHARE, pool("keypad-junk", kind, "junk:train", 500, 201))]
    else:
        share = (1 - JUNK_SHARE - ESPEAK_SHARE) / len(speakers)
        sources = [(share, speaker_pool(speaker)) for speaker in speakers]
        sources += [(ESPEAK_SHARE, pool("espeak-train", kind, "espeak:train", 2500, 110, 0.05)),
                    (JUNK_SHARE, pool("junk-train", kind, "junk:train", 600, 111))]
    parts = []
    for share, (rows, labels, index) in sources:
        kept = (index < 0) | (index >= voices.DEV_INDEX) if hold_dev else np.ones(len(labels), bool)
        parts.append((share, rows[kept], labels[kept]))
    return parts


def soft_targets(labels: np.ndarray) -> Tensor:
    """Label smoothing of 8 %; junk has the uniform distribution."""
    targets = torch.full((len(labels), 10), 0.1)
    known = labels != JUNK
    targets[known] = F.one_hot(torch.from_numpy(labels[known]), 10) * 0.92 + 0.008
    return targets


def vary(kind: str, power: Tensor, targets: Tensor, random: torch.Generator, frames: int) -> tuple[Tensor, Tensor]:
    """Augments one batch. Keys keep their frequencies: only time, response and noise vary."""
    speech = kind == "speech"
    x = augment.bend(power, random, 0.09 if speech else 0.0, 0.15 if speech else 0.1, 0.12, frames)
    x = augment.colour(x, random, 6 if speech else 3)
    if speech:
        x = augment.gate(x, random, 0.3)
    x = augment.noise(x, random, 0.8)
    x = augment.level(x, random, 3)
    if speech and torch.rand(1, generator=random) < 0.3:  # mixup (Zhang et al. 2018): the powers of two sounds add
        part = 0.5 + 0.5 * float(torch.rand(1, generator=random)) ** 0.5
        order = torch.randperm(len(x), generator=random)
        x, targets = part * x + (1 - part) * x[order], part * targets + (1 - part) * targets[order]
    if speech:
        x = torch.exp(augment.mask(torch.log(x + models.FLOOR), random, 8, 10)) - models.FLOOR
    return x.clamp(min=0), targets


def fit(kind: str, parts: list[tuple[float, np.ndarray, np.ndarray]], steps: int, seed: int, label: str) -> nn.Module:
    """Trains one net; returns the moving average of its weights."""
    torch.manual_seed(seed)
    random = torch.Generator().manual_seed(seed)
    powers = torch.cat([powers_of(kind, rows) for _, rows, _ in parts])
    targets = torch.cat([soft_targets(labels) for _, _, labels in parts])
    odds = torch.cat([torch.full((len(labels),), share / len(labels), dtype=torch.float64) for share, _, labels in parts])
    net = NET[kind]()
    frames = (round(net.SECONDS * models.RATE) - net.SIZE) // net.HOP + 1
    average = copy.deepcopy(net)
    optimiser = torch.optim.AdamW(net.parameters(), lr=4e-3, weight_decay=2e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 4e-3, total_steps=steps, pct_start=0.15)
    started, total = time.process_time(), 0.0
    for step in range(1, steps + 1):
        pick = torch.multinomial(odds, BATCH, generator=random)
        with torch.no_grad():
            x, y = vary(kind, powers[pick], targets[pick], random, frames)
        net.train()
        loss = -(y * F.log_softmax(net(x), dim=1)).sum(dim=1).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        total += loss.item()
        keep = min(0.995, step / (step + 9))
        with torch.no_grad():
            for mean, now in zip(average.state_dict().values(), net.state_dict().values()):
                if mean.dtype.is_floating_point:
                    mean.mul_(keep).add_(now, alpha=1 - keep)
                else:
                    mean.copy_(now)
        if step % 100 == 0:
            print(f"{label} step {step}/{steps} loss {total / 100:.3f} cpu {time.process_time() - started:.0f} s", flush=True)
            total = 0.0
    return average.eval()


def predict(model: nn.Module, inputs: Tensor) -> Tensor:
    with torch.no_grad():
        return torch.cat([model(part) for part in inputs.split(200)])


def leave_one_out(steps: int, nets: int, only: str | None) -> None:
    """Four folds; each speaker is evaluated, on all unmodified recordings, by a model that was not trained on it."""
    path = card.folder("speech") / "loso.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    held: dict[str, dict[str, float]] = {}
    for speaker in SPEAKER_SEEDS:
        if only and speaker != only:
            continue
        others = tuple(s for s in SPEAKER_SEEDS if s != speaker)
        parts = training_parts("speech", others, hold_dev=False)
        model = listener("speech", [fit("speech", parts, steps, seed, f"without {speaker}, net {seed}") for seed in range(1, nets + 1)])
        recordings = voices.fsdd(speaker)
        rows = np.stack([row(samples, models.RATE, net_seconds("speech")) for samples, _, _ in recordings])
        clean = predict(model, torch.from_numpy(rows)).argmax(1).numpy()
        truth = np.array([digit for _, digit, _ in recordings])
        rough_rows, rough_truth, _ = speaker_pool(speaker)
        rough = predict(model, window("speech", rough_rows)).argmax(1).numpy()
        held = json.loads(path.read_text()) if path.exists() else {}  # folds may run concurrently
        held[speaker] = {"recordings": round(float((clean == truth).mean()), 4),
                         "asUsersSend": round(float((rough == rough_truth).mean()), 4)}
        confused = np.zeros((10, 10), int)
        np.add.at(confused, (truth, clean), 1)
        print(speaker, held[speaker], confused, sep="\n", flush=True)
        path.write_text(json.dumps(held, indent=2) + "\n")
    if len(held) == len(SPEAKER_SEEDS):
        mean = np.mean([fold["recordings"] for fold in held.values()])
        print(f"leave-one-speaker-out: mean {mean:.4f}, target 0.90")


def temperature(logits: Tensor, labels: Tensor) -> float:
    """T that minimises the negative log-likelihood of softmax(logits / T) on dev data (Guo et al. 2017)."""
    scale = torch.zeros(1, requires_grad=True)
    optimiser = torch.optim.LBFGS([scale], max_iter=50)

    def closure() -> Tensor:
        optimiser.zero_grad()
        loss = F.cross_entropy(logits * torch.exp(-scale), labels)
        loss.backward()
        return loss

    optimiser.step(closure)
    return round(float(torch.exp(scale.detach())), 4)


def dev_set(kind: str) -> tuple[Tensor, Tensor]:
    if kind == "dtmf":
        parts = [pool("keypad-dev", kind, "keypad", 800, 202)]
    else:
        parts = [pool("espeak-dev", kind, "espeak:dev", 400, 112)]
        for speaker in voices.TRAIN_SPEAKERS:
            rows, labels, index = speaker_pool(speaker)
            kept = index < voices.DEV_INDEX
            parts.append((rows[kept], labels[kept], index[kept]))
    return (torch.cat([window(kind, part[0]) for part in parts]),
            torch.from_numpy(np.concatenate([part[1] for part in parts])))


def ship(kind: str, steps: int, seeds: int) -> None:
    parts = training_parts(kind, voices.TRAIN_SPEAKERS, hold_dev=True)
    nets = [fit(kind, parts, steps, seed, f"{kind} net {seed}") for seed in range(1, seeds + 1)]
    model = listener(kind, nets)
    rows, labels = dev_set(kind)
    logits = predict(model, rows)
    fitted = temperature(logits, labels)
    print(f"dev accuracy {float((logits.argmax(1) == labels).float().mean()):.4f}, temperature {fitted}", flush=True)
    folder = card.folder(kind)
    folder.mkdir(parents=True, exist_ok=True)
    models.export(model, round(net_seconds(kind) * models.RATE), str(folder / "model.onnx"))
    torch.save(model.state_dict(), voices.cache_folder() / f"audio-{kind}.pt")
    figures = card.measure(kind, lambda rows: predict(model, torch.from_numpy(rows)) / fitted, net_seconds(kind))
    card.write(kind, net_seconds(kind), fitted, figures, models.parameters(model))


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("kind", choices=("speech", "dtmf"))
    arguments.add_argument("--loso", action="store_true")
    arguments.add_argument("--only", choices=tuple(SPEAKER_SEEDS), help="run one fold of --loso")
    arguments.add_argument("--steps", type=int)
    arguments.add_argument("--nets", type=int, default=1, help="number of networks whose log-probabilities are averaged in the graph")
    given = arguments.parse_args()
    torch.set_num_threads(1)
    if given.loso:
        leave_one_out(given.steps or STEPS["speech"], given.nets, given.only)
    else:
        ship(given.kind, given.steps or STEPS[given.kind], given.nets)
