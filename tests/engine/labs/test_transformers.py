"""The transformer lab: it learns, its frames hold what its panels draw, its numbers are those that torch makes."""

from itertools import islice
from typing import Any

import numpy as np
import pytest
import torch
from torch.nn import functional

from engine.asking import Question
from engine.data.symbols.spec import SHAPES
from engine.errors import RunError, SpecError
from engine.explanation import Cell
from engine.figures.panel import PlotPanel, TensorPanel, TilesPanel, WordsPanel
from engine.labs.transformers import TransformersSpec, panels
from engine.labs.transformers_experiment import TransformersExperiment
from engine.labs.transformers_looking import KNOCKED, spectrum
from engine.labs.transformers_presets import PRESETS
from engine.readings import Arrays, arrays_of
from engine.runs.onnx_file import onnx_file
from engine.runs.weights import Weights
from engine.training.experiment import Answering, Moment, Step

pytestmark = pytest.mark.usefixtures("one_thread")

SMALL: dict[str, Any] = {"samples": 300, "width": 16, "heads": 2, "neurons": 24, "length": 8, "letters": 9, "prime": 23}
QUICK = TransformersSpec(**SMALL)
RUNS = [
    *({"sequences": task, "shape": shape} for task, shapes in SHAPES.items() for shape in shapes),
    {"places": "rotary", "norms": "behind", "dropout": 0.2},
    {"places": "alibi", "sequences": "copy", "shape": "both", "part": "crossed", "block": 1, "head": 1},
    {"places": "sinusoid", "sequences": "sort", "shape": "both", "part": "encoder", "knocked_block": 0},
    {"places": "none", "bend": "relu", "knocked_block": 1, "knocked_head": 5, "place": 3, "loss": "hinge"},
]
SPECS = [TransformersSpec(**SMALL, **changes) for changes in RUNS]


def named(spec: TransformersSpec) -> str:
    return f"{spec.sequences}-{spec.shape}-{spec.places}"


def walked(experiment: TransformersExperiment, step: int) -> tuple[Step, Moment]:
    """Walk to a step, with its update foreseen, and look."""
    walk = experiment.steps()
    if step:
        next(islice(walk, step - 1, None))
        experiment.foresee()
    last = next(walk)
    return last, experiment.observe(last)


def frame(experiment: TransformersExperiment, moment: Moment) -> Arrays:
    scalars = np.array([moment.scalars[name] for name in experiment.scalars])
    return arrays_of(moment.readings) | {"scalars": scalars}


def test_an_induction_head_is_found_by_its_score_and_nothing_is_told_right_without_one() -> None:
    """Two blocks learn in a few seconds to look up what came behind a letter before; one block cannot."""
    scores = {}
    for blocks in (1, 2):
        experiment = TransformersExperiment(TransformersSpec(blocks=blocks, heads=2))
        scores[blocks] = walked(experiment, 300)[1].scalars
    induction = {name: value for name, value in scores[2].items() if name.startswith("induction.")}
    assert max(value for name, value in induction.items() if name.startswith("induction.block1.")) > 0.8
    assert max(value for name, value in induction.items() if name.startswith("induction.block0.")) < 0.4
    assert scores[2]["val_score"] > 0.98
    assert max(value for name, value in scores[1].items() if name.startswith("induction.")) < 0.4
    assert scores[1]["val_score"] < 0.5


