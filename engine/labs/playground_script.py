"""A run of the playground written out: one PyTorch script that needs nothing of ours and prints the same losses.

It is put together for just these settings: what a run does not use is not in it. The points stand at its end, as the
run saw them, so that it needs no data set and no file.
"""

import re
from collections.abc import Sequence

from engine.data.dataset import Dataset
from engine.labs.playground import PlaygroundSpec
from engine.labs.playground_script_changes import HOLDING, held, holds, tensor_in
from engine.labs.script_text import packed, put_in, source, written
from engine.labs.script_training import Loop, training
from engine.nets.mlp import HE_GAIN
from engine.training.experiment import Change
from engine.training.losses import LOSSES
from engine.training.settings import FITTING
from engine.training.task import Task

FEATURES = {
    "x": "x",
    "y": "y",
    "x2": "x * x",
    "y2": "y * y",
    "xy": "x * y",
    "sin_x": "np.sin(np.pi * x)",
    "sin_y": "np.sin(np.pi * y)",
}
ACTIVATIONS = {
    "relu": "nn.ReLU()",
    "leaky_relu": "nn.LeakyReLU(0.01)",
    "tanh": "nn.Tanh()",
    "sigmoid": "nn.Sigmoid()",
    "elu": "nn.ELU()",
    "gelu": "nn.GELU()",
    "silu": "nn.SiLU()",
    "softplus": "nn.Softplus()",
    "linear": "nn.Identity()",
}
NORMALISATIONS = {"batch": "nn.BatchNorm1d({})", "layer": "nn.LayerNorm({})"}
DROPOUT = '''

class Dropout(nn.Module):
    """Dropout with a stream of chance of its own."""

    generator = torch.Generator().manual_seed(derive(SEED, "dropout"))

    def forward(self, x: Tensor) -> Tensor:
        if not self.training:
            return x
        kept = torch.rand(x.shape, generator=self.generator) >= {share}
        return x * kept / (1 - {share})
'''

WIDE_PART = '''
wide = nn.Linear({inputs}, {outputs}, bias=False)
nn.init.zeros_(wide.weight)


class WideAndDeep(nn.Module):
    """The inputs go through all layers, and straight to the output, where both are added."""

    def __init__(self) -> None:
        super().__init__()
        self.parts = nn.ModuleList([*deep, wide])

    def forward(self, x: Tensor) -> Tensor:
        return deep(x) + wide(x)

    def __getitem__(self, place: int) -> nn.Module:
        return self.parts[place]


net = WideAndDeep()
'''

POINTS = '''

def unpacked(text: str, *shape: int) -> np.ndarray:
    return np.frombuffer(zlib.decompress(base64.b85decode(text.replace("\\n", ""))), "<f4").reshape(shape)


def inputs_of(coordinates: np.ndarray) -> Tensor:
    """Centre and scale the coordinates, and put together what the net sees of them."""
    centre = np.array({centre})
    scale = np.array({scale})
    columns = ((coordinates - centre) / scale).T
{columns}
    return torch.tensor(np.stack([{features}], axis=1).astype(np.float32))
'''

SETUP = """
    inputs = inputs_of(unpacked(TRAIN, {train}, {dimension}))
    targets = torch.tensor(unpacked(TRAIN_TARGETS, {train})){long}
    held_out = inputs_of(unpacked(VALIDATION, {validation}, {dimension}))
    held_out_targets = torch.tensor(unpacked(VALIDATION_TARGETS, {validation})){long}
"""


def script(
    spec: PlaygroundSpec, dataset: Dataset, task: Task, changes: Sequence[Change] = (), steps: int = 1000
) -> str:
    """Return the script of a run with ``spec``; ``changes`` (step, name, value) were made to it while it went on."""
    chosen = FITTING[task.kind][0] if spec.loss == "auto" else spec.loss
    parts = [
        DROPOUT.format(share=spec.dropout) if spec.dropout else "",
        _net(spec, len(dataset.inputs.features), task.outputs),
        _points(dataset),
        source(LOSSES[task.kind][chosen], "loss"),
        held(spec, changes),
        put_in(changes, lambda name: tensor_in(spec, name)),
        training(spec, changes, _loop(spec, dataset, task, changes)),
        _data(dataset),
        "\n\nmain()\n",
    ]
    title = f"{dataset.problem.title}: a net of {_net_in_words(spec)}"
    return written(title, "".join(parts), steps=steps, seed=spec.seed)


