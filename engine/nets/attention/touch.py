"""A way to see, and to change, what passes through a net: each tensor on its way is shown under its name to a touch.

A touch gives back what goes on in its place, of the same shape: the tensor itself where one only looks, zeros where a
head is knocked out, the tensor of another sentence where an activation is patched.
"""

from collections.abc import Callable

from torch import Tensor

Touch = Callable[[str, Tensor], Tensor]


def under(touch: Touch | None, part: str) -> Touch | None:
    """Return a touch for a part of a net, which names its tensors without knowing where it stands."""
    if touch is None:
        return None
    return lambda name, value: touch(f"{part}.{name}", value)


class Touched(dict[str, Tensor]):
    """A touch that changes nothing and keeps all it is shown, by name."""

    def __call__(self, name: str, value: Tensor) -> Tensor:
        """Keep ``value`` and give it back."""
        self[name] = value
        return value