@pytest.mark.parametrize("spec", SPECS, ids=named)
def test_a_frame_holds_all_that_the_panels_draw(spec: TransformersSpec) -> None:
    experiment = TransformersExperiment(spec)
    assert isinstance(experiment, Answering)
    _, moment = walked(experiment, 2)
    arrays, words = arrays_of(moment.readings), {**experiment.words(), **moment.words}
    assert tuple(moment.scalars) == experiment.scalars
    for panel in panels(spec):
        match panel:
            case PlotPanel():
                stacks = {one.split(".")[0] for one in experiment.scalars}
                for bind in panel.bindings:
                    where: Any = {"frame": arrays, "series": experiment.scalars, "stack": stacks}[bind.mode]
                    assert bind.array in where, panel.id
                    if bind.mode == "stack":  # a row that is named by a number is drawn at that number
                        rows = [one.partition(".")[2] for one in experiment.scalars if one.startswith(f"{bind.array}.")]
                        assert rows
                        assert not any(row.replace(".", "").isdigit() for row in rows)
            case TensorPanel():
                assert {f"{panel.array}.{tensor}" for tensor in panel.tensors} <= set(arrays)
                first = arrays[f"{panel.array}.{panel.tensors[0]}"]
                if panel.columns:
                    lines = words[panel.columns].count("\n") + 1
                    assert first.shape[-1] >= lines
                if panel.rows:
                    count = len(panel.rows) if isinstance(panel.rows, tuple) else words[panel.rows].count("\n") + 1
                    assert first.shape[0] >= count
            case TilesPanel():
                assert set(panel.arrays) <= set(arrays)
                assert all(arrays[name].ndim == 4 for name in panel.arrays)
            case WordsPanel():
                assert any(words[key] for key in panel.keys)


@pytest.mark.parametrize("spec", SPECS, ids=named)
def test_every_kind_of_number_is_told_with_its_value(spec: TransformersSpec) -> None:
    experiment = TransformersExperiment(spec)
    step, moment = walked(experiment, 3)
    arrays = frame(experiment, moment)
    for name, array in arrays.items():
        if name != "scalars":
            for index in ((0,) * array.ndim, tuple(min(1, side - 1) for side in array.shape)):
                told = experiment.explain(step.number, arrays, Cell(name, index))
                assert told.value == pytest.approx(float(array[index]), nan_ok=True)
                assert told.what
    for name in experiment.scalars:
        told = experiment.explain(step.number, arrays, Cell(f"scalars.{name}"))
        assert told.value == pytest.approx(moment.scalars[name], nan_ok=True)
    with pytest.raises(RunError):
        experiment.explain(step.number, arrays, Cell("head.pattern", (999, 0)))


def test_an_attention_weight_is_written_out_from_query_and_key() -> None:
    experiment = TransformersExperiment(QUICK.replace(places="alibi", block=1, head=1))
    step, moment = walked(experiment, 20)
    arrays = frame(experiment, moment)
    read = torch.from_numpy(experiment.prepared.made.read[experiment.prepared.validation[:1]])
    seen: dict[str, torch.Tensor] = {}
    with torch.no_grad():
        experiment.net(read, lambda name, value: seen.setdefault(name, value))
    query, key = (seen[f"blocks.1.attention.{name}"][0, 1] for name in ("query", "key"))
    told = experiment.explain(step.number, arrays, Cell("head.scores", (5, 2)))
    assert told.value == pytest.approx(float(query[5] @ key[2]) / 8**0.5, rel=1e-5)
    assert told.lines[1].endswith(f"= {told.value:.4g}".replace("-", "−"))
    weight = experiment.explain(step.number, arrays, Cell("head.pattern", (5, 2)))
    assert weight.value == pytest.approx(float(seen["blocks.1.attention.pattern"][0, 1, 5, 2]))
    share, total = weight.lines[-1].split(" = ")[1].split(" / ")
    assert float(share) / float(total) == pytest.approx(weight.value, rel=2e-3)
    assert "for the distance" in weight.lines[2]
    tile = experiment.explain(step.number, arrays, Cell("patterns.attention", (1, 1, 5, 2)))
    assert tile.lines == weight.lines
    assert (
        "Choose this head" in experiment.explain(step.number, arrays, Cell("patterns.attention", (0, 1, 5, 2))).lines[0]
    )
    ahead = experiment.explain(step.number, arrays, Cell("head.pattern", (2, 5)))
    assert (ahead.value, ahead.lines[-1]) == (0, "exp(−∞) = 0")
    gathered = experiment.explain(step.number, arrays, Cell("head.gathered", (3, 5)))
    assert gathered.value == pytest.approx(float(seen["blocks.1.attention.gathered"][0, 1, 5, 3]), rel=1e-5)


