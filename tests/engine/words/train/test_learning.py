"""From a text to a space in one call."""

import math
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from gensim.models import KeyedVectors
from gensim.models.fasttext import FastTextKeyedVectors

from engine.errors import DataError
from engine.words import world
from engine.words.corpus import EncodedText, TextSpec
from engine.words.corpus.cutting import encoded
from engine.words.train import FastTextSpec, GloveSpec, Word2VecSpec, fasttext, glove, word2vec
from engine.words.train import glove_kernels as kernels
from engine.words.train.gensim_trainer import GensimTrainer
from engine.words.train.glove_learning import learning
from engine.words.train.glove_space import GloveGoing
from engine.words.train.learning import Going, keep, trainer
from tests.engine.words.train.texts import counted

SMALL = Word2VecSpec(dimensions=10, epochs=3, min_count=2)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "tale.txt"
    path.write_text("\n".join(map(" ".join, islice(world.sentences(), 900))), encoding="utf-8")
    return path


def test_a_file_becomes_a_space(file: Path, home: Path):
    told: list[Going] = []
    space = word2vec(file, SMALL, told.append, text=TextSpec(ends="lines"))
    counts: dict[str, int] = {}
    for word in file.read_text().split():
        counts[word] = counts.get(word, 0) + 1
    assert set(space.words) == {word for word, count in counts.items() if count >= 2}
    assert space.frequency is not None
    assert dict(zip(space.words, space.frequency.tolist(), strict=True)) == {w: c for w, c in counts.items() if c >= 2}
    assert space.vectors.shape == (len(space.words), 10)
    assert space.provenance.source == "tale.txt"
    assert "epochs 3" in space.provenance.notes[1]
    assert "word2vec, 3 of 3 epochs" in space.provenance.notes[1]
    assert told[-1].share == 1.0
    assert told[-1].seconds_left == 0
    assert all(going.words_per_second > 0 for going in told[1:])
    texts = sorted(path.name for path in (home / "words").glob("text-*"))
    again = word2vec(file, SMALL, text=TextSpec(ends="lines"))
    np.testing.assert_array_equal(again.vectors, space.vectors)
    assert sorted(path.name for path in (home / "words").glob("text-*")) == texts, "a file is cut once"


def test_whoever_stops_keeps_what_is_learnt(file: Path, home: Path):
    def enough(going: Going) -> bool:
        return going.learnt.number < 2

    space = word2vec(file, SMALL, enough)
    whole = word2vec(file, SMALL)
    assert not np.array_equal(space.vectors, whole.vectors)
    assert np.isfinite(space.vectors).all()
    assert ", 0." not in whole.provenance.notes[1]
    assert "2 of 3 epochs" in space.provenance.notes[1]


def test_words_never_seen_have_a_vector_by_their_pieces(tale: EncodedText, tmp_path: Path):
    spec = FastTextSpec(dimensions=10, epochs=1, min_count=2, buckets=3_000)
    one = trainer(tale, spec)
    *_, last = one.steps()
    space = keep(tale, spec, last, one.model(), tmp_path / "space")
    assert isinstance(one, GensimTrainer)
    theirs: FastTextKeyedVectors = one._model.wv
    theirs.vectors = one.vectors()
    for word in ("kingliness", "frances", "queen"):
        assert word == "queen" or word not in space.words
        np.testing.assert_allclose(space.vector(word), theirs[word], rtol=1e-4, atol=1e-6)


