import pytest

from pages.ui.rates import TokenBucket


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_a_burst_passes_and_the_next_does_not(clock: Clock):
    bucket = TokenBucket(rate=2, burst=3, clock=clock)
    assert [bucket.take() for _ in range(5)] == [True, True, True, False, False]


def test_tokens_come_back_at_the_rate_up_to_the_burst(clock: Clock):
    bucket = TokenBucket(rate=2, burst=3, clock=clock)
    for _ in range(3):
        bucket.take()
    clock.now += 1.0
    assert [bucket.take() for _ in range(3)] == [True, True, False]
    clock.now += 1000.0
    assert [bucket.take() for _ in range(4)] == [True, True, True, False]


def test_a_delay_grows_with_the_queue(clock: Clock):
    bucket = TokenBucket(rate=10, burst=2, clock=clock)
    assert [bucket.delay() for _ in range(4)] == pytest.approx([0, 0, 0.1, 0.2])
    clock.now += 0.2
    assert bucket.delay() == pytest.approx(0.1)
