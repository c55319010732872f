"""Why a net for images answers as it does: which pixels, by five methods; and what is left where the net forgets.

Each function is work that takes a while: a generator that yields its progress and returns plain data.
"""

from collections.abc import Generator, Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from engine.errors import RunError
from engine.jobs import Progress
from engine.jobs.arrays import packed
from engine.labs.vision_experiment import VisionExperiment
from engine.labs.why_spec import LABEL, METHODS, SECOND, TOLD, Brightness, PixelsSpec
from engine.nets.images.catalogue import make_net
from engine.nets.images.layers import layers
from engine.nets.images.plan import title
from engine.probes.images import answers, worst
from engine.probes.methods import Asked, integrated, maps
from engine.probes.randomised import from_the_head_down, randomised
from engine.probes.ranks import rank_correlation
from engine.seeds import derive

Work = Generator[Progress, None, dict[str, Any]]
AMONG, MOST_WRONG = 300, 6
"""Among how many images held out mistakes are looked for, and how many are told."""
NO_NUMBER = "The net's answer to this image is no number: go back to a step before the weights were spoilt."


def pixels(experiment: VisionExperiment, image: int, target: str, spec: PixelsSpec) -> Work:
    """Return the maps of all methods for an image held out, by its number, and the class ``target``.

    ``target`` is "told", "second", "label", or the place of a class in digits. The result has the ``picture`` (height,
    width, channels) uint8, its ``label``, the ``logits`` and ``probabilities`` of all classes, the ``target``, the
    ``maps`` by method, Grad-CAM's ``layer``, how much the methods ``agree`` (rank correlation of sizes, a row for each
    map), and what integrated gradients add up to: ``completeness``; and of the first images held out some that are told
    ``wrong``, the worst first: their numbers, labels, and what is told. Raises RunError.
    """
    net, told = experiment.net, _seen(experiment, image)
    asked = _asked(experiment, told, _target(experiment, told, target), spec)
    found: dict[str, np.ndarray] = {}
    for name, array in maps(net, asked):
        found[name] = array
        yield Progress(len(found) / (len(METHODS) + 1), METHODS[name].title)
    yield Progress(len(METHODS) / (len(METHODS) + 1), "looking for what is predicted wrongly")
    _, gap = integrated(net, asked)
    ends = answers(net, torch.cat([asked.image, asked.baseline])).logits[:, asked.target[0]].tolist()
    return told | {
        "target": int(asked.target[0]),
        "layer": asked.layer,
        "maps": {name: packed(array) for name, array in found.items()},
        "wrong": _wrong(experiment),
        "agree": _agreement(found, tuple(asked.image.shape[2:])),
        "completeness": {
            "sum": float(found["integrated"].sum(dtype=np.float64)),
            "picture": ends[0],
            "baseline": ends[1],
            "gap": float(gap[0]),
        },
    }


def forgetting(experiment: VisionExperiment, image: int, target: str, spec: PixelsSpec) -> Work:
    """Return the maps of all methods while layers forget, one more each time, from the head to the first.

    The class stays that of the net as it learnt. The result has what that of ``pixels`` says of the image, the titles
    of the ``layers`` from the head down, the ``maps`` by method, (1 + layers, height, width), those of the net itself
    first, and how ``alike`` they are to those: the rank correlation of "sizes", and with "signs", by method, one for
    each layer; None where a map is the same everywhere. Raises RunError.
    """
    net, told = experiment.net, _seen(experiment, image)
    asked = _asked(experiment, told, _target(experiment, told, target), spec)
    channels, height, width = experiment.prepared.images.shape
    classes = len(experiment.prepared.images.classes)
    fresh = make_net(experiment.spec, (channels, height, width), classes, derive(spec.seed, "forgotten"))
    order = [one.name for one in layers(net, (channels, height, width)) if one.parameters]
    cascade = from_the_head_down(order, experiment.plan.weighted)
    found = {name: [array] for name, array in maps(net, asked)}
    for place, (layer, forgotten) in enumerate(cascade, 1):
        for name, array in maps(randomised(net, fresh, forgotten), asked):
            found[name].append(array)
        yield Progress(place / len(cascade), f"{title(layer)} has forgotten")
    return told | {
        "target": int(asked.target[0]),
        "layers": [title(layer) for layer, _ in cascade],
        "maps": {name: packed(np.stack(arrays)) for name, arrays in found.items()},
        "alike": {
            "sizes": {name: _alike([np.abs(one) for one in arrays]) for name, arrays in found.items()},
            "signs": {name: _alike(arrays) for name, arrays in found.items()},
        },
    }


