"""Tokens: a few sentences on their way to numbers, step by step."""

from collections.abc import Callable, Sequence
from itertools import chain, pairwise

import numpy as np
import streamlit as st

from engine.seeds import derive
from engine.spec import settings_by_name
from engine.words.corpus.bpe import END
from engine.words.corpus.following import MOST_TOKENS, Followed, Token, examples, fates, follow, growth
from engine.words.corpus.showing import Steps, steps
from pages.ui.corpus.asked import Form, TextAsked
from pages.ui.corpus.markup import Chip, Shaded, chips, number_table
from pages.ui.corpus.seen import Seen
from pages.ui.text import plain

ABOUT = "What becomes of sentences before anything is learnt. Take those of the text, or write your own."
NUMBERS: dict[Form, str] = {
    "index": "A number for each token: its place in the list of all words of the text, the most frequent first; and "
    "in the list of the words of these sentences alone, by the alphabet. Nothing is alike in numbers that are near "
    "each other.",
    "onehot": "A row for each token, as long as the list of words, with a single 1. All rows are equally far apart: "
    "no word is more like one than another.",
    "bag": "A row for each sentence: how often each word is in it. The order of words is lost.",
    "tfidf": "As the bag of words, but a word counts less the more sentences have it: count × idf, and then each row "
    "is brought to length 1. The first row is idf = 1 + ln((1 + sentences) / (1 + sentences with the word)).",
    "dense": "A row for each word, of {d} random numbers here and of {dimensions} in the run above: as learning "
    "begins. What is learnt is to put words of a kind near each other.",
}


def tokens(seen: Seen) -> None:
    """Show the view."""
    st.caption(ABOUT)
    written = _written(seen)
    found, whole = follow(written, seen.spec.text(), seen.pieces(), seen.phrases())
    if not found:
        st.info("There is no token in this: write some words.", icon=":material/info:")
        return
    if not whole:
        st.caption(f"Cut short: {MOST_TOKENS} tokens can be seen at a time.")
    st.markdown("**Cut**")
    for sentence in found:
        _sentence(seen, sentence)
    _legend(seen)
    if seen.spec.rule == "bpe":
        _growing(seen, found)
    if seen.phrases():
        _joined(seen, found)
    _numbers(seen, [_learnt(seen, sentence) for sentence in found])


def _written(seen: Seen) -> str:
    """Let a person write sentences, or take others of the text; return them."""
    asked = seen.asked
    given = "\n\n".join(examples(seen.text, derive(seen.spec.seed, asked.draw), seen.phrases()))[: _most()]
    key = f"{seen.key}-written-{seen.text.folder.name}-{asked.draw}"
    begin = st.session_state.setdefault(key, asked.written or given)
    written = st.text_area("Sentences", begin, key=key, max_chars=_most(), height=160) or ""
    st.button(
        "Other sentences of the text",
        icon=":material/casino:",
        key=f"{seen.key}-draw",
        on_click=lambda: seen.change(draw=seen.asked.draw + 1, written=""),
    )
    seen.change(written="" if written == given else written)
    return written


def _most() -> int:
    return settings_by_name(TextAsked)["written"].max_length or 0


def _sentence(seen: Seen, sentence: Followed) -> None:
    """Show what is cut, and what becomes of each token."""
    if seen.spec.rule == "bpe":
        st.html(chips([Chip(word) for word in sentence.cut]))
    made = set(sentence.joined) - set(sentence.pieces)
    st.html(chips([_chip(seen, token, token.text in made) for token in _fates(seen, sentence.joined)]))


def _fates(seen: Seen, tokens: Sequence[str]) -> list[Token]:
    return fates(tokens, seen.text, seen.kept, seen.sample)


def _chip(seen: Seen, token: Token, new: bool) -> Chip:
    match token.fate:
        case "unknown":
            return Chip(token.text, "not in the text", "unknown", "The text has no such token, so it gets no vector.")
        case "rare":
            least = seen.spec.min_count
            about = f"It comes {token.count:,} times, which is too seldom: expected at least {least:,}."
            return Chip(token.text, f"{token.count:,}×, left out", "rare", about)
    stays = "" if token.keep >= 1 else f", stays {token.keep:.0%}"
    about = f"It comes {token.count:,} times. Each time it stays with a probability of {token.keep:.1%}."
    return Chip(token.text, f"{token.count:,}×{stays}", "new" if new else "learnt", about)


def _legend(seen: Seen) -> None:
    """Say what the numbers below tokens mean."""
    told = [f"× is how often a token comes in the text of {seen.text.record.tokens:,} tokens."]
    if seen.spec.min_count > 1:
        told.append(f"Struck through: comes fewer than {seen.spec.min_count:,} times, or never, and gets no vector.")
    if seen.sample:
        told.append(
            f"Stays: tokens that make up more than {seen.sample:g} of the text are skipped at random, and stay "
            "with this probability."
        )
    if seen.spec.rule == "bpe":
        told.append(f"The mark {END} ends a word, so that art alone is not the art of start.")
    st.caption(plain(" ".join(told), 900))


