"""How to ask the same without this page: lines for a terminal, and some of gensim."""

import shlex
from collections.abc import Iterable, Mapping

from engine.words.asking import query_of
from engine.words.formula import Formula
from engine.words.space import Method, Space
from pages.ui.words.asked import METHODS, Asked

_GENSIM = {
    "word2vec binary": ("KeyedVectors", "KeyedVectors.load_word2vec_format({file}, binary=True)"),
    "word2vec text": ("KeyedVectors", "KeyedVectors.load_word2vec_format({file})"),
    "GloVe text": ("KeyedVectors", "KeyedVectors.load_word2vec_format({file}, no_header=True)"),
    "fastText model": ("fasttext", "fasttext.load_facebook_vectors({file})"),
}
_CALLS: Mapping[Method, str] = {"3cosadd": "most_similar", "3cosmul": "most_similar_cosmul"}


def neighbours_by_hand(space: Space, asked: Asked) -> str:
    """Return the lines that give the neighbours that ``asked`` asks for; none for vectors that are in no file."""
    query = query_of(space, asked.query)
    mix = query if isinstance(query, Mapping) else {str(query): 1.0}
    positive, negative = ([word for word, weight in mix.items() if weight * sign > 0] for sign in (1, -1))
    return _lines(
        space,
        [f"neighbours {shlex.quote(asked.query)} --metric {asked.metric} --k {asked.k}"],
        [f"most_similar(positive={positive!r}, negative={negative!r}, topn={asked.k})  # by the cosine"],
    )


def analogy_by_hand(space: Space, asked: Asked, formula: Formula) -> str:
    """Return the lines that give the answers to an analogy by each method; gensim has two of them, and never answers
    with a word of the question. None for vectors that are in no file.
    """
    inputs = " --with-inputs" if asked.inputs else ""
    question = f"analogy {shlex.quote(str(formula))} --k {asked.k}{inputs}"
    words = f"positive={list(formula.positive)!r}, negative={list(formula.negative)!r}, topn={asked.k}"
    without = ", without the words of the formula" if asked.inputs else ""
    return _lines(
        space,
        [f"{question} --method {method}" for method in METHODS],
        [f"{call}({words})  # {METHODS[method]}{without}" for method, call in _CALLS.items()],
    )


def _lines(space: Space, commands: Iterable[str], calls: Iterable[str]) -> str:
    record = space.provenance
    if record.kind not in _GENSIM:
        return ""
    limit = f" --limit {record.limit}" if record.limit else ""
    imported, opened = _GENSIM[record.kind]
    return "\n".join(
        (
            *(f"python -m engine words {shlex.quote(record.source)} {command}{limit}" for command in commands),
            "",
            f"from gensim.models import {imported}",
            f"vectors = {opened.format(file=repr(record.source))}",
            *(f"vectors.{call}" for call in calls),
        )
    )
