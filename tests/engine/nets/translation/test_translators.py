"""Nets that translate: one contract for all of them, and each against a plain way of its own."""

import pytest
import torch
from torch import nn
from torch.nn import functional
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from engine.nets.sequences.cell import Cell
from engine.nets.translation.building import make_net
from engine.nets.translation.model import BEGIN, END, PAD, UNKNOWN, Batch, Translator, Written
from engine.nets.translation.names import contexts, heads, matrices
from engine.nets.translation.spec import RECURRENT, TranslatorSpec, places

pytestmark = pytest.mark.usefixtures("one_thread")

SMALL = {"units": 5, "dimensions": 6, "width": 8, "heads": 2}
SPECS = [
    TranslatorSpec(net="last_state", **SMALL),
    TranslatorSpec(net="context_fed", **SMALL),
    TranslatorSpec(net="bahdanau", **SMALL),
    *(TranslatorSpec(net="luong", fit=fit, **SMALL) for fit in ("dot", "general", "concat")),
    *(TranslatorSpec(net="luong", fit=fit, feeding=True, **SMALL) for fit in ("general", "concat")),
    *(TranslatorSpec(net=net, cell="lstm", **SMALL) for net in ("last_state", "context_fed", "bahdanau", "luong")),
    TranslatorSpec(net="luong", cell="lstm", feeding=True, **SMALL),
    TranslatorSpec(net="convolutional", **SMALL),
    TranslatorSpec(net="convolutional", window=4, blocks=1, **SMALL),
    TranslatorSpec(net="transformer", **SMALL),
]
SOURCES, TARGETS = 9, 11


def named(spec: TranslatorSpec) -> str:
    return f"{spec.net}-{spec.cell}-{spec.fit}-{spec.feeding}-{spec.window}"


def batch(rows: int = 4, source: int = 7, target: int = 5) -> Batch:
    """Return pairs of different lengths, the first ones the longest."""
    generator = torch.Generator().manual_seed(3)
    sources = torch.randint(UNKNOWN, SOURCES, (rows, source), generator=generator)
    targets = torch.randint(UNKNOWN, TARGETS, (rows, target), generator=generator)
    for row in range(rows):
        for texts, length in ((sources, max(source - row, 1)), (targets, max(target - row, 1))):
            texts[row, length - 1] = END
            texts[row, length:] = PAD
    return Batch(sources, sources != PAD, targets)


def written_out(net: Translator, pairs: Batch) -> list[Written]:
    """Write the targets symbol by symbol."""
    state, steps = net.begin(pairs.sources, pairs.known), []
    symbols = torch.full_like(pairs.targets[:, 0], BEGIN)
    for right in pairs.targets.unbind(1):
        steps.append(net.write(state, symbols))
        state, symbols = steps[-1].state, right
    return steps


