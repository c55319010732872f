"""What the hub's thread does with one run's stream."""

import asyncio
import time

from engine.runs.live import Pace


def test_a_flood_is_let_through_at_its_pace() -> None:
    async def flood(count: int) -> float:
        pace = Pace(per_second=200)
        began = time.monotonic()
        for _ in range(count):
            await pace.turn()
        return time.monotonic() - began

    assert asyncio.run(flood(100)) >= 100 / 200 * 0.99
