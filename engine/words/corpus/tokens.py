"""Cuts text into sentences, and sentences into tokens."""

import re
from collections.abc import Callable, Iterable, Iterator

from engine.words.corpus.spec import Ends, Rule

MOST_WORDS = 10_000
"""Of one sentence: a text without an end of sentence is cut after so many tokens, as word2vec's programs do."""
MOST_LETTERS = 200
"""Of one token: no word is so long, and no file of vectors takes a line of a megabyte for one."""
_WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")
# A run of dots is looked at from its first alone, and once: otherwise a million of them would take for ever.
_PUNCTUATION = re.compile(r"(?<![.!?…])[.!?…]++[\"'”’»)\]]*\s+|\n[^\S\n]*\n\s*")
_LINE = re.compile(r"\n")
_MOST_OPEN = 1 << 20

Tokeniser = Callable[[str], list[str]]


def tokeniser(rule: Rule, lower: bool) -> Tokeniser:
    """Return what cuts a sentence into tokens; for pieces of words, into the words that are cut up later."""
    cut = {"words": _WORD.findall, "bpe": _WORD.findall, "blanks": str.split, "characters": _characters}[rule]
    return (lambda text: cut(text.lower())) if lower else cut


def sentences(pieces: Iterable[str], ends: Ends) -> Iterator[str]:
    """Yield the sentences of a text that comes piece by piece; what never ends is cut at a blank after 1 MB."""
    end = _LINE if ends == "lines" else _PUNCTUATION
    left = ""
    for piece in pieces:
        *whole, left = _cut(left + piece, end)
        yield from whole
        if len(left) > _MOST_OPEN:
            blank = max(left.rfind(" "), left.rfind("\n"), left.rfind("\t"))
            cut = blank + 1 if blank >= 0 else len(left)
            yield left[:cut]
            left = left[cut:]
    if left:
        yield left


def tokenised(texts: Iterable[str], cut: Tokeniser) -> Iterator[list[str]]:
    """Yield the tokens of each sentence that has any, ``MOST_WORDS`` at most at a time."""
    for text in texts:
        tokens = cut(text)
        for start in range(0, len(tokens), MOST_WORDS):
            yield tokens[start : start + MOST_WORDS]


def _cut(text: str, end: re.Pattern[str]) -> list[str]:
    """Return the sentences, and last what may go on. A dot at the very end may be followed by more."""
    found: list[str] = []
    start = 0
    for match in end.finditer(text):
        if match.end() == len(text) and end is not _LINE:
            break  # more blanks, or a second line's end, may follow
        found.append(text[start : match.end()])
        start = match.end()
    return [*found, text[start:]]


def _characters(text: str) -> list[str]:
    return [character for character in text if not character.isspace()]
