"""Trains a text expert and writes its package: `text_train.py words` or `text_train.py numerals`.

A character CNN (Kim 2014, Zhang et al. 2015) of some 150,000 weights: embedding, two convolutions, maximum (and sum) over the positions.
It is trained on generated text of the train split, calibrated on dev and evaluated on test. One thread and fixed seeds: the same
machine reproduces the model, in about seven minutes on one core.
"""

import argparse
import hashlib
import json
import time
from pathlib import Path

import numpy as np
import torch
from text_card import write_card
from text_rows import rows, vocabulary
from text_samples import draw, draw_junk
from text_words import LANGUAGES, dress, filler, misspell, pick, plain_words, stretch, word_for

SEED = 20240607
LABELS = [str(label) for label in range(10)]
PRINTABLE = "".join(chr(c) for c in range(0x20, 0x7F))
PACKAGES = {
    "words": {
        "blots": 0.03,
        "sums": True,
        "description": "Number words zero to nine in twelve languages, misspelt ones too.",
        "preprocessing": {
            "kind": "characters", "length": 64, "normalise": "NFKC", "stripMarks": True, "lowercase": True, "window": "ends",
            "alphabet": " abcdefghijklmnopqrstuvwxyzıłßабвгдежзийклмнопрстуфхцчшщъыьэюя'-.,:!?()\"*", "buckets": 16,
        },
        "trainedOn": ["text generated from number words and phrases of twelve languages (models/digits/training/text/text_lexicon.py, MIT)"],
    },
    "numerals": {
        "blots": 0.0,
        "sums": False,
        "description": "One digit written as a digit: any script, raised, circled, Roman, look-alike letters, \"no. 7\".",
        "preprocessing": {
            "kind": "characters", "length": 64, "foldDigits": True, "normalise": "NFKC", "stripMarks": True, "window": "digit",
            "alphabet": PRINTABLE + "〇零一壹二贰貳三叁參四肆五伍六陆陸七柒八捌九玖十百千第号番是", "buckets": 64,
        },
        "trainedOn": ["text generated from digit forms and phrases (models/digits/training/text/text_numerals.py, MIT)"],
    },
}


class CharacterCnn(torch.nn.Module):
    """ids [batch, length] to logits [batch, 10]; with `sums`, also uses the sums over all positions."""

    def __init__(self, characters: int, sums: bool) -> None:
        super().__init__()
        self.sums = sums
        self.embed = torch.nn.Embedding(characters, 32, padding_idx=0)
        self.first = torch.nn.Conv1d(32, 112, 5, padding=2)
        self.second = torch.nn.Conv1d(112, 112, 5, padding=2)
        self.hidden = torch.nn.Linear(336 if sums else 224, 96)
        self.dropout = torch.nn.Dropout(0.2)
        self.output = torch.nn.Linear(96, 10)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        x = self.embed(ids).transpose(1, 2)
        first = torch.relu(self.first(x))
        second = torch.relu(self.second(first))
        pooled = torch.cat([first.amax(dim=2), second.amax(dim=2)], dim=1)
        if self.sums:
            # The maximum over positions identifies the word; the sum over positions tells whether the rest of the text fits.
            written = (ids > 0).to(x.dtype).unsqueeze(1)
            pooled = torch.cat([pooled, (second * written).sum(dim=2) / 16], dim=1)
        return self.output(self.dropout(torch.relu(self.hidden(self.dropout(pooled)))))


def training_text(rng: np.random.Generator, kind: str) -> tuple[str, int]:
    """A text and its label; label 10 means junk, to be answered with the uniform distribution."""
    label, part = int(rng.integers(10)), rng.random()
    if part < 0.12:
        return draw_junk(rng, "train", kind), 10
    if kind == "words" and part < 0.19:
        return filler(rng), 10
    if part < (0.28 if kind == "words" else 0.26):
        return draw(rng, "train", kind, label, True), label
    if kind == "numerals":
        return draw(rng, "train", kind, label, False), label
    language = pick(rng, LANGUAGES)
    word = word_for(rng, language, label)
    if part < 0.30:
        word = stretch(rng, word)
    elif part < 0.68:
        word = misspell(rng, word, "train")
    if rng.random() < 0.75:
        return dress(rng, language, "train", word, rough=part < 0.45), label
    # Among everyday words, so that the model does not learn a phrase as the only context of a number.
    count = int(rng.integers(0, 4))
    words = [*plain_words(rng, language, "train", count).split(), word, *plain_words(rng, language, "train", 3 - count).split()]
    return dress(rng, language, "train", " ".join(words), alone=1), label


def targets_of(labels: np.ndarray) -> torch.Tensor:
    targets = torch.zeros(len(labels), 10)
    known = torch.from_numpy(labels < 10)
    targets[known, torch.from_numpy(labels[labels < 10])] = 1
    targets[~known] = 0.1
    return targets


