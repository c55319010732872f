"""What is told of one sequence: every number written out is the net's, and places fill the panels that they are for."""

import numpy as np
import pytest
import torch

from engine.nets.transformers.building import make_net
from engine.nets.transformers.spec import TransformerSpec
from engine.probes import attending, transformer
from engine.probes.attending import Chosen, Read
from engine.readings import arrays_of
from tests.engine.nets.sequences.test_cells import filled

pytestmark = pytest.mark.usefixtures("one_thread")
LENGTH, GIVEN, MOST = 8, 5, 10
TOKENS = tuple("abcdefgh")
READ, OTHER = (torch.randint(9, (1, LENGTH), generator=torch.Generator().manual_seed(seed)) for seed in (0, 1))


def looked(shape: str, part: str, **changes: object):
    spec = TransformerSpec.model_validate({"shape": shape, "width": 12, "heads": 3, "neurons": 20, **changes})
    given = GIVEN if shape == "both" else 0
    net = make_net(spec, 9, LENGTH, given, seed=1).eval()
    filled(net).float()
    chosen, read = Chosen(part, 1, 2, 2), READ
    seen = attending.look(net, Read(read, TOKENS, given), OTHER, chosen, lambda symbol: f"s{symbol}", MOST)
    return net, read, seen


@pytest.mark.parametrize(
    ("shape", "part", "rows", "columns"),
    [
        ("decoder", "attention", "abcdefgh", "abcdefgh"),
        ("encoder", "attention", "abcdefgh", "abcdefgh"),
        ("both", "decoder.attention", "fgh", "fgh"),
        ("both", "decoder.crossed", "fgh", "abcde"),
        ("both", "encoder.attention", "abcde", "abcde"),
    ],
)
def test_one_head_is_that_of_the_net_with_its_places_named(shape: str, part: str, rows: str, columns: str) -> None:
    net, read, seen = looked(shape, part)
    arrays = arrays_of(seen.readings)
    touched = transformer.see(net, read).touched
    name = transformer.attention_name(part, 1)
    assert seen.words["asking"] == "\n".join(rows)
    assert seen.words["asked"] == "\n".join(columns)
    for tensor in ("scores", "masked", "pattern"):
        found = arrays[f"head.{tensor}"]
        assert found.shape == (MOST, MOST)
        np.testing.assert_array_equal(found[: len(rows), : len(columns)], touched[f"{name}.{tensor}"][0, 2].numpy())
        assert np.isnan(found[len(rows) :]).all()
        assert np.isnan(found[:, len(columns) :]).all()
    for tensor, places in (("query", rows), ("gathered", rows), ("key", columns), ("value", columns)):
        found = arrays[f"head.{tensor}"]
        np.testing.assert_array_equal(found[:, : len(places)], touched[f"{name}.{tensor}"][0, 2].numpy().T)
        assert np.isnan(found[:, len(places) :]).all()
    tiles = arrays[f"patterns.{part}"]
    assert tiles.shape == (2, 3, MOST, MOST)
    np.testing.assert_array_equal(tiles[1, 2], arrays["head.pattern"])
    np.testing.assert_array_equal(arrays[f"pattern_slopes.{part}"][1, 2], arrays["head.slope"])
    written = 3 if shape == "both" else LENGTH
    for key, where in (("all", "decoder."), ("encoder", "encoder.")) if shape == "both" else (("all", ""),):
        flow = transformer.rollout(transformer.over_blocks(touched, f"{where}attention", "pattern")).numpy()
        np.testing.assert_array_equal(arrays[f"rollout.{key}"][: len(flow), : len(flow)], flow)
    assert seen.words["lens"].count("\n") == 3 * written - 1
    assert np.isfinite(arrays["stream.length"][:, :written]).all()
    assert arrays["strongest.activations"].shape[0] == seen.words["neurons"].count("\n") + 1


