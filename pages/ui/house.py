"""The one hub and the one run store of this server process, made when they are first asked for.

A page script runs again and again, in many threads; a test runs it without any server. All of them meet here.
"""

import threading

from engine.runs.hub import Hub
from engine.runs.pool import Pool
from engine.runs.store import Store

_lock = threading.Lock()
_hub: Hub | None = None
_store: Store | None = None


def store() -> Store:
    """Return the run store; raises StoreError if the database cannot be opened."""
    global _store
    with _lock:
        if _store is None:
            _store = Store()
        return _store


def hub() -> Hub:
    """Return the hub. Runs that an earlier server left behind are called interrupted when it is made."""
    global _hub
    kept = store()
    with _lock:
        if _hub is None:
            _hub = Hub(kept, Pool())
        return _hub


def close() -> None:
    """End all runs and let go of the database; the next call of ``hub`` makes both anew."""
    global _hub, _store
    with _lock:
        ended, _hub = _hub, None
        kept, _store = _store, None
    if ended is not None:
        ended.close()
    if kept is not None:
        kept.close()
