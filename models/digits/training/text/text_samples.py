"""Texts of the two text experts' kinds, as users type them. Used by text_train.py and by the mixed-media set."""

import numpy as np
from text_numerals import draw_numeral, junk_numeral
from text_words import draw_word, junk_word

KINDS = ("words", "numerals")


def draw(rng: np.random.Generator, split: str, kind: str, label: int, corrupt: bool) -> str:
    """One text that shows the digit `label`.

    `split` is train, dev or test; they have no phrases or misspelt forms in common. `kind` is one of KINDS. With `corrupt`, the text is
    damaged so heavily that a person would often have to guess.
    """
    if split not in ("train", "dev", "test") or kind not in KINDS or not 0 <= label <= 9:
        raise ValueError(f"no text of split {split}, kind {kind}, label {label}")
    return (draw_word if kind == "words" else draw_numeral)(rng, split, label, corrupt)


def draw_junk(rng: np.random.Generator, split: str, kind: str) -> str:
    """One text on which `kind`'s expert must have low confidence: without a single digit, or with a digit in the other expert's form."""
    if rng.random() < 0.2:
        return draw(rng, split, KINDS[1 - KINDS.index(kind)], int(rng.integers(10)), False)
    return (junk_word if kind == "words" else junk_numeral)(rng, split)
