"""Trainers: gensim's numbers, our own against them, and the same numbers from wherever one begins."""

import itertools
from itertools import islice
from typing import Any

import numpy as np
import pytest
import torch
from gensim.models import FastText, Word2Vec

from engine.errors import DataError
from engine.seeds import derive
from engine.words.corpus import EncodedText
from engine.words.train import FastTextSpec, VectorSpec, Word2VecSpec
from engine.words.train.gensim_trainer import GensimTrainer
from engine.words.train.learning import trainer
from engine.words.train.skipgram import SkipGram, pairs
from engine.words.train.trainer import Trainer

SMALL: dict[str, Any] = {"dimensions": 12, "epochs": 2, "min_count": 3}
WAYS: dict[str, VectorSpec] = {
    "skip-gram": Word2VecSpec(**SMALL),
    "cbow": Word2VecSpec(architecture="cbow", **SMALL),
    "tree": Word2VecSpec(objective="hierarchical", **SMALL),
    "fasttext": FastTextSpec(buckets=2_000, **SMALL),
    "torch": Word2VecSpec(program="torch", **SMALL),
}


def walked(one: Trainer, steps: int | None = None) -> Trainer:
    for _ in islice(one.steps(), steps):
        pass
    return one


@pytest.mark.parametrize("spec", WAYS.values(), ids=WAYS)
def test_a_training_goes_over_the_whole_text_as_often_as_asked(short_tale: EncodedText, spec: VectorSpec):
    one = trainer(short_tale, spec)
    found = list(one.steps())
    total = int(short_tale.counts[short_tale.counts >= 3].sum())
    assert [learnt.number for learnt in found] == list(range(len(found)))
    assert (found[0].tokens, found[-1].tokens) == (0, 2 * total)
    assert found[-1].epoch == 2
    rates = [learnt.rate for learnt in found]
    assert rates[0] == spec.model_dump()["learning_rate"]
    assert all(np.diff(rates) < 0)
    assert rates[-1] < 0.005 * rates[0]
    assert one.vectors().shape == (short_tale.kept(3), 12)
    assert np.isfinite(one.vectors()).all()
    np.testing.assert_array_equal(one.vectors(np.array([5, 0])), one.vectors()[[5, 0]])


