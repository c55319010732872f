"""Batches of pairs: every pair once, hardly any filling, and a loss and scores that leave filling out."""

import pytest
import torch
from torch.nn import functional

from engine.nets.translation.model import END, PAD
from engine.training.fit import batches
from engine.training.settings import TrainingSpec
from engine.translation import batches as batches_module
from engine.translation.batches import Pairs, by_length, padded, portions, symbol_share, translating


def texts(count: int, most: int, seed: int) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    lengths = torch.randint(1, most, (count,), generator=generator).tolist()
    return padded([[4 + row % 5] * length + [END] for row, length in enumerate(lengths)])


@pytest.mark.parametrize("count", [1, 31, 32, 33, 64, 97, 650])
def test_a_pass_has_every_pair_once_in_the_batches_that_training_asks_for(count: int) -> None:
    sources = texts(count, 30, 1)
    sources[:, 0] = torch.arange(count) + 10  # to be told apart
    pairs = Pairs(sources, texts(count, 8, 2), 32, seed=1)
    walk = batches(count, TrainingSpec(batch_size=32))
    step = 0
    for epoch in (0, 1):
        seen: list[int] = []
        while len(seen) < count:
            at, places = next(walk)
            assert int(at) == epoch
            batch, targets = pairs.batch(step, places)
            assert len(targets) == len(places)
            assert (batch.known == (batch.sources != PAD)).all()
            assert batch.known.any(dim=0).all()
            assert targets is batch.targets
            seen += (batch.sources[:, 0] - 10).tolist()
            step += 1
        assert sorted(seen) == list(range(count))


def test_a_step_asked_again_is_the_same_and_another_pass_is_another_order() -> None:
    pairs = Pairs(texts(200, 30, 1), texts(200, 8, 2), 20, seed=1)
    places = torch.arange(20)
    first, later = pairs.batch(3, places)[0], pairs.batch(13, places)[0]
    again = pairs.batch(3, places)[0]
    assert torch.equal(first.sources, again.sources)
    assert first.sources.shape != later.sources.shape or not torch.equal(first.sources, later.sources)


def test_pairs_of_a_batch_are_about_as_long_as_each_other() -> None:
    lengths = torch.randint(1, 60, (2_000,), generator=torch.Generator().manual_seed(0))
    order = by_length(lengths, 50, torch.Generator().manual_seed(1))
    assert sorted(order.tolist()) == list(range(2_000))
    spreads = lengths[order].view(-1, 50).float().std(dim=1)
    assert spreads.mean() < 2 < lengths.float().std() / 5
    means = lengths[order].view(-1, 50).float().mean(dim=1)
    assert not torch.equal(means, means.sort().values)


def test_portions_are_all_pairs_in_no_more_sums_than_fit_and_the_longest_come_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    targets = texts(300, 30, 1)
    lengths = (targets != PAD).sum(dim=1)
    whole = targets.numel() * 11
    monkeypatch.setattr(batches_module, "MOST_SUMS", whole)
    assert [one.tolist() for one in portions(targets, 11)] == [list(range(300))]
    monkeypatch.setattr(batches_module, "MOST_SUMS", whole - 1)
    assert 1 < len(list(portions(targets, 11))) < 4
    monkeypatch.setattr(batches_module, "MOST_SUMS", 11 * 100)
    found = list(portions(targets, 11))
    assert sorted(torch.cat(found).tolist()) == list(range(300))
    assert all(len(one) * int(lengths[one].max()) <= 100 for one in found)
    ordered = lengths[torch.cat(found)]
    assert (ordered[:-1] >= ordered[1:]).all()
    monkeypatch.setattr(batches_module, "MOST_SUMS", 1)
    assert [len(one) for one in portions(targets, 11)] == [1] * 300


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_loss_is_torchs_over_what_is_more_than_filling(smoothing: float) -> None:
    targets = torch.tensor([[4, 5, END], [6, END, PAD]])
    sums = torch.randn(6, 8, generator=torch.Generator().manual_seed(0))
    loss = translating(8, smoothing).loss(sums, targets)
    there = [0, 1, 2, 3, 4]
    logs = sums.log_softmax(dim=1)
    by_hand = -sum(
        (1 - smoothing) * logs[at, targets.flatten()[at]] + smoothing * logs[at].mean() for at in there
    ) / len(there)
    assert loss.item() == pytest.approx(by_hand.item(), rel=1e-6)
    twin = functional.cross_entropy(sums[there], targets.flatten()[there], label_smoothing=smoothing)
    assert loss.item() == pytest.approx(twin.item(), rel=1e-6)


def test_scores_are_of_whole_texts_and_of_symbols() -> None:
    targets = torch.tensor([[4, 5, END], [6, END, PAD]])
    sums = functional.one_hot(torch.tensor([4, 7, END, 6, END, 5]), 8).float()
    task = translating(8, 0.0)
    assert task.score(sums, targets) == 0.5
    assert symbol_share(sums, targets) == pytest.approx(4 / 5)
    assert task.score(sums * float("nan"), targets) != task.score(sums, targets)
