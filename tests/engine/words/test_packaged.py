"""The files that gensim brings along: what is read and what is answered is what gensim reads and answers."""

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from gensim.models import KeyedVectors
from gensim.models.fasttext import load_facebook_vectors
from gensim.test.utils import datapath

from engine.words import Space, evaluate

Packaged = Callable[[str], Space]
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:gensim")


def text(path: str) -> Any:
    return KeyedVectors.load_word2vec_format(path)


def glove(path: str) -> Any:
    with warnings.catch_warnings():  # it leaves the file open
        warnings.simplefilter("ignore", ResourceWarning)
        return KeyedVectors.load_word2vec_format(path, no_header=True)


def binary(path: str) -> Any:
    return KeyedVectors.load_word2vec_format(path, binary=True)


FILES = {
    "test_glove.txt": ("GloVe text", glove),
    "crime-and-punishment.vec": ("word2vec text", text),
    "lee_fasttext.vec": ("word2vec text", text),
    "euclidean_vectors.bin": ("word2vec binary", binary),
    "poincare_vectors.bin": ("word2vec binary", binary),
    "crime-and-punishment.bin": ("fastText model", load_facebook_vectors),
    "lee_fasttext.bin": ("fastText model", load_facebook_vectors),
    "lee_fasttext_new.bin": ("fastText model", load_facebook_vectors),
    "non_ascii_fasttext.bin": ("fastText model", load_facebook_vectors),
}


@pytest.fixture(scope="module", params=FILES)
def both(request: pytest.FixtureRequest, packaged: Packaged) -> tuple[Space, Any]:
    """A file as we and as gensim read it."""
    return packaged(request.param), FILES[request.param][1](datapath(request.param))


@pytest.mark.parametrize("name", FILES)
def test_the_kind_of_a_file_is_told_by_its_content(packaged: Packaged, name: str) -> None:
    assert packaged(name).provenance.kind == FILES[name][0]


def test_words_and_vectors_are_read_as_gensim_reads_them(both: tuple[Space, Any]) -> None:
    space, theirs = both
    assert list(space.words) == list(theirs.index_to_key)
    # gensim gives the end of a sentence subwords, fastText itself does not: see the next test.
    rows = [row for row, word in enumerate(space.words) if not (space.provenance.subwords and word == "</s>")]
    assert np.abs(space.vectors[rows] - theirs.vectors[rows]).max() <= 1e-6
    assert not space.provenance.dropped
    assert not space.provenance.notes


def test_a_models_vectors_are_those_that_fasttext_itself_has_written(packaged: Packaged) -> None:
    model, written = packaged("crime-and-punishment.bin"), packaged("crime-and-punishment.vec")
    assert "</s>" in model
    for word in written.words:
        assert np.abs(model.vector(word) - written.vector(word)).max() < 1e-4, word


def test_a_model_that_was_trained_to_classify_gives_its_words_and_leaves_out_those_that_are_no_text(
    packaged: Packaged,
) -> None:
    model, written = packaged("pang_lee_polarity_fasttext.bin"), packaged("pang_lee_polarity_fasttext.vec")
    assert list(model.words) == list(written.words)
    assert np.abs(model.vectors - written.vectors).max() < 1e-4
    (dropped,) = model.provenance.dropped
    assert (dropped.why, dropped.count) == ("the word is not written in UTF-8", 5)
    assert (len(model), written.provenance.notes) == (1_694 - 5, ())
    assert not model.provenance.subwords


def test_an_unseen_word_has_the_vector_of_its_subwords(both: tuple[Space, Any]) -> None:
    space, theirs = both
    for word in ("unhappinesslessly", "größenwahnsinnig", "日本語の"):
        assert word not in space
        if space.provenance.subwords:
            assert np.abs(space.vector(word) - theirs.get_vector(word)).max() < 1e-6
        else:
            with pytest.raises(Exception, match=f"The word '{word}' is not in this space"):
                space.vector(word)


def some_words(space: Space) -> list[str]:
    """Return words from all over a space that have a direction."""
    rows = np.flatnonzero(space.inverse_norms > 0)
    return [space.words[row] for row in rows[:: max(1, len(rows) // 12)].tolist() if space.words[row] != "</s>"]


def assert_same(mine: list[tuple[str, float]], theirs: list[tuple[str, float]]) -> None:
    """Assert equal scores, and equal words wherever two scores can be told apart."""
    assert len(mine) == len(theirs)
    assert np.abs(np.array([s for _, s in mine]) - np.array([s for _, s in theirs])).max(initial=0.0) < 1e-5
    for place, ((word, score), (other, _)) in enumerate(zip(mine, theirs, strict=True)):
        ties = [
            abs(score - near) < 1e-5 for _, near in (*mine[max(0, place - 1) : place], *mine[place + 1 : place + 2])
        ]
        assert word == other or any(ties) or place == len(mine) - 1, (mine, theirs)


def test_neighbours_and_analogies_are_gensims_to_the_last_rank(both: tuple[Space, Any]) -> None:
    space, theirs = both
    if space.provenance.subwords and "</s>" in space:
        theirs.vectors[theirs.get_index("</s>")] = space.vector("</s>")
        theirs.fill_norms(force=True)
    words = some_words(space)
    for a, b, c in zip(words, words[1:], words[2:], strict=False):
        assert_same(space.neighbours(a), theirs.most_similar(a))
        assert_same(space.analogy([a, b], [c]), theirs.most_similar([a, b], [c]))
        assert_same(space.analogy([a, b], [c], method="3cosmul"), theirs.most_similar_cosmul([a, b], [c]))
        assert space.similarity(a, b) == pytest.approx(float(theirs.similarity(a, b)), abs=1e-6)
        assert space.doesnt_match([a, b, c]) == theirs.doesnt_match([a, b, c])


@pytest.mark.parametrize("case_insensitive", [True, False])
@pytest.mark.parametrize("restrict", [300_000, 1_000])
def test_suites_score_as_gensim_scores_them(packaged: Packaged, restrict: int, case_insensitive: bool) -> None:
    name = "lee_fasttext.vec"
    space, theirs = packaged(name), text(datapath(name))
    suite = datapath("questions-words.txt")
    mine = evaluate.question_words(space, suite, restrict, case_insensitive)
    total, sections = theirs.evaluate_word_analogies(suite, restrict, case_insensitive)
    found = [(s.name, s.correct, s.asked) for s in mine.sections]
    assert found == [(s["section"], len(s["correct"]), len(s["correct"]) + len(s["incorrect"])) for s in sections[:-1]]
    assert mine.total.asked > 0
    assert mine.total.accuracy == pytest.approx(total)
    for pairs in ("wordsim353.tsv", "simlex999.txt"):
        likeness = evaluate.word_similarity(space, datapath(pairs), restrict, case_insensitive)
        pearson, spearman, unknown = theirs.evaluate_word_pairs(
            datapath(pairs), restrict_vocab=restrict, case_insensitive=case_insensitive
        )
        assert (likeness.pearson, likeness.pearson_p) == pytest.approx((pearson[0], pearson[1]), abs=1e-5)
        assert likeness.spearman == pytest.approx(spearman[0], abs=1e-5)
        assert 100 * likeness.unknown == pytest.approx(unknown)
