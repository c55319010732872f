"""The sequences lab's budget.

sequences.train_speed  characters/s that a worker reads while it streams all panels to one watcher; torch's LSTM in a
                       plain script  (>= 0.95)
"""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from engine.data.sequences.prepared import prepare
from engine.data.sequences.vocabulary import PAD
from engine.labs.sequences import SequencesSpec
from tests.app_server import AppServer
from tests.bench.live import Watched, close, open_lab, train_speeds
from tests.bench.measure import result
from tests.browser import chromium

PAIRS = 5
NAMES = Watched("sequences", {"max_epochs": "1000", "units": "64"}, "tests.bench.bare_sequences")


def run() -> Iterator[str]:
    """Yield one JSON line per budget."""
    read = characters()
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        os.environ["LEARNSCOPE_HOME"] = folder  # the tokens of our watchers are signed with this server's key
        with AppServer(Path(folder)) as server:
            close(open_lab(browser, server, NAMES))
            pairs = [train_speeds(browser, server, NAMES) for _ in range(PAIRS)]
            yield result("sequences.train_speed", [(read * ours, read * bare) for ours, bare in pairs])


def characters() -> float:
    """Return how many characters the batch of a step has on average; what fills shorter names up does not count."""
    spec = SequencesSpec.from_strings(dict(NAMES.settings))
    prepared = prepare(spec)
    letters = np.count_nonzero(prepared.inputs[prepared.train] != PAD)
    return letters / len(prepared.train) * spec.batch_size