def test_losses_are_those_of_the_places_asked() -> None:
    for spec in (QUICK, SPECS[8]):
        experiment = TransformersExperiment(spec)
        _, moment = walked(experiment, 5)
        made = experiment.prepared.made
        read, asked = (torch.from_numpy(part[experiment.prepared.validation]) for part in (made.read, made.asked))
        with torch.no_grad():
            sums = experiment.net(read)
        expected = functional.cross_entropy(sums.flatten(0, 1), asked.flatten(), ignore_index=-1).item()
        assert moment.scalars["val_loss"] == pytest.approx(expected, rel=1e-5)
        assert experiment.validate()[0] == pytest.approx(expected, rel=1e-5)
        right = (sums.argmax(dim=2) == asked)[asked >= 0].float().mean().item()
        assert moment.scalars["val_score"] == pytest.approx(right)


def test_what_a_head_is_for_is_the_loss_without_it() -> None:
    experiment = TransformersExperiment(QUICK)
    _, moment = walked(experiment, 30)
    arrays, made = arrays_of(moment.readings), experiment.prepared.made
    rows = experiment.prepared.validation[:KNOCKED]
    read, asked = (torch.from_numpy(part[rows]) for part in (made.read, made.asked))
    other = experiment.make_net()
    other.load_state_dict(experiment.net.state_dict())

    def measured() -> tuple[float, float]:
        with torch.no_grad():
            sums = other(read).flatten(0, 1)
        there = asked.flatten() >= 0
        right = sums.softmax(1)[torch.arange(len(there)), asked.flatten().clamp(min=0)][there].mean()
        return functional.cross_entropy(sums[there], asked.flatten()[there]).item(), float(right)

    before = measured()
    with torch.no_grad():
        other.get_parameter("blocks.1.attention.out.weight")[:, 8:] = 0  # the second head of two, of width 8
    loss, right = measured()
    assert arrays["knocked.attention.loss"][1, 1] == pytest.approx(loss - before[0], abs=1e-5)
    assert arrays["knocked.attention.right"][1, 1] == pytest.approx(right - before[1], abs=1e-5)


def test_a_spectrum_is_that_of_sums_over_waves_and_has_one_line_for_one_wave() -> None:
    vectors = np.random.default_rng(0).normal(size=(23, 5))
    found, at = spectrum(vectors), np.arange(23)
    power = [
        (np.cos(2 * np.pi * k * at / 23) @ vectors) ** 2 + (np.sin(2 * np.pi * k * at / 23) @ vectors) ** 2
        for k in range(1, 12)
    ]
    sizes = np.sum(power, axis=1)
    np.testing.assert_allclose(found.share, sizes / sizes.sum(), rtol=1e-5)
    np.testing.assert_array_equal(found.frequency, np.arange(1, 12))
    # Parseval: all waves, each but the mean counted twice, are all squares.
    assert 2 * sizes.sum() / 23 == pytest.approx(((vectors - vectors.mean(axis=0)) ** 2).sum())
    one = spectrum(np.cos(2 * np.pi * 4 * at / 23)[:, None] + 3)
    assert one.share.argmax() == 3
    assert one.share[3] == pytest.approx(1)


def asked(experiment: TransformersExperiment, text: str):
    return experiment.answer(Question("look", {}, text.encode()))


def test_a_sequence_that_is_typed_is_looked_at() -> None:
    experiment = TransformersExperiment(QUICK)
    walked(experiment, 3)
    told = asked(experiment, "abcab")
    assert told.words["read"] == "a\nb\nc\na\nb"
    arrays = arrays_of(told.readings)
    assert arrays["head.pattern"].shape == (8, 8)
    assert np.isfinite(arrays["head.pattern"][:5, :5]).all()
    assert np.isnan(arrays["head.pattern"][5:]).all()
    with torch.no_grad():
        sums = experiment.net(torch.tensor([[0, 1, 2, 0, 1]]))[0, -1].softmax(0)
    assert told.words["next"].startswith(f"Place 4, behind b: told {'abcdefghi'[int(sums.argmax())]} (")
    assert told.words["patched"].startswith("There is no other sequence")
    with pytest.raises(RunError, match="The net knows no 'z': expected symbols from among a to i"):
        asked(experiment, "abz")
    with pytest.raises(RunError, match="at least two symbols long: received 1"):
        asked(experiment, "a")
    with pytest.raises(RunError, match="asked to look at a sequence, not 'sing'"):
        experiment.answer(Question("sing"))


