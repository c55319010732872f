"""A net as an ONNX file: what other programs run nets from. Takes torch and the extra packages for ONNX."""

import io
import warnings
from collections.abc import Mapping
from typing import Any

from engine.labs.catalogue import get_lab
from engine.runs.weights import Weights
from engine.version import VERSION

OPSET = 17
"""The first with layer normalisation as one node."""


def onnx_file(weights: Weights) -> bytes:
    """Return the net with ``weights``, as it answers (no dropout), from ``inputs`` (n, F) to ``outputs`` (n, O).

    Of several inputs each has its own name, see ``Experiment.net_with``.
    Raises DataError where the weights are not those of such a net.
    """
    import onnx
    import torch

    lab = get_lab(weights.lab)
    experiment = lab.open(lab.spec.from_json(weights.spec))
    net, taken = experiment.net_with(weights.tensors)
    inputs = taken if isinstance(taken, Mapping) else {"inputs": taken}
    file: Any = io.BytesIO()  # torch's own annotation knows paths alone
    with warnings.catch_warnings():
        # The newer exporter takes two more packages and gives the same graph.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            net,
            tuple(inputs.values()),
            file,
            dynamo=False,
            opset_version=OPSET,
            input_names=list(inputs),
            output_names=["outputs"],
            dynamic_axes={name: {0: "n"} for name in (*inputs, "outputs")},
        )
    model = onnx.load_from_string(file.getvalue())
    told = {"lab": weights.lab, "spec": weights.spec, "step": str(weights.step), "learnscope": VERSION}
    onnx.helper.set_model_props(
        model, told | {k: v for k, v in experiment.words().items() if k in ("inputs", "classes")}
    )
    onnx.checker.check_model(model)
    return model.SerializeToString()
