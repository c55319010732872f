"""A run of the playground written out: one PyTorch script that needs nothing of ours and prints the same losses.

It is put together for just these settings: what a run does not use is not in it. The points stand at its end, as the
run saw them, so that it needs no data set and no file.
"""

import base64
import inspect
import textwrap
import zlib
from collections.abc import Sequence

import numpy as np

from engine.data.dataset import Dataset
from engine.labs.playground import PlaygroundSpec
from engine.labs.playground_script_changes import HOLDING, PUTTING_IN, held, holds, put_in
from engine.nets.mlp import HE_GAIN
from engine.training import schedules
from engine.training.edits import is_edit
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
LINE = 110

HEAD = '''"""{title}: a net of {net}, as a run of Learnscope trained it, written out.

Needs Python 3.11, torch and numpy. Prints the loss of each batch, up to the step given: python script.py 1000
On the machine and the release of torch that made the run the numbers are the same to the last bit.
"""

import base64
import hashlib
import math
import sys
import zlib

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

STEPS = int(sys.argv[1]) if len(sys.argv) > 1 else {steps}
SEED = {seed}
torch.set_num_threads(1)  # sums over several threads would depend on the machine


def chance(name: str) -> int:
    """Return the seed of one stream of chance, so that none of them moves another."""
    digest = hashlib.blake2b(f"{{SEED}}/{{name}}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little") >> 1
'''

DROPOUT = '''

class Dropout(nn.Module):
    """Dropout with a stream of chance of its own."""

    generator = torch.Generator().manual_seed(chance("dropout"))

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
    columns = ((coordinates - np.array({centre})) / np.array({scale})).T
    x, y = columns[0], columns[-1]
    return torch.tensor(np.stack([{features}], axis=1).astype(np.float32))
'''

LOOP = '''

def rate_at(step: int, epoch: float) -> float:
    """Return the learning rate of the update made at a step."""
    base = {rate}{changes}
    factor = {factor}{warm_up}
    return base * factor


def batches(count: int):
    """Yield the epoch and the places of the points of each batch, each epoch in an order of its own."""
    starts = list(range(0, count, {batch_size}))
    if len(starts) > 1 and count - starts[-1] == 1 and {batch_size} > 1:
        starts.pop()  # a single point left over joins the batch before it
    epoch = 0
    while True:
        order = torch.randperm(count, generator=torch.Generator().manual_seed(chance(f"order/{{epoch}}")))
        for start, end in zip(starts, [*starts[1:], count]):
            yield epoch + start / count, order[start:end]
        epoch += 1


def main() -> None:
    inputs = inputs_of(unpacked(TRAIN, {train}, {dimension}))
    targets = torch.tensor(unpacked(TRAIN_TARGETS, {train})){long}
    held_out = inputs_of(unpacked(VALIDATION, {validation}, {dimension}))
    held_out_targets = torch.tensor(unpacked(VALIDATION_TARGETS, {validation})){long}
    weights = [parameter for parameter in net.parameters() if parameter.dim() > 1]
    others = [parameter for parameter in net.parameters() if parameter.dim() <= 1]
    groups = [{{"params": weights{decay}}}, {{"params": others}}]
    optimizer = {optimizer}
    for step, (epoch, batch) in enumerate(batches(len(targets))):
        optimizer.zero_grad()
        value = loss(net(inputs[batch]), targets[batch])
        value.backward()
{by_hand}        print(step, repr(value.item())){penalties}
        if step == STEPS or epoch >= {max_epochs}:
            break
{held}        for group in optimizer.param_groups:
            group["lr"] = rate_at(step, epoch)
        optimizer.step()
    net.eval()
    with torch.no_grad():
        print("training loss", loss(net(inputs), targets).item())
        print("validation loss", loss(net(held_out), held_out_targets).item())
'''


def script(
    spec: PlaygroundSpec, dataset: Dataset, task: Task, changes: Sequence[Change] = (), steps: int = 1000
) -> str:
    """Return the script of a run with ``spec``; ``changes`` (step, name, value) were made to it while it went on."""
    chosen = FITTING[task.kind][0] if spec.loss == "auto" else spec.loss
    parts = [
        HEAD.format(title=dataset.problem.title, net=_net_in_words(spec), steps=steps, seed=spec.seed),
        DROPOUT.format(share=spec.dropout) if spec.dropout else "",
        _net(spec, len(dataset.inputs.features), task.outputs),
        POINTS.format(
            centre=[float(number) for number in dataset.inputs.centre],
            scale=[float(number) for number in dataset.inputs.scale],
            features=", ".join(FEATURES[name] for name in dataset.inputs.features),
        ),
        _source(LOSSES[task.kind][chosen], "loss"),
        _schedule(spec),
        held(spec, changes),
        put_in(spec, changes),
        _loop(spec, dataset, task, changes),
        _data(dataset),
        "\n\nmain()\n",
    ]
    return "".join(parts)


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
first_weights = torch.Generator().manual_seed(chance("weights"))
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


