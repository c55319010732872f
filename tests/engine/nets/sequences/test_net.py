"""The net that reads sequences: its quick way and its open one tell the same, and what it does is torch's."""

import itertools

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from engine.nets.sequences.net import PAD, Form, SequenceNet, make_net
from engine.nets.sequences.plan import matrices, shown
from engine.nets.sequences.spec import CellName, RecurrentSpec

CELLS: tuple[CellName, ...] = ("rnn_tanh", "rnn_relu", "gru", "lstm", "peephole_lstm")
NAMES = Form(outputs=3, symbols=9, padded=True)
STEPS = Form(outputs=2, features=2, each_step=True)


def texts(lengths: tuple[int, ...] = (7, 2, 5, 1)) -> Tensor:
    generator = torch.Generator().manual_seed(5)
    tokens = torch.randint(1, 9, (len(lengths), max(lengths)), generator=generator)
    for row, length in zip(tokens, lengths, strict=True):
        row[length:] = PAD
    return tokens


def numbers(count: int = 3, steps: int = 11) -> Tensor:
    return torch.randn(count, steps, 2, generator=torch.Generator().manual_seed(6))


@pytest.mark.parametrize("both", [False, True])
@pytest.mark.parametrize("cell", CELLS)
def test_both_ways_through_the_net_tell_the_same(cell: CellName, both: bool) -> None:
    spec = RecurrentSpec(cell=cell, units=5, layers=2, bidirectional=both)
    for form, inputs in ((NAMES, texts()), (STEPS, numbers())):
        net = make_net(spec, form, 3)
        torch.testing.assert_close(net.look(inputs).told, net(inputs))


@pytest.mark.parametrize("both", [False, True])
def test_a_text_is_told_the_same_whatever_stands_beside_it_in_a_batch(both: bool) -> None:
    net = make_net(RecurrentSpec(units=5, layers=2, bidirectional=both), NAMES, 3)
    together = net(texts())
    for row, length in enumerate((7, 2, 5, 1)):
        torch.testing.assert_close(net(texts()[row : row + 1, :length])[0], together[row])


def test_a_net_of_one_layer_is_torchs_lstm_between_a_table_and_a_last_layer() -> None:
    net = make_net(RecurrentSpec(units=5, embedding=4), NAMES, 3)
    twin = nn.LSTM(4, 5, batch_first=True)
    cell = net.get_submodule("body.layers.0.ahead")
    with torch.no_grad():
        kinds = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
        for name, tensor in zip(kinds, cell.stacked(), strict=True):  # type: ignore[operator]
            getattr(twin, name).copy_(tensor)
    tokens = texts((6, 6))
    table, head = net.get_parameter("embedding.weight"), net.head
    expected = head(twin(table[tokens])[0][:, -1])
    torch.testing.assert_close(net(tokens), expected)


@pytest.mark.parametrize("form", [NAMES, STEPS], ids=["end", "each"])
def test_behind_a_piece_no_gradient_goes_back(form: Form) -> None:
    """What is told is the same; the gradient by what was read is 0 where it stands in an earlier piece."""
    inputs = texts((11, 11, 11)) if form is NAMES else numbers()
    whole, cut = (make_net(RecurrentSpec(units=5, truncated=many), form, 3) for many in (0, 4))
    torch.testing.assert_close(cut(inputs), whole(inputs))
    for net, zero in ((whole, 0), (cut, 8)):
        seen = net.look(inputs)
        last = seen.told if form is NAMES else seen.told[:, -1]
        slopes = torch.autograd.grad(last.sum(), seen.gates["0.ahead.hidden"], allow_unused=True)  # type: ignore[arg-type]
        sizes = [0.0 if slope is None else float(slope.norm()) for slope in slopes]
        assert [size > 0 for size in sizes] == [False] * zero + [True] * (11 - zero)


def test_the_gradient_cut_into_pieces_is_that_of_the_loop_one_writes_by_hand() -> None:
    net, twin = (make_net(RecurrentSpec(units=5, truncated=many), STEPS, 3) for many in (4, 0))
    inputs = numbers()
    net(inputs).square().sum().backward()
    states: dict = {}
    for start in (0, 4, 8):
        found = twin.body(inputs[:, start : start + 4], None, states)
        twin.head(found.outputs).square().sum().backward()
        states = {name: tuple(part.detach() for part in state) for name, state in found.states.items()}
    for one, other in zip(net.parameters(), twin.parameters(), strict=True):
        torch.testing.assert_close(one.grad, other.grad)


def test_a_net_goes_on_from_what_it_tells() -> None:
    net = make_net(RecurrentSpec(units=5, layers=2), Form(outputs=1, features=1, each_step=True), 3)
    read = torch.randn(2, 6, 1, generator=torch.Generator().manual_seed(8))
    told, longer = net.go_on(read, 4), read
    for _ in range(4):
        longer = torch.cat([longer, net(longer)[:, -1:]], dim=1)
    torch.testing.assert_close(told, longer[:, 6:, 0])


@pytest.mark.parametrize("cell", CELLS)
def test_names_of_matrices_and_gates_are_those_of_the_net(cell: CellName) -> None:
    for both, layers in itertools.product((False, True), (1, 3)):
        spec = RecurrentSpec(cell=cell, units=4, layers=layers, bidirectional=both)
        net = make_net(spec, NAMES, 1)
        named = {matrix.tensor for matrix in matrices(spec, symbols=True).values()}
        assert named == {name for name, parameter in net.named_parameters() if parameter.dim() > 1}
        assert set(net.look(texts()).gates) == set(shown(spec))


def test_first_weights_follow_from_the_seed_alone() -> None:
    def weights(net: SequenceNet) -> np.ndarray:
        return torch.cat([parameter.detach().flatten() for parameter in net.parameters()]).numpy()

    spec = RecurrentSpec(units=5, layers=2, dropout=0.5)
    first = weights(make_net(spec, NAMES, 3))
    torch.manual_seed(999)
    np.testing.assert_array_equal(weights(make_net(spec, NAMES, 3)), first)
    assert not np.array_equal(weights(make_net(spec, NAMES, 4)), first)
