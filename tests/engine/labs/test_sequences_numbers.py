"""Every number of the sequences lab is told with its value, and what is written out comes to it."""

import math
import re

import pytest

from engine.errors import RunError
from engine.explanation import Cell
from engine.labs.sequences import SequencesSpec
from engine.labs.sequences_experiment import SequencesExperiment
from engine.nets.sequences.plan import shown
from tests.engine.labs.test_sequences import NETS, QUICK
from tests.engine.labs.walks import frame, walked

pytestmark = pytest.mark.usefixtures("one_thread")
NUMBER = r"−?\d+(?:\.\d+)?(?:e[−+]?\d+)?"
CELLS = [
    QUICK.replace(**changes)
    for changes in (
        {"cell": "lstm", "layers": 2},
        {"cell": "gru", "bidirectional": True, "layers": 2},
        {"cell": "peephole_lstm"},
        {"cell": "rnn_tanh", "norm": True},
        {"cell": "rnn_relu", "sequences": "adding"},
        {"cell": "gru", "norm": True},
        {"cell": "lstm", "norm": True, "sequences": "copying"},
    )
]


def result(line: str) -> float:
    """Return the number behind the last sign of equality."""
    return float(re.findall(NUMBER, line.rpartition("=")[2])[-1].replace("−", "-"))


def worked_out(line: str) -> float:
    """Return what a line comes to whose last but one part is numbers with + − · / exp and tanh."""
    formula = line.split(" = ")[-2]
    for sign, other in (("−", "-"), ("·", "*"), ("exp(", "math.exp("), ("tanh(", "math.tanh(")):
        formula = formula.replace(sign, other)
    formula = re.sub(r" \[\d+ more\]", "", formula)
    return float(eval(formula, {"math": math}))


@pytest.mark.parametrize("spec", CELLS, ids=lambda spec: f"{spec.cell}-{spec.norm}-{spec.bidirectional}")
def test_each_gate_and_state_is_written_out_and_comes_to_its_value(spec: SequencesSpec) -> None:
    experiment = SequencesExperiment(spec)
    step, moment = walked(experiment, 25)
    arrays = frame(experiment, moment)
    for name in shown(spec):
        for index in ((0, 0), (5, 2), (2, 3)):
            told = experiment.explain(step.number, arrays, Cell(f"states.{name}", index))
            assert told.value == float(arrays[f"states.{name}"][index])
            *_, last = told.lines
            assert result(last) == pytest.approx(told.value, rel=2e-3, abs=1e-6)
            if "max(0" not in last and "norm(c)" not in told.lines[0]:
                assert worked_out(last) == pytest.approx(told.value, rel=5e-3, abs=2e-3)


def test_the_sum_in_a_gate_is_that_of_torch() -> None:
    experiment = SequencesExperiment(QUICK)
    step, moment = walked(experiment, 10)
    arrays = frame(experiment, moment)
    gate = experiment.net.get_submodule("body.layers.0.ahead.forget")
    told = experiment.explain(step.number, arrays, Cell("states.0.ahead.forget", (3, 2)))
    read, kept, total, last = told.lines
    weights = gate.from_input.weight[3].detach().numpy() @ arrays["read.vectors"][:, 2]  # type: ignore[union-attr]
    hidden = gate.from_hidden.weight[3].detach().numpy() @ arrays["states.0.ahead.hidden"][:, 1]  # type: ignore[union-attr]
    bias = gate.from_input.bias[3].item()  # type: ignore[index, union-attr]
    assert result(read) == pytest.approx(weights + bias, rel=1e-3)
    assert result(kept) == pytest.approx(hidden, rel=1e-3)
    assert result(total) == pytest.approx(weights + bias + hidden, rel=1e-3)
    assert worked_out(last) == pytest.approx(1 / (1 + math.exp(-(weights + bias + hidden))), rel=2e-3)


def test_a_probability_is_written_out_from_the_state() -> None:
    experiment = SequencesExperiment(QUICK)
    step, moment = walked(experiment, 10)
    arrays = frame(experiment, moment)
    told = experiment.explain(step.number, arrays, Cell("arriving.probabilities", (4, 2)))
    summed, shared = told.lines
    assert result(summed) == pytest.approx(float(arrays["arriving.logits"][4, 2]), rel=1e-3)
    assert result(shared) == pytest.approx(float(arrays["arriving.probabilities"][4, 2]), rel=1e-3)
    assert experiment.explain(step.number, arrays, Cell("arriving.logits", (4, 2))).lines == (summed,)


@pytest.mark.parametrize("spec", NETS, ids=lambda spec: f"{spec.sequences}-{spec.cell}")
def test_every_number_of_a_frame_is_told_with_its_value(spec: SequencesSpec) -> None:
    experiment = SequencesExperiment(spec)
    step, moment = walked(experiment, 4)
    arrays = frame(experiment, moment)
    for name, array in arrays.items():
        if name in ("scalars", "read.vectors") or array.size == 0 or name == "confusion.scores":
            continue
        index = (0,) * array.ndim
        told = experiment.explain(step.number, arrays, Cell(name, index))
        assert told.value == pytest.approx(float(array[index]), nan_ok=True)
        assert told.what
    for name in experiment.scalars:
        told = experiment.explain(step.number, arrays, Cell(f"scalars.{name}"))
        assert told.value == pytest.approx(moment.scalars[name], nan_ok=True)
        assert told.what
    for wrong in (Cell("states.0.ahead.hidden", (99, 0)), Cell("scalars.nothing"), Cell("mind.read", (0,))):
        with pytest.raises(RunError):
            experiment.explain(step.number, arrays, wrong)


def test_the_learning_rate_is_that_of_the_schedule() -> None:
    """Also where the last batch of a pass is a smaller one, or has one more."""
    for samples in (100, 172):  # 75 and 129 to learn from: batches of 32, 32 and 11; three of 32 and one of 33
        spec = QUICK.replace(sequences="sine", samples=samples, schedule="cosine", horizon=5)
        experiment = SequencesExperiment(spec)
        step, moment = walked(experiment, 7)
        arrays = frame(experiment, moment)
        told = experiment.explain(step.number, arrays, Cell("scalars.learning_rate"))
        chosen, scale = (float(part) for part in re.findall(NUMBER, told.lines[0])[:2])
        assert chosen == 0.003
        assert chosen * scale == pytest.approx(told.value, rel=1e-3)
