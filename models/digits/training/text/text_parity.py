"""Writes the rows for a C# test that compares the preprocessor with text_rows.py: `text_parity.py rows.json`."""

import json
import sys

import numpy as np
from text_rows import ids
from text_samples import KINDS, draw, draw_junk
from text_train import PACKAGES

# Texts that test normalisation, marks, case, white space, windows and the hash.
CASES = [
    "a", "İstanbul I ı i", "ÜÇ DÖRT", "fu\u0308nf", "ﬁve", "ｆｉｖｅ", "Ǆ ǆ ǅ", "ẞ ß", "Å Å", "한국어 칠", "\u110e\u1175\u11af", "が か\u3099", "ｶﾞ",
    "٠١٢٣٤٥٦٧٨٩", "०१२३४५६७८९", "๐๑๒๓๔๕๖๗๘๙", "０１２３４５６７８９", "⁰¹²³⁴⁵⁶⁷⁸⁹", "₀₁₂₃₄₅₆₇₈₉", "⓪①②③④⑤⑥⑦⑧⑨⑩", "❶❿➀⓵⑴⒈🄁", "ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩⅪⅫ",
    "ⅰⅱⅲⅳⅴⅵⅶⅷⅸⅹ", "〇一二三四五六七八九十", "㈠㊀〡〢", "½ ¼ ⅓ 1⁄2", "𝟎𝟏 𝟘𝟙 𝟢𝟣 𝟬𝟭 𝟶𝟷", "7️⃣ 👍🏽 👩‍🚀", "a\u00a0b\u2003c\u3000d", "  a \t\n b  ", "a\u200bb\u00adc\ufeffd",
    "z\u0301\u0327\u0300", "№ 7 ™ ℡ ①st", "1º 1ª", "Σίσυφος ΣΊΣΥΦΟΣ", "שבע ٧", "नमस्ते सात", "สวัสดี เจ็ด", "ﷺ", "\U0001f1e9\U0001f1ea", "x" * 200, "ab " * 60,
    "w" * 70 + " 7 " + "v" * 70, "no " * 50 + "7", "7" + " yes" * 50, "é" * 100, "\u0301", "Ω Ω", "ŀ ŉ ǰ", "٪ ＃７", "x=７", "$5 €5 £5", "~`^", "\\|/", "¿?¡!",
]

if __name__ == "__main__":
    rng = np.random.default_rng(5)
    sets = []
    for kind in KINDS:
        options = PACKAGES[kind]["preprocessing"]
        texts = CASES + [draw(rng, "test", kind, i % 10, i % 3 == 0) for i in range(120)] + [draw_junk(rng, "test", kind) for _ in range(40)]
        sets.append({"preprocessing": options, "rows": [[text, ids(text, options)] for text in texts]})
    with open(sys.argv[1], "w", encoding="utf-8") as out:
        json.dump(sets, out, ensure_ascii=True, separators=(",", ":"))
        out.write("\n")
