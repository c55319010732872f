"""The attention of a transformer that translates, to what it reads and what it writes: its numbers are the net's."""

from itertools import islice

import numpy as np
import pytest
import torch

from engine.asking import Question
from engine.explanation import Cell
from engine.labs.translation import TranslationSpec, panels
from engine.labs.translation_experiment import TranslationExperiment
from engine.nets.attention.touch import Touched
from engine.nets.translation.model import BEGIN
from engine.readings import Arrays, arrays_of
from engine.training.experiment import Moment

pytestmark = pytest.mark.usefixtures("one_thread")

SPEC = TranslationSpec(net="transformer", samples=400, width=16, heads=2)
PARTS = {
    "read": ("encoder.blocks.1.attention", "encoder.attention"),
    "written": ("decoder.blocks.1.attention", "decoder.attention"),
    "crossed": ("decoder.blocks.1.crossed", "decoder.crossed"),
}


def opened(**changes: object) -> TranslationExperiment:
    return TranslationExperiment(SPEC.replace(**changes))


def observed(experiment: TranslationExperiment) -> tuple[Moment, Arrays]:
    """Return what is seen after some steps."""
    moment = experiment.observe(next(islice(experiment.steps(), 30, None)))
    scalars = np.array([moment.scalars[name] for name in experiment.scalars])
    return moment, arrays_of(moment.readings) | {"scalars": scalars}


def touched(experiment: TranslationExperiment, moment: Moment) -> tuple[Touched, int, int]:
    """Return what passes through the net as it writes what the frame tells, and how much is read and written."""
    source = experiment.prepared.source.encode(experiment.prepared.held_out[experiment.live.example][0])
    names = experiment.prepared.target.symbols
    written = [2 if one == "⏎" else names.index(one.replace("␣", " ")) for one in moment.words["written"].split("\n")]
    seen = Touched()
    read = torch.tensor([source])
    with torch.no_grad():
        known = torch.ones_like(read, dtype=torch.bool)
        experiment.net.eval().look(read, known, torch.tensor([[BEGIN, *written[:-1]]]), seen)
    return seen, len(source), len(written)


@pytest.mark.parametrize("part", PARTS)
def test_each_kind_of_attention_is_the_nets_with_its_symbols_named(part: str) -> None:
    experiment = opened(part=part, block=1, head=1)
    moment, arrays = observed(experiment)
    seen, read, written = touched(experiment, moment)
    name, array = PARTS[part]
    rows, columns = (read if part == "read" else written), (written if part == "written" else read)
    for tensor in ("pattern", "scores", "masked"):
        expected = seen[f"{name}.{tensor}"][0, 1].numpy()
        assert expected.shape == (rows, columns)
        np.testing.assert_allclose(arrays[f"head.{tensor}"][:rows, :columns], expected, atol=1e-6)
        assert np.isnan(arrays[f"head.{tensor}"][rows:]).all()
        assert np.isnan(arrays[f"head.{tensor}"][:, columns:]).all()
    tiles = arrays[f"patterns.{array}"]
    assert tiles.shape[:2] == (2, 2)
    for head in range(2):
        np.testing.assert_allclose(tiles[1, head, :rows, :columns], seen[f"{name}.pattern"][0, head], atol=1e-6)
    source, target = (moment.words[side].split("\n") for side in ("read", "written"))
    shown = ["⟨begin⟩", *target[:-1]]
    assert moment.words["asking"].split("\n") == (source if part == "read" else shown)
    assert moment.words["asked"].split("\n") == (shown if part == "written" else source)
    if part == "written":
        assert not np.triu(arrays["head.pattern"][:rows, :columns], 1).any(), "nothing ahead is seen"


