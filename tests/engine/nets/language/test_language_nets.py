"""Language models: none sees ahead, all learn a text by heart, and each is torch's own where torch has one."""

from itertools import pairwise

import pytest
import torch
from torch import nn
from torch.nn import functional

from engine.errors import SpecError
from engine.nets.attention.block import Block
from engine.nets.language.building import make_net
from engine.nets.language.model import Carried, Piece
from engine.nets.language.names import layer_names, layer_title, matrices
from engine.nets.language.nplm import NPLM
from engine.nets.language.recurrent import RecurrentModel
from engine.nets.language.spec import LanguageNetSpec
from engine.nets.language.transformer import Transformer
from tests.engine.nets.attention.torchs_own import layer_like
from tests.engine.nets.sequences.test_cells import filled

pytestmark = pytest.mark.usefixtures("one_thread")

VOCABULARY = 11
SMALL = {"units": 16, "dimensions": 8, "context": 4, "width": 16, "heads": 2, "chunk": 12}
SPECS = [
    *(LanguageNetSpec(net=net, **SMALL) for net in ("nplm", "rnn", "gru", "lstm", "transformer")),
    LanguageNetSpec(net="nplm", direct=False, **SMALL),
    LanguageNetSpec(net="lstm", layers=2, **SMALL),
]


def text(length: int = 12, batch: int = 3) -> torch.Tensor:
    return torch.randint(0, VOCABULARY, (batch, length), generator=torch.Generator().manual_seed(1))


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: f"{spec.net}{spec.layers}{spec.direct}")
def test_a_net_sees_what_was_and_not_what_comes(spec: LanguageNetSpec) -> None:
    net = make_net(spec, VOCABULARY, 1)
    symbols = text()
    sums = net.tell(symbols).sums
    assert sums.shape == (3, 12, VOCABULARY)
    changed = symbols.clone()
    changed[:, 7] = (changed[:, 7] + 1) % VOCABULARY
    moved = (net.tell(changed).sums - sums).abs().amax(dim=(0, 2))
    assert moved[:7].max() == 0
    assert moved[7] > 1e-4
    for time in (2, 12):
        torch.testing.assert_close(net.following(symbols[:, :time]), sums[:, time - 1])
    reach = 12 if net.reach is None else net.reach
    seen_until = min(12, 7 + reach)
    assert (moved[7:seen_until] > 0).all()
    assert (moved[seen_until:] == 0).all()


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: f"{spec.net}{spec.layers}{spec.direct}")
def test_looking_gives_the_same_and_the_layers_that_are_named(spec: LanguageNetSpec) -> None:
    net = make_net(spec, VOCABULARY, 2)
    told, seen = net.tell(text()), net.look(text())
    torch.testing.assert_close(told.sums, seen.sums, atol=1e-5, rtol=1e-5)
    assert set(layer_names(spec)) <= set(seen.layers)
    assert all(seen.layers[name].shape[:2] == (3, 12) for name in layer_names(spec))
    if spec.net == "transformer":
        for pattern in seen.patterns.values():
            torch.testing.assert_close(pattern.sum(-1), torch.ones(3, 2, 12))
            assert pattern.triu(1).count_nonzero() == 0


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: f"{spec.net}{spec.layers}{spec.direct}")
def test_a_net_learns_one_batch_by_heart_with_gradients_everywhere(spec: LanguageNetSpec) -> None:
    net = make_net(spec, VOCABULARY, 3)
    symbols = text(13, 2)
    optimiser = torch.optim.Adam(net.parameters(), 0.02)
    for _ in range(150):
        optimiser.zero_grad()
        sums = net.tell(symbols[:, :-1]).sums
        loss = functional.cross_entropy(sums.flatten(0, 1), symbols[:, 1:].flatten())
        loss.backward()
        optimiser.step()
    assert all(parameter.grad is not None and parameter.grad.abs().sum() > 0 for parameter in net.parameters())
    assert loss.item() < 0.1


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: f"{spec.net}{spec.layers}{spec.direct}")
def test_all_matrices_have_a_name_and_all_layers_a_title(spec: LanguageNetSpec) -> None:
    net = make_net(spec, VOCABULARY, 1)
    expected = {name.removesuffix(".weight") for name, parameter in net.named_parameters() if parameter.ndim == 2}
    assert set(matrices(spec)) == expected
    assert len(set(matrices(spec).values())) == len(expected)
    titles = [layer_title(name) for name in layer_names(spec)]
    assert len(set(titles)) == len(titles)


