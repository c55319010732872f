"""Follows a few sentences on their way into a text's numbers: each stage of the cutting, and the fate of each token.

The text itself is cut by ``engine.words.corpus.encoding``; sentences take the same way here, one by one, to be seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from engine.seeds import numpy_generator
from engine.words.corpus.bpe import END as WORD_END
from engine.words.corpus.bpe import BytePairs, Merge
from engine.words.corpus.counts import keep_probability
from engine.words.corpus.encoded import CHUNK, END, EncodedText, Phrase, whole_sentences
from engine.words.corpus.spec import TextSpec
from engine.words.corpus.tokens import sentences, tokenised, tokeniser

MOST_TOKENS = 40
"""Of all sentences together: so many can be seen at a time."""
USUAL = range(4, 13)
"""So many tokens have the sentences that are shown of a text, where it has such."""
Fate = Literal["learnt", "rare", "unknown"]


@dataclass(frozen=True, slots=True)
class Token:
    """A token and what becomes of it: it is ``learnt``, too ``rare`` for the minimum count, or ``unknown`` to the text.

    ``row`` is its number in the text, None where it has none; ``keep`` the probability that it is not skipped when
    frequent words are thinned out, 0 to 1.
    """

    text: str
    row: int | None
    count: int
    keep: float
    fate: Fate


@dataclass(frozen=True, slots=True)
class Followed:
    """A sentence at each stage: as it was ``written``, cut by the rule, into pieces of words, with phrases joined."""

    written: str
    cut: tuple[str, ...]
    pieces: tuple[str, ...]
    joined: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Growth:
    """A step in which the pieces of a word grow: the ``merge`` that it is, its number among all, and what it leaves."""

    number: int
    merge: Merge
    pieces: tuple[str, ...]


def follow(
    written: str, spec: TextSpec, pairs: BytePairs | None, phrases: Sequence[Phrase] = ()
) -> tuple[list[Followed], bool]:
    """Return the sentences of what a person wrote at each stage; and whether they are all, for only ``MOST_TOKENS`` are
    followed.
    """
    known = {(phrase.first, phrase.second) for phrase in phrases}
    found: list[Followed] = []
    tokens = 0
    for sentence in sentences([written], spec.ends):
        for cut in tokenised([sentence], tokeniser(spec.rule, spec.lower)):
            pieces = [piece for word in cut for piece in pairs.cut(word)] if pairs else cut
            joined = with_phrases(pieces, known)
            tokens += len(joined)
            if found and tokens > MOST_TOKENS:
                return found, False
            whole = len(joined) <= MOST_TOKENS
            found.append(Followed(sentence.strip(), tuple(cut), tuple(pieces), tuple(joined[:MOST_TOKENS])))
            if not whole:
                return found, False
    return found, True


def with_phrases(tokens: Sequence[str], phrases: set[tuple[str, str]]) -> list[str]:
    """Return tokens of which each pair that is a phrase, from the left and none twice, has become one."""
    found: list[str] = []
    at = 0
    while at < len(tokens):
        together = at + 1 < len(tokens) and (tokens[at], tokens[at + 1]) in phrases
        found.append(f"{tokens[at]}_{tokens[at + 1]}" if together else tokens[at])
        at += 2 if together else 1
    return found


def fates(tokens: Sequence[str], text: EncodedText, kept: int, sample: float) -> list[Token]:
    """Return what becomes of tokens in a text of which the first ``kept`` words are learnt."""
    keep = keep_probability(text.counts[:kept], sample)
    found: list[Token] = []
    for token in tokens:
        row = text.words.find(token)
        if row is None:
            found.append(Token(token, None, 0, 0.0, "unknown"))
        elif row >= kept:
            found.append(Token(token, row, int(text.counts[row]), 0.0, "rare"))
        else:
            found.append(Token(token, row, int(text.counts[row]), float(keep[row]), "learnt"))
    return found


def growth(pairs: BytePairs, word: str) -> list[Growth]:
    """Return how the pieces of a word grow, merge by merge."""
    steps = pairs.steps(word)
    numbers = [pairs.next_merge(pieces) for pieces in steps[:-1]]
    return [
        Growth(number + 1, pairs.merges[number], tuple(pieces))
        for number, pieces in zip(numbers, steps[1:], strict=True)
        if number is not None
    ]


def examples(text: EncodedText, seed: int, phrases: Sequence[Phrase] = (), count: int = 3) -> list[str]:
    """Return some sentences of a text as one may write them, its ``phrases`` apart: drawn at random from its beginning,
    short ones if it has some.
    """
    apart = {f"{phrase.first}_{phrase.second}": (phrase.first, phrase.second) for phrase in phrases}
    ids = next(whole_sentences(text.ids, CHUNK), np.empty(0, np.int32))
    ends = np.flatnonzero(ids == END)
    starts = np.append(0, ends[:-1] + 1)
    lengths = ends - starts
    good = np.flatnonzero((lengths >= USUAL.start) & (lengths < USUAL.stop))
    good = good if len(good) >= count else np.flatnonzero(lengths > 0)
    chosen = numpy_generator(seed, "examples").choice(good, min(count, len(good)), replace=False)
    found = []
    for place in chosen.tolist():
        some = ids[starts[place] : ends[place]][: USUAL.stop]
        tokens = [text.words[int(row)] for row in some]
        found.append(_readable([one for token in tokens for one in apart.get(token, (token,))], text.spec.rule))
    return found


def _readable(tokens: Sequence[str], rule: str) -> str:
    if rule == "characters":
        return "".join(tokens)
    if rule == "bpe":
        return "".join(tokens).replace(WORD_END, " ").strip()
    return " ".join(tokens)
