"""Letters that are copied, turned round or put in order; and words that are turned into pig Latin."""

from collections.abc import Callable, Mapping

import numpy as np

from engine.data.language.grammar import words

ALPHABET = "abcdefghijklmnopqrst"
VOWELS = "aeiou"
BEGINNINGS = words("b bl br c ch cl d dr f fl g gr h j k l m n p pl pr qu r s sh sl st str t th tr v w wh y z")
MIDDLES = words("a e i o u ai ea ee oo ou")
ENDINGS = ["", "", "", *words("b ck d g l m n nd ng nt p r s st t y")]
MOST_WORDS = 3

CHANGED: Mapping[str, Callable[[str], str]] = {
    "copy": lambda text: text,
    "reverse": lambda text: text[::-1],
    "sort": lambda text: "".join(sorted(text)),
}


def letters(kind: str, count: int, longest: int, generator: np.random.Generator) -> list[tuple[str, str]]:
    """Return ``count`` pairs of 1 to ``longest`` letters, and the same changed in the way called ``kind``."""
    lengths = generator.integers(1, longest + 1, count).tolist()
    drawn = ["".join(ALPHABET[at] for at in generator.integers(0, len(ALPHABET), length)) for length in lengths]
    return [(text, CHANGED[kind](text)) for text in drawn]


def pig_latin(text: str) -> str:
    """Return words in pig Latin: consonants ahead of the first vowel go behind, then comes ``ay``; a word that begins
    with a vowel gets ``way``. ``qu`` stays together, and ``y`` is a vowel but where it comes first.
    """
    return " ".join(_pig_latin(word) for word in text.split())


def _pig_latin(word: str) -> str:
    if word[0] in VOWELS:
        return f"{word}way"
    at = 1
    while at < len(word) and word[at] not in f"{VOWELS}y":
        at += 1
    if word[at - 1 : at + 1] == "qu":
        at += 1
    return f"{word[at:]}{word[:at]}ay"


def pigs(count: int, generator: np.random.Generator) -> list[tuple[str, str]]:
    """Return ``count`` pairs of one to ``MOST_WORDS`` words that might be English, and the same in pig Latin."""

    def word() -> str:
        first = BEGINNINGS[generator.integers(len(BEGINNINGS))] if generator.random() < 0.8 else ""
        inner = MIDDLES[generator.integers(len(MIDDLES))]
        return first + inner + ENDINGS[generator.integers(len(ENDINGS))]

    texts = [" ".join(word() for _ in range(generator.integers(1, MOST_WORDS + 1))) for _ in range(count)]
    return [(text, pig_latin(text)) for text in texts]
