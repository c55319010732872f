"""The budgets of the labs with attention.

attention.train_speed  symbols/s that a worker reads while it streams all attention to one watcher; torch's own
                       nn.MultiheadAttention in a plain script  (>= 0.95)
"""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from engine.labs.transformers import TransformersSpec
from tests.app_server import AppServer
from tests.bench.live import Watched, close, open_lab, train_speeds
from tests.bench.measure import result
from tests.browser import chromium

PAIRS = 5
LETTERS = Watched("transformers", {"max_epochs": "20000"}, "tests.bench.bare_attention")


def run() -> Iterator[str]:
    """Yield one JSON line per budget."""
    spec = TransformersSpec.from_strings(dict(LETTERS.settings))
    read = spec.batch_size * spec.length
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        os.environ["LEARNSCOPE_HOME"] = folder  # the tokens of our watchers are signed with this server's key
        with AppServer(Path(folder)) as server:
            close(open_lab(browser, server, LETTERS))
            pairs = [train_speeds(browser, server, LETTERS) for _ in range(PAIRS)]
            yield result("attention.train_speed", [(read * ours, read * bare) for ours, bare in pairs])
