"""Whole transformers are torch's own layers above each other, in value; and all that passes through them is shown."""

from typing import Any

import pytest
import torch
from torch import Tensor, nn

from engine.nets.attention.positions import sinusoid
from engine.nets.attention.touch import Touched
from engine.nets.transformers.both import EncoderDecoder
from engine.nets.transformers.building import make_net
from engine.nets.transformers.names import matrices
from engine.nets.transformers.spec import TransformerSpec
from engine.nets.transformers.stack import Stack
from tests.engine.nets.attention.torchs_own import layer_like
from tests.engine.nets.sequences.test_cells import filled

pytestmark = pytest.mark.usefixtures("one_thread")

SYMBOLS, LENGTH, GIVEN = 9, 8, 5
SMALL: dict[str, Any] = {"width": 12, "heads": 3, "blocks": 2, "neurons": 20}


def symbols(count: int = 3) -> Tensor:
    return torch.randint(SYMBOLS, (count, LENGTH), generator=torch.Generator().manual_seed(0))


def through(stack: Stack, read: Tensor, *, causal: bool, memory: Tensor | None = None) -> Tensor:
    """Return what torch's own layers make of symbols, with the weights of a stack."""
    x = stack.embedding(read)
    if stack.places == "learnt":
        x = x + stack.position.weight[: read.shape[1]]
    elif stack.places == "sinusoid":
        x = x + sinusoid(read.shape[1], x.shape[2])
    later = torch.ones(read.shape[1], read.shape[1], dtype=torch.bool).triu(1) if causal else None
    for block in stack.blocks:
        layer = layer_like(block, block.bend)  # type: ignore[arg-type]
        x = layer(x, memory, tgt_mask=later) if memory is not None else layer(x, src_mask=later)
    return stack.norm(x)


@pytest.mark.parametrize("places", ["learnt", "sinusoid", "none"])
@pytest.mark.parametrize("norms", ["ahead", "behind"])
@pytest.mark.parametrize("shape", ["decoder", "encoder", "both"])
@pytest.mark.parametrize("touch", [None, Touched()], ids=["kernel", "by hand"])
def test_a_transformer_is_torchs_own_layers(shape: str, norms: str, places: str, touch: Touched | None) -> None:
    spec = TransformerSpec.model_validate({"shape": shape, "norms": norms, "places": places, **SMALL})
    net = make_net(spec, SYMBOLS, LENGTH, GIVEN if shape == "both" else 0, seed=1)
    filled(net)
    read = symbols()
    if isinstance(net, EncoderDecoder):
        memory = through(net.encoder, read[:, :GIVEN], causal=False)
        expected = net.head(through(net.decoder, read[:, GIVEN:], causal=True, memory=memory))
    else:
        expected = net.head(through(net, read, causal=shape == "decoder"))
    torch.testing.assert_close(net(read, touch), expected)


@pytest.mark.parametrize("places", ["learnt", "sinusoid", "rotary", "alibi", "none"])
@pytest.mark.parametrize("shape", ["decoder", "encoder", "both"])
def test_every_net_shows_what_passes_and_all_of_it_learns(shape: str, places: str) -> None:
    spec = TransformerSpec.model_validate({"shape": shape, "places": places, **SMALL})
    net, seen = make_net(spec, SYMBOLS, LENGTH, GIVEN if shape == "both" else 0, seed=1), Touched()
    sums = net(symbols(), seen)
    torch.testing.assert_close(sums, net(symbols()))
    ways = ("encoder.", "decoder.") if shape == "both" else ("",)
    for where in ways:
        assert {f"{where}embedded", f"{where}normed", *(f"{where}blocks.{at}.stream" for at in (0, 1))} <= set(seen)
        written = LENGTH - GIVEN if where == "decoder." else GIVEN if where else LENGTH
        assert seen[f"{where}blocks.1.attention.pattern"].shape == (3, 3, written, written)
        causal = where == "decoder." or shape == "decoder"
        assert bool((seen[f"{where}blocks.0.attention.pattern"].triu(1) == 0).all()) == causal
    if shape == "both":
        assert seen["decoder.blocks.0.crossed.pattern"].shape == (3, 3, LENGTH - GIVEN, GIVEN)
    torch.testing.assert_close(net.told(seen[f"{ways[-1]}blocks.1.stream"]), sums)
    sums.square().mean().backward()
    # A key's bias moves all scores of a row alike: the softmax does not notice.
    silent = [
        n for n, p in net.named_parameters() if p.grad is None or (not p.grad.any() and not n.endswith("key.bias"))
    ]
    assert silent == []
    assert {f"{name}.weight" for name in matrices(spec)} <= {
        name for name, one in net.named_parameters() if one.dim() == 2
    }


def test_who_has_no_places_cannot_tell_an_order_and_who_has_can() -> None:
    read = symbols(1)
    turned = read.flip(1)
    for places in ("none", "learnt", "sinusoid", "rotary", "alibi"):
        spec = TransformerSpec.model_validate({"shape": "encoder", "places": places, **SMALL})
        net = make_net(spec, SYMBOLS, LENGTH, 0, seed=1)
        same = torch.allclose(net(read).flip(1), net(turned), atol=1e-5)
        # ALiBi knows how far, not to which side: of a sequence turned round it makes the same.
        assert same == (places in ("none", "alibi"))
        apart = read[:, [1, 0, *range(2, LENGTH)]]
        assert torch.allclose(net(read)[:, 2:], net(apart)[:, 2:], atol=1e-5) == (places == "none")


def test_dropout_is_drawn_from_streams_of_its_own() -> None:
    spec = TransformerSpec(dropout=0.5, **SMALL)
    one, other = (make_net(spec, SYMBOLS, LENGTH, 0, seed=1) for _ in range(2))
    torch.rand(7)
    first = one.train()(symbols())
    torch.rand(3)
    torch.testing.assert_close(first, other.train()(symbols()))
    assert not torch.equal(first, one(symbols()))


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"width": 10, "heads": 4}, "Width: expected a multiple of the 4 heads, received 10."),
        ({"width": 12, "heads": 4, "places": "rotary"}, "an even multiple of the 4 heads"),
        ({"width": 9, "heads": 3, "places": "sinusoid"}, "Width: expected an even number"),
    ],
)
def test_sizes_that_do_not_fit_are_told(values: dict, words: str) -> None:
    with pytest.raises(ValueError, match="width: expected") as told:
        TransformerSpec.model_validate(values)
    assert words in str(told.value.errors()[0]["ctx"]["error"].words)  # type: ignore[attr-defined]


def test_first_weights_follow_from_the_seed_alone() -> None:
    nets = [make_net(TransformerSpec(**SMALL), SYMBOLS, LENGTH, 0, seed) for seed in (1, 1, 2)]
    first, same, other = (nn.utils.parameters_to_vector(net.parameters()) for net in nets)
    assert torch.equal(first, same)
    assert not torch.equal(first, other)
