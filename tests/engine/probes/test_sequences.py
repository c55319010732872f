"""What is seen of a net that reads: gates, and the gradient through time against small changes of a state."""

import numpy as np
import pytest
import torch
from torch import Tensor

from engine.nets.sequences.net import Form, SequenceNet, make_net
from engine.nets.sequences.spec import RecurrentSpec
from engine.probes.sequences import arriving, forecast, forecast_errors, look, widened
from engine.readings import arrays_of

FORM = Form(outputs=3, symbols=9, padded=True)
TOKENS = torch.tensor([[3, 1, 4, 1, 5]])
STEPS = 8


def loss(told: Tensor) -> Tensor:
    return torch.nn.functional.cross_entropy(told, torch.tensor([2]))


def begun_at(net: SequenceNet, hidden: Tensor, step: int) -> float:
    """Return the loss where the state behind ``step`` is ``hidden``, in a plain cell."""
    read = net.embedding(TOKENS)
    found = net.body(read[:, step + 1 :], None, {"0.ahead": (hidden,)})
    return loss(net.head(found.outputs[:, -1])).item()


def test_the_gradient_through_time_is_what_small_changes_of_the_state_make_of_the_loss() -> None:
    net = make_net(RecurrentSpec(cell="rnn_tanh", units=4), FORM, 2).double()
    seen = arrays_of(look(net, TOKENS, loss, STEPS).readings)
    hidden = torch.tensor(seen["states.0.ahead.hidden"]).double()
    for step in range(4):
        slopes = []
        for unit in range(4):
            ahead, back = hidden[:, step].clone(), hidden[:, step].clone()
            ahead[unit] += 1e-5
            back[unit] -= 1e-5
            slopes.append((begun_at(net, ahead[None], step) - begun_at(net, back[None], step)) / 2e-5)
        assert seen["unrolled.gradient"][0, step] == pytest.approx(np.linalg.norm(slopes), rel=1e-3)
        assert seen["unrolled.log_gradient"][0, step] == pytest.approx(np.log10(np.linalg.norm(slopes)), abs=1e-3)
        assert seen["unrolled.state"][0, step] == pytest.approx(float(hidden[:, step].square().mean().sqrt()))


def test_all_readings_have_as_many_columns_as_ever_and_nan_behind_the_end() -> None:
    net = make_net(RecurrentSpec(units=4, layers=2, bidirectional=True, embedding=5), FORM, 2)
    looked = look(net, TOKENS, loss, STEPS)
    for name, array in arrays_of((*looked.readings, arriving(net, TOKENS, STEPS, classes=True))).items():
        assert array.shape[1] == STEPS, name
        assert array.dtype == np.float32
        assert np.isnan(array[:, 5:]).all()
        assert np.isfinite(array[:, :5]).all()
    torch.testing.assert_close(looked.told, net(TOKENS)[0])


def test_looking_leaves_no_trace() -> None:
    net = make_net(RecurrentSpec(units=4, layers=2, dropout=0.5), FORM, 2)
    loss(net(TOKENS)).backward()
    grads = [parameter.grad.clone() for parameter in net.parameters()]  # type: ignore[union-attr]
    look(net, TOKENS, loss, STEPS)
    arriving(net, TOKENS, STEPS, classes=True)
    assert net.training
    assert all(torch.equal(p.grad, kept) for p, kept in zip(net.parameters(), grads, strict=True))  # type: ignore[arg-type]


@pytest.mark.parametrize("both", [False, True])
def test_what_is_told_as_it_arrives_is_what_is_told_of_each_beginning(both: bool) -> None:
    net = make_net(RecurrentSpec(units=4, bidirectional=both), FORM, 2)
    seen = arriving(net, TOKENS, STEPS, classes=True)
    for step in range(5):
        told = net(TOKENS[:, : step + 1])[0].detach()
        np.testing.assert_allclose(seen.logits[:, step], told, atol=1e-6)
        np.testing.assert_allclose(seen.probabilities[:, step], torch.softmax(told, 0), atol=1e-6)


def test_forecasts_and_their_errors_are_those_of_the_net_asked_number_by_number() -> None:
    net = make_net(RecurrentSpec(units=4), Form(outputs=1, features=1, each_step=True), 2)
    true = np.sin(np.arange(10) / 3).astype(np.float32)
    seen = forecast(net, true, true, 6)
    assert np.isnan(seen.one[0])
    assert np.isnan(seen.free[:6]).all()

    def told(numbers: list[float]) -> float:
        return net(torch.tensor(numbers)[None, :, None])[0, -1, 0].item()

    one = [told(true[:step].tolist()) for step in range(1, 10)]
    np.testing.assert_allclose(seen.one[1:], one, atol=1e-6)
    known = true[:6].tolist()
    for _ in range(4):
        known.append(told(known))
    np.testing.assert_allclose(seen.free[6:], known[6:], atol=1e-6)
    errors = forecast_errors(net, torch.tensor(true)[None], torch.tensor(true)[None], 6)
    assert errors["one"] == pytest.approx(np.sqrt(np.mean((seen.one[1:] - true[1:]) ** 2)), rel=1e-5)
    assert errors["free"] == pytest.approx(np.sqrt(np.mean((seen.free[6:] - true[6:]) ** 2)), rel=1e-5)
    assert errors["naive"] == pytest.approx(np.sqrt(np.mean((true[:-1] - true[1:]) ** 2)), rel=1e-5)
    assert errors["naive_free"] == pytest.approx(np.sqrt(np.mean((true[5] - true[6:]) ** 2)), rel=1e-5)


def test_of_a_wave_that_is_typed_the_rest_is_free() -> None:
    net = make_net(RecurrentSpec(units=4), Form(outputs=1, features=1, each_step=True), 2)
    typed = widened(np.array([0.1, 0.2, 0.3]), 7)
    seen = forecast(net, typed, np.full(7, np.nan, np.float32), 3)
    assert np.isfinite(seen.one).tolist() == [False, True, True, True, False, False, False]
    assert np.isfinite(seen.free).tolist() == [False] * 3 + [True] * 4
    assert seen.one[3] == pytest.approx(seen.free[3])