def brightness(experiment: VisionExperiment, name: Brightness) -> Tensor:
    """Return a pixel of a brightness as the net takes it, (channels, 1, 1)."""
    prepared = experiment.prepared
    level = {"black": 0 * prepared.mean, "mean": prepared.mean, "white": 0 * prepared.mean + 1}[name]
    return torch.from_numpy(((level - prepared.mean) / prepared.deviation).astype(np.float32))[:, None, None]


def _seen(experiment: VisionExperiment, image: int) -> dict[str, Any]:
    """Return an image held out, by its number, gone through from the first again, and what the net tells of it."""
    prepared = experiment.prepared
    place = int(prepared.validation[image % len(prepared.validation)])
    bytes_ = prepared.images.pixels[[place]]
    logits = answers(experiment.net, torch.from_numpy(prepared.inputs(bytes_))).logits[0]
    if not logits.isfinite().all():
        raise RunError(NO_NUMBER)
    return {
        "picture": packed(bytes_[0].transpose(1, 2, 0)),
        "image": image % len(prepared.validation),
        "images": len(prepared.validation),
        "label": int(prepared.images.labels[place]),
        "logits": logits.tolist(),
        "probabilities": functional.softmax(logits.double(), dim=0).tolist(),
        "classes": list(prepared.images.classes),
    }


def _wrong(experiment: VisionExperiment) -> list[tuple[int, int, int]]:
    """Return number, label and what is told of the worst mistakes among the first images held out."""
    prepared = experiment.prepared
    places = prepared.validation[:AMONG]
    logits = answers(experiment.net, torch.from_numpy(prepared.inputs(prepared.images.pixels[places]))).logits
    found = worst(logits, torch.from_numpy(prepared.images.labels[places]), MOST_WRONG)
    labels = prepared.images.labels[places[found.places]]
    return list(zip(found.places.tolist(), labels.tolist(), found.told.tolist(), strict=True))


def _target(experiment: VisionExperiment, told: Mapping[str, Any], target: str) -> int:
    classes = experiment.prepared.images.classes
    order = np.argsort(-np.array(told["logits"]), kind="stable")
    named = {TOLD: int(order[0]), SECOND: int(order[min(1, len(order) - 1)]), LABEL: told["label"]}
    if target in named:
        return named[target]
    if not target.isdecimal() or int(target) >= len(classes):
        raise RunError(f"There is no class {target[:20]!r}: expected the place of one of {len(classes)}.")
    return int(target)


def _asked(experiment: VisionExperiment, told: Mapping[str, Any], target: int, spec: PixelsSpec) -> Asked:
    prepared, kernels = experiment.prepared, experiment.plan.kernels
    place = int(prepared.validation[told["image"]])
    image = torch.from_numpy(prepared.inputs(prepared.images.pixels[[place]]))
    if spec.layer and spec.layer not in kernels:
        raise RunError(f"Grad-CAM asks a convolution: expected one of {', '.join(kernels)}, received {spec.layer!r}.")
    return Asked(
        image,
        torch.tensor([target]),
        spec.samples,
        spec.deviation * float(image.max() - image.min()),
        brightness(experiment, spec.baseline).expand_as(image[0])[None].clone(),
        spec.steps,
        spec.side,
        spec.stride,
        brightness(experiment, spec.filling),
        spec.layer or (kernels[-1] if kernels else ""),
        derive(spec.seed, "noise"),
    )


def _alike(arrays: list[np.ndarray]) -> list[float | None]:
    """Return the rank correlations of the first map with each of the others."""
    return [rank_correlation(arrays[0], array) for array in arrays[1:]]


def _agreement(found: Mapping[str, np.ndarray], shape: tuple[int, ...]) -> list[list[float | None]]:
    """Return the rank correlations of sizes, a row for each map; those with fewer cells are stretched first."""
    stretched = [np.abs(_stretched(array, shape)) for array in found.values()]
    return [[rank_correlation(one, other) for other in stretched] for one in stretched]


def _stretched(array: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    if array.shape == shape:
        return array
    whole = functional.interpolate(torch.from_numpy(array)[None, None], shape, mode="bilinear", align_corners=False)
    return whole[0, 0].numpy()
