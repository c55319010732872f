"""How good a translating net is at many pairs: the same portion by portion as all at once."""

import numpy as np
import pytest
import torch
from torch.nn import functional

from engine.nets.translation.building import make_net
from engine.nets.translation.model import PAD, Batch, Translator
from engine.nets.translation.spec import TranslatorSpec
from engine.probes.looking import looking
from engine.probes.translation import judge
from engine.training.losses import LOSSES
from engine.translation import batches
from engine.translation.batches import batch_of, translating
from engine.translation.prepared import prepared

pytestmark = pytest.mark.usefixtures("one_thread")
PAIRS = prepared("Pairs", [(f"{n:03d}", "1" * (n % 7 + 1) + "2" * (n % 2)) for n in range(300)], "characters", 0)
SYMBOLS = len(PAIRS.target)
ALL = batch_of(*PAIRS.learnt_numbers)


@pytest.fixture
def net() -> Translator:
    """Return a net that has learnt a little: some pairs are right, others are not."""
    net = make_net(TranslatorSpec(net="luong", units=12, dimensions=8), len(PAIRS.source), SYMBOLS, 1)
    optimiser = torch.optim.Adam(net.parameters(), 0.02)
    for _ in range(60):
        optimiser.zero_grad()
        functional.cross_entropy(net(ALL), ALL.targets.flatten(), ignore_index=PAD).backward()
        optimiser.step()
    return net


@pytest.mark.parametrize(
    ("loss", "smoothing"), [("cross_entropy", 0.0), ("cross_entropy", 0.1), ("mse", 0.0), ("hinge", 0.0)]
)
@pytest.mark.parametrize("most", [1, 40, 10_000])
def test_portions_make_the_whole(
    net: Translator, monkeypatch: pytest.MonkeyPatch, loss: str, smoothing: float, most: int
) -> None:
    task = translating(SYMBOLS, smoothing, None if loss == "cross_entropy" else LOSSES["classes"][loss])
    with looking(net):
        sums = net(ALL)
    there = ALL.targets != PAD
    hits = (sums.argmax(dim=1).view_as(ALL.targets) == ALL.targets) & there
    right = (hits.sum(dim=1) == there.sum(dim=1)).numpy()
    assert 0.1 < right.mean() < 0.9
    monkeypatch.setattr(batches, "MOST_SUMS", most * SYMBOLS)
    held: list[int] = []
    handle = net.register_forward_pre_hook(lambda _, given: held.append(given[0].targets.numel()))
    judged = judge(net, task, ALL, SYMBOLS)
    handle.remove()
    assert max(held) <= max(most, 9), "symbols of the targets at a time; the longest has nine"
    assert sum(held) >= there.sum()
    assert judged.loss == pytest.approx(float(task.loss(sums, ALL.targets)), rel=1e-5)
    assert judged.score == pytest.approx(right.mean())
    assert judged.symbols == pytest.approx(float(hits.sum() / there.sum()))
    np.testing.assert_array_equal(judged.right, right)


def test_a_net_of_no_numbers_has_no_score(net: Translator, monkeypatch: pytest.MonkeyPatch) -> None:
    with torch.no_grad():
        net.get_parameter("head.weight").fill_(float("nan"))
    for most in (1, 10_000):
        monkeypatch.setattr(batches, "MOST_SUMS", most * SYMBOLS)
        judged = judge(net, translating(SYMBOLS), Batch(*(side[:9] for side in ALL)), SYMBOLS)
        assert np.isnan(judged.loss)
        assert np.isnan(judged.score)
