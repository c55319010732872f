"""What runs of the vision lab begin with where they learn half of the classes: what has to be done before, how a net
gets what was learnt, and how all that is told.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.data.images import reading
from engine.data.images.halves import half, other
from engine.data.images.spec import OWN
from engine.explanation import Cell, Explanation
from engine.labs import own_images
from engine.labs.lab import Preparation
from engine.nets.images.plan import title
from engine.training.pretrained_kept import About, folder, kept, order
from engine.training.transfer_spec import body, head, held_still

if TYPE_CHECKING:
    from engine.labs.vision import VisionSpec

MOST_NAMED = 6
"""Layers, and classes, that a sentence names; of more it tells the first and the last."""


def prepares(spec: "VisionSpec") -> Preparation | None:
    """Return what is to be done before a run: its images are read, and what the net has to know beforehand is learnt.

    None where that was done. Raises DataError where there can be no such run.
    """
    to_do = own_images.prepares(spec)
    if to_do is not None or not spec.transfers:
        return to_do
    if spec.images == OWN:
        found = reading.kept(spec)
        record = found.record if found else None
        if record is not None:
            half(record.classes, other(spec.classes), record.title)
    if kept(folder(spec, spec.seed)) is not None:
        return None
    return Preparation(
        order(spec, spec.seed),
        "Learning the other half of the classes",
        "Learning the other half was called off, here or by preparing something else in another tab.",
        "Learn the other half",
    )


def still_words(spec: "VisionSpec") -> str:
    """Say which layers hold still; nothing where all learn."""
    still = [title(layer) for layer in held_still(spec)]
    return f"Held still, so without gradient and update: {_named(still)}." if still else ""


def before_words(spec: "VisionSpec", about: About | None) -> str:
    """Say what the net has learnt before, and which of its weights are new; nothing where it begins from scratch."""
    if about is None:
        return ""
    if not body(spec):
        return "This net has no layer before its last, so nothing of what it learnt before is taken along."
    epochs = f"{about.epochs} epoch{'s' if about.epochs > 1 else ''}"
    return (
        f"Learnt before, in {epochs} from {about.images:,} images of {_named(about.classes)}: all layers but "
        f"{title(head(spec))}, which is new. Of images of these classes held out it predicted "
        f"{about.score:.1%} correctly."
    )


def explained(spec: "VisionSpec", cell: Cell, told: Explanation) -> Explanation:
    """Return an explanation, with the reason where it is one of a layer that gets no gradient and no update."""
    still = {f"{kind}.{layer}" for layer in held_still(spec) for kind in ("scalars.gradient", "scalars.update")}
    still |= {f"gradient_map.{layer}.{kind}" for layer in held_still(spec) for kind in ("weight", "bias")}
    if cell.array not in still:
        return told
    return replace(told, lines=("This layer is held still: no gradient is computed for it, and nothing moves it.",))


def _named(names: "list[str] | tuple[str, ...]") -> str:
    return ", ".join(names) if len(names) <= MOST_NAMED else f"{names[0]} to {names[-1]}"