@pytest.mark.parametrize(
    ("sequences", "text", "sentence"),
    [
        ("repeated", "", "at least two symbols long: received 0"),
        ("repeated", "a\N{LATIN SMALL LETTER E WITH ACUTE}", "The net knows no 'é'"),
        ("repeated", "a\0b", "The net knows no"),
        ("text", "\N{RIGHT-TO-LEFT OVERRIDE}ab", "expected symbols from among those of the text"),
        ("modular", "9" * 200, "A sum is of two numbers from 0 to 22"),
        ("sort", "a" * 200, "made for 8 letters: received 200"),
        ("sort", "<script>", "The net knows no '<'"),
    ],
    ids=["nothing", "unknown", "NUL", "turning", "too large", "too long", "markup"],
)
def test_what_is_no_sequence_is_refused_in_a_sentence(sequences: str, text: str, sentence: str) -> None:
    experiment = TransformersExperiment(QUICK.replace(sequences=sequences))
    with pytest.raises(RunError, match=sentence):
        asked(experiment, text)


def test_sums_and_letters_to_be_arranged_are_typed_as_they_are_said() -> None:
    adding = TransformersExperiment(TransformersSpec(**SMALL, sequences="modular"))
    told = asked(adding, "20 + 5")
    assert told.words["read"] == "20\n5\n="
    assert "asked is 2, told " in told.words["next"]
    for bad in ("20", "1 2 3", "20 + 23", "x"):
        with pytest.raises(RunError, match="A sum is of two numbers from 0 to 22"):
            asked(adding, bad)
    for shape in SHAPES["reverse"]:
        experiment = TransformersExperiment(QUICK.replace(sequences="reverse", shape=shape))
        told = asked(experiment, "abcdefgh")
        if shape == "both":
            assert told.words["read"].startswith(">\n")
            assert told.words["asked"] == told.words["read"]
        with pytest.raises(RunError, match="made for 8 letters: received 3"):
            asked(experiment, "abc")


def test_what_a_decoder_writes_is_its_own_likeliest_symbol_each_time() -> None:
    for shape in ("decoder", "both"):
        experiment = TransformersExperiment(QUICK.replace(sequences="copy", shape=shape))
        walked(experiment, 40)
        told = asked(experiment, "abcdefgh").words["read"].split("\n")
        written = told[told.index(">") + 1 :]
        read = [*range(8), 9]
        for letter in written:
            padded = [*read, *[0] * (16 - len(read))] if shape == "both" else read
            with torch.no_grad():
                sums = experiment.net(torch.tensor([padded]))[0]
            at = len(read) - 9 if shape == "both" else len(read) - 1
            assert "abcdefghi>"[int(sums[at].argmax())] == letter
            read.append("abcdefghi>".index(letter))


def test_live_settings_change_what_is_looked_at_and_nothing_that_is_learnt() -> None:
    experiment, left = TransformersExperiment(QUICK), TransformersExperiment(QUICK)
    walk, other = experiment.steps(), left.steps()
    step = next(other)
    assert next(walk) == step
    for step in islice(other, 5):
        assert next(walk) == step
    for name, value in {"head": "1", "block": "1", "example": "3", "place": "4", "knocked_block": "0"}.items():
        experiment.set(name, value)
    mine, theirs = experiment.observe(step), left.observe(step)
    assert mine.scalars == theirs.scalars
    assert mine.words["token"].startswith("Place 4 «")
    assert mine.words["knocked"] == "Without head 0 of block 0."
    assert theirs.words["knocked"] == ""
    assert mine.words["read"] != theirs.words["read"]
    kept = experiment.checkpoint()
    assert next(walk) == next(other)
    again = TransformersExperiment(QUICK)
    next(again.steps(kept))
    assert (again.live.head, again.live.place, again.live.knocked_block) == (1, 4, 0)
    with pytest.raises(SpecError, match="cannot change during a run"):
        experiment.set("heads", "4")


@pytest.mark.parametrize("spec", [SPECS[0], SPECS[-4], SPECS[-3]], ids=named)
def test_a_run_goes_on_from_a_checkpoint_as_if_it_had_never_stopped(spec: TransformersSpec) -> None:
    whole = TransformersExperiment(spec)
    losses = [step.loss for step in islice(whole.steps(), 20)]
    half = TransformersExperiment(spec)
    next(islice(half.steps(), 5, None))
    again = TransformersExperiment(spec)
    assert [step.loss for step in islice(again.steps(half.checkpoint()), 15)] == losses[5:]


