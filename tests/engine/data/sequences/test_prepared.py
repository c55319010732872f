"""Sequences ready for a net: split, as numbers, with what is asked of them; and texts as tokens."""

import numpy as np
import pytest

from engine.data.sequences.names import names
from engine.data.sequences.own_spec import OWN
from engine.data.sequences.prepared import prepare
from engine.data.sequences.spec import SequencesDataSpec, problem_of, steps_of
from engine.data.sequences.vocabulary import PAD, UNKNOWN, Vocabulary
from engine.spec import settings_by_name

KINDS = [kind for kind in settings_by_name(SequencesDataSpec)["sequences"].options if kind != OWN]


@pytest.mark.parametrize("kind", KINDS)
def test_each_row_is_on_one_side_and_fits_what_is_said_without_making_it(kind: str) -> None:
    spec = SequencesDataSpec(sequences=kind, samples=200)  # type: ignore[arg-type]
    prepared, problem = prepare(spec), problem_of(spec)
    both = np.concatenate([prepared.train, prepared.validation])
    assert sorted(both) == list(range(len(prepared.inputs)))
    assert len(prepared.train) == round(0.75 * len(both))
    assert prepared.inputs.shape[1] == steps_of(spec)
    assert prepared.inputs.dtype == (np.int64 if prepared.symbols else np.float32)
    if problem.classes:
        assert prepared.asked.dtype == np.int64
        assert 0 <= prepared.asked.min() <= prepared.asked.max() < len(problem.classes)
    else:
        assert prepared.asked.dtype == np.float32
    again = prepare(spec)
    np.testing.assert_array_equal(again.inputs, prepared.inputs)
    np.testing.assert_array_equal(again.train, prepared.train)


def test_a_name_can_be_read_back_and_its_class_is_its_language() -> None:
    spec = SequencesDataSpec(samples=200)
    prepared, languages = prepare(spec), problem_of(spec).classes
    made = names(20, 1)
    for place in prepared.train[:30]:
        told = "".join(prepared.symbols[token] for token in prepared.inputs[place] if token != PAD)
        language = languages[prepared.asked[place]]
        assert told in {name.lower() for name in made[language]}


def test_of_a_wave_the_next_measurement_is_asked_for() -> None:
    prepared = prepare(SequencesDataSpec(sequences="mixed", samples=100, length=20, noise=0.1))
    np.testing.assert_array_equal(prepared.inputs[:, 1:, 0], prepared.asked[:, :-1])
    assert prepared.true is not None
    off = prepared.asked - prepared.true[:, 1:]
    assert off.std() == pytest.approx(0.1, rel=0.1)


def test_from_one_number_the_whole_sine_follows() -> None:
    prepared = prepare(SequencesDataSpec(sequences="unrolled", samples=100, length=30))
    begin = prepared.inputs[:, :1, 0]
    assert not prepared.inputs[:, 1:].any()
    np.testing.assert_allclose(prepared.asked, np.sin(2 * np.pi * (np.arange(30) / 25 + begin)), atol=1e-5)


def test_what_was_not_learnt_from_is_unknown_and_long_texts_are_cut() -> None:
    words = Vocabulary.of(["Not bad at all!", "not good"], "words")
    assert words.symbols == ("", "?", "!", "all", "at", "bad", "good", "not")
    tokens = words.tokens(["NOT so bad", "", "bad bad bad bad bad"], 4)
    assert tokens.tolist() == [[7, UNKNOWN, 5, PAD], [PAD] * 4, [5] * 4]
    letters = Vocabulary.of(["Ab"], "characters")
    assert letters.tokens([" aB\n"], 3).tolist() == [[2, 3, PAD]]
