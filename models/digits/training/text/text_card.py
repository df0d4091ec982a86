"""Evaluates a text expert on the test split and writes its model card (README.md in the package)."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from text_numerals import ROMAN, SCRIPTS, STYLES, draw_numeral, draw_style
from text_samples import draw_junk
from text_words import LANGUAGES, draw_word

SEED = 77
Judge = Callable[[list[str]], np.ndarray]


def accuracy(judge: Judge, texts: list[str], labels: list[int]) -> float:
    return float((judge(texts).argmax(axis=1) == np.array(labels)).mean())


def calibration(p: np.ndarray, labels: np.ndarray, bins: int = 15) -> tuple[float, float, float]:
    """Accuracy, negative log-likelihood in nats, expected calibration error over 15 bins."""
    best = p.max(axis=1)
    right = p.argmax(axis=1) == labels
    place = np.minimum((best * bins).astype(int), bins - 1)
    error = sum(abs(right[place == b].mean() - best[place == b].mean()) * (place == b).mean() for b in range(bins) if (place == b).any())
    return float(right.mean()), float(-np.log(p[np.arange(len(p)), labels] + 1e-12).mean()), float(error)


def word_figures(judge: Judge, count: int = 1000) -> list[str]:
    lines = ["| language | clean | one typing error |", "|---|---|---|"]
    means = []
    for number, language in enumerate(LANGUAGES):
        row = []
        for errors in (0, 1):
            rng = np.random.default_rng([SEED, number, errors])
            labels = [i % 10 for i in range(count)]
            row.append(accuracy(judge, [draw_word(rng, "test", label, False, language, errors) for label in labels], labels))
        means.append(row)
        lines.append(f"| {language} | {row[0]:.1%} | {row[1]:.1%} |")
    clean, typo = np.mean(means, axis=0)
    return [*lines, f"| mean | {clean:.1%} | {typo:.1%} |"]


def numeral_figures(judge: Judge, count: int = 1000) -> list[str]:
    lines = ["| written as | accuracy |", "|---|---|"]
    rng = np.random.default_rng([SEED, 1])
    labels = [i % 10 for i in range(10 * count)]
    total = accuracy(judge, [draw_numeral(rng, "test", label, False) for label in labels], labels)
    for number, style in enumerate(STYLES):
        rng = np.random.default_rng([SEED, 2, number])
        own = [i % 10 for i in range(count) if style != "roman" or ROMAN[i % 10]]
        lines.append(f"| {style} | {accuracy(judge, [draw_style(rng, 'test', label, style) for label in own], own):.1%} |")
    for name, first in SCRIPTS["test"].items():
        seen = "" if name in SCRIPTS["train"] else " (never in training)"
        phrases = ["{}", "no: {}", "{}!", "({})", "my guess: {}"]
        own = [i % 10 for i in range(50)]
        texts = [phrases[i // 10].replace("{}", chr(first + label)) for i, label in enumerate(own)]
        lines.append(f"| {name} digits{seen} | {accuracy(judge, texts, own):.1%} |")
    return [*lines, f"| all, as drawn for the mixed-media set | {total:.2%} |"]


def common_figures(judge: Judge, kind: str, count: int = 4000) -> list[str]:
    from text_samples import draw

    lines = ["| test texts | accuracy | NLL | ECE |", "|---|---|---|---|"]
    for name, corrupt in (("as typed", False), ("heavily damaged", True)):
        rng = np.random.default_rng([SEED, 3, int(corrupt)])
        labels = np.arange(count) % 10
        a, nll, ece = calibration(judge([draw(rng, "test", kind, int(label), corrupt) for label in labels]), labels)
        lines.append(f"| {name} | {a:.1%} | {nll:.3f} | {ece:.3f} |")
    rng = np.random.default_rng([SEED, 4])
    best = judge([draw_junk(rng, "test", kind) for _ in range(count)]).max(axis=1)
    return [*lines, "", f"Junk: the highest probability is {best.mean():.2f} on average and below 0.5 for {(best < 0.5).mean():.1%} of the texts."]


NOTES = {
    "words": """Languages: English, German, French, Spanish, Italian, Portuguese, Dutch, Swedish, Polish, Turkish, Finnish, Russian. Cardinals zero to
nine with common variants ("nought", "zwo", "une", "dwie"). Any casing, accents optional.

*One typing error*: in the number word, one of neighbouring key instead, letter left out, letter doubled or a neighbouring key too many, two
letters swapped. Only forms that are a number word again in any of the languages are left out. Phrases of test were not in training, and misspelt
and damaged forms are split by a hash of the form, so none of test was drawn as one for training. Still a sixth of the misspellings of test occur
somewhere in the training texts by chance, most of them short and ambiguous.

What falls short: words of two or three letters carry most of the errors under typing slips (Dutch, Swedish); of
heavily damaged words half are read; one junk text in eleven gets a probability over 0.5, such as "huset är rött och stort" (0.75).

Not for: digits (text-numerals knows those), ordinals, numbers above nine, articles in running text (French "un chat" may be read as 1).""",
    "numerals": """Digits of any script (folded by their Unicode numeric value, so scripts never seen in training work too), full-width, raised, circled,
keycaps, Chinese numerals, Roman numerals I to IX, forms such as `no. 7`, `#7`, `7.0`, `007`, `7th`, and look-alike letters (O l Z E A S G T B q)
where the text says that a number follows. Phrases of test were not in training.

Not for: number words (text-words knows those), numbers of several digits, arithmetic. A lone look-alike letter without such a phrase is no digit,
except I and V, which are Roman numerals.""",
}


def write_card(out: Path, kind: str, record: dict, judge: Judge) -> None:
    own = word_figures(judge) if kind == "words" else numeral_figures(judge)
    size = (out / record["model"]).stat().st_size
    common = common_figures(judge, kind)
    lines = [
        f"# {record['name']} {record['version']}", "", record["description"], "", NOTES[kind], "",
        f"**Model**: character CNN, {size / 1e6:.2f} MB, input `ids` int64 [batch, {record['preprocessing']['length']}], output `logits` [batch, 10], "
        f"temperature {record['temperature']}. **Licence**: {record['licence']}, data and weights.", "",
        f"**Data**: generated by `models/digits/training/text/text_samples.py`; made again by `text_train.py {kind}` (fixed seed). About one text in {5 if kind == 'words' else 8} "
        f"is junk ({'everyday and made-up words' if kind == 'words' else 'everyday words'}, other numbers, random letters, texts of the other text expert) with the uniform distribution as its target.", "",
        "## Test figures", "", *own, "", *common, "",
    ]
    text = "\n".join(lines)
    (out / "README.md").write_text(text, encoding="utf-8")
    print(text)
