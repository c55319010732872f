"""The work behind comparisons, each in a process of its own: what takes more than a moment of whole spaces.

All take the folders in which the spaces are kept as ``spaces``, and return plain data, in which what is no number is
None. Raises DataError, a sentence, where they cannot be compared.
"""

import math
from collections.abc import Generator, Mapping, Sequence
from dataclasses import asdict
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from engine.errors import DataError
from engine.jobs import Order, Progress
from engine.jobs.job import Work
from engine.seeds import numpy_generator
from engine.words import opening
from engine.words.compare.alignment import Alignment, aligning, moved
from engine.words.compare.neighbourhoods import agreeing
from engine.words.compare.overlay import overlay
from engine.words.compare.shape import isotropy, spectrum
from engine.words.compare.vocabulary import Shared, shared, with_direction
from engine.words.space import Space

RESTRICT = 50_000
SAMPLE = 2_000
TOLD = 20
"""So many words that agree least, and most, or that moved most."""
BINS = 40
ALIGNED = 0.95
"""The share of an alignment's work that is done when one space lies over the other."""


def order(work: str, spaces: Sequence[Path], **settings: Any) -> Order:
    """Return the order of a comparison: the name of a function here, or ``module:function`` beside; its settings are
    plain data.
    """
    module, _, function = work.rpartition(":")
    folders = [str(folder.resolve()) for folder in spaces]
    return Order.of(f"engine.words.compare.{module or 'work'}:{function}", spaces=folders, **settings)


def agree(arguments: Mapping[str, Any]) -> Work:
    """Compare the ``k`` (10) neighbours of ``sample`` words, drawn from those that two spaces share among the first
    ``restrict`` of each.

    The result has ``mean`` and ``chance``, how many words have 0, 1 ... k neighbours in common (``counts``), and those
    that agree ``least`` and ``most``, each with its Jaccard index.
    """
    a, b = opened(arguments, 2)
    yield Progress(None, "Looking for the words that both have")
    found = with_direction(shared(a, b, arguments.get("restrict", RESTRICT)))
    sample = min(arguments.get("sample", SAMPLE), len(found))
    places = np.sort(numpy_generator(arguments.get("seed", 0), "sample").choice(len(found), sample, replace=False))
    judging = agreeing(found, places, arguments.get("k", 10))
    while True:
        try:
            yield Progress(next(judging), f"Comparing the neighbours of {sample:,} words")
        except StopIteration as over:
            judged = over.value
            break
    by = np.argsort(judged.jaccard, kind="stable")
    named = [[judged.words[place], float(judged.jaccard[place])] for place in by.tolist()]
    return {
        "mean": judged.mean,
        "chance": judged.chance,
        "k": judged.k,
        "vocabulary": judged.vocabulary,
        "words": sample,
        "counts": np.bincount(judged.common, minlength=judged.k + 1).tolist(),
        "least": named[:TOLD],
        "most": named[::-1][:TOLD],
    }


def align(arguments: Mapping[str, Any]) -> Work:
    """Lay the first of two spaces over the second, ``centred`` (no) and at length 1 (``unit``, yes) or not, by what
    they share among the first ``restrict`` of each.

    The result has what ``Alignment`` tells, the ``counts`` of words whose cosine falls into each of ``BINS`` equal
    steps from -1 to 1, and the ``moved`` most, seen ``least_count`` times or more. ``overlay`` has some ``words``, by
    default those that moved most and least, in a plane; it is None, and ``why`` says so, where they cannot be drawn.
    """
    a, b = opened(arguments, 2)
    yield Progress(0.0, "Looking for the words that both have")
    both = with_direction(shared(a, b, arguments.get("restrict", RESTRICT)))
    asked = {name: arguments[name] for name in ("centred", "unit") if name in arguments}
    found = yield from _aligned(both, asked)
    yield Progress(ALIGNED, "Looking for the words that moved")
    most = moved(found, arguments.get("k", TOLD), arguments.get("least_count", 0))
    cosines = found.cosines
    drawn, why = None, ""
    try:
        drawn = asdict(overlay(found, arguments.get("words", ())))
    except DataError as error:
        why = str(error)
    return plain(
        {
            **{name: getattr(found, name) for name in ("residual", "scale", "disparity", "determined")},
            "words": len(found.shared),
            "dimensions": [a.dimensions, b.dimensions],
            "mean": float(np.nanmean(cosines)) if np.isfinite(cosines).any() else None,
            "counts": np.histogram(cosines[np.isfinite(cosines)], BINS, (-1, 1))[0].tolist(),
            "moved": [asdict(one) for one in most],
            "overlay": drawn,
            "why": why,
        }
    )


def _aligned(both: Shared, asked: Mapping[str, bool]) -> Generator[Progress, None, Alignment]:
    going = aligning(both, **asked)
    while True:
        try:
            yield Progress(ALIGNED * next(going), f"Laying {len(both):,} words over the others")
        except StopIteration as over:
            return over.value


def shape(arguments: Mapping[str, Any]) -> Work:
    """Tell of each space how its words spread, a finding each: the ``variances`` along its components and their
    ``shares``, the ``participation`` ratio; ``isotropy``, the mean ``cosine`` and its ``deviation``.
    """
    spaces = opened(arguments)
    found = []
    for place, space in enumerate(spaces):
        yield Progress(place / len(spaces), f"Looking how {len(space):,} words spread")
        restrict, unit = arguments.get("restrict", RESTRICT), arguments.get("unit", False)
        spread, even = spectrum(space, restrict, unit), isotropy(space, restrict, unit)
        found.append(
            {
                "variances": spread.variances.tolist(),
                "shares": spread.shares.tolist(),
                "participation": spread.participation,
                "isotropy": even.value,
                "cosine": even.cosine,
                "deviation": even.deviation,
                "words": spread.words,
            }
        )
        yield found[-1]
    return {"spaces": found}


def opened(arguments: Mapping[str, Any], count: int | None = None) -> list[Space]:
    """Return the spaces that are asked for; raises DataError where one is not kept, or there are not ``count``."""
    folders = arguments["spaces"]
    if not folders or (count is not None and len(folders) != count):
        raise DataError(f"Expected {count or 'one or more'} spaces to compare, received {len(folders)}.")
    found = [opening.opened(Path(folder)) for folder in folders]
    if None in found:
        raise DataError("The vectors of one of these spaces are not kept any more: open them again.")
    return [space for space in found if space is not None]


def plain(value: Any) -> Any:
    """Return data fit for JSON: what is no number becomes None."""
    match value:
        case Mapping():
            return {name: plain(one) for name, one in value.items()}
        case list() | tuple():
            return [plain(one) for one in value]
        case np.ndarray() | np.generic():
            return plain(value.tolist())
        case float():
            return value if math.isfinite(value) else None
    return value


def each_two(spaces: Sequence[Any]) -> list[tuple[int, int]]:
    """Return the places of each two of some spaces."""
    return list(combinations(range(len(spaces)), 2))
