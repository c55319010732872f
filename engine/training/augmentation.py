"""Images changed in such ways that they stay what they are: then a net learns what does not matter."""

import math

import torch
from torch import Tensor
from torch.nn import functional

from engine.training.augmentation_spec import AugmentationSpec


def augment(images: Tensor, spec: AugmentationSpec, generator: torch.Generator) -> Tensor:
    """Return changed copies of images (batch, channels, height, width), float, 0 dark to 1 bright; each in a way of its
    own, in the order in which a camera would: moved, lit, covered.

    The ``generator`` is to begin anew for each batch: then one kind of change does not alter another.
    """
    count = len(images)
    chances = torch.rand(count, 11 + images.shape[1], generator=generator)
    noise = torch.rand(images.shape, generator=generator) if spec.erase else None
    moving, lighting, covering = chances.split([5, 2 + images.shape[1], 4], dim=1)
    found = images
    if spec.moves:
        found = moved(found, moving, flip=spec.flip, rotate=spec.rotate, shift=spec.shift, crop=spec.crop)
    if spec.colour:
        found = lit(found, lighting, spec.colour)
    return found if noise is None else covered(found, covering, spec.erase, noise)


def moved(images: Tensor, chances: Tensor, *, flip: bool, rotate: float, shift: float, crop: float) -> Tensor:
    """Return images flipped, turned, cut and shifted at once, so that pixels are mixed only once; beyond the border it
    is dark.
    """
    mirrored, turn, across, down, cut = chances.unbind(dim=1)
    mirror = torch.where((mirrored < 0.5) & flip, -1.0, 1.0)
    angle = (2 * turn - 1) * math.radians(rotate)
    scale = 1 - crop * cut
    height, width = images.shape[2:]
    # Where each pixel is taken from, in a square from -1 to 1: its sides may be of different length in pixels.
    cosine, sine = torch.cos(angle) * scale, torch.sin(angle) * scale
    rows = [
        torch.stack([mirror * cosine, mirror * sine * height / width, 2 * shift * (2 * across - 1)], dim=1),
        torch.stack([-sine * width / height, cosine, 2 * shift * (2 * down - 1)], dim=1),
    ]
    places = functional.affine_grid(torch.stack(rows, dim=1), list(images.shape), align_corners=False)
    return functional.grid_sample(images, places.to(images.dtype), align_corners=False)


def lit(images: Tensor, chances: Tensor, most: float) -> Tensor:
    """Return images brighter or darker, with more or less contrast, and with more or less of each colour."""
    bright, contrast, *colours = (1 + most * (2 * chances - 1)).to(images.dtype).unbind(dim=1)
    if len(colours) > 1:
        images = images * torch.stack(colours, dim=1)[..., None, None]
    images = images * bright[:, None, None, None]
    mean = images.mean(dim=(1, 2, 3), keepdim=True)
    return (mean + (images - mean) * contrast[:, None, None, None]).clamp(0, 1)


def covered(images: Tensor, chances: Tensor, most: float, noise: Tensor) -> Tensor:
    """Return images with a rectangle of noise in each (Zhong et al. 2017, arXiv 1708.04896), wholly inside."""
    share, ratio, top, left = chances.unbind(dim=1)
    height, width = images.shape[2:]
    aspect = torch.exp((2 * ratio - 1) * math.log(3))
    high = (torch.sqrt(most * share * aspect) * height).clamp(max=height).floor()
    wide = (torch.sqrt(most * share / aspect) * width).clamp(max=width).floor()
    first_row, first_column = (top * (height - high + 1)).floor(), (left * (width - wide + 1)).floor()
    row, column = torch.arange(height)[None, :], torch.arange(width)[None, :]
    in_rows = (row >= first_row[:, None]) & (row < (first_row + high)[:, None])
    in_columns = (column >= first_column[:, None]) & (column < (first_column + wide)[:, None])
    hidden = (in_rows[:, :, None] & in_columns[:, None, :])[:, None]
    return torch.where(hidden, noise.to(images.dtype), images)
