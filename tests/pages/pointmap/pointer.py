"""The pointer of a person at a map of words."""

import numpy as np

from tests import lasso
from tests.pages.pointmap.conftest import Screen


def at(screen: Screen, index: int) -> tuple[float, float]:
    """Return where a point lies in the window."""
    (x, y), corner = screen.places()[index], screen.corner()
    return corner[0] + float(x), corner[1] + float(y)


def drag(screen: Screen, path: np.ndarray) -> None:
    """Drag the pointer along a path, given from the corner of the stage."""
    lasso.drag(screen.page, path + screen.corner())
