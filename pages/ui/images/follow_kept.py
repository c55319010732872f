"""Forward passes that pages show just now: within some memory, the ones that were looked at last."""

import itertools
import threading
from collections import OrderedDict

from engine.nets.images.forward_pass import ForwardPass

MOST_BYTES = 128 * 2**20
"""Of a small net a pass takes a megabyte or two, of the largest that one can make some forty."""


class Kept:
    """Holds forward passes by numbers that it gives them; when they take more than ``most`` bytes those go that nobody
    has asked for longest. Whoever finds theirs gone asks the net once more.
    """

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._counter = itertools.count(1)
        self._passes: OrderedDict[int, ForwardPass] = OrderedDict()

    def put(self, one: ForwardPass) -> int:
        """Keep a pass, and return its number; the newest stays, however large it is."""
        with self._lock:
            number = next(self._counter)
            self._passes[number] = one
            while len(self._passes) > 1 and sum(map(_size, self._passes.values())) > self._most:
                self._passes.popitem(last=False)
            return number

    def get(self, number: int) -> ForwardPass | None:
        """Return a pass, if it is still there."""
        with self._lock:
            if number in self._passes:
                self._passes.move_to_end(number)
            return self._passes.get(number)


def _size(one: ForwardPass) -> int:
    return sum(array.nbytes for arrays in (one.outputs, one.tensors) for array in arrays.values())


PASSES = Kept()
