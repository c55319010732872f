"""To look at a page again and again, as its fragments do, until it shows what comes."""

import time
from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from tests.browser import PATIENCE


def until(visit: AppTest, holds: Callable[[], object], *, errors: bool = True) -> AppTest:
    """Look at a page again until something holds; meanwhile nothing breaks, and no error is told where none may be."""
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, told(visit)
        time.sleep(0.1)
        visit.run()
        assert not [*visit.exception, *([] if errors else visit.error)]
    return visit


def prepared(visit: AppTest) -> AppTest:
    """Look at a page again until nothing is being prepared on it: a text is cut before a run of it is opened.

    Work that ends while it is asked for is told no more, but its result is there at the next look alone: so once more.
    """
    rests = 0

    def rested() -> bool:
        nonlocal rests
        rests = 0 if visit.get("progress") else rests + 1
        return rests == 2

    return until(visit, rested)


def told(visit: AppTest) -> list[str]:
    """Return all that a page tells in boxes."""
    return [one.value for one in (*visit.warning, *visit.error, *visit.info)]
