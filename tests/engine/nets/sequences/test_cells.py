"""Recurrent cells are torch's, with its weights: in value, in gradient, step by step and by its own kernels."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from engine.nets.sequences.beginning import initialise
from engine.nets.sequences.cell import Cell, State
from engine.nets.sequences.gru import GRUCell
from engine.nets.sequences.lstm import LSTMCell, PeepholeLSTMCell
from engine.nets.sequences.recurrent import Recurrent
from engine.nets.sequences.rnn import RNNCell

INPUTS, UNITS, BATCH, TIME = 3, 4, 5, 7
LENGTHS = torch.tensor([7, 2, 5, 1, 7])
KINDS: dict[str, tuple[Callable[[int], Cell], type[nn.RNNBase], dict[str, str]]] = {
    "tanh": (lambda inputs: RNNCell(inputs, UNITS), nn.RNN, {}),
    "relu": (lambda inputs: RNNCell(inputs, UNITS, activation="relu"), nn.RNN, {"nonlinearity": "relu"}),
    "gru": (lambda inputs: GRUCell(inputs, UNITS), nn.GRU, {}),
    "lstm": (lambda inputs: LSTMCell(inputs, UNITS), nn.LSTM, {}),
}
OTHERS: dict[str, Callable[[int], Cell]] = {
    "peephole": lambda inputs: PeepholeLSTMCell(inputs, UNITS),
    "normed rnn": lambda inputs: RNNCell(inputs, UNITS, norm=True),
    "normed gru": lambda inputs: GRUCell(inputs, UNITS, norm=True),
    "normed lstm": lambda inputs: LSTMCell(inputs, UNITS, norm=True),
    "normed peephole": lambda inputs: PeepholeLSTMCell(inputs, UNITS, norm=True),
}
MAKERS = {name: make for name, (make, *_) in KINDS.items()} | OTHERS


def filled(net: nn.Module, seed: int = 1) -> nn.Module:
    """Return the net in float64 with numbers everywhere, also where it would begin with zeros."""
    generator = torch.Generator().manual_seed(seed)
    net.double()
    with torch.no_grad():
        for parameter in net.parameters():
            parameter.normal_(0, 0.5, generator=generator)
    return net


def inputs(seed: int = 2) -> Tensor:
    return torch.randn(
        BATCH, TIME, INPUTS, dtype=torch.float64, generator=torch.Generator().manual_seed(seed)
    ).requires_grad_()


def copied(net: Recurrent, other: nn.RNNBase) -> None:
    """Give torch's layers the weights of ours."""
    for layer, _ in enumerate(net.layers):
        for direction, suffix in zip(net.directions, ("", "_reverse"), strict=False):
            cell = net.get_submodule(f"layers.{layer}.{direction}")
            assert isinstance(cell, Cell)
            names = (f"{kind}_l{layer}{suffix}" for kind in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"))
            with torch.no_grad():
                for name, tensor in zip(names, cell.stacked(), strict=True):
                    getattr(other, name).copy_(tensor)


def theirs(other: nn.RNNBase, read: Tensor, lengths: Tensor | None) -> Tensor:
    if lengths is None:
        return other(read)[0]
    packed = nn.utils.rnn.pack_padded_sequence(read, lengths, batch_first=True, enforce_sorted=False)
    return nn.utils.rnn.pad_packed_sequence(other(packed)[0], batch_first=True, total_length=TIME)[0]


@pytest.mark.parametrize("lengths", [None, LENGTHS], ids=["all", "lengths"])
@pytest.mark.parametrize(("layers", "both"), [(1, False), (1, True), (3, False), (2, True)])
@pytest.mark.parametrize("kind", KINDS)
def test_layers_of_cells_are_torchs_in_value_and_gradient(
    kind: str, layers: int, both: bool, lengths: Tensor | None
) -> None:
    make, torchs, options = KINDS[kind]
    net = Recurrent(make, INPUTS, layers=layers, bidirectional=both)
    filled(net)
    other = torchs(INPUTS, UNITS, layers, batch_first=True, bidirectional=both, **options).double()  # type: ignore[arg-type]
    copied(net, other)
    weigh = torch.randn(BATCH, TIME, net.units, dtype=torch.float64, generator=torch.Generator().manual_seed(3))
    read = inputs()
    expected = theirs(other, read, lengths)
    (expected * weigh).sum().backward()
    slope, read.grad = read.grad, None
    assert slope is not None
    for way in (net.forward, net.look):
        net.zero_grad()
        read.grad = None
        outputs = way(read, lengths).outputs
        torch.testing.assert_close(outputs, expected)
        (outputs * weigh).sum().backward()
        torch.testing.assert_close(read.grad, slope)
        for layer in range(layers):
            cell = net.get_submodule(f"layers.{layer}.ahead")
            assert isinstance(cell, Cell)
            gates = [cell.get_submodule(gate) for gate in cell.GATES]
            for kind_, part in (("weight_ih", "from_input"), ("weight_hh", "from_hidden")):
                mine = torch.cat([gate.get_submodule(part).weight.grad for gate in gates])  # type: ignore[arg-type]
                torch.testing.assert_close(mine, getattr(other, f"{kind_}_l{layer}").grad)
            bias = torch.cat([gate.from_input.bias.grad for gate in gates])  # type: ignore[union-attr]
            torch.testing.assert_close(bias, getattr(other, f"bias_ih_l{layer}").grad)


@pytest.mark.parametrize("lengths", [None, LENGTHS], ids=["all", "lengths"])
@pytest.mark.parametrize("kind", MAKERS)
def test_reading_in_two_parts_is_reading_in_one(kind: str, lengths: Tensor | None) -> None:
    net = Recurrent(MAKERS[kind], INPUTS, layers=2)
    filled(net)
    read = inputs().detach()
    # Torch packs no sequence of no length: there each has to go on behind the cut.
    going_on = None if lengths is None else lengths.clamp(min=2)
    for way, cut, length in ((net.look, 4, lengths), (net.forward, 1, going_on)):
        whole = net(read, length)
        later = None if length is None else (length - cut).clamp(min=0)
        first = way(read[:, :cut], None if length is None else length.clamp(max=cut))
        second = way(read[:, cut:], later, first.states)
        torch.testing.assert_close(torch.cat([first.outputs, second.outputs], dim=1), whole.outputs)
        for name, state in whole.states.items():
            for mine, other in zip(second.states[name], state, strict=True):
                torch.testing.assert_close(mine, other)


def by_hand(cell: Cell, read: np.ndarray, state: list[np.ndarray]) -> list[np.ndarray]:
    """Return the state after one step, by the formulas as the papers have them."""
    part = {name: value.detach().numpy() for name, value in cell.named_parameters()}
    sigma = lambda sums: 1 / (1 + np.exp(-sums))  # noqa: E731

    def normed(x: np.ndarray, name: str) -> np.ndarray:
        if f"{name}.weight" not in part:
            return x
        mean, deviation = x.mean(1, keepdims=True), np.sqrt(x.var(1, keepdims=True) + 1e-5)
        return (x - mean) / deviation * part[f"{name}.weight"] + part[f"{name}.bias"]

    def product(gate: str, side: str, x: np.ndarray) -> np.ndarray:
        sums = x @ part[f"{gate}.from_{side}.weight"].T + part.get(f"{gate}.from_{side}.bias", 0)
        return normed(sums, f"{gate}.norm_{side}")

    gate = lambda name: product(name, "input", read) + product(name, "hidden", state[0])  # noqa: E731
    if isinstance(cell, RNNCell):
        return [np.tanh(gate("update"))]
    if isinstance(cell, GRUCell):
        r, z = sigma(gate("reset")), sigma(gate("update"))
        n = np.tanh(product("candidate", "input", read) + r * product("candidate", "hidden", state[0]))
        return [(1 - z) * n + z * state[0]]
    peep = lambda name, c: part.get(f"peepholes.{name}", 0) * c  # noqa: E731
    i, f = (sigma(gate(name) + peep(name, state[1])) for name in ("input", "forget"))
    c = f * state[1] + i * np.tanh(gate("candidate"))
    o = sigma(gate("output") + peep("output", c))
    return [o * np.tanh(normed(c, "norm_cell")), c]


@pytest.mark.parametrize("kind", OTHERS)
def test_a_cell_that_torch_has_not_is_its_formula(kind: str) -> None:
    cell = OTHERS[kind](INPUTS)
    filled(cell)
    state: State = tuple(torch.randn(BATCH, UNITS, dtype=torch.float64) for _ in range(cell.STATES))
    expected = [part.numpy() for part in state]
    for at in range(3):
        read = inputs(at).detach()[:, at]
        state = cell.step(cell.of_input(read), cell.of_hidden()(state[0]), state).state
        expected = by_hand(cell, read.numpy(), expected)
        for mine, other in zip(state, expected, strict=True):
            np.testing.assert_allclose(mine.detach(), other, atol=1e-12)


@pytest.mark.parametrize("kind", MAKERS)
def test_gates_are_named_lie_between_their_bounds_and_lead_to_what_is_read(kind: str) -> None:
    net = Recurrent(MAKERS[kind], INPUTS, bidirectional=True)
    filled(net)
    read = inputs()
    looked = net.look(read, LENGTHS)
    names = {name.rpartition(".")[2] for name in looked.gates}
    cell = net.get_submodule("layers.0.ahead")
    assert isinstance(cell, Cell)
    assert "hidden" in names
    assert ("cell" in names) == (cell.STATES == 2)
    for name, over_time in looked.gates.items():
        assert len(over_time) == TIME
        values = torch.stack(list(over_time))
        if name.rpartition(".")[2] in ("reset", "update", "input", "forget", "output"):
            assert 0 < values.min() < values.max() < 1
    for at, length in enumerate(LENGTHS):
        for direction, place in (("ahead", 0), ("back", 1)):
            seen = torch.stack(list(looked.gates[f"0.{direction}.hidden"]), 1)[at, :length]
            mine = looked.outputs[at, :length, place * UNITS : (place + 1) * UNITS]
            torch.testing.assert_close(seen, mine)
        assert not looked.outputs[at, length:].any()
    loss = looked.outputs[:, -1].square().sum()
    first, last = (looked.gates["0.ahead.hidden"][time] for time in (0, TIME - 1))
    slopes = torch.autograd.grad(loss, [first, last])
    assert all(slope.abs().sum() > 0 for slope in slopes), "the gradient by a state of any time can be asked for"
    assert not slopes[1][1].any(), "a sequence that has ended has no say"


@pytest.mark.parametrize("beginning", ["uniform", "orthogonal", "identity"])
@pytest.mark.parametrize("kind", MAKERS)
def test_first_weights_follow_from_the_seed_alone(kind: str, beginning: str) -> None:
    def made(seed: int) -> dict[str, Tensor]:
        torch.manual_seed(torch.seed() % 1000)
        net = Recurrent(MAKERS[kind], INPUTS, layers=2)
        initialise(net, seed, beginning)  # type: ignore[arg-type]
        return net.state_dict()

    one, again, other = made(1), made(1), made(2)
    assert all(torch.equal(one[name], again[name]) for name in one)
    assert any(not torch.equal(one[name], other[name]) for name in one)
    hidden = [tensor for name, tensor in one.items() if name.endswith("from_hidden.weight")]
    for weight in hidden:
        if beginning == "uniform":
            assert weight.abs().max() <= UNITS**-0.5
            assert weight.abs().max() > 0.8 * UNITS**-0.5
        else:
            torch.testing.assert_close(weight @ weight.T, torch.eye(UNITS), atol=1e-5, rtol=0)
        assert torch.equal(weight, torch.eye(UNITS)) == (beginning == "identity")
    if beginning == "uniform":
        assert len({tuple(weight.flatten().tolist()) for weight in hidden}) == len(hidden), "each has its own stream"
    read = [tensor for name, tensor in one.items() if name.endswith("from_input.weight")]
    sizes = torch.cat([(weight * weight.shape[1] ** 0.5).flatten() for weight in read])
    assert 0.7 < float(sizes.std()) < 1.3, "the variance is 1 / inputs"
    if "lstm" in kind or "peephole" in kind:
        forget = "norm_input.bias" if "normed" in kind else "from_input.bias"
        assert one[f"layers.0.ahead.forget.{forget}"].tolist() == [1.0] * UNITS
