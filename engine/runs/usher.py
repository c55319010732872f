"""The usher: has runs wait for their turn to train, and tells their watchers at which place they stand.

A run trains on until it is asked to hold, so whoever presses Train sees the first steps at once, and a server that has
turns for all says nothing. What stands still may be looked at, changed and stepped through without a turn. An order is
not waited for: a worker in a step that never ends uses a core, but holds nobody up. The line is in the server's memory;
when the server ends, those that wait are interrupted like those that train, and go on alike.
"""

import asyncio

from engine.runs.live import LiveRun
from engine.runs.turns import Turns

ROUND_SECONDS = 0.25


class Usher:
    """Gives turns to live runs. All of it belongs to the hub's loop."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns
        self._runs: dict[str, LiveRun] = {}  # those that want to train

    def attend(self, live: LiveRun) -> None:
        """Take note of the state that a run is in now."""
        run = live.run
        if run.state == "running":
            self._runs[run.id] = live
            self._turns.ask(run.id, run.owner)
        elif self._runs.get(run.id) is live:
            del self._runs[run.id]
            self._turns.leave(run.id)
            live.hold(0, 0)
        else:
            return
        self._tell()

    async def work(self) -> None:
        """Change turns again and again."""
        while True:
            await asyncio.sleep(ROUND_SECONDS)
            self.change()

    def change(self) -> None:
        """Have those that had their turn make room, if anybody waits."""
        if self._runs:
            self._turns.rotate()
            self._tell()

    def _tell(self) -> None:
        line = self._turns.line
        places = {run_id: place for place, run_id in enumerate(line, start=1)}
        for run_id, live in self._runs.items():
            live.hold(places.get(run_id, 0), len(line))
