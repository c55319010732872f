"""Which pixels an answer comes from: five ways to ask a net (batch, channels, height, width) -> (batch, classes).

Each takes images (batch, channels, height, width) and the class (batch,) whose logit is asked about, and leaves net and
images as they were. The net is asked as it answers, ``net.eval()``, whatever it was before.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from engine.probes.looking import looking


def gradient(net: nn.Module, images: Tensor, classes: Tensor) -> Tensor:
    """Return how the logit changes with each number of the images, in their shape.

    Its absolute value is what Simonyan, Vedaldi and Zisserman (2013, arXiv 1312.6034) call the saliency.
    """
    with looking(net), torch.enable_grad():
        pixels = images.detach().clone().requires_grad_()
        logits = net(pixels).gather(1, classes[:, None])
        (found,) = torch.autograd.grad(logits.sum(), pixels)
    return found


def smooth_gradient(
    net: nn.Module, images: Tensor, classes: Tensor, samples: int, deviation: float, generator: torch.Generator
) -> Tensor:
    """Return the mean gradient at ``samples`` noisy copies of each image (Smilkov et al. 2017, arXiv 1706.03825).

    ``deviation`` is that of the normal noise, in the unit of the pixels.
    """
    total = torch.zeros_like(images)
    for _ in range(samples):
        noise = torch.randn(images.shape, generator=generator, dtype=images.dtype) * deviation
        total += gradient(net, images + noise, classes)
    return total / samples


def integrated_gradients(
    net: nn.Module, images: Tensor, classes: Tensor, baselines: Tensor, steps: int = 50
) -> tuple[Tensor, Tensor]:
    """Return what each number has added to the logit on the straight way from ``baselines``, of the images' shape, and
    how far the sum is from the whole difference of the logits, (batch,).

    Were the way gone in steps without end, that would be 0: it is complete (Sundararajan, Taly and Yan 2017, arXiv
    1703.01365). Here it is gone in ``steps``, each seen at the place and with the weight of Gauss and Legendre.
    """
    places, weights = _gauss_legendre(steps, images.dtype)
    mean = torch.zeros_like(images)
    for place, weight in zip(places, weights, strict=True):
        mean += weight * gradient(net, baselines + place * (images - baselines), classes)
    found = (images - baselines) * mean
    with looking(net):
        ends = [net(one).gather(1, classes[:, None])[:, 0] for one in (images, baselines)]
    return found, found.flatten(1).sum(dim=1) - (ends[0] - ends[1])


def grad_cam(net: nn.Module, layer: nn.Module, images: Tensor, classes: Tensor) -> Tensor:
    """Return where a convolutional ``layer`` of the net speaks for the class, (batch, its height, its width).

    The maps of the layer are added, each with the mean of its gradient as its weight, and only what speaks for the
    class is kept (Selvaraju et al. 2016, arXiv 1610.02391).
    """
    kept: list[Tensor] = []

    def keep(_module: nn.Module, _given: tuple[Tensor, ...], maps: Tensor) -> None:
        kept.append(maps)

    handle = layer.register_forward_hook(keep)
    try:
        with looking(net), torch.enable_grad():
            pixels = images.detach().clone().requires_grad_()
            logits = net(pixels).gather(1, classes[:, None])
            (gradients,) = torch.autograd.grad(logits.sum(), kept[0])
    finally:
        handle.remove()
    weights = gradients.mean(dim=(2, 3), keepdim=True)
    return functional.relu((weights * kept[0].detach()).sum(dim=1))


def occlusion(
    net: nn.Module, images: Tensor, classes: Tensor, side: int, stride: int, filling: float | Tensor
) -> Tensor:
    """Return by how much the logit falls where a square is covered, (batch, height, width): for each pixel the mean of
    all squares that cover it (Zeiler and Fergus 2013, arXiv 1311.2901).

    Squares have ``side`` pixels, lie ``stride`` apart, are cut at the border, and are filled with one number, or with
    one for each channel, (channels, 1, 1).
    """
    height, width = images.shape[2:]
    total, covered = images.new_zeros(len(images), height, width), images.new_zeros(height, width)
    with looking(net):
        whole = net(images).gather(1, classes[:, None])[:, 0]
        for top in _places(height, side, stride):
            for left in _places(width, side, stride):
                square = (..., slice(top, top + side), slice(left, left + side))
                hidden = images.clone()
                hidden[square] = filling
                fall = whole - net(hidden).gather(1, classes[:, None])[:, 0]
                total[square] += fall[:, None, None]
                covered[square] += 1
    return total / covered


def _gauss_legendre(steps: int, dtype: torch.dtype) -> tuple[Tensor, Tensor]:
    """Return places from 0 to 1 and their weights, which add up to 1: exact for polynomials of degree 2 steps - 1."""
    from numpy.polynomial.legendre import leggauss

    places, weights = leggauss(steps)
    return torch.tensor((places + 1) / 2, dtype=dtype), torch.tensor(weights / 2, dtype=dtype)


def _places(length: int, side: int, stride: int) -> range:
    """Return where squares begin, so that every pixel is covered; the last one may reach beyond the border."""
    return range(0, max(length - side + stride, 1), stride)