def test_the_alignment_is_the_same_as_what_is_told_of_attention_from_written_to_read() -> None:
    moment, arrays = observed(opened(part="crossed"))
    read, written = (len(moment.words[side].split("\n")) for side in ("read", "written"))
    for block in range(2):
        for head in range(2):
            alignment = arrays[f"alignment.decoder.blocks.{block}.crossed.{head}"][:written, :read]
            np.testing.assert_allclose(
                arrays["patterns.decoder.crossed"][block, head, :written, :read], alignment, atol=1e-6
            )


@pytest.mark.parametrize("part", PARTS)
def test_a_weight_is_written_out_from_query_and_key(part: str) -> None:
    experiment = opened(part=part, block=1, head=1)
    moment, arrays = observed(experiment)
    seen, _, _ = touched(experiment, moment)
    name, array = PARTS[part]
    query, key = (seen[f"{name}.{one}"][0, 1] for one in ("query", "key"))
    told = experiment.explain(0, arrays, Cell("head.scores", (1, 0)))
    assert told.value == pytest.approx(float(query[1] @ key[0]) / 8**0.5, rel=1e-4)
    weight = experiment.explain(0, arrays, Cell("head.pattern", (1, 0)))
    share, total = weight.lines[-1].split(" = ")[1].split(" / ")
    assert float(share) / float(total) == pytest.approx(float(seen[f"{name}.pattern"][0, 1, 1, 0]), rel=2e-3)
    tile = experiment.explain(0, arrays, Cell(f"patterns.{array}", (1, 1, 1, 0)))
    assert tile.lines == weight.lines
    assert "Choose this head" in experiment.explain(0, arrays, Cell(f"patterns.{array}", (0, 1, 1, 0))).lines[0]


def test_gradients_are_those_of_finite_differences() -> None:
    experiment = opened(part="read", block=0, head=1, place=1)
    moment, arrays = observed(experiment)
    source = experiment.prepared.source.encode(experiment.prepared.held_out[0][0])
    names = experiment.prepared.target.symbols
    first = names.index(moment.words["written"].split("\n")[0].replace("␣", " "))
    net = experiment.make_net().double()
    net.load_state_dict(experiment.net.state_dict())
    read, step = torch.tensor([source]), 1e-5

    def sums(change: float) -> torch.Tensor:
        def moved(name: str, value: torch.Tensor) -> torch.Tensor:
            if name != "encoder.blocks.0.attention.pattern":
                return value
            value = value.clone()
            value[0, 1, 2, 0] += change
            return value

        with torch.no_grad():
            known = torch.ones_like(read, dtype=torch.bool)
            return net.eval().look(read, known, torch.tensor([[BEGIN, first]]), moved)[0, 1]

    symbol = int(sums(0).argmax())
    slope = float(sums(step)[symbol] - sums(-step)[symbol]) / (2 * step)
    assert arrays["pattern_slopes.encoder.attention"][0, 1, 2, 0] == pytest.approx(slope, rel=1e-3, abs=1e-5)
    assert arrays["head.slope"][2, 0] == arrays["pattern_slopes.encoder.attention"][0, 1, 2, 0]
    assert f"place {1}:" in moment.words["logit"]


def test_what_is_looked_at_may_change_meanwhile_and_is_of_what_is_typed_too() -> None:
    experiment = opened()
    for name, value in {"part": "crossed", "block": "3", "head": "5", "place": "0"}.items():
        experiment.set(name, value)
    answer = experiment.answer(Question("look", values=b"twenty one"))
    assert answer.words["asked"] == "␣twenty\n␣one\n⏎"
    assert answer.words["asking"].startswith("⟨begin⟩")
    assert answer.words["token"].startswith("Place 0 «⟨begin⟩» asks with head 1 of block 1.")


def test_other_nets_have_none_of_it() -> None:
    ids = {panel.id for panel in panels(TranslationSpec())}
    assert ids.isdisjoint({"heads", "slopes", "head", "token", "queries", "keys", "asked-of"})
    assert {"heads", "head", "token"} <= {panel.id for panel in panels(SPEC)}
