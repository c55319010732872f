"""Numbers that a person puts into a net by hand: how they are named and written, and how large they may be. Light.

Such a change has the name of one number of one parameter, ``layers.0.weight[2, 1]``; other changes that a run takes
while it goes on have the name of a setting.
"""

import math
import re
from dataclasses import dataclass

from engine.errors import SpecError

LARGEST = 1000.0
"""No number that is set may lie further from zero: beyond it nothing can be seen, and much overflows."""
MAX_NAME_CHARS = 200
_NAME = re.compile(r"([A-Za-z_]\w*(?:\.\w+)*)\[([0-9]{1,6}(?:, [0-9]{1,6}){0,7})\]", re.ASCII)
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,40}\.?[0-9]{0,40}|\.[0-9]{1,40})(?:[eE][+-]?[0-9]{1,3})?")


@dataclass(frozen=True, slots=True)
class Edit:
    """One number of a net, put there by hand: ``tensor`` by its name in the net, ``index`` there, ``value``."""

    tensor: str
    index: tuple[int, ...]
    value: float


def is_edit(name: str) -> bool:
    """Tell whether a change of this name is one of the net, and not of a setting."""
    return "[" in name


def read_edit(name: str, value: str) -> Edit:
    """Return what a change of the net says; raises SpecError. Whether the net has such a number, it knows itself."""
    found = _NAME.fullmatch(name) if len(name) <= MAX_NAME_CHARS else None
    if found is None:
        raise SpecError(f"{name[:60]!r} names no number of a net: expected a name such as 'layers.0.weight[2, 1]'.")
    if not _NUMBER.fullmatch(value):
        raise SpecError(f"{name}: expected a number such as −0.5, received {value[:40]!r}.")
    number = float(value)
    if not math.isfinite(number) or abs(number) > LARGEST:
        raise SpecError(f"{name}: expected a number from −{LARGEST:g} to {LARGEST:g}, received {value[:40]}.")
    return Edit(found[1], tuple(map(int, found[2].split(", "))), number)
