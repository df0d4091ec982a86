"""Draws number words as people type them: in a phrase, in any casing, with typing errors."""

import unicodedata
import zlib

import numpy as np
from text_lexicon import CARRIERS, COMMON, LARGE, NEIGHBOURS, PLAIN, WORDS

LANGUAGES = tuple(WORDS)
_ENDS = [("", "")] * 10 + [("", "."), ("", "!"), ("", "?"), ("", "..."), ('"', '"'), ("'", "'"), ("*", "*"), ("(", ")"), ("", " :)"), ("- ", "")]


def bare(text: str) -> str:
    """Lower case without accents, the form in which the expert compares words."""
    decomposed = unicodedata.normalize("NFD", text)
    return "".join(c for c in decomposed if unicodedata.category(c) != "Mn").lower()


VALID = {bare(word) for labels in WORDS.values() for words in labels for word in words.split()}


def pick(rng: np.random.Generator, items):
    return items[int(rng.integers(len(items)))]


def split_of(form: str) -> str:
    """The split that a misspelt form belongs to, by a stable hash: 70 % train, 10 % dev, 20 % test."""
    place = zlib.crc32(form.encode("utf-8")) % 10
    return "train" if place < 7 else "dev" if place < 8 else "test"


def edit(rng: np.random.Generator, word: str) -> str:
    """One typing error: a neighbouring key, a missing letter, an extra letter, or two swapped letters."""
    at = int(rng.integers(len(word)))
    near = NEIGHBOURS.get(bare(word[at]), "")
    kind = int(rng.integers(4))
    if kind == 0 and near:
        return word[:at] + pick(rng, near) + word[at + 1 :]
    if kind == 1 and len(word) > 1:
        return word[:at] + word[at + 1 :]
    if kind == 2:
        return word[: at + 1] + pick(rng, near + word[at]) + word[at + 1 :]
    if at + 1 < len(word):
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[:at] + word[at] + word[at:]


def misspell(rng: np.random.Generator, word: str, split: str) -> str:
    """One edit, from the split's own forms. Forms that are number words themselves (any label, any language) are excluded.

    A few short words have no form in dev; they use one of train, never one of test.
    """
    for attempt in range(4000):
        form = edit(rng, word)
        wanted = "train" if split == "dev" and attempt >= 200 else split
        if bare(form) not in VALID and split_of(bare(form)) == wanted:
            return form
    raise ValueError(f"no misspelling of {word} for {split}")


def damage(rng: np.random.Generator, word: str, split: str) -> str:
    """Heavy damage, from the split's own forms: cut, thinned, without vowels, or two to four typing errors."""
    form = word
    for _ in range(400):
        form = _damage(rng, word)
        if bare(form) not in VALID and split_of(bare(form)) == split:
            break
    return form


