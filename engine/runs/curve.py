"""The course of a run in short: a curve of its losses for a list of runs, and the numbers that stand beside it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.errors import FrameError
from engine.frames import decode_header
from engine.runs.messages import ROW
from engine.runs.store import SCALARS_OF_ALL_LABS

MOST_POINTS = 60


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """Losses (n,) float64 at ``steps`` (n,) int64, n at most 60, the first and the last recorded step among them.

    ``loss``, ``val_loss`` and ``val_score`` are of ``step``, the last; ``best`` is the highest validation score of all
    recorded steps. NaN where there is none. ``score_name`` is what the lab calls its score.
    """

    steps: np.ndarray
    losses: np.ndarray
    val_losses: np.ndarray
    step: int
    loss: float
    val_loss: float
    val_score: float
    best: float
    score_name: str


def make_curve(opening: bytes | None, steps: Sequence[int], heads: Sequence[bytes]) -> Curve | None:
    """Return the curve of recorded ``steps``; ``heads`` are their scalars, each the bytes of (4,) float64 or more.

    ``opening`` is the run's opening message, or its beginning. None where nothing was recorded.
    """
    if not steps:
        return None
    table = np.frombuffer(b"".join(heads), ROW).reshape(len(steps), SCALARS_OF_ALL_LABS)
    chosen = np.unique(np.linspace(0, len(steps) - 1, MOST_POINTS).round().astype(int))
    loss, val_loss, _, val_score = table[-1].tolist()
    scores = table[:, 3]
    best = float(np.nanmax(scores)) if np.isfinite(scores).any() else float("nan")
    return Curve(
        steps=np.asarray(steps)[chosen],
        losses=table[chosen, 0],
        val_losses=table[chosen, 1],
        step=steps[-1],
        loss=loss,
        val_loss=val_loss,
        val_score=val_score,
        best=best,
        score_name=_score_name(opening),
    )


def _score_name(opening: bytes | None) -> str:
    try:
        words = decode_header(opening or b"").get("words")
    except FrameError:
        return "score"
    name = words.get("score") if isinstance(words, dict) else None
    return name if isinstance(name, str) else "score"