@pytest.mark.parametrize("spec", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("at", [2, "epoch"])
def test_whoever_goes_on_from_a_checkpoint_learns_the_same(short_tale: EncodedText, spec: VectorSpec, at: int | str):
    whole = walked(trainer(short_tale, spec))
    first = trainer(short_tale, spec)
    numbers = [learnt.epoch for learnt in trainer(short_tale, spec).steps()] if at == "epoch" else []
    stop = numbers.index(1.0) + 1 if at == "epoch" else int(at) + 1
    walked(first, stop)
    kept = first.checkpoint()
    second = trainer(short_tale, spec)
    begun = list(second.steps(kept))
    assert begun[0].number == stop - 1
    np.testing.assert_array_equal(second.vectors(), whole.vectors())


HARMED: dict[str, Any] = {
    "a table is missing": lambda kept: kept.pop("net.contexts"),
    "a table too many": lambda kept: kept.update(more=np.zeros(2)),
    "a table of another shape": lambda kept: kept.update({"net.vectors": kept["net.vectors"][:1]}),
    "a step below zero": lambda kept: kept["now"].__setitem__(0, -1),
    "no number": lambda kept: kept["now"].__setitem__(2, np.nan),
    "an epoch that is not that of its words": lambda kept: kept["now"].__setitem__(1, 1e-3),
    "a chunk before the first": lambda kept: kept.update(in_epoch=np.array(-3)),
    "a chunk behind the last": lambda kept: kept.update(in_epoch=np.array(10**9)),
    "a chunk that is not that of its epoch": lambda kept: kept.update(in_epoch=kept["in_epoch"] - 1),
    "a rate without end": lambda kept: kept.update(learning_rate=np.array(np.inf)),
}


@pytest.mark.parametrize("harm", HARMED.values(), ids=HARMED)
@pytest.mark.parametrize("name", ["skip-gram", "torch"])
def test_a_checkpoint_from_elsewhere_is_refused_in_a_sentence(short_tale: EncodedText, name: str, harm: Any):
    """It may have come in the file of a run that a person brought."""
    one = walked(trainer(short_tale, WAYS[name]), 3)
    kept = one.checkpoint()
    harm(kept)
    with pytest.raises(DataError, match="checkpoint is of"):
        next(trainer(short_tale, WAYS[name]).steps(kept))


def test_a_checkpoint_is_a_copy(short_tale: EncodedText):
    one = trainer(short_tale, WAYS["torch"])
    steps = one.steps()
    next(steps)
    kept = one.checkpoint()
    before = {name: array.copy() for name, array in kept.items()}
    next(steps)
    assert all(np.array_equal(before[name], kept[name], equal_nan=True) for name in kept)


@pytest.mark.parametrize("name", ["skip-gram", "cbow", "tree", "fasttext"])
def test_one_chunk_is_learnt_as_gensim_does(short_tale: EncodedText, name: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("engine.words.train.trainer.CHUNK_TOKENS", 10**9)
    spec = WAYS[name].replace(epochs=1)
    one = walked(trainer(short_tale, spec))
    assert isinstance(spec, Word2VecSpec)
    kept = short_tale.kept(3)
    common: dict[str, Any] = {
        "vector_size": 12,
        "sg": int(spec.architecture == "skipgram"),
        "hs": int(spec.objective == "hierarchical"),
        "negative": 5 if spec.objective == "negative" else 0,
        "seed": derive(1, "vectors") % 2**32,
        "min_count": 1,
        "workers": 1,
        "sorted_vocab": 0,
    }
    theirs: Any = FastText(bucket=2_000, **common) if name == "fasttext" else Word2Vec(**common)
    theirs.build_vocab_from_freq(
        dict(zip(short_tale.words[:kept], short_tale.counts[:kept].tolist(), strict=True)), corpus_count=1_500
    )
    theirs.random = np.random.RandomState(derive(1, "chunk", 0) % 2**32)
    sentences = list(short_tale.sentences(kept))
    theirs.train(sentences, total_words=sum(map(len, sentences)), epochs=1, start_alpha=0.025, end_alpha=1e-4)
    np.testing.assert_allclose(one.vectors(), theirs.wv.vectors, rtol=1e-6, atol=1e-7)
    if name == "fasttext":
        model = one.model()
        mean = np.concatenate([rows.vectors for rows in model.vectors()])
        np.testing.assert_allclose(mean, theirs.wv.vectors, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", ["skip-gram", "cbow", "tree", "fasttext"])
def test_a_chunk_learnt_here_is_as_gensims_threads_learn_it(
    short_tale: EncodedText, name: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("engine.words.train.trainer.CHUNK_TOKENS", 1_000)
    here = trainer(short_tale, WAYS[name])
    found = [learnt.loss for learnt in here.steps()]
    monkeypatch.setattr(GensimTrainer, "_learn_here", None)
    monkeypatch.setattr("engine.words.train.gensim_trainer.JOB_WORDS", 0)
    there = trainer(short_tale, WAYS[name])
    assert found == pytest.approx([learnt.loss for learnt in there.steps()], rel=0, abs=0, nan_ok=True)
    np.testing.assert_array_equal(here.vectors(), there.vectors())


def test_the_loss_falls(tale: EncodedText):
    for name in ("skip-gram", "torch"):
        losses = [learnt.loss for learnt in trainer(tale, WAYS[name].replace(epochs=6, learning_rate=0.05)).steps()]
        assert np.isnan(losses[0])
        assert np.mean(losses[-3:]) < 0.85 * np.mean(losses[1:3]), name


def test_the_loss_of_a_pair_is_the_papers():
    net = SkipGram(7, 5, seed=3)
    net.contexts.weight.data.normal_(generator=torch.Generator().manual_seed(0))
    centres, contexts = torch.tensor([2, 4]), torch.tensor([[1, 5, 6], [0, 0, 3]])
    centre, context = net.vectors.weight.detach().double().numpy(), net.contexts.weight.detach().double().numpy()

    def log_sigmoid(score: Any) -> Any:
        return -np.log1p(np.exp(-score))

    expected = [
        -log_sigmoid(centre[c] @ context[w]) - sum(log_sigmoid(-(centre[c] @ context[n])) for n in others)
        for c, (w, *others) in zip(centres.tolist(), contexts.tolist(), strict=True)
    ]
    np.testing.assert_allclose(net(centres, contexts).detach().numpy(), expected, rtol=1e-5)


def test_pairs_are_those_within_the_window_of_a_sentence():
    ids = np.array([0, 1, 2, 3, -1, 4, 5, -1, 6, -1])
    found = pairs(ids, np.ones(7), 1, np.random.default_rng(0))
    assert sorted(map(tuple, found.tolist())) == [(0, 1), (1, 0), (1, 2), (2, 1), (2, 3), (3, 2), (4, 5), (5, 4)]
    every = {
        tuple(pair) for seed in range(60) for pair in pairs(ids, np.ones(7), 3, np.random.default_rng(seed)).tolist()
    }
    assert every == set(itertools.permutations(range(4), 2)) | {(4, 5), (5, 4)}
    near = far = 0
    for seed in range(300):
        some = pairs(ids, np.ones(7), 3, np.random.default_rng(seed)).tolist()
        near, far = near + some.count([0, 1]), far + some.count([0, 3])
    assert near == 300
    assert far == pytest.approx(100, abs=35)


def test_thinned_words_leave_their_place():
    keep = np.array([0.0, 1.0, 1.0])
    assert sorted(pairs(np.array([1, 0, 2, -1]), keep, 1, np.random.default_rng(0)).tolist()) == [[1, 2], [2, 1]]
    assert len(pairs(np.array([0, 0, -1]), keep, 2, np.random.default_rng(0))) == 0


def test_too_few_words_are_told(short_tale: EncodedText):
    with pytest.raises(DataError, match="has 0 words that come 1000000 times or more: expected at least 2"):
        trainer(short_tale, Word2VecSpec(min_count=1_000_000))
    with pytest.raises(DataError, match="skip-gram with negative sampling only"):
        trainer(short_tale, Word2VecSpec(program="torch", architecture="cbow"))