def _damage(rng: np.random.Generator, word: str) -> str:
    kind = int(rng.integers(5))
    keep = max(1, (len(word) + 1) // 2)
    if kind == 0:
        word = word[:keep]
    elif kind == 1:
        word = word[-keep:]
    elif kind == 2:
        word = "".join(c for c in word if rng.random() > 0.4) or word[0]
    elif kind == 3:
        word = "".join(c for c in word if bare(c) not in "aeiouyаеиоуыэюя") or word[0]
    for _ in range(int(rng.integers(1 if kind < 4 else 2, 3 if kind < 4 else 5))):
        word = edit(rng, word)
    return word


def word_for(rng: np.random.Generator, language: str, label: int) -> str:
    words = WORDS[language][label].split()
    return words[0] if rng.random() < 0.5 else pick(rng, words)


def dress(rng: np.random.Generator, language: str, split: str, word: str, alone: float = 0.3, rough: bool = False) -> str:
    """Puts the word into a phrase of the split (or leaves it alone), in some casing and punctuation; a rough phrase has typing errors."""
    if rng.random() < alone:
        text = word
    else:
        before, after = pick(rng, CARRIERS[language][split].split("|")).split("{}")
        if rough:
            before, after = (edit(rng, part) if len(part) > 2 and rng.random() < 0.5 else part for part in (before, after))
        text = before + word + after
    casing = rng.random()
    if casing < 0.15:
        text = text.upper()
    elif casing < 0.4:
        text = text[:1].upper() + text[1:]
    elif casing < 0.45:
        text = text.title()
    if rng.random() < 0.2:  # a keyboard without accents
        text = "".join(c for c in unicodedata.normalize("NFD", text) if unicodedata.category(c) != "Mn")
    before, after = pick(rng, _ENDS)
    return before + text + after


def draw_word(rng: np.random.Generator, split: str, label: int, corrupt: bool, language: str | None = None, errors: int | None = None) -> str:
    """One text that expresses `label`. Without `errors` (0 or 1), one in five uncorrupted texts has a typing error."""
    language = language or pick(rng, LANGUAGES)
    word = word_for(rng, language, label)
    if corrupt:
        return dress(rng, language, split, damage(rng, word, split), rough=True)
    if errors is None:
        errors = int(rng.random() < 0.2)
    if errors:
        word = misspell(rng, word, split)
    return dress(rng, language, split, word)


def stretch(rng: np.random.Generator, word: str) -> str:
    """For example "Seeeven" or "s e v e n"."""
    if rng.random() < 0.5:
        at = int(rng.integers(len(word)))
        return word[:at] + word[at] * int(rng.integers(2, 5)) + word[at:]
    return pick(rng, " -.").join(word)


def nonsense(rng: np.random.Generator) -> str:
    letters = pick(rng, ["abcdefghijklmnopqrstuvwxyz", "абвгдежзийклмнопрстуфхцчшыэюя"])
    return "".join(pick(rng, letters) for _ in range(int(rng.integers(1, 12))))


def plain_words(rng: np.random.Generator, language: str, split: str, count: int) -> str:
    """Everyday words: of ten nouns and similar words, seven are in train, one in dev, two in test; verbs and function words are in all."""
    places = {"train": range(7), "dev": (7,), "test": (8, 9)}[split]
    words = [word for i, word in enumerate(PLAIN[language].split()) if i % 10 in places]
    if rng.random() < 0.5:
        words = [*words, *COMMON[language].split()]
    return " ".join(pick(rng, words) for _ in range(count))


def made_up(rng: np.random.Generator, language: str) -> str:
    """A meaningless word that resembles the language: the start of one everyday word of train and the end of another."""
    while True:
        head, tail = (plain_words(rng, language, "train", 1) for _ in range(2))
        word = head[: int(rng.integers(1, len(head) + 1))] + tail[len(tail) // 2 :]
        if bare(word) not in VALID:
            return word


def filler(rng: np.random.Generator) -> str:
    """Junk for training only, in unlimited variety: made-up words, or random keys."""
    language = pick(rng, LANGUAGES)
    if rng.random() < 0.5:
        words = [made_up(rng, language) if rng.random() < 0.6 else plain_words(rng, language, "train", 1) for _ in range(int(rng.integers(1, 7)))]
        return dress(rng, language, "train", " ".join(words), alone=0.8)
    return dress(rng, language, "train", " ".join(nonsense(rng) for _ in range(1 + int(rng.random() < 0.3))), alone=0.8)


def junk_word(rng: np.random.Generator, split: str) -> str:
    """A text without a digit: everyday words, numbers above nine, random letters."""
    language = pick(rng, LANGUAGES)
    kind = rng.random()
    if kind < 0.35:
        return dress(rng, language, split, plain_words(rng, language, split, int(rng.integers(1, 7))), alone=1)
    if kind < 0.55:
        return dress(rng, language, split, plain_words(rng, language, split, 1), alone=0)
    if kind < 0.85:
        return dress(rng, language, split, pick(rng, LARGE[language].split()))
    return dress(rng, language, split, nonsense(rng), alone=0.7)