def _points(dataset: Dataset) -> str:
    """Return the functions that make inputs of the points."""
    features = ", ".join(FEATURES[name] for name in dataset.inputs.features)
    columns = {"x": "columns[0]", "y": "columns[-1]"}
    return POINTS.format(
        centre=[float(number) for number in dataset.inputs.centre],
        scale=[float(number) for number in dataset.inputs.scale],
        columns="\n".join(f"    {name} = {at}" for name, at in columns.items() if re.search(rf"\b{name}\b", features)),
        features=features,
    )


def _net_in_words(spec: PlaygroundSpec) -> str:
    if not spec.units:
        return "no hidden layers"
    return f"{', '.join(map(str, spec.units))} units{' and a wide part' if spec.has_wide else ''}"


def _net(spec: PlaygroundSpec, inputs: int, outputs: int) -> str:
    """Return the lines that make the net, with its initial weights."""
    lines, before = [], inputs
    for units in spec.units:
        lines.append(f"nn.Linear({before}, {units})")
        if spec.normalisation != "none":
            lines.append(NORMALISATIONS[spec.normalisation].format(units))
        lines.append(ACTIVATIONS[spec.activation])
        if spec.dropout:
            lines.append("Dropout()")
        before = units
    lines.append(f"nn.Linear({before}, {outputs})")
    body = "".join(f"    {line},\n" for line in lines)
    name = "deep" if spec.has_wide else "net"
    wide = WIDE_PART.format(inputs=inputs, outputs=outputs) if spec.has_wide else ""
    return f"""

{name} = nn.Sequential(
{body})
first_weights = torch.Generator().manual_seed(derive(SEED, "weights"))
for layer in {name}:
    if isinstance(layer, nn.Linear):
        {_initialisation(spec)}
        nn.init.zeros_(layer.bias)
{wide}"""


def _initialisation(spec: PlaygroundSpec) -> str:
    match spec.initialisation:
        case "zeros":
            return "nn.init.zeros_(layer.weight)"
        case "normal":
            return f"nn.init.normal_(layer.weight, 0.0, {spec.initial_sd}, generator=first_weights)"
        case "xavier":
            return "nn.init.xavier_uniform_(layer.weight, generator=first_weights)"
        case "he":
            deviation = f"{HE_GAIN!r} / layer.in_features**0.5"
            return f"nn.init.normal_(layer.weight, 0.0, {deviation}, generator=first_weights)"
        case "orthogonal":
            return "nn.init.orthogonal_(layer.weight, generator=first_weights)"


def _loop(spec: PlaygroundSpec, dataset: Dataset, task: Task, changes: Sequence[Change]) -> Loop:
    setup = SETUP.format(
        train=len(dataset.train),
        validation=len(dataset.validation),
        dimension=dataset.problem.dimension,
        long=".long()" if task.kind == "classes" else "",
    )
    before_update = HOLDING if holds(spec, changes) else ""
    return Loop("points", task.kind, setup.strip("\n"), "inputs[batch]", "net(inputs)", before_update=before_update)


def _data(dataset: Dataset) -> str:
    named = {
        "TRAIN": dataset.train.coordinates,
        "TRAIN_TARGETS": dataset.train.targets,
        "VALIDATION": dataset.validation.coordinates,
        "VALIDATION_TARGETS": dataset.validation.targets,
    }
    return "\n\n# The points: 32-bit numbers, compressed.\n" + "\n".join(
        f'{name} = """\n{packed(array)}\n"""' for name, array in named.items()
    )
