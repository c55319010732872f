"""The loop: against the same loop written out, and what it promises about batches, penalties and its end."""

import itertools

import pytest
import torch
from torch import nn

from engine.data.catalogue import PROBLEMS
from engine.nets.mlp import MLP
from engine.nets.mlp_spec import MLPSpec
from engine.training import fit as training
from engine.training.fit import Points, batches
from engine.training.optimisers import make_optimiser
from engine.training.settings import TrainingSpec
from engine.training.task import make_task

TASK = make_task(PROBLEMS["plane"], "auto")


def _points(count=11):
    generator = torch.Generator().manual_seed(4)
    return Points(torch.randn(count, 2, generator=generator), torch.randn(count, generator=generator))


def fit(net, task, points, spec, rate, **more):
    return training.fit(net, task, points, spec, rate, make_optimiser(net, spec), **more)


def _net():
    return MLP(MLPSpec(units=(4,)), 2, 1, seed=1)


def test_full_batch_descent_is_the_loop_one_writes_by_hand():
    net, twin, points = _net(), _net(), _points()
    spec = TrainingSpec(optimizer="sgd", batch_size=512, l1=0.01, l2=0.1)
    rates = [0.1, 0.05, 0.2]
    for step in itertools.islice(fit(net, TASK, points, spec, lambda epoch: rates[int(epoch)]), 4):
        expected = ((twin(points.inputs)[:, 0] - points.targets) ** 2).mean()
        assert step.loss == pytest.approx(expected.item(), rel=1e-5)
        weights = [layer.weight for layer in twin.layers]
        penalty = sum(0.01 * weight.abs().sum() + 0.1 / 2 * (weight**2).sum() for weight in weights)
        gradients = torch.autograd.grad(expected + penalty, list(twin.parameters()))
        for parameter, gradient in zip(net.parameters(), gradients, strict=True):
            assert torch.allclose(parameter.grad, gradient, atol=1e-6)
        if step.number < len(rates):
            with torch.no_grad():
                for parameter, gradient in zip(twin.parameters(), gradients, strict=True):
                    parameter -= rates[step.number] * gradient


def test_adamw_keeps_the_decay_out_of_the_gradient():
    net, points = _net(), _points()
    next(fit(net, TASK, points, TrainingSpec(optimizer="adamw", l2=0.5, batch_size=512), lambda epoch: 0.1))
    loss = nn.functional.mse_loss(net(points.inputs)[:, 0], points.targets)
    expected = torch.autograd.grad(loss, net.layers[0].weight)[0]
    assert torch.allclose(net.layers[0].weight.grad, expected, atol=1e-6)


@pytest.mark.parametrize(("count", "size"), [(11, 4), (9, 4), (8, 4), (3, 512), (5, 1), (2, 1)])
def test_each_epoch_takes_every_point_once_and_leaves_none_alone(count, size):
    spec = TrainingSpec(batch_size=size)
    taken = list(itertools.takewhile(lambda batch: batch[0] < 3, batches(count, spec)))
    for epoch in range(3):
        of_epoch = [batch for at, batch in taken if epoch <= at < epoch + 1]
        assert sorted(torch.cat(of_epoch).tolist()) == list(range(count))
        assert all(len(batch) > 1 or size == 1 for batch in of_epoch)
        assert any(at == epoch for at, _ in taken)
    orders = [torch.cat([batch for at, batch in taken if int(at) == epoch]).tolist() for epoch in range(3)]
    assert count < 5 or orders[0] != orders[1]


def test_the_last_step_has_made_all_epochs():
    steps = list(fit(_net(), TASK, _points(), TrainingSpec(max_epochs=2, batch_size=4), lambda epoch: 0.01))
    assert [step.number for step in steps] == list(range(len(steps)))
    assert steps[-1].epoch == 2.0
    assert len(steps) == 2 * 3 + 1


def test_global_random_state_is_neither_used_nor_moved():
    spec = TrainingSpec(max_epochs=3, batch_size=4)
    torch.manual_seed(0)
    before = torch.get_rng_state()
    first = [step.loss for step in fit(_net(), TASK, _points(), spec, lambda epoch: 0.01)]
    assert torch.equal(before, torch.get_rng_state())
    torch.manual_seed(1)
    assert first == [step.loss for step in fit(_net(), TASK, _points(), spec, lambda epoch: 0.01)]


def test_an_update_is_made_of_the_gradient_cut_to_its_length_and_who_looks_sees_it_whole():
    net, twin, points = _net(), _net(), _points()
    spec = TrainingSpec(optimizer="sgd", batch_size=512)
    lengths = iter([0.05, 0.0, 1e9])
    steps = fit(net, TASK, points, spec, lambda epoch: 1.0, clip=lambda: next(lengths))
    for number in range(3):
        next(steps)
        ((twin(points.inputs)[:, 0] - points.targets) ** 2).mean().backward()
        whole = torch.cat([parameter.grad.flatten() for parameter in twin.parameters()])
        assert torch.allclose(torch.cat([parameter.grad.flatten() for parameter in net.parameters()]), whole)
        share = min(1.0, 0.05 / float(whole.norm())) if number == 0 else 1.0
        with torch.no_grad():
            for parameter in twin.parameters():
                parameter -= share * parameter.grad
        twin.zero_grad()
    next(steps)
    for one, other in zip(net.parameters(), twin.parameters(), strict=True):
        assert torch.allclose(one, other, atol=1e-6)
