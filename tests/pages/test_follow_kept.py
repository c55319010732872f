"""Forward passes that are shown are kept within some memory."""

import numpy as np

from engine.nets.images.forward_pass import ForwardPass
from engine.nets.images.graph import Graph
from pages.ui.images.follow_kept import Kept


def a_pass(size: int) -> ForwardPass:
    return ForwardPass(Graph(()), {"image": np.zeros(size, np.uint8)}, {"weight": np.zeros(size, np.uint8)})


def test_those_that_nobody_has_asked_for_longest_go_when_there_is_no_room() -> None:
    kept = Kept(100)
    first, second = kept.put(a_pass(20)), kept.put(a_pass(20))
    assert kept.get(first) is not None
    third = kept.put(a_pass(20))
    assert kept.get(second) is None, "120 bytes are too many, and the first was asked for since"
    assert kept.get(first) is not None
    assert kept.get(third) is not None


def test_the_newest_stays_however_large_it_is() -> None:
    kept = Kept(100)
    first = kept.put(a_pass(10))
    large = kept.put(a_pass(1_000))
    assert kept.get(large) is not None
    assert kept.get(first) is None
    assert kept.get(99) is None
