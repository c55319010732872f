"""The net of a translation run for other programs: it tells what torch tells, and so writes what the net writes."""

from itertools import islice

import numpy as np
import pytest
import torch

from engine.labs.translation import TranslationSpec
from engine.labs.translation_experiment import TranslationExperiment
from engine.nets.translation.model import BEGIN, PAD, Batch
from engine.runs.onnx_file import onnx_file
from engine.runs.weights import Weights
from engine.translation.writing import write_greedily

pytestmark = pytest.mark.usefixtures("one_thread")

SMALL = {"samples": 200, "most": 99, "units": 8, "dimensions": 6, "width": 16, "heads": 2}
SPECS = [
    TranslationSpec(net="last_state", cell="lstm", **SMALL),
    TranslationSpec(net="context_fed", **SMALL),
    TranslationSpec(net="bahdanau", **SMALL),
    TranslationSpec(net="luong", fit="concat", cell="lstm", **SMALL),
    TranslationSpec(net="luong", fit="general", feeding=True, **SMALL),
    TranslationSpec(net="convolutional", **SMALL),
    TranslationSpec(net="transformer", **SMALL),
]


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: f"{spec.net}-{spec.cell}-{spec.feeding}")
def test_other_programs_run_the_net_from_its_onnx_file(spec: TranslationSpec) -> None:
    onnx = pytest.importorskip("onnx", reason="a form that is offered where onnx is installed")
    from onnx.reference import ReferenceEvaluator

    experiment = TranslationExperiment(spec)
    next(islice(experiment.steps(), 20, None))
    kept = {name: tensor.numpy().copy() for name, tensor in experiment.net.state_dict().items()}
    model = onnx.load_from_string(onnx_file(Weights("translation", spec.to_json(), 20, kept)))
    run, net = ReferenceEvaluator(model), experiment.net.eval()
    sources, targets = experiment.prepared.held_out_numbers
    read, wrote = experiment.prepared.longest
    for count in (1, 5):
        some = np.full((count, read), PAD)
        some[:, : sources.shape[1]] = sources[:count]
        written = np.full((count, wrote), PAD)
        written[:, 0] = BEGIN
        written[:, 1 : targets.shape[1]] = targets[:count, :-1]
        (told,) = run.run(None, {"sources": some, "written": written})
        with torch.no_grad():
            expected = net.teach(Batch(sources[:count], sources[:count] != PAD, targets[:count]))
        there = (targets[:count] != PAD).numpy()
        np.testing.assert_allclose(told[:, : targets.shape[1]][there], expected.numpy()[there], atol=1e-4)
    # To write, the best is taken each time, as the note says.
    written = np.full((1, wrote), PAD)
    written[0, 0] = BEGIN
    said: list[int] = []
    for at in range(wrote):
        (told,) = run.run(None, {"sources": some[:1], "written": written})
        told[0, at, [PAD, BEGIN]] = -np.inf
        said.append(int(told[0, at].argmax()))
        if said[-1] == 2 or at == wrote - 1:
            break
        written[0, at + 1] = said[-1]
    (own,) = write_greedily(net, sources[:1], sources[:1] != PAD, wrote)
    assert tuple(said) == own.symbols
