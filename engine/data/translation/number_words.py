"""Whole numbers from 0 to 999,999 in words: English, French and German, each by its own rules."""

from collections.abc import Callable, Mapping

import numpy as np

from engine.data.language.grammar import words

ENGLISH = words(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
ENGLISH_TENS = words("twenty thirty forty fifty sixty seventy eighty ninety")
FRENCH = words(
    "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit "
    "dix-neuf"
)
FRENCH_TENS = words("vingt trente quarante cinquante soixante")
GERMAN = words(
    "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn "
    "achtzehn neunzehn"
)
GERMAN_TENS = words("zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig")


def english(number: int) -> str:
    """Return a number in English, without hyphens and without ``and``: ``one hundred twenty one``."""
    parts: list[str] = []
    for size, name in ((1_000, "thousand"), (100, "hundred")):
        if number >= size:
            parts += [english(number // size), name]
            number %= size
    if number >= 20:
        parts.append(ENGLISH_TENS[number // 10 - 2])
        number %= 10
    if number or not parts:
        parts.append(ENGLISH[number])
    return " ".join(parts)


def french(number: int) -> str:
    """Return a number in French, as it was spelt before 1990: ``vingt et un``, ``soixante-dix``, ``quatre-vingts``.

    Above 60 people count on by twenties. ``cents`` and ``quatre-vingts`` have their s where nothing follows, also not
    ``mille``, which itself never has one; nobody says one hundred or one thousand.
    """
    if number < 1_000:
        return _french_hundreds(number, last=True)
    thousands, rest = divmod(number, 1_000)
    parts = [] if thousands == 1 else [_french_hundreds(thousands, last=False)]
    return " ".join([*parts, "mille", *([_french_hundreds(rest, last=True)] if rest else [])])


def _french_hundreds(number: int, *, last: bool) -> str:
    """Return a number below 1000; the ``last`` part of a word takes the s of the plural."""
    hundreds, rest = divmod(number, 100)
    if not hundreds:
        return _french_tens(rest, last=last)
    parts = [] if hundreds == 1 else [FRENCH[hundreds]]
    parts.append("cents" if hundreds > 1 and not rest and last else "cent")
    return " ".join([*parts, *([_french_tens(rest, last=last)] if rest else [])])


def _french_tens(number: int, *, last: bool) -> str:
    """Return a number below 100."""
    if number < 20:
        return FRENCH[number]
    if number >= 80:
        if number == 80:
            return "quatre-vingts" if last else "quatre-vingt"
        return f"quatre-vingt-{FRENCH[number - 80]}"
    tens, rest = (60, number - 60) if number >= 60 else (number - number % 10, number % 10)
    name = FRENCH_TENS[tens // 10 - 2]
    if not rest:
        return name
    return f"{name} et {FRENCH[rest]}" if rest in (1, 11) else f"{name}-{FRENCH[rest]}"


def german(number: int) -> str:
    """Return a number in German, in one word, the ones ahead of the tens: ``einhunderteinundzwanzig``.

    ``eins`` has its s at the end alone.
    """
    if number == 0:
        return GERMAN[0]
    thousands, rest = divmod(number, 1_000)
    return (_german_hundreds(thousands, "ein") + "tausend" if thousands else "") + _german_hundreds(rest, "eins")


def _german_hundreds(number: int, one: str) -> str:
    """Return a number below 1000, nothing for 0; a last 1 is called ``one``."""
    hundreds, rest = divmod(number, 100)
    ahead = (_german_one(hundreds, "ein") + "hundert") if hundreds else ""
    if rest < 20:
        return ahead + (_german_one(rest, one) if rest else "")
    tens, ones = divmod(rest, 10)
    return ahead + (_german_one(ones, "ein") + "und" if ones else "") + GERMAN_TENS[tens - 2]


def _german_one(number: int, one: str) -> str:
    return one if number == 1 else GERMAN[number]


SPOKEN: Mapping[str, Callable[[int], str]] = {"english": english, "french": french, "german": german}


def numbers(count: int, most: int, language: str, generator: np.random.Generator) -> list[tuple[str, str]]:
    """Return ``count`` pairs of a number from 0 to ``most`` in words and in digits; of each number of digits there are
    as many as of any other: else nearly all would be long, and what is short would hardly be learnt.
    """
    sizes = generator.integers(1, len(str(most)) + 1, count)
    first = np.where(sizes == 1, 0, 10 ** (sizes - 1))
    beyond = np.minimum(10**sizes, most + 1)
    drawn = (first + generator.random(count) * (beyond - first)).astype(int).tolist()
    return [(SPOKEN[language](number), str(number)) for number in drawn]
