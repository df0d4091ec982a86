"""Python implementation of the C# preprocessing kind `characters`, for training; a C# test compares them row by row.

`text_rows.py expert.json texts.json rows.json` writes the rows for a JSON list of strings: [[text, [ids without padding]], ...].
"""

import json
import math
import sys
import unicodedata

import numpy as np

WHITE_SPACE = set("\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000") | {chr(c) for c in range(0x2000, 0x200B)}


def scalars(text: str, options: dict) -> str:
    """All steps except the window and the ids."""
    text = unicodedata.normalize("NFC", text)
    if options.get("foldDigits"):
        text = "".join(_fold(c) for c in text)
    text = unicodedata.normalize(options.get("normalise", "NFC"), text)
    strip = options.get("stripMarks", False)
    if strip:
        text = unicodedata.normalize("NFD", text)
    result: list[str] = []
    for c in text:
        category = unicodedata.category(c)
        if c in WHITE_SPACE:
            if result and result[-1] != " ":
                result.append(" ")
        elif category in ("Cc", "Cf") or (strip and category in ("Mn", "Me")):
            continue
        else:
            lower = c.lower()
            result.append(lower if options.get("lowercase") and len(lower) == 1 else c)
    return "".join(result).rstrip(" ")


def ids(text: str, options: dict) -> list[int]:
    """The ids of one text, at most `length`, without padding."""
    text, length, window = scalars(text, options), options["length"], options.get("window", "head")
    if len(text) > length and window == "ends":
        head = (length + 1) // 2
        text = text[:head] + text[len(text) - (length - head) :]
    elif len(text) > length:
        start = 0
        if window == "digit":
            first = next((i for i, c in enumerate(text) if "0" <= c <= "9"), 0)
            start = min(max(first - length // 4, 0), len(text) - length)
        text = text[start : start + length]
    known = {c: i + 1 for i, c in enumerate(options["alphabet"])}
    return [known.get(c) or 1 + len(known) + _fnv1a(c) % options["buckets"] for c in text]


def rows(texts: list[str], options: dict) -> np.ndarray:
    """int64 [texts, length], 0 = padding."""
    result = np.zeros((len(texts), options["length"]), dtype=np.int64)
    for row, text in zip(result, texts):
        found = ids(text, options)
        row[: len(found)] = found
    return result


def vocabulary(options: dict) -> int:
    """Number of distinct ids."""
    return 1 + len(options["alphabet"]) + options["buckets"]


def _fold(c: str) -> str:
    value = unicodedata.numeric(c, -1.0) if unicodedata.category(c) in ("Nd", "Nl", "No") else -1.0
    return str(int(value)) if 0 <= value <= 9 and value == math.floor(value) else c


def _fnv1a(c: str) -> int:
    value = 2166136261
    for byte in c.encode("utf-32-le"):
        value = ((value ^ byte) * 16777619) & 0xFFFFFFFF
    return value


if __name__ == "__main__":
    preprocessing = json.load(open(sys.argv[1], encoding="utf-8"))["preprocessing"]
    texts = json.load(open(sys.argv[2], encoding="utf-8"))
    with open(sys.argv[3], "w", encoding="utf-8") as out:
        json.dump([[text, ids(text, preprocessing)] for text in texts], out, ensure_ascii=False, separators=(",", ":"))
