"""Draws single digits as people write them in figures: in many scripts, as Roman numerals, with look-alike letters."""

import numpy as np
from text_words import LANGUAGES, nonsense, pick, plain_words

ROMAN = ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"]
# Letters and signs that look like a digit; only drawn where the phrase announces a number.
LOOKALIKE = ["Oo", "lI|i", "Zz", "E", "A", "S$s", "Gb", "T", "B", "gq"]
NO_DIGIT = "KMNWHRPJFUYCXwkmnhrpjfuyx"
HAN = ["〇零", "一壹", "二贰貳", "三叁參", "四肆", "五伍", "六陆陸", "七柒", "八捌", "九玖"]

# First digit of scripts with ten consecutive digits. Those of `test` are never drawn for training.
SCRIPTS = {
    "train": {
        "Arabic-Indic": 0x0660, "Persian": 0x06F0, "Devanagari": 0x0966, "Bengali": 0x09E6, "Tamil": 0x0BE6, "Thai": 0x0E50,
        "Myanmar": 0x1040, "full-width": 0xFF10, "mathematical bold": 0x1D7CE,
    },
    "test": {
        "Arabic-Indic": 0x0660, "Devanagari": 0x0966, "Thai": 0x0E50, "full-width": 0xFF10,
        "Gujarati": 0x0AE6, "Telugu": 0x0C66, "Kannada": 0x0CE6, "Malayalam": 0x0D66, "Lao": 0x0ED0, "Tibetan": 0x0F20, "Khmer": 0x17E0,
        "Mongolian": 0x1810, "mathematical monospace": 0x1D7F6,
    },
}
SCRIPTS["dev"] = SCRIPTS["train"]
SUPERSCRIPT = "⁰¹²³⁴⁵⁶⁷⁸⁹"
SUBSCRIPT = "₀₁₂₃₄₅₆₇₈₉"
CIRCLED = "⓪①②③④⑤⑥⑦⑧⑨"
BLACK_CIRCLED = "⓿❶❷❸❹❺❻❼❽❾"