def test_a_piece_begins_where_the_one_before_ended() -> None:
    net, carried = make_net(SPECS[3], VOCABULARY, 4), Carried()
    first = net(Piece(text()[:, :5], carried))
    carried.begin = carried.end
    second = net(Piece(text()[:, 5:], carried))
    whole = net(text()).view(3, 12, VOCABULARY)
    torch.testing.assert_close(first.view(3, 5, VOCABULARY), whole[:, :5])
    torch.testing.assert_close(second.view(3, 7, VOCABULARY), whole[:, 5:], atol=1e-5, rtol=1e-5)
    assert not any(part.requires_grad for state in carried.end.values() for part in state)


@pytest.mark.parametrize("spec", [spec for spec in SPECS if spec.net in ("rnn", "gru", "lstm")])
def test_states_carried_over_are_as_if_the_text_had_been_read_in_one_piece(spec: LanguageNetSpec) -> None:
    net = make_net(spec, VOCABULARY, 4)
    whole = net.tell(text()).sums
    first = net.tell(text()[:, :5])
    second = net.tell(text()[:, 5:], first.states)
    torch.testing.assert_close(torch.cat([first.sums, second.sums], dim=1), whole, atol=1e-5, rtol=1e-5)
    assert not torch.allclose(net.tell(text()[:, 5:]).sums, whole[:, 5:], atol=1e-3)


def test_weights_follow_from_the_seed_alone() -> None:
    for spec in SPECS:
        one, same, other = (make_net(spec, VOCABULARY, seed).state_dict() for seed in (1, 1, 2))
        torch.rand(3)
        assert all(torch.equal(one[name], same[name]) for name in one)
        assert not all(torch.equal(one[name], other[name]) for name in one)
        assert all(tensor.isfinite().all() for tensor in one.values())


def test_first_vectors_are_of_the_size_that_is_asked_for_and_nothing_else_is_another() -> None:
    for spec in SPECS:
        large, small = (make_net(spec.replace(first_vectors=size), VOCABULARY, 5) for size in (1.0, 0.1))
        for (name, one), other in zip(large.named_parameters(), small.parameters(), strict=True):
            torch.testing.assert_close(other, 0.1 * one if name == "embedding.weight" else one)
        assert make_net(spec, 400, 5).get_parameter("embedding.weight").std().item() == pytest.approx(1, abs=0.05)


def test_the_model_of_2003_is_its_formula() -> None:
    net = NPLM(VOCABULARY, 3, 4, 5)
    filled(net)
    symbols = text(6, 1)
    sums = net.tell(symbols).sums[0]
    vectors, direct = net.embedding.weight, net.direct
    assert direct is not None
    padded = [0, 0, *symbols[0].tolist()]
    for at in range(6):
        x = torch.cat([vectors[symbol] for symbol in padded[at : at + 3]])
        hidden = torch.tanh(net.hidden.bias + net.hidden.weight @ x)
        y = net.head.bias + direct.weight @ x + net.head.weight @ hidden
        torch.testing.assert_close(sums[at], y)


def test_the_transformer_is_torchs_own_with_its_weights() -> None:
    """Torch's encoder with a mask is what a decoder is that reads nothing besides."""
    mine = Transformer(VOCABULARY, 8, 12, 2, 3)
    filled(mine)
    symbols = text(8)
    x = mine.embedding(symbols) + mine.position.weight
    later = nn.Transformer.generate_square_subsequent_mask(8, dtype=torch.float64)
    for block in mine.blocks:
        assert isinstance(block, Block)
        x = layer_like(block, "gelu")(x, src_mask=later, is_causal=True)
    torch.testing.assert_close(mine.tell(symbols).sums, mine.head(mine.norm(x)))


def test_a_recurrent_model_is_torchs_lstm_between_two_tables() -> None:
    net = make_net(SPECS[3], VOCABULARY, 1)
    assert isinstance(net, RecurrentModel)
    cell = net.get_submodule("recurrent.layers.0.ahead")
    theirs = nn.LSTM(8, 16, batch_first=True)
    with torch.no_grad():
        for name, tensor in zip(
            ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"), cell.stacked(), strict=True
        ):  # type: ignore[operator]
            getattr(theirs, name).copy_(tensor)
    outputs, _ = theirs(net.embedding(text()))
    torch.testing.assert_close(net.tell(text()).sums, net.head(outputs))


def test_a_width_that_heads_cannot_share_is_refused() -> None:
    with pytest.raises(SpecError, match="width: expected a multiple of heads=3, received 16"):
        LanguageNetSpec().replace(net="transformer", width=16, heads=3)
    assert all(one != other for one, other in pairwise(layer_names(LanguageNetSpec(net="lstm", layers=3))))
