"""A server process with four runs, one of them in a step that never ends; prints what they are and sleeps."""

import json
import sys
import time
from pathlib import Path

from engine.runs.pool import Pool
from tests.engine.runs.conftest import TOY_LABS, Bench


def main(folder: Path) -> None:
    bench = Bench(folder, Pool(TOY_LABS))
    running, paused, ready = (bench.ready() for _ in range(3))
    stuck = bench.ready(fault="hang", fault_step=3)
    bench.command(running, "resume")
    bench.command(stuck, "resume")
    bench.command(paused, "epoch")
    paused.wait_state("paused")
    running.wait_step(30)
    watchers = {"running": running, "paused": paused, "ready": ready, "stuck": stuck}
    facts = {name: (w.run.id, bench.hub.pid_of(w.run.id), sorted(w.rows)) for name, w in watchers.items()}
    print(json.dumps(facts), flush=True)
    time.sleep(600)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
