"""What counts tell, against closed forms and gensim; and sentences as numbers, against scikit-learn."""

import numpy as np
import pytest
from gensim.models import Word2Vec
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

from engine.words import world
from engine.words.corpus.counts import coverage, covering, drawn, keep_probability, negative_probability, zipf
from engine.words.corpus.showing import steps


def test_zipfs_line_is_found():
    counts = np.round(1e7 * np.arange(1.0, 5_000) ** -1.1)
    assert zipf(counts).exponent == pytest.approx(1.1, abs=1e-3)
    assert zipf(counts).intercept == pytest.approx(7, abs=1e-2)
    with pytest.raises(ValueError, match="at least 2"):
        zipf(np.array([3]))


def test_coverage_grows_to_all():
    assert coverage(np.array([6, 3, 1])).tolist() == [0.6, 0.9, 1.0]


@given(st.lists(st.integers(1, 50), min_size=1, max_size=20), st.floats(0, 1))
def test_so_many_words_cover_a_share_and_one_less_does_not(found: list[int], share: float):
    counts = np.array(sorted(found, reverse=True))
    words = covering(counts, share)
    assert counts[:words].sum() >= share * counts.sum()
    assert words == 1 or counts[: words - 1].sum() < share * counts.sum()


def test_negative_words_are_drawn_as_often_as_their_probability_says():
    counts = np.array([5_000, 500, 50, 5])
    found, expected = drawn(counts, 100_000, 1), 100_000 * negative_probability(counts)
    assert found.sum() == 100_000
    assert (np.abs(found - expected) < 5 * np.sqrt(expected)).all()
    assert (drawn(counts, 100_000, 1) == found).all()
    assert (drawn(counts, 100_000, 2) != found).any()


def test_words_are_thinned_and_drawn_as_gensim_does():
    sentences = list(world.sentences(count=3_000))
    model = Word2Vec(sentences, vector_size=2, min_count=1, sample=1e-3, negative=5, epochs=1, workers=1)
    counts = np.array([model.wv.get_vecattr(word, "count") for word in model.wv.index_to_key])
    theirs = [model.wv.get_vecattr(word, "sample_int") / (2**32 - 1) for word in model.wv.index_to_key]
    np.testing.assert_allclose(keep_probability(counts, 1e-3), theirs, atol=1e-8)
    assert keep_probability(counts, 0).tolist() == [1.0] * len(counts)
    domain = 2**31 - 1
    np.testing.assert_allclose(np.cumsum(negative_probability(counts)) * domain, np.asarray(model.cum_table), atol=1.0)


@given(st.lists(st.lists(st.sampled_from("abcdef"), max_size=8), min_size=1, max_size=5).filter(any))
def test_sentences_become_the_numbers_that_scikit_learn_makes(sentences: list[list[str]]):
    found = steps(sentences)
    texts = [" ".join(sentence) for sentence in sentences]
    counting = CountVectorizer(token_pattern=r"\S+").fit(texts)
    weighing = TfidfVectorizer(token_pattern=r"\S+").fit(texts)
    assert found.words == tuple(counting.get_feature_names_out())
    np.testing.assert_array_equal(found.bag, counting.transform(texts).toarray())
    np.testing.assert_allclose(found.tf_idf, weighing.transform(texts).toarray(), atol=1e-12)
    tokens = [token for sentence in sentences for token in sentence]
    assert [found.words[row] for row in found.index] == tokens
    assert found.one_hot.sum(axis=1).tolist() == [1] * len(tokens)
    assert found.one_hot.argmax(axis=1).tolist() == found.index.tolist()
    assert found.dense.shape == (len(found.words), 4)
    assert np.abs(found.dense).max() <= 0.5 / 4