def batches(lengths: torch.Tensor, size: int, generator: torch.Generator) -> list[torch.Tensor]:
    """Row indexes of batches of similar length, to limit padding; in random order, redrawn each time."""
    order = torch.randperm(len(lengths), generator=generator)
    pools = order[: len(order) // (size * 50) * (size * 50)].view(-1, size * 50)
    found = [part for pool in pools for part in pool[lengths[pool].argsort()].view(-1, size)]
    return [found[i] for i in torch.randperm(len(found), generator=generator)]


def train(model: CharacterCnn, ids: torch.Tensor, targets: torch.Tensor, epochs: int, blots: float, size: int = 192) -> None:
    """Trains with cross entropy; `blots` is the share of characters replaced by the unknown id (the highest, of a rare character)."""
    generator = torch.Generator().manual_seed(SEED)
    lengths = (ids != 0).sum(dim=1)
    unknown = model.embed.num_embeddings - 1
    steps = epochs * len(batches(lengths, size, generator))
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=3e-3, total_steps=steps, pct_start=0.1)
    model.train()
    for epoch in range(epochs):
        total = 0.0
        order = batches(lengths, size, generator)
        for chosen in order:
            # Columns that are padding in the whole batch have no effect beyond the reach of the convolutions.
            width = min(ids.shape[1], int(lengths[chosen].max()) + 4)
            part = ids[chosen, :width].long()
            part[(torch.rand(part.shape, generator=generator) < blots) & (part > 0)] = unknown
            logits = model(part)
            loss = -(targets[chosen] * torch.log_softmax(logits, dim=1)).sum(dim=1).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += loss.item()
        print(f"epoch {epoch + 1} of {epochs}: loss {total / len(order):.4f}, {time.process_time():.0f} s of processor time", flush=True)
    model.eval()


def logits_of(model: CharacterCnn, texts: list[str], options: dict) -> torch.Tensor:
    with torch.no_grad():
        return torch.cat([model(torch.from_numpy(rows(texts[i : i + 500], options))) for i in range(0, len(texts), 500)])


def fit_temperature(logits: torch.Tensor, labels: torch.Tensor) -> float:
    """The T that minimises the NLL of softmax(logits / T) (Guo et al. 2017), by golden section on log T in [-2, 2]."""
    low, high, ratio = -2.0, 2.0, (5**0.5 - 1) / 2

    def nll(log_t: float) -> float:
        return torch.nn.functional.cross_entropy(logits / float(np.exp(log_t)), labels).item()

    for _ in range(40):
        a, b = high - ratio * (high - low), low + ratio * (high - low)
        if nll(a) < nll(b):
            high = b
        else:
            low = a
    return float(np.exp((low + high) / 2))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=tuple(PACKAGES))
    parser.add_argument("--texts", type=int, default=250_000)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--out", type=Path, help="folder of the package; default models/digits/text-<kind>")
    arguments = parser.parse_args()
    kind, package = arguments.kind, PACKAGES[arguments.kind]
    options = package["preprocessing"]
    out = arguments.out or Path(__file__).resolve().parents[2] / f"text-{kind}"
    out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    torch.manual_seed(SEED)

    rng = np.random.default_rng([SEED, 0])
    texts, labels = zip(*(training_text(rng, kind) for _ in range(arguments.texts)))
    ids = torch.from_numpy(rows(list(texts), options).astype(np.int16))
    model = CharacterCnn(vocabulary(options), package["sums"])
    print(f"{kind}: {len(texts)} texts, {sum(p.numel() for p in model.parameters())} weights", flush=True)
    train(model, ids, targets_of(np.array(labels)), arguments.epochs, package["blots"])

    # The temperature must fit real input, so a third of dev is heavily damaged.
    rng = np.random.default_rng([SEED, 1])
    dev = [draw(rng, "dev", kind, i % 10, i % 3 == 0) for i in range(6000)]
    temperature = fit_temperature(logits_of(model, dev, options), torch.arange(6000) % 10)

    torch.onnx.export(
        model, torch.zeros(2, options["length"], dtype=torch.int64), str(out / "model.onnx"), opset_version=17,
        input_names=["ids"], output_names=["logits"], dynamic_axes={"ids": {0: "batch"}, "logits": {0: "batch"}},
    )
    record = {
        "name": f"text-{kind}", "version": "1.1.0", "description": package["description"], "modality": "text", "labels": LABELS,
        "model": "model.onnx", "sha256": hashlib.sha256((out / "model.onnx").read_bytes()).hexdigest(), "input": "ids", "output": "logits",
        "preprocessing": options, "activation": "softmax", "temperature": round(temperature, 4), "cost": 0.2, "licence": "MIT",
        "trainedOn": package["trainedOn"],
    }
    (out / "expert.json").write_text(json.dumps(record, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    write_card(out, kind, record, lambda texts: torch.softmax(logits_of(model, texts, options) / temperature, dim=1).numpy())


if __name__ == "__main__":
    main()