def test_an_observer_sees_what_the_worker_does() -> None:
    experiment, observer = TransformersExperiment(QUICK), TransformersExperiment(QUICK)
    walk = experiment.steps()
    next(islice(walk, 3, None))
    experiment.foresee()
    experiment.set("head", "1")
    step = next(walk)
    observer.adopt(experiment.snapshot())
    there, here = observer.observe(step), experiment.observe(step)
    for name, array in arrays_of(here.readings).items():
        np.testing.assert_array_equal(arrays_of(there.readings)[name], array, err_msg=name)
    assert there.words == here.words


@pytest.mark.parametrize("spec", [SPECS[0], SPECS[1], SPECS[-3], SPECS[-4]], ids=named)
def test_a_net_for_other_programs_tells_the_same(spec: TransformersSpec) -> None:
    onnx = pytest.importorskip("onnx", reason="a form that is offered where onnx is installed")
    from onnx.reference import ReferenceEvaluator

    experiment = TransformersExperiment(spec)
    walked(experiment, 2)
    kept = {name.removeprefix("net."): a for name, a in experiment.checkpoint().items() if name.startswith("net.")}
    model = onnx.load_from_string(onnx_file(Weights("transformers", spec.to_json(), 2, kept)))
    net, read = experiment.net_with(kept)
    (told,) = ReferenceEvaluator(model).run(None, {"inputs": read[:3].numpy()})
    with torch.no_grad():
        np.testing.assert_allclose(told, net(read[:3]), atol=1e-5)


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_a_net_whose_weights_are_no_numbers_is_still_looked_at(bad: float) -> None:
    for spec in (QUICK, SPECS[1], SPECS[-3]):
        experiment = TransformersExperiment(spec)
        step = next(experiment.steps())
        with torch.no_grad():
            for parameter in experiment.net.parameters():
                parameter.view(-1)[::3] = bad
        assert experiment.observe(step).words["example"].endswith("told no number.")
        arrays = frame(experiment, experiment.observe(step))
        for name in ("head.pattern", "head.scores", "head.masked", "head.gathered"):
            assert experiment.explain(0, arrays, Cell(name, (1, 1))).what


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"sequences": "repeated", "shape": "both"}, "Shape: expected Decoder, Encoder for what is learnt"),
        ({"length": 40, "letters": 10}, "Length: expected at most twice the 10 letters"),
        ({"sequences": "sort", "length": 40}, "at most 32 letters to be arranged, received 40"),
    ],
)
def test_what_does_not_fit_is_told(values: dict[str, Any], words: str) -> None:
    with pytest.raises(SpecError) as told:
        TransformersSpec().replace(**values)
    assert words in told.value.words


def test_what_is_called_broken_is_and_its_cure_helps() -> None:
    for preset in (preset for preset in PRESETS if preset.broken and preset.name != "by-heart"):
        for spec, bar in ((preset.spec(TransformersSpec), False), (preset.mended(TransformersSpec), True)):
            scalars = walked(TransformersExperiment(spec), 300)[1].scalars
            assert (scalars["val_score"] > 0.9) == bar, preset.name


def test_a_net_that_knew_sums_by_heart_understands_them_and_its_vectors_are_a_few_waves() -> None:
    """Grokking (Power et al. 2022): the preset, as the note tells it, within about half a minute on one core."""
    preset = next(preset for preset in PRESETS if preset.name == "grokking")
    experiment = TransformersExperiment(preset.spec(TransformersSpec))
    walk = experiment.steps()
    early = experiment.observe(next(islice(walk, 400, None)))
    assert early.scalars["score"] > 0.95
    assert early.scalars["val_score"] < 0.2
    step = next(step for step in walk if step.number % 250 == 0 and experiment.validate()[1] > 0.98)
    assert 1_000 < step.number <= 4_000
    few_waves, all_waves = (
        np.sort(arrays_of(moment.readings)["fourier.share"])[-6:].sum() for moment in (experiment.observe(step), early)
    )
    assert all_waves < 0.7, "of 26"
    assert few_waves > all_waves + 0.2