def test_of_an_encoder_beside_a_decoder_its_own_stream_is_told_and_what_the_answer_owes_to_it() -> None:
    net, read, seen = looked("both", "decoder.crossed")
    arrays, touched = arrays_of(seen.readings), transformer.see(net, read).touched
    levels = [touched[f"encoder.{name}"][0].numpy() for name in ("embedded", "blocks.0.stream", "blocks.1.stream")]
    for name, array in arrays.items():
        if name.startswith("given_"):
            assert array.shape[1] == MOST
            assert np.isnan(array[:, GIVEN:]).all()
    found = {name: array[:, :GIVEN] for name, array in arrays.items() if name.startswith("given_")}
    np.testing.assert_allclose(found["given_stream.length"], np.linalg.norm(levels, axis=2), rtol=1e-5)
    np.testing.assert_allclose(found["given_stream.added"][2], np.linalg.norm(levels[2] - levels[1], axis=1), rtol=1e-5)
    np.testing.assert_allclose(found["given_stream.added"][0], np.linalg.norm(levels[0], axis=1), rtol=1e-5)

    def sums(embedded: torch.Tensor, symbols: torch.Tensor = read) -> torch.Tensor:
        return net(symbols, lambda name, value: embedded if name == "encoder.embedded" else value)[0, 2]

    mine, theirs = touched["encoder.embedded"], transformer.see(net, OTHER).touched["encoder.embedded"]
    symbol = int(sums(mine).argmax())
    given = mine.clone().requires_grad_()
    (slope,) = torch.autograd.grad(sums(given)[symbol], given)
    np.testing.assert_allclose(found["given_inputs.length"][0], slope[0].norm(dim=1), rtol=1e-4)
    np.testing.assert_allclose(found["given_inputs.product"][0], (slope * mine)[0].sum(dim=1), rtol=1e-3, atol=1e-5)

    strange = int(sums(theirs, OTHER).argmax())
    assert strange != symbol
    off = [
        (one[strange] - one[symbol]).item()
        for one in (sums(mine), sums(theirs, OTHER), *(sums(torch.where(at, theirs, mine)) for at in each_place(GIVEN)))
    ]
    expected = [(one - off[0]) / (off[1] - off[0]) for one in off[2:]]
    np.testing.assert_allclose(found["given_stream.restored"][0], expected, rtol=1e-3, atol=1e-5)
    assert not any(name.startswith("given_") for name in arrays_of(looked("decoder", "attention")[2].readings))


def each_place(count: int) -> torch.Tensor:
    """Return (count, 1, count, 1): True at one place each."""
    return torch.eye(count, dtype=torch.bool)[:, None, :, None]


def test_what_is_written_out_adds_up_to_the_attention_weight() -> None:
    for places in ("learnt", "alibi"):
        net, read, seen = looked("decoder", "attention", places=places)
        touched = transformer.see(net, read).touched
        pattern = touched["blocks.1.attention.pattern"][0, 2, 2]
        lines = seen.words["token"].split("\n")
        assert lines[0] == "Place 2 «c» asks with head 2 of block 1."
        assert len(lines) == 6, "three places may be seen, and how many may not, and what is gathered"
        for at, place in enumerate(pattern.argsort(descending=True)[:3].tolist(), 1):
            assert lines[at].startswith(f"«{TOKENS[place]}» at {place}: ")
            told = float(lines[at].rstrip(".").rpartition(" = ")[2])
            assert told == pytest.approx(float(pattern[place]), rel=1e-3)
            numbers = lines[at].split("softmax: exp(")[1].replace("−", "-")
            masked, rest = numbers.split(" - ", 1)
            largest, total = rest.split(") / ")
            share = np.exp(float(masked) - float(largest)) / float(total.split(" = ")[0])
            assert share == pytest.approx(float(pattern[place]), rel=0.02)
        assert lines[4] == "5 of 8 places it may not see: their scores become −∞, and their weights 0."
        value, gathered = (touched[f"blocks.1.attention.{one}"][0, 2] for one in ("value", "gathered"))
        told = lines[5].split("weights: ")[1].replace("−", "-").split("; ")
        for number, one in enumerate(told[:2]):
            summed, result = one.removeprefix(f"number {number} is ").split(" = ")
            assert float(result) == pytest.approx(float(gathered[2, number]), rel=1e-3)
            terms = [term.strip("()").split(" · ") for term in summed.split(" + ")]
            weights, values = zip(*[(float(part.strip("()")) for part in term) for term in terms], strict=True)
            np.testing.assert_allclose(weights, pattern[:3], rtol=1e-3)
            np.testing.assert_allclose(values, value[:3, number], rtol=1e-3)
        assert told[2] == "…"
        assert ("(distance)" in lines[1] + lines[2] + lines[3]) == (places == "alibi")


def test_a_head_knocked_out_is_gone_from_all_that_is_seen() -> None:
    net, read, whole = looked("decoder", "attention")
    chosen = Chosen("attention", 1, 2, 2, transformer.without("attention", 0, 1))
    seen = attending.look(net, Read(read, TOKENS), None, chosen, str, MOST)
    there, here = arrays_of(whole.readings), arrays_of(seen.readings)
    np.testing.assert_array_equal(here["patterns.attention"][0], there["patterns.attention"][0])
    assert not np.allclose(here["patterns.attention"][1], there["patterns.attention"][1], equal_nan=True)
    assert not here["pattern_slopes.attention"][0, 1, :LENGTH, :LENGTH].any()
    assert np.isnan(here["stream.restored"]).all()
    assert seen.words["patched"].startswith("There is no other sequence")