# Phrases that announce a number. Look-alike letters and Roman numerals are only used in these.
NUMBER = {
    "train": "no. {}|No {}|no {}|nr. {}|Nr {}|#{}|# {}|number {}|Number {}.|num {}|num = {}|x = {}|x={}|n = {}|digit {}|digit: {}|digit={}|code {}|"
    "code: {}|pin {}|key {}|press {}|dial {}|room {}|gate {}|level {}|option {}|answer: {}|result = {}|value: {}|count: {}|total: {}|"
    "Ziffer {}|Nummer {}|Zahl: {}|numéro {}|chiffre: {}|número {}|numero {}|cijfer {}|siffra {}|cyfra {}|цифра {}|номер {}|№ {}|n° {}|"
    "size {}|step {}|class {}|type {}|score: {}|id {}|figure {}",
    "dev": "digit is {}|the number is {}|nr: {}|k = {}|rank {}|numer {}|version {}",
    "test": "no: {}|number: {}|the digit is {}|y = {}|my number: {}|seat {}|floor {}|platform {}|answer = {}|line no. {}|num: {}|Zimmer {}|"
    "the code is {}|z={}|Nr: {}|nummer {}|número: {}|the number was {}|track {}|page {}",
}
ROMAN_ONLY = {
    "train": "chapter {}|Chapter {}.|part {}|act {}|section {}|King Henry {}|Pope Pius {}|book {}|grade {}|century {}|scene {}|title {}",
    "dev": "article {}|phase {}|Louis {}|stage {}",
    "test": "volume {}|vol. {}|World War {}|Queen Mary {}|appendix {}|Kapitel {}|chapitre {}|season {}",
}
# Phrases for real digits only.
LOOSE = {
    "train": "{}|{}|{}|{}.|{}!|{}?|({})|[{}]|{})|it is {}|it's {}|the answer is {}|I see a {}|this is {}|maybe {}|{} I think|I think {}|= {}|+{}|"
    "-> {}|> {}|'{}'|das ist {}|c'est {}|es {}|è {}|é {}|det är {}|to {}|bu {}|это {}|{} :)|{} it is|رقم {}|संख्या {}|第{}|{}番|答案是{}|번호 {}|"
    "{}x|x{}|say {}|Die {} bitte|le {}|{}, I think|I'd say it's a {}|that looks like {} to me|my answer: {}|I believe it's {}|that would be {}|"
    "clearly a {}|well, {}|I got {}|I guess {}|it should be {}|ok so {}|you see {} there|{}, denke ich|ma réponse : {}|mi respuesta: {}",
    "dev": "{}|{} ok|probably {}|** {} **|{}!!|die {}|答えは{}|{}, I suppose|I'd go with {}|seems to be a {}|my choice: {}|I reckon it's {}|"
    "I'm sure I saw {}|it was {}, right?|I heard {}|ich vermute {}",
    "test": "{}|{}|{}, please|\"{}\"|<{}>|*{}*|{{{}}}|my guess: {}|looks like a {}|they wrote {}|{} !!!|hier steht {}|ich tippe auf {}|je dirais {}|"
    "yo diría {}|комната {}|غرفة {}|{}号|definitely {}|{} for sure|:{}|~{}|it shows a {} here|{} 👍|{}, if you ask me|I'd bet it's a {}|"
    "sounds like {} to me|our answer: {}|I am almost certain it says {}|klingt nach {}|",
}
LOOSE["test"] = LOOSE["test"].rstrip("|")
SPELT = ["{}.0", "{},0", "{}.00", "{}.", "0{}", "00{}", "000{}", "+{}", "{}th", "{} .", "{}.)", "{}º"]
STYLES = ("ascii", "spelt", "script", "raised", "circled", "keycap", "roman", "lookalike", "han")


def fill(template: str, text: str) -> str:
    return template.replace("{{{}}}", "{" + text + "}").replace("{}", text)


def _phrase(rng: np.random.Generator, split: str, loose: float) -> str:
    return pick(rng, (LOOSE if rng.random() < loose else NUMBER)[split].split("|"))


def _spelt(rng: np.random.Generator, label: int) -> str:
    form = pick(rng, SPELT)
    if form == "{}th":
        form = "{}" + {1: "st", 2: "nd", 3: "rd"}.get(label, "th")
    return fill(form, str(label))


def draw_style(rng: np.random.Generator, split: str, label: int, style: str) -> str:
    """One text that shows `label` in one of STYLES; ASCII if the style cannot express it (a Roman zero)."""
    if style == "spelt":
        return fill(_phrase(rng, split, 0.6), _spelt(rng, label))
    if style == "script":
        first = pick(rng, list(SCRIPTS[split].values()))
        return fill(_phrase(rng, split, 0.6), chr(first + label))
    if style == "raised":
        return fill(_phrase(rng, split, 0.6), pick(rng, [SUPERSCRIPT, SUBSCRIPT])[label])
    if style == "circled":
        return fill(_phrase(rng, split, 0.6), pick(rng, [CIRCLED, BLACK_CIRCLED])[label])
    if style == "keycap":
        return fill(_phrase(rng, split, 0.6), f"{label}\uFE0F\u20E3")
    if style == "han":
        return fill(pick(rng, ["{}", "{}", "第{}", "{}号", "{}番", "是{}", "数字{}", "{}。"] if rng.random() < 0.7 else NUMBER[split].split("|")), pick(rng, HAN[label]))
    if style == "roman" and label > 0:
        return _roman(rng, split, label)
    if style == "lookalike":
        return fill(pick(rng, NUMBER[split].split("|")), pick(rng, LOOKALIKE[label]))
    return fill(_phrase(rng, split, 0.6), str(label))


