"""BLEU is sacrebleu's, corpus and single texts, on texts of all kinds; and it is what the paper says, by hand."""

import math
import random

import pytest
import sacrebleu
from hypothesis import given
from hypothesis import strategies as st
from sacrebleu.metrics import BLEU

from engine.translation.bleu import ORDERS, Bleu, corpus_bleu, rows, sentence_bleu, signature

WORDS = ["the", "cat", "sat", "on", "a", "mat", "by", "its", "hat"]
SYMBOLS = st.lists(st.sampled_from(["a", "b", "cat", " cat", "42", "ü", "日", ".", " ", "\n"]), max_size=12)
PAIRS = st.lists(st.tuples(SYMBOLS, SYMBOLS), min_size=1, max_size=8)


def theirs(pairs, *, effective: bool = False, tokenize: str = "none") -> tuple:
    metric = BLEU(tokenize=tokenize, effective_order=effective)
    glue = "" if tokenize == "char" else " "
    written, references = ([glue.join(pair[side]) for pair in pairs] for side in (0, 1))
    if effective:
        found = metric.sentence_score(written[0], [references[0]])
    else:
        found = metric.corpus_score(written, [references])
    numbers = found.score, found.counts, found.totals, found.precisions, found.bp, found.sys_len, found.ref_len
    return numbers, str(metric.get_signature())


def assert_equal(ours: Bleu, numbers: tuple) -> None:
    score, counts, totals, precisions, brevity, written, references = numbers
    assert ours.score == pytest.approx(score, abs=1e-9)
    assert (list(ours.clipped), list(ours.written)) == (counts, totals)
    assert ours.precisions == pytest.approx(precisions, abs=1e-9)
    assert ours.brevity == pytest.approx(brevity, abs=1e-12)
    assert (ours.written_length, ours.reference_length) == (written, references)


@given(PAIRS)
def test_of_a_corpus_it_is_sacrebleus(pairs) -> None:
    numbers, _ = theirs(pairs)
    assert_equal(corpus_bleu(*zip(*pairs, strict=True)), numbers)


@given(PAIRS)
def test_of_short_texts_it_is_sacrebleus_of_the_orders_that_there_are(pairs) -> None:
    metric = BLEU(tokenize="none", effective_order=True)
    theirs = metric.corpus_score([" ".join(one) for one, _ in pairs], [[" ".join(other) for _, other in pairs]])
    ours = corpus_bleu(*zip(*pairs, strict=True), effective=True)
    assert ours.score == pytest.approx(theirs.score, abs=1e-9)
    assert ours.orders == max(1, sum(total > 0 for total in theirs.totals))
    alike = corpus_bleu([["1", "2"], ["7"]], [["1", "2"], ["7"]], effective=True)
    assert (alike.score, alike.orders) == (pytest.approx(100), 2)


@given(SYMBOLS, SYMBOLS)
def test_of_one_text_it_is_sacrebleus(written, reference) -> None:
    numbers, _ = theirs([(written, reference)], effective=True)
    assert_equal(sentence_bleu(written, reference), numbers)


def test_of_long_texts_it_is_neither_nothing_nor_all() -> None:
    chance = random.Random(0)
    pairs = []
    for _ in range(60):
        reference = [chance.choice(WORDS) for _ in range(chance.randint(4, 30))]
        written = [symbol if chance.random() < 0.85 else "dog" for symbol in reference][: chance.randint(4, 30)]
        pairs.append((written, reference))
    numbers, _ = theirs(pairs)
    assert 20 < numbers[0] < 80
    assert numbers[4] < 1
    assert_equal(corpus_bleu(*zip(*pairs, strict=True)), numbers)


def test_of_letters_it_is_sacrebleus_of_characters() -> None:
    pairs = [("2024-01-31", "2024-01-13"), ("am 3. Mai", "am 3. Mai 1999"), ("x", "y")]
    numbers, told = theirs(pairs, tokenize="char")
    assert 0 < numbers[0] < 100
    assert_equal(corpus_bleu(*zip(*pairs, strict=True)), numbers)
    assert told == f"{signature(letters=True)}|version:{sacrebleu.__version__}"


@pytest.mark.parametrize("effective", [True, False])
def test_the_signature_is_sacrebleus(effective: bool) -> None:
    _, told = theirs([(["a"], ["a"])], effective=effective)
    assert told == f"{signature(letters=False, effective=effective)}|version:{sacrebleu.__version__}"


def test_a_word_said_too_often_is_clipped_as_in_the_paper() -> None:
    """The example of Papineni et al., section 2.1: seven times "the" match twice."""
    written, reference = ["the"] * 7, ["the", "cat", "is", "on", "the", "mat"]
    (only,) = rows(written, reference, 1)
    assert (only.symbols, only.written, only.reference, only.clipped) == (("the",), 7, 2, 2)
    found = corpus_bleu([written], [reference])
    assert (found.found[0], found.clipped[0], found.written[0]) == (7, 2, 7)
    assert found.precisions[0] == pytest.approx(100 * 2 / 7)
    assert found.clipped[1] == 0
    assert found.precisions[1:] == pytest.approx((100 / 2 / 6, 100 / 4 / 5, 100 / 8 / 4))


def test_it_is_the_brevity_times_the_geometric_mean_of_the_precisions() -> None:
    written, reference = "abcde", "abcdef"
    found = corpus_bleu([written], [reference])
    assert found.precisions == (100,) * ORDERS
    assert found.score == pytest.approx(100 * math.exp(1 - 6 / 5))
    with_error = corpus_bleu(["abxdef"], [reference])
    assert with_error.clipped == (5, 3, 1, 0)
    assert with_error.score == pytest.approx(100 * (5 / 6 * 3 / 5 * 1 / 4 * (1 / 2) / 3) ** (1 / 4))


def test_what_was_found_counts_each_time_that_it_was_written() -> None:
    pairs = [("ababa", "abc"), ("cc", "d")]
    found = corpus_bleu(*zip(*pairs, strict=True))
    assert found.found == (5, 2, 0, 0)
    assert found.clipped == (2, 1, 0, 0)


def test_of_nothing_it_is_nothing() -> None:
    assert corpus_bleu([], []).score == 0
    assert corpus_bleu([[]], [["a"]]).brevity == 0
    assert sentence_bleu([], []).score == 0
    assert rows([], ["a"], 1) == ()
