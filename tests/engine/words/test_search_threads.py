"""Work that is shared among threads, of which the caller's is one."""

import threading

import pytest

from engine.words.search_threads import together


@pytest.mark.parametrize("twice", [True, False])
@pytest.mark.parametrize("count", [0, 1, 2, 100])
def test_results_come_in_the_order_of_things(count: int, twice: bool) -> None:
    assert together(lambda x: x * x, range(count), twice=twice) == [x * x for x in range(count)]


@pytest.mark.parametrize("twice", [True, False])
def test_what_goes_wrong_is_raised(twice: bool) -> None:
    def do(x: int) -> int:
        if x == 7:
            raise ValueError("seven")
        return x

    with pytest.raises(ValueError, match="seven"):
        together(do, range(50), twice=twice)


def test_nobody_waits_for_a_helper_that_is_not_let_run() -> None:
    mine, held = threading.current_thread(), threading.Event()

    def do(x: int) -> int:
        if threading.current_thread() is not mine:
            held.wait(30)
        return -x

    try:
        assert together(do, range(9)) == [-x for x in range(9)]
        assert not held.is_set()
    finally:
        held.set()


def test_what_must_not_be_done_twice_is_done_once() -> None:
    done: list[int] = []
    together(done.append, range(200), twice=False)
    assert sorted(done) == list(range(200))
