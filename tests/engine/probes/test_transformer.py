"""What is told of a transformer, against weights set to zero, finite differences, products by hand; and no trace."""

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from engine.nets.attention.touch import Touched
from engine.nets.transformers.building import Transformer, make_net
from engine.nets.transformers.spec import TransformerSpec
from engine.probes import transformer
from engine.probes.looking import looking
from tests.engine.nets.sequences.test_cells import filled

pytestmark = pytest.mark.usefixtures("one_thread")
SYMBOLS, LENGTH, GIVEN = 9, 8, 5
SHAPES = ("decoder", "encoder", "both")


def made(shape: str = "decoder", *, full: bool = True, **changes: object) -> Transformer:
    """Return a net with numbers everywhere, or as it begins: then it does not tell the same of everything."""
    spec = TransformerSpec.model_validate({"shape": shape, "width": 12, "heads": 3, "neurons": 20, **changes})
    net = make_net(spec, SYMBOLS, LENGTH, GIVEN if shape == "both" else 0, seed=1)
    if full:
        filled(net)
    return net.double().eval()


def symbols(seed: int = 0, count: int = 1) -> Tensor:
    return torch.randint(SYMBOLS, (count, LENGTH), generator=torch.Generator().manual_seed(seed))


def parts_of(shape: str) -> set[str]:
    return {"decoder.attention", "decoder.crossed", "encoder.attention"} if shape == "both" else {"attention"}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_head_knocked_out_is_one_whose_columns_of_the_output_are_zero(shape: str) -> None:
    net, some = made(shape), symbols(count=4)
    asked = torch.randint(SYMBOLS, (4,), generator=torch.Generator().manual_seed(5))

    def measure(sums: Tensor) -> Tensor:
        return torch.stack([nn.functional.cross_entropy(sums[:, -1], asked), sums.mean()])

    base, changes = transformer.knock_outs(net, some, measure)
    with torch.no_grad():
        torch.testing.assert_close(base, measure(net(some)))
    assert set(changes) == parts_of(shape)
    for part, found in changes.items():
        assert found.shape == (2, 3, 2)
        for block in range(2):
            for head in range(3):
                other = made(shape)
                out = other.get_submodule(f"{transformer.attention_name(part, block)}.out")
                with torch.no_grad():
                    out.get_parameter("weight")[:, 4 * head : 4 * head + 4] = 0
                    expected = measure(other(some)) - base
                torch.testing.assert_close(found[block, head], expected)
                assert float(found[block, head].abs().max()) > 1e-6


@pytest.mark.parametrize("shape", SHAPES)
def test_gradients_by_attention_weights_are_finite_differences(shape: str) -> None:
    net, one = made(shape), symbols()
    place, symbol = 2, 4
    found = transformer.slopes(net, one, place, symbol)
    with torch.no_grad():
        assert found.total == pytest.approx(float(net(one)[0, place, symbol]))
    seen = transformer.see(net, one).touched
    assert set(found.patterns) == {name for name in seen if name.endswith(".pattern")}

    def nudged(name: str, index: tuple[int, ...], by: float) -> float:
        def touch(at: str, value: Tensor) -> Tensor:
            if at != name:
                return value
            value = value.clone()
            value[(0, *index)] += by
            return value

        with torch.no_grad():
            return float(net(one, touch)[0, place, symbol])

    for name, slope in ({**found.patterns, **found.inputs}).items():
        assert slope.shape == seen[name].shape[1:]
        for index in ((0,) * slope.dim(), (1,) * slope.dim(), tuple(side - 1 for side in slope.shape)):
            difference = (nudged(name, index, 1e-5) - nudged(name, index, -1e-5)) / 2e-5
            assert float(slope[index]) == pytest.approx(difference, abs=1e-6)
    assert any(float(slope.abs().max()) > 1e-3 for slope in found.patterns.values())


def test_a_gradient_is_of_the_net_without_the_head_that_is_knocked_out() -> None:
    net, one = made(), symbols()
    gone = transformer.slopes(net, one, 7, 0, transformer.without("attention", 1, 2))
    assert not gone.patterns["blocks.1.attention.pattern"][2].any()
    assert gone.patterns["blocks.1.attention.pattern"][1].any()


def test_rollout_is_the_product_by_hand() -> None:
    first = torch.tensor([[[1.0, 0.0], [0.2, 0.8]], [[1.0, 0.0], [0.6, 0.4]]])  # two heads: their mean gives 0.4, 0.6
    second = torch.tensor([[[1.0, 0.0], [0.5, 0.5]], [[1.0, 0.0], [0.5, 0.5]]])
    # (mean + identity) / 2: rows of (1, 0) and (0.2, 0.8), then (1, 0) and (0.25, 0.75).
    found = transformer.rollout(torch.stack([first, second]))
    torch.testing.assert_close(found, torch.tensor([[1.0, 0.0], [0.25 + 0.75 * 0.2, 0.75 * 0.8]]))
    patterns = torch.rand(3, 4, 6, 6).softmax(dim=3)
    torch.testing.assert_close(transformer.rollout(patterns).sum(dim=1), torch.ones(6))


