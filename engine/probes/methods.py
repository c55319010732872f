"""The ways to ask which pixels an answer comes from, each with its settings, as maps to be laid over the picture."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from engine.probes import attribution


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """What is asked, as the net takes it: one ``image`` (1, channels, height, width) and a class, ``target`` (1,).

    ``samples`` noisy copies with noise of ``deviation``; a ``baseline`` like the image, and ``steps`` on the way from
    it; squares of ``side`` pixels, ``stride`` apart, filled with ``filling`` (channels, 1, 1); ``layer`` is the
    convolution of Grad-CAM, empty where there is none. All chance follows from ``seed``.
    """

    image: Tensor
    target: Tensor
    samples: int
    deviation: float
    baseline: Tensor
    steps: int
    side: int
    stride: int
    filling: Tensor
    layer: str
    seed: int


def maps(net: nn.Module, asked: Asked) -> Iterator[tuple[str, np.ndarray]]:
    """Yield each method's name and its map, (height, width) float32; of Grad-CAM as many cells as the layer has.

    Of colours saliency and SmoothGrad take the largest size, integrated gradients the sum, so that all of it still adds
    up. Without a ``layer`` there is no Grad-CAM.
    """
    ways: Mapping[str, Callable[[], Tensor]] = {
        "saliency": lambda: attribution.gradient(net, asked.image, asked.target).abs().amax(dim=1),
        "smooth": lambda: _smooth(net, asked).abs().amax(dim=1),
        "integrated": lambda: integrated(net, asked)[0].sum(dim=1),
        "cam": lambda: attribution.grad_cam(net, net.get_submodule(asked.layer), asked.image, asked.target),
        "occlusion": lambda: attribution.occlusion(
            net, asked.image, asked.target, asked.side, asked.stride, asked.filling
        ),
    }
    for name, find in ways.items():
        if name != "cam" or asked.layer:
            yield name, find()[0].numpy().astype(np.float32)


def integrated(net: nn.Module, asked: Asked) -> tuple[Tensor, Tensor]:
    """Return integrated gradients, like the image, and the gap, see ``attribution.integrated_gradients``."""
    return attribution.integrated_gradients(net, asked.image, asked.target, asked.baseline, asked.steps)


def _smooth(net: nn.Module, asked: Asked) -> Tensor:
    generator = torch.Generator().manual_seed(asked.seed)
    return attribution.smooth_gradient(net, asked.image, asked.target, asked.samples, asked.deviation, generator)
