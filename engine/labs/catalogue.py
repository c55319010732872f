"""All labs by name. Adding a lab adds a line here."""

from engine.errors import SpecError
from engine.labs import (
    generation,
    playground,
    pretrained,
    sequences,
    train_words,
    transformers,
    translation,
    vision,
)
from engine.labs.lab import Lab

LABS: dict[str, Lab] = {
    lab.name: lab
    for lab in (
        playground.LAB,
        vision.LAB,
        sequences.LAB,
        generation.LAB,
        translation.LAB,
        transformers.LAB,
        pretrained.LAB,
        train_words.LAB,
    )
}


def get_lab(name: str) -> Lab:
    """Return the lab of this name; raises SpecError if there is none."""
    if name not in LABS:
        raise SpecError(f"There is no lab {name[:40]!r}: expected one of {', '.join(LABS)}.")
    return LABS[name]