def _growing(seen: Seen, found: Sequence[Followed]) -> None:
    """Show merge by merge how the pieces of one word grow."""
    pairs = seen.pieces()
    words = list(dict.fromkeys(chain.from_iterable(sentence.cut for sentence in found)))
    if pairs is None:
        return
    st.markdown("**Merge by merge**")
    longest = max(words, key=lambda word: len(pairs.steps(word)))
    key = f"{seen.key}-cut-{hash(tuple(words))}"
    begin = seen.asked.cut if seen.asked.cut in words else longest
    st.session_state.setdefault(key, begin)
    word = st.selectbox("Word that is cut", words, words.index(st.session_state[key]), key=key)
    seen.change(cut="" if word == longest else word)
    rows: list[tuple[str, Sequence[Shaded | str]]] = [("0", ["", "", Shaded(""), " · ".join(pairs.steps(word)[0])])]
    rows += [
        (
            str(at),
            [
                f"{step.number:,}",
                " + ".join(step.merge.pair),
                Shaded(f"{step.merge.count:,}"),
                " · ".join(step.pieces),
            ],
        )
        for at, step in enumerate(growth(pairs, word), start=1)
    ]
    caption = (
        f"The text asked for {len(pairs.merges):,} merges: each made one piece of the two neighbours that came most "
        "often then. A word takes those that it has, in their order."
    )
    st.html(number_table("step", ["merge", "joins", "times then", "pieces"], rows, caption=caption))


def _joined(seen: Seen, found: Sequence[Followed]) -> None:
    """Show which two tokens are joined, and why."""
    known = {(phrase.first, phrase.second): phrase for phrase in seen.phrases()}
    here = dict.fromkeys(pair for sentence in found for pair in pairwise(sentence.pieces) if pair in known)
    st.markdown("**Joined**")
    if not here:
        st.caption(f"None of these neighbours is one of the {len(known):,} phrases of the text.")
        return
    rows: list[tuple[str, Sequence[Shaded | str]]] = [
        (f"{one} {other}", [Shaded(f"{known[one, other].count:,}"), Shaded(f"{known[one, other].score:,.1f}")])
        for one, other in here
    ]
    caption = (
        "Score: (times together − 5) × tokens / (times of the one × times of the other). It is above "
        f"{seen.spec.phrases:g}, so they become one token, from the left and none twice."
    )
    st.html(number_table("neighbours", ["together", "score"], rows, caption=caption))


def _learnt(seen: Seen, sentence: Followed) -> list[str]:
    return [token.text for token in _fates(seen, sentence.joined) if token.fate == "learnt"]


def _numbers(seen: Seen, learnt: Sequence[Sequence[str]]) -> None:
    """Show the tokens that are learnt as numbers, in the form that is chosen."""
    form = seen.widget("form")
    if not any(learnt):
        st.info("None of these tokens is learnt, so there are no numbers.", icon=":material/info:")
        return
    made = steps([sentence for sentence in learnt if sentence])
    dimensions = seen.spec.dimensions
    st.caption(plain(NUMBERS[form].format(d=made.dense.shape[1], dimensions=dimensions), 400))
    st.html(TABLES[form](seen, made))


def _index(seen: Seen, made: Steps) -> str:
    words = [made.words[row] for row in made.index.tolist()]
    row = [Shaded(f"{seen.text.words.find(word):,}") for word in words]
    here = [Shaded(f"{place}") for place in made.index.tolist()]
    return number_table("", words, [("in the text", row), ("in these sentences", here)], upright=True)


def _one_hot(_: Seen, made: Steps) -> str:
    rows = [(made.words[row], _shaded(hot)) for row, hot in zip(made.index.tolist(), made.one_hot, strict=True)]
    return number_table("token", made.words, rows, upright=True)


def _bag(_: Seen, made: Steps) -> str:
    return number_table("sentence", made.words, _by_sentence(made.bag, _shaded), upright=True)


def _tf_idf(_: Seen, made: Steps) -> str:
    idf = ("idf", [Shaded(f"{value:.2f}") for value in made.idf.tolist()])
    rows = _by_sentence(made.tf_idf, lambda values: _shaded(values, 2))
    return number_table("sentence", made.words, [idf, *rows], upright=True)


def _dense(_: Seen, made: Steps) -> str:
    largest = float(np.abs(made.dense).max())
    rows = [
        (word, _shaded(vector, 3, largest)) for word, vector in zip(made.words, made.dense.astype(float), strict=True)
    ]
    return number_table("word", [str(one + 1) for one in range(made.dense.shape[1])], rows)


def _by_sentence(
    values: np.ndarray, shading: Callable[[np.ndarray], list[Shaded]]
) -> list[tuple[str, Sequence[Shaded | str]]]:
    return [(str(at), shading(row)) for at, row in enumerate(values, start=1)]


def _shaded(values: np.ndarray, digits: int = 0, largest: float = 0.0) -> list[Shaded]:
    most = largest or float(np.abs(values).max()) or 1.0
    return [
        Shaded((f"{value:.{digits}f}" if value else "0").replace("-", "−"), value / most) for value in values.tolist()
    ]


TABLES: dict[Form, Callable[[Seen, Steps], str]] = {
    "index": _index,
    "onehot": _one_hot,
    "bag": _bag,
    "tfidf": _tf_idf,
    "dense": _dense,
}