def test_the_lens_behind_the_last_block_is_what_the_net_tells() -> None:
    for shape, where in (("decoder", ""), ("encoder", ""), ("both", "decoder.")):
        net, one = made(shape), symbols()
        seen = transformer.see(net, one)
        names = transformer.streams(seen.touched, where)
        assert names == [f"{where}embedded", f"{where}blocks.0.stream", f"{where}blocks.1.stream"]
        told = transformer.lens(net, seen.touched, names)
        torch.testing.assert_close(told[-1], seen.sums[0].softmax(dim=1))
        lengths = transformer.lengths(seen.touched, names)
        expected = np.linalg.norm(seen.touched[names[1]][0].numpy(), axis=1)
        np.testing.assert_allclose(lengths[1].numpy(), expected)
    # With no block above, the lowest level is the output layer on what was embedded.
    net = made()
    x = net.get_parameter("embedding.weight")[symbols()[0]] + net.get_parameter("position.weight")
    with torch.no_grad():
        expected = net.told(x).softmax(dim=1)
    seen = transformer.see(net, symbols()).touched
    torch.testing.assert_close(transformer.lens(net, seen, ["embedded"])[0], expected)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_patch_brings_as_much_of_the_other_answer_as_if_it_stood_there(shape: str) -> None:
    net, one = made(shape, full=False), symbols(0)
    where = "decoder." if shape == "both" else ""
    written = slice(GIVEN, None) if shape == "both" else slice(None)
    with torch.no_grad():
        told = [net(symbols(seed))[0].argmax(dim=1) for seed in range(20)]
        seed, place = next((s, p) for s in range(20) for p in (2, 1) if told[s][p] != told[0][p])
        other = symbols(seed)
        found, own, strange = transformer.patched(net, one, other, where, place)
        mine, theirs = net(one)[0, place], net(other)[0, place]

        def off(sums: Tensor) -> float:
            return float(sums[strange] - sums[own])

        assert (int(mine.argmax()), int(theirs.argmax())) == (own, strange)
        for at in range(found.shape[1]):
            # A symbol put in by hand: at the lowest level a patch is nothing else.
            mixed = one.clone()
            mixed[:, written][0, at] = other[:, written][0, at]
            share = (off(net(mixed)[0, place]) - off(mine)) / (off(theirs) - off(mine))
            assert float(found[0, at]) == pytest.approx(share, abs=1e-9)
    assert float(found[-1, place]) == pytest.approx(1)
    assert found[-1, :place].abs().max() < 1e-9
    same, *_ = transformer.patched(net, one, one, where, place)
    assert same.isnan().all()


def test_heads_that_look_back_are_scored_by_how_far() -> None:
    patterns = torch.zeros(2, 8, 8)
    patterns[0, torch.arange(1, 8), torch.arange(7)] = 1  # one back
    patterns[1, torch.arange(4, 8), torch.arange(1, 5)] = torch.tensor([1.0, 0.5, 0.5, 0.0])  # period 4: three back
    torch.testing.assert_close(transformer.back_by(patterns, 1, 1), torch.tensor([1.0, 0.0]))
    torch.testing.assert_close(transformer.back_by(patterns, 3, 4), torch.tensor([0.0, 0.5]))


def test_the_strongest_neurons_are_those_that_are_largest_anywhere() -> None:
    net, one = made(), symbols()
    seen = transformer.see(net, one).touched
    found = transformer.strongest(seen, "", 5)
    each = np.stack([seen[f"blocks.{at}.neurons"][0].amax(dim=0).numpy() for at in (0, 1)])
    expected = [divmod(int(at), 20) for at in np.argsort(-each, axis=None)[:5]]
    assert found == expected


@pytest.mark.parametrize("fails", [False, True])
def test_looking_leaves_no_trace(fails: bool) -> None:
    net, one = made(dropout=0.5), symbols()
    net.train()
    net(one).sum().backward()
    grads = {name: parameter.grad.clone() for name, parameter in net.named_parameters() if parameter.grad is not None}
    states = torch.random.get_rng_state()

    def touch(name: str, value: Tensor) -> Tensor:
        if fails and name == "normed":
            raise ValueError("on the way")
        return value

    try:
        transformer.see(net, one, touch)
        transformer.slopes(net, one, 3, 3, touch)
        transformer.patched(net, one, symbols(1), "", 3)
        transformer.knock_outs(net, one, lambda sums: sums.mean()[None])
    except ValueError:
        assert fails
    assert all(module.training for module in net.modules())
    assert torch.is_grad_enabled()
    assert torch.equal(states, torch.random.get_rng_state())
    for name, parameter in net.named_parameters():
        assert parameter.grad is None or torch.equal(parameter.grad, grads[name])


def test_several_touches_are_one_after_the_other() -> None:
    seen = Touched()
    twice = transformer.joined([lambda _, value: value * 2, None, lambda _, value: value + 1, seen])
    assert twice is not None
    assert float(twice("x", torch.tensor(3.0))) == 7
    assert float(seen["x"]) == 7
    assert transformer.joined([None]) is None
    net = made()
    with looking(net):
        assert torch.equal(net(symbols(), transformer.joined([])), net(symbols()))
