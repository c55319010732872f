"""The one hub and the one run store of this server process, made when they are first asked for.

A page script runs again and again, in many threads; a test runs it without any server. All of them meet here. Where the
store cannot be used, everybody is told why, and it is tried again: the server outlasts a database that is locked, away
or damaged, and one whose home another server still holds.
"""

import logging
import threading
import time

from engine.errors import SpecError, StoreError
from engine.runs.claim import Claim
from engine.runs.hub import Hub
from engine.runs.limits import Limits
from engine.runs.pool import Pool
from engine.runs.store import Store
from pages.ui import why_room
from pages.ui.places import home_folder
from pages.ui.words import room

RETRY_SECONDS = 2.0

log = logging.getLogger("learnscope.server")

_lock = threading.Lock()
_claim: Claim | None = None
_store: Store | None = None
_hub: Hub | None = None
_failure = ""
_failed_at = float("-inf")


def hub() -> Hub:
    """Return the hub; raises StoreError while the run store cannot be used.

    Runs that an earlier server left behind are called interrupted when it is made.
    """
    global _failure, _failed_at
    with _lock:
        if _hub is not None:
            return _hub
        # A locked database is waited for, and a class must not queue up for that: who comes now is told at once.
        if time.monotonic() - _failed_at < RETRY_SECONDS:
            raise StoreError(_failure)
        try:
            return _open()
        except StoreError as error:
            _failure, _failed_at = str(error), time.monotonic()
            raise


def close() -> None:
    """End all runs and let go of the database and the home; the next call of ``hub`` makes all anew."""
    global _claim, _store, _hub, _failed_at
    with _lock:
        open_now = [thing for thing in (_hub, _store, _claim) if thing is not None]
        _hub, _store, _claim, _failed_at = None, None, None, float("-inf")
        for thing in open_now:
            thing.close()
    room.close()
    why_room.close()


def _open() -> Hub:
    """Make what is not there yet."""
    global _claim, _store, _hub
    _claim = _claim or Claim(home_folder())
    _store = _store or Store()
    _hub = Hub(_store, Pool(), _limits(), tidies_uploads=True)
    return _hub


def _limits() -> Limits:
    """Return the limits that the environment names; a mistake in it is told in the log, and holds no class up."""
    try:
        return Limits.named_by()
    except SpecError as error:
        log.error("%s It is as if it were not set.", error)
        return Limits()