@pytest.mark.parametrize("spec", SPECS, ids=named)
def test_one_pass_gives_what_writing_symbol_by_symbol_gives(spec: TranslatorSpec) -> None:
    net, pairs = make_net(spec, SOURCES, TARGETS, 1), batch()
    sums = torch.stack([step.sums for step in written_out(net, pairs)], dim=1)
    assert sums.shape == (4, 5, TARGETS)
    torch.testing.assert_close(net(pairs), sums.flatten(0, 1), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("spec", SPECS, ids=named)
def test_filling_changes_nothing_and_takes_nothing(spec: TranslatorSpec) -> None:
    net, pairs = make_net(spec, SOURCES, TARGETS, 1), batch()
    wide = Batch(functional.pad(pairs.sources, (0, 4)), functional.pad(pairs.known, (0, 4)), pairs.targets)
    for step, same in zip(written_out(net, pairs), written_out(net, wide), strict=True):
        torch.testing.assert_close(step.sums, same.sums, rtol=1e-4, atol=1e-5)
        for pattern in same.patterns.values():
            assert (pattern.masked_select(~wide.known[:, None]) == 0).all()


@pytest.mark.parametrize("forcing", [1.0, 0.0])
@pytest.mark.parametrize("spec", SPECS, ids=named)
def test_filling_changes_neither_sums_nor_loss_nor_any_gradient(spec: TranslatorSpec, forcing: float) -> None:
    """Pairs side by side, filled up beyond the longest, teach what each pair teaches alone, with nothing filled in."""
    net, pairs = make_net(spec.replace(forcing=forcing), SOURCES, TARGETS, 1).double(), batch()
    wide = Batch(*(functional.pad(side, (0, more)) for side, more in zip(pairs, (4, 4, 3), strict=True)))
    sums = net(wide).view(*wide.targets.shape, TARGETS)
    alone: list[torch.Tensor] = []
    for row, (source, target) in enumerate(zip(pairs.sources, pairs.targets, strict=True)):
        source, target = source[source != PAD][None], target[target != PAD][None]
        alone.append(net(Batch(source, source != PAD, target)))
        torch.testing.assert_close(sums[row, : target.shape[1]], alone[-1])
    asked = pairs.targets[pairs.targets != PAD]
    losses = (
        functional.cross_entropy(sums.flatten(0, 1), wide.targets.flatten(), ignore_index=PAD),
        functional.cross_entropy(torch.cat(alone), asked),
    )
    torch.testing.assert_close(*losses)
    of_batch, of_each = (torch.autograd.grad(loss, list(net.parameters())) for loss in losses)
    for name, one, other in zip(dict(net.named_parameters()), of_batch, of_each, strict=True):
        torch.testing.assert_close(one, other, msg=lambda told, name=name: f"{name}: {told}")


@pytest.mark.parametrize("spec", SPECS, ids=named)
def test_a_row_does_not_hang_on_the_others_and_beams_can_be_chosen(spec: TranslatorSpec) -> None:
    net, pairs = make_net(spec, SOURCES, TARGETS, 1), batch()
    order = torch.tensor([2, 0, 0])
    state = net.begin(pairs.sources, pairs.known)
    first = net.write(state, torch.full((4,), BEGIN))
    chosen = {name: value.index_select(0, order) for name, value in first.state.items()}
    on, all_on = net.write(chosen, pairs.targets[order, 0]), net.write(first.state, pairs.targets[:, 0])
    torch.testing.assert_close(on.sums, all_on.sums[order], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("spec", SPECS, ids=named)
def test_patterns_are_the_softmax_of_the_energies_at_the_places_that_are_named(spec: TranslatorSpec) -> None:
    net, pairs = make_net(spec, SOURCES, TARGETS, 1), batch()
    for step in written_out(net, pairs):
        assert {name: pattern.shape for name, pattern in step.patterns.items()} == {
            name: (4, heads, 7) for name, heads in places(spec).items()
        }
        assert step.energies.keys() == step.patterns.keys()
        for name, pattern in step.patterns.items():
            torch.testing.assert_close(pattern, step.energies[name].softmax(dim=2))
            assert step.contexts[name].shape[0] == 4


@pytest.mark.parametrize("spec", SPECS, ids=named)
def test_every_weight_learns_and_one_batch_is_learnt_by_heart(spec: TranslatorSpec) -> None:
    net, pairs = make_net(spec.replace(units=16, dimensions=12, width=32), SOURCES, TARGETS, 1), batch()
    optimiser = torch.optim.Adam(net.parameters(), lr=0.01)
    for _ in range(150):
        optimiser.zero_grad()
        loss = functional.cross_entropy(net(pairs), pairs.targets.flatten(), ignore_index=PAD)
        loss.backward()
        assert all(parameter.grad is not None for parameter in net.parameters())
        optimiser.step()
    right = net(pairs).argmax(dim=1).view_as(pairs.targets) == pairs.targets
    assert right[pairs.targets != PAD].all()


@pytest.mark.parametrize("spec", [SPECS[0], SPECS[2], SPECS[-1]], ids=named)
def test_without_a_teacher_a_net_reads_its_own_guesses(spec: TranslatorSpec) -> None:
    """With no symbol shown, the sums are those of greedy writing; in evaluation the right ones are always shown."""
    net, pairs = make_net(spec.replace(forcing=0.0), SOURCES, TARGETS, 1), batch()
    state, symbols, sums = net.begin(pairs.sources, pairs.known), torch.full((4,), BEGIN), []
    for _ in range(pairs.targets.shape[1]):
        step = net.write(state, symbols)
        state, symbols = step.state, step.sums.argmax(dim=1)
        sums.append(step.sums)
    torch.testing.assert_close(net(pairs), torch.stack(sums, dim=1).flatten(0, 1))
    taught = make_net(spec, SOURCES, TARGETS, 1)(pairs)
    assert not torch.allclose(net(pairs), taught)
    torch.testing.assert_close(net.eval()(pairs), taught)


def test_half_of_the_symbols_are_shown_where_half_are_asked_for() -> None:
    net = make_net(SPECS[0].replace(forcing=0.5), SOURCES, TARGETS, 1)
    shown = net.forcing(torch.ones(10_000), torch.zeros(10_000))
    assert shown.mean().item() == pytest.approx(0.5, abs=0.02)


def test_attention_of_bahdanau_by_hand() -> None:
    net, pairs = make_net(SPECS[2], SOURCES, TARGETS, 1), batch(1)
    memory, (hidden,) = net.encoder(pairs.sources, pairs.known)
    step = net.write(net.begin(pairs.sources, pairs.known), torch.tensor([BEGIN]))
    for place in range(pairs.sources.shape[1]):
        asked = torch.tanh(
            net.query.weight @ hidden[0] + net.key.weight @ memory[0, place] + net.key.bias  # type: ignore[operator]
        )
        energy = (net.energy.weight[0] * asked).sum()
        assert step.energies["attention"][0, 0, place].item() == pytest.approx(energy.item(), abs=1e-6)
    taken = sum(step.patterns["attention"][0, 0, at] * memory[0, at] for at in range(pairs.sources.shape[1]))
    torch.testing.assert_close(step.contexts["attention"][0], taken)


RECURRENT_SPECS = [spec for spec in SPECS if spec.net in RECURRENT]


@pytest.mark.parametrize("spec", RECURRENT_SPECS, ids=named)
def test_torchs_kernels_and_the_cells_written_out_give_one_loss_and_one_gradient(spec: TranslatorSpec) -> None:
    """Sources of different lengths, packed by the kernels and masked by the cells."""
    pairs, losses, slopes = batch(), [], []
    for kernels in (True, False):
        net = make_net(spec, SOURCES, TARGETS, 1).double()
        for part in net.modules():
            if isinstance(part, Cell) and not kernels:
                part.kernel = None
        loss = functional.cross_entropy(net(pairs), pairs.targets.flatten(), ignore_index=PAD)
        loss.backward()
        losses.append(loss.detach())
        slopes.append({name: parameter.grad for name, parameter in net.named_parameters()})
    torch.testing.assert_close(*losses)
    for name, slope in slopes[0].items():
        torch.testing.assert_close(slope, slopes[1][name], msg=name)


@pytest.mark.parametrize(("cell", "twin"), [("gru", nn.GRU), ("lstm", nn.LSTM)])
def test_what_reads_is_torchs_own_net_over_packed_sequences(cell: str, twin: type[nn.RNNBase]) -> None:
    net, pairs = make_net(TranslatorSpec(net="last_state", cell=cell, **SMALL), SOURCES, TARGETS, 1), batch()
    ways = ("", "_reverse")
    cells = [net.encoder.recurrent.layers[0][way] for way in ("ahead", "back")]
    other = twin(6, 5, bidirectional=True, batch_first=True)
    parts = [f"{kind}_l0{way}" for way in ways for kind in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")]
    with torch.no_grad():
        for name, weights in zip(parts, [one for part in cells for one in part.stacked()], strict=True):
            getattr(other, name).copy_(weights)
    vectors = net.encoder.embedding(pairs.sources).detach()
    lengths = pairs.known.sum(dim=1)
    packed, ends = other(pack_padded_sequence(vectors, lengths, batch_first=True, enforce_sorted=False))
    outputs, _ = pad_packed_sequence(packed, batch_first=True)
    read = net.encoder(pairs.sources, pairs.known)
    torch.testing.assert_close(read.memory, outputs)
    hidden, *held = (part.transpose(0, 1).flatten(1) for part in (ends if cell == "lstm" else (ends,)))
    torch.testing.assert_close(read.last[0], torch.tanh(net.encoder.bridge(hidden)))
    assert len(held) == len(read.last) - 1 == (cell == "lstm")
    for mine, theirs in zip(read.last[1:], held, strict=True):
        torch.testing.assert_close(mine, net.encoder.bridge_cell(theirs))
    (read.memory.square().sum() + sum(part.square().sum() for part in read.last)).backward()
    bridged = [torch.tanh(net.encoder.bridge(hidden)), *(net.encoder.bridge_cell(part) for part in held)]
    (outputs.square().sum() + sum(part.square().sum() for part in bridged)).backward()
    for way, part in zip(ways, cells, strict=True):
        for kind, place in (("ih", "from_input"), ("hh", "from_hidden")):
            mine = torch.cat([getattr(getattr(part, gate), place).weight.grad for gate in part.GATES])
            torch.testing.assert_close(mine, getattr(other, f"weight_{kind}_l0{way}").grad)


def test_an_lstm_begins_by_remembering_what_it_reads_and_what_it_writes() -> None:
    net = make_net(TranslatorSpec(net="bahdanau", cell="lstm", **SMALL), SOURCES, TARGETS, 1)
    cells = [part for part in net.modules() if isinstance(part, Cell)]
    assert len(cells) == 3
    assert all((part.forget.from_input.bias == 1).all() and (part.input.from_input.bias == 0).all() for part in cells)


@pytest.mark.parametrize("cell", ["gru", "lstm"])
def test_input_feeding_reads_what_was_found_at_the_step_before(cell: str) -> None:
    spec = TranslatorSpec(net="luong", fit="general", feeding=True, cell=cell, **SMALL)
    net, pairs = make_net(spec, SOURCES, TARGETS, 1), batch(2)
    memory, state = net.encoder(pairs.sources, pairs.known)
    found, symbols = torch.zeros(2, 10), torch.full((2,), BEGIN)
    for at, step in enumerate(written_out(net, pairs)):
        read = torch.cat([net.writer.embedding(symbols), found], dim=1)
        part = net.writer.cell
        state = part.step(part.of_input(read), part.of_hidden()(state[0]), state).state
        energies = torch.einsum("bc,bsc->bs", state[0], memory @ net.key.weight.T)
        pattern = energies.masked_fill(~pairs.known, -torch.inf).softmax(dim=1)
        context = torch.einsum("bs,bsc->bc", pattern, memory)
        found = torch.tanh(net.blend.weight @ torch.cat([context, state[0]], dim=1).T + net.blend.bias[:, None]).T
        torch.testing.assert_close(step.patterns["attention"][:, 0], pattern)
        torch.testing.assert_close(step.sums, net.head(found))
        symbols = pairs.targets[:, at]


def test_windows_are_torchs_convolution() -> None:
    net = make_net(next(spec for spec in SPECS if spec.net == "convolutional"), SOURCES, TARGETS, 1)
    window, x = net.reading[0], torch.randn(2, 6, 8, generator=torch.Generator().manual_seed(0))
    kernel = window.layer.weight.view(16, 8, 3)
    twin = functional.glu(functional.conv1d(x.transpose(1, 2), kernel, window.layer.bias, padding=1), dim=1)
    torch.testing.assert_close(window(x), twin.transpose(1, 2))


def test_weights_follow_from_the_seed_alone() -> None:
    first, same, other = (make_net(SPECS[2], SOURCES, TARGETS, seed).state_dict() for seed in (1, 1, 2))
    assert all(torch.equal(first[name], same[name]) for name in first)
    assert not torch.equal(first["head.weight"], other["head.weight"])


@pytest.mark.parametrize("spec", SPECS, ids=named)
def test_names_of_matrices_are_all_those_of_the_net(spec: TranslatorSpec) -> None:
    net = make_net(spec, SOURCES, TARGETS, 1)
    found = {name.removesuffix(".weight") for name, one in net.named_parameters() if one.dim() > 1}
    assert set(matrices(spec)) == found
    assert len(set(matrices(spec).values())) == len(found)


@pytest.mark.parametrize("spec", SPECS, ids=named)
def test_heads_and_contexts_are_those_that_are_written(spec: TranslatorSpec) -> None:
    step = written_out(make_net(spec, SOURCES, TARGETS, 1), batch())[0]
    expected = [f"{name}.{head}" for name, one in step.patterns.items() for head in range(one.shape[1])]
    assert list(heads(spec)) == expected
    assert list(contexts(spec)) == list(step.contexts)