def _roman(rng: np.random.Generator, split: str, label: int) -> str:
    if rng.random() < 0.25:
        numeral = chr(pick(rng, [0x2160, 0x2170]) + label - 1)
    else:
        numeral = "IIII" if label == 4 and rng.random() < 0.1 else ROMAN[label]
        numeral = numeral.lower() if rng.random() < 0.3 else numeral
    kind = rng.random()
    if kind < 0.3:
        return fill(pick(rng, ["{}", "{}", "{}.", "({})", "{}!"]), numeral)
    return fill(pick(rng, (ROMAN_ONLY if kind < 0.65 else NUMBER)[split].split("|")), numeral)


def draw_numeral(rng: np.random.Generator, split: str, label: int, corrupt: bool) -> str:
    """One text that shows `label`; `corrupt` hides it among signs, or replaces it by a scanning or typing error."""
    style = pick(rng, ("ascii",) * 6 + STYLES)
    text = draw_style(rng, split, label, style)
    if not corrupt:
        return text
    kind = int(rng.integers(4))
    if kind == 0:  # scanner
        text = fill(_phrase(rng, split, 0.5), pick(rng, ["OoDQ°", "lI|!i", "Zz?", "Ee}", "Ah", "Ss$", "Gb", "T?/", "B&", "gqp"][label]))
    elif kind == 1:  # a neighbouring key
        keys = ["9op", "2q", "13qw", "24we", "35er", "46rt", "57ty", "68yu", "79ui", "80io"]
        text = fill(_phrase(rng, split, 0.5), pick(rng, keys[label]) if rng.random() < 0.5 else str(label) + pick(rng, keys[label]))
    elif kind == 2:  # lost among signs and letters
        noise = lambda: "".join(pick(rng, "#@%&*!?/\\_-+=~^;:xjkw ") for _ in range(int(rng.integers(1, 8))))  # noqa: E731
        text = noise() + text + noise()
    else:  # characters dropped
        text = "".join(c for c in text if rng.random() > 0.35) or "?"
    return text


def junk_numeral(rng: np.random.Generator, split: str) -> str:
    """A text without a single digit: larger numbers, times, fractions, everyday words, letters that are not digits."""
    kind = rng.random()
    if kind < 0.25:
        return fill(_phrase(rng, split, 0.5), str(int(rng.integers(10, 10 ** int(rng.integers(2, 6))))))
    if kind < 0.4:
        a, b = (int(v) for v in rng.integers(1, 100, size=2))
        form = pick(rng, ["{a}.{b}", "{a}:{b:02}", "{a}/{b}", "{a}-{b}", "{a} {b}", "{a},{b}", "{a}0%", "1{a}th", "{a}.{b}.{a}"])
        return fill(_phrase(rng, split, 0.5), form.format(a=a, b=b))
    if kind < 0.5:
        roman = pick(rng, ["X", "XI", "XII", "XIV", "XV", "XIX", "XX", "XXI", "LX", "MCM", "MMX", "xii", "xvi", "xx", "Ⅻ", "Ⅹ", "XVIII", "XXX"])
        return fill(pick(rng, (ROMAN_ONLY if rng.random() < 0.5 else NUMBER)[split].split("|")), roman)
    if kind < 0.6:
        return fill(pick(rng, NUMBER[split].split("|")), pick(rng, NO_DIGIT))
    if kind < 0.65:
        return pick(rng, ["十", "百", "七十", "二十三", "你好", "今天天气", "ありがとう", "안녕하세요", "مرحبا", "नमस्ते", "สวัสดี", "⑩", "⑮", "½", "¾"])
    if kind < 0.75:
        return nonsense(rng)
    if kind < 0.85:
        return fill(_phrase(rng, split, 0.5), plain_words(rng, pick(rng, LANGUAGES), split, 1))
    return plain_words(rng, pick(rng, LANGUAGES), split, int(rng.integers(1, 7)))
