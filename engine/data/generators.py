"""Points made by formula. Each function takes how many points and a generator, and returns coordinates and targets.

All lie in about [-1, 1] along each axis. Targets are labels 0, 1, ... or, in a regression, numbers of about [-1, 1].
None of them is noisy: noise is added by ``engine.data.points`` from a stream of its own, so that more noise moves the
same points further.
"""

import numpy as np

Made = tuple[np.ndarray, np.ndarray]


def _labels(count: int, classes: int = 2) -> np.ndarray:
    """Return labels (count,) in turns: 0, 1, ..., classes - 1, 0, 1, ..."""
    return np.arange(count) % classes


def _polar(radius: np.ndarray, angle: np.ndarray) -> np.ndarray:
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)  # (n, 2)


def circle(count: int, generator: np.random.Generator) -> Made:
    """A disc of radius 0.5 inside a ring from 0.7 to 1, both filled evenly over their radius."""
    labels = _labels(count)
    inside, outside = generator.uniform(0.0, 0.5, count), generator.uniform(0.7, 1.0, count)
    angle = generator.uniform(0.0, 2 * np.pi, count)
    return _polar(np.where(labels == 0, outside, inside), angle), labels


def xor(count: int, generator: np.random.Generator) -> Made:
    """The four quadrants, a little apart: class 1 where the signs of x and y differ."""
    points = generator.uniform(0.06, 1.0, (count, 2)) * generator.choice([-1.0, 1.0], (count, 2))
    return points, (points[:, 0] * points[:, 1] < 0).astype(np.int64)


def gaussians(count: int, generator: np.random.Generator) -> Made:
    """Two round clouds with centres (-0.5, -0.5) and (0.5, 0.5) and a standard deviation of 0.2."""
    labels = _labels(count)
    return (labels - 0.5)[:, None] + generator.normal(0.0, 0.2, (count, 2)), labels


def spiral(count: int, generator: np.random.Generator) -> Made:
    """Two arms that wind around each other one and a half times, the second half a turn behind the first."""
    labels = _labels(count)
    # The root spreads points evenly along the arm; the start keeps the arms apart in the middle.
    along = 0.08 + 0.92 * np.sqrt(generator.uniform(0.0, 1.0, count))
    return _polar(along, 3.0 * np.pi * along + np.pi * labels), labels


def moons(count: int, generator: np.random.Generator) -> Made:
    """Two half circles of radius 0.65, each reaching into the other."""
    labels = _labels(count)
    angle = np.pi * generator.uniform(0.0, 1.0, count)
    side = 1 - 2 * labels
    x = 0.65 * np.cos(angle) * side + np.where(labels == 0, -0.32, 0.32)
    return np.stack([x, (0.65 * np.sin(angle) - 0.16) * side], axis=1), labels


def blobs(count: int, generator: np.random.Generator, classes: int = 3) -> Made:
    """Round clouds, one for each class, with their centres evenly on a circle of radius 0.75."""
    labels = _labels(count, classes)
    centres = _polar(np.full(count, 0.75), 2 * np.pi * labels / classes + np.pi / 2)
    return centres + generator.normal(0.0, 0.36 / classes, (count, 2)), labels


def plane(count: int, generator: np.random.Generator) -> Made:
    """A tilted plane: z = (x + y) / 2."""
    points = generator.uniform(-1.0, 1.0, (count, 2))
    return points, points.sum(axis=1) / 2


def bumps(count: int, generator: np.random.Generator) -> Made:
    """Hills and hollows: a sum of six Gaussian bumps of width 0.25, in turn up and down."""
    points = generator.uniform(-1.0, 1.0, (count, 2))
    centres = np.array([(-0.6, 0.4), (0.0, 0.4), (0.6, 0.4), (-0.6, -0.4), (0.0, -0.4), (0.6, -0.4)])
    signs = np.array([1, -1, 1, -1, 1, -1])
    squared = ((points[:, None, :] - centres) ** 2).sum(axis=2)  # (n, 6)
    return points, (signs * np.exp(-squared / (2 * 0.25**2))).sum(axis=1)


def line(count: int, generator: np.random.Generator) -> Made:
    """A line for a single neuron: y = 2x - 1."""
    x = generator.uniform(-1.0, 1.0, (count, 1))
    return x, 2 * x[:, 0] - 1


GENERATORS = {make.__name__: make for make in (circle, xor, gaussians, spiral, moons, plane, bumps, line)}
"""Those that take nothing but a count and a generator."""
