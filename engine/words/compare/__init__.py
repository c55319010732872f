"""What two spaces have in common and where they differ: neighbours, directions, scores, and how their words lie.

Spaces are compared on the words that both have, and may have other dimensions; light, but for the scores.
"""

from engine.words.compare.alignment import Alignment, Moved, moved, procrustes
from engine.words.compare.intervals import spearman_interval, wilson
from engine.words.compare.neighbourhoods import Agreement, agreement
from engine.words.compare.overlay import Overlay, overlay
from engine.words.compare.queries import Column, overlap, side_by_side
from engine.words.compare.scores import Closer, Difference, closer, difference
from engine.words.compare.vocabulary import Shared, shared

__all__ = [
    "Agreement",
    "Alignment",
    "Closer",
    "Column",
    "Difference",
    "Moved",
    "Overlay",
    "Shared",
    "agreement",
    "closer",
    "difference",
    "moved",
    "overlap",
    "overlay",
    "procrustes",
    "shared",
    "side_by_side",
    "spearman_interval",
    "wilson",
]