def _source(function: object, name: str) -> str:
    """Return a function of ours, as it stands in our file, under another name."""
    text = textwrap.dedent(inspect.getsource(function))  # type: ignore[arg-type]
    return "\n\n" + text.replace(f"def {function.__name__}(", f"def {name}(", 1)  # type: ignore[attr-defined]


def _schedule(spec: PlaygroundSpec) -> str:
    """Return the function of the schedule, with what it calls."""
    if spec.schedule == "constant":
        return ""
    text = _source(schedules.SCHEDULES[spec.schedule], "schedule")
    constants = {name: getattr(schedules, name) for name in ("CYCLE_CLIMB", "CYCLE_FROM", "CYCLE_TO")}
    used = "".join(f"\n{name} = {value!r}" for name, value in constants.items() if name in text)
    ease = _source(schedules._ease, "_ease") if "_ease(" in text else ""
    return (f"\n{used}\n" if used else "") + ease + text


def _loop(spec: PlaygroundSpec, dataset: Dataset, task: Task, changes: Sequence[Change]) -> str:
    changed = "".join(
        f"\n    if step >= {step}:\n        base = {float(value)!r}"
        for step, name, value in changes
        if name == "learning_rate"
    )
    warm_up = ""
    if spec.warm_up_epochs:
        start = schedules.WARM_UP_FROM
        climb = f"factor *= {start} + (1 - {start}) * epoch / {spec.warm_up_epochs}"
        warm_up = f"\n    if epoch < {spec.warm_up_epochs}:\n        {climb}"
    return LOOP.format(
        rate=repr(spec.learning_rate),
        changes=changed,
        factor="1.0" if spec.schedule == "constant" else f"schedule(epoch, {spec.horizon})",
        warm_up=warm_up,
        batch_size=spec.batch_size,
        train=len(dataset.train),
        validation=len(dataset.validation),
        dimension=dataset.problem.dimension,
        long=".long()" if task.kind == "classes" else "",
        decay=f', "weight_decay": {spec.l2}' if spec.optimizer == "adamw" else "",
        optimizer=_optimizer(spec),
        penalties=_penalties(spec),
        by_hand=PUTTING_IN if any(is_edit(name) for _, name, _ in changes) else "",
        held=HOLDING if holds(spec, changes) else "",
        max_epochs=spec.max_epochs,
    )


def _optimizer(spec: PlaygroundSpec) -> str:
    match spec.optimizer:
        case "momentum":
            return f"torch.optim.SGD(groups, momentum={spec.momentum}, fused=True)"
        case "nesterov" if spec.momentum:
            return f"torch.optim.SGD(groups, momentum={spec.momentum}, nesterov=True, fused=True)"
        case "sgd" | "nesterov":
            return "torch.optim.SGD(groups, fused=True)"
        case "adagrad":
            return "torch.optim.Adagrad(groups, fused=True)"
        case "rmsprop":
            return "torch.optim.RMSprop(groups, alpha=0.9)"
        case "adam":
            return "torch.optim.Adam(groups, fused=True)"
        case "adamw":
            return "torch.optim.AdamW(groups, weight_decay=0.0, fused=True)"


def _penalties(spec: PlaygroundSpec) -> str:
    l2 = 0.0 if spec.optimizer == "adamw" else spec.l2
    terms = [
        *([f"weight.grad.add_(weight.detach().sign(), alpha={spec.l1})"] if spec.l1 else []),
        *([f"weight.grad.add_(weight.detach(), alpha={l2})"] if l2 else []),
    ]
    return "".join(["\n        for weight in weights:", *(f"\n            {term}" for term in terms)]) if terms else ""


def _data(dataset: Dataset) -> str:
    named = {
        "TRAIN": dataset.train.coordinates,
        "TRAIN_TARGETS": dataset.train.targets,
        "VALIDATION": dataset.validation.coordinates,
        "VALIDATION_TARGETS": dataset.validation.targets,
    }
    return "\n\n# The points: 32-bit numbers, compressed.\n" + "\n".join(
        f'{name} = """\n{_packed(array)}\n"""' for name, array in named.items()
    )


def _packed(array: np.ndarray) -> str:
    raw = np.ascontiguousarray(array, "<f4").tobytes()
    # Base 85 has neither quotes nor backslashes.
    return "\n".join(textwrap.wrap(base64.b85encode(zlib.compress(raw, 9)).decode(), LINE))