def test_glove_counts_once_and_learns_what_the_steps_of_its_own_learn(file: Path, home: Path):
    told: list[GloveGoing] = []
    spec = GloveSpec(dimensions=10, epochs=3, min_count=2, threads=1, x_max=10)
    space = glove(file, spec, told.append, text=TextSpec(ends="lines"))
    text = encoded(file, TextSpec(ends="lines"), home / "words")
    kept = text.kept(2)
    counts = counted(np.concatenate(list(text.chunks(kept))), home, kept)
    *_, last = learning(counts, spec)
    np.testing.assert_array_equal(space.vectors, last.vectors)
    assert list(space.words) == text.words[:kept]
    np.testing.assert_array_equal(space.frequency, text.counts[:kept])
    assert told[0].doing.endswith("tokens counted")
    learnt = [going for going in told if going.share]
    assert (learnt[-1].share, learnt[-1].epoch, learnt[-1].seconds_left) == (1, 3, 0)
    assert learnt[-1].cost == pytest.approx(last.costs[-1])
    again: list[GloveGoing] = []
    np.testing.assert_array_equal(glove(text, spec, again.append).vectors, space.vectors)
    assert not any(going.doing.startswith("counting") for going in again), "a text is counted once"


def test_glove_is_compiled_before_its_first_step_is_timed(file: Path, home: Path, monkeypatch: pytest.MonkeyPatch):
    """Else the first step would seem to be as slow as a compiler, and so would the time left."""
    found: list[str] = []
    descend = kernels.descend

    def noted(pairs: np.ndarray, *rest: object) -> float:
        found.append(f"{len(pairs)} pairs")
        return descend(pairs, *rest)

    monkeypatch.setattr(kernels, "descend", noted)
    spec = GloveSpec(dimensions=4, epochs=1, min_count=2, threads=1)
    glove(file, spec, lambda going: found.append(going.doing), text=TextSpec(ends="lines"))
    learns = found.index("learning")
    assert found.index("0 pairs") < found.index("shuffling the pairs") < learns
    assert found[learns - 1] != "0 pairs"


def test_whoever_stops_glove_keeps_what_is_learnt(file: Path, home: Path):
    spec = GloveSpec(dimensions=10, epochs=300, min_count=2, threads=1)
    space = glove(file, spec, lambda going: going.epoch < 2)
    assert np.isfinite(space.vectors).all()
    assert " of 300 epochs" in space.provenance.notes[1]
    assert "300 of 300" not in space.provenance.notes[1]
    with pytest.raises(DataError, match="stopped while it counted"):
        glove(file, spec.replace(window=9), lambda _: False)
    assert not list((home / "words").glob("text-*/*counts-9*"))


@pytest.mark.usefixtures("home")
def test_sentences_become_a_space():
    sentences = list(islice(world.sentences(), 900))
    space = fasttext(sentences, FastTextSpec(dimensions=4, epochs=1, min_count=1, buckets=100))
    assert set(space.words) == {word for sentence in sentences for word in sentence}
    with pytest.raises(DataError, match="at least 2"):
        word2vec([["one"]], SMALL)


def test_seconds_left_are_those_of_the_speed_until_now(tale: EncodedText, monkeypatch: pytest.MonkeyPatch):
    from engine.words.train import learning

    clock = iter(range(0, 10_000, 2))
    monkeypatch.setattr(learning.time, "perf_counter", lambda: float(next(clock)))
    told = list(learning.going(trainer(tale, SMALL), SMALL))
    total = int(tale.counts[tale.counts >= 2].sum())
    assert math.isnan(told[0].words_per_second)
    # Each step takes two seconds, and then somebody pauses for another two, which do not count.
    assert told[2].words_per_second == pytest.approx(told[2].learnt.tokens / 4)
    later, before = told[9], told[6]
    assert later.words_per_second == pytest.approx((later.learnt.tokens - before.learnt.tokens) / 6)
    assert later.seconds_left == pytest.approx((3 * total - later.learnt.tokens) / later.words_per_second)
    assert told[-1].seconds_left == 0


def test_the_space_is_the_one_that_was_learnt(tale: EncodedText, tmp_path: Path):
    one = trainer(tale, SMALL)
    *_, last = one.steps()
    space = keep(tale, SMALL, last, one.model(), tmp_path / "space")
    theirs = KeyedVectors(10)
    theirs.add_vectors(list(one.words), one.vectors())
    for word in ("king", "the", "dog"):
        assert [w for w, _ in space.neighbours(word, 5)] == [w for w, _ in theirs.most_similar(word, topn=5)]
