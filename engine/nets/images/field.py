"""Which pixels one number of a layer is made of: light, so that a page can cut them out without torch."""

from typing import NamedTuple


class Field(NamedTuple):
    """The squares of pixels that the numbers of a map see: of so many pixels a ``side``, ``stride`` pixels apart.

    The first begins at row ``top`` and column ``left``: below 0 where it reaches into a frame of zeros.
    """

    side: int
    stride: int
    top: int
    left: int

    def square(self, row: int, column: int) -> tuple[int, int]:
        """Return the row and the column of the first pixel that a number sees, also where they are in the frame."""
        return self.top + row * self.stride, self.left + column * self.stride
