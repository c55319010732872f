"""Tidying up: what has been over for too long, or is too much, is deleted for good, and its room given back."""

import logging
import threading
import time
from collections.abc import Callable, Collection

from engine.data import uploads
from engine.data.images.own import IMAGES
from engine.data.sequences.own import SEQUENCES
from engine.errors import LearnscopeError
from engine.keeping import home
from engine.language.models.own import MODELS
from engine.runs.archive import Archive
from engine.runs.classes import Classes
from engine.runs.limits import Limits
from engine.words.texts.own import TEXTS

log = logging.getLogger("learnscope.hub")


class Tidying:
    """Deletes within ``limits``. What stands in the way is told in the log alone: there is another time.

    Runs that ``busy`` tells stay; while one is deleted, ``hold`` is held, so that it does not go on meanwhile.
    """

    def __init__(
        self,
        archive: Archive,
        classes: Classes,
        limits: Limits,
        busy: Callable[[], Collection[str]],
        hold: threading.Lock,
    ) -> None:
        self._archive = archive
        self._classes = classes
        self._limits = limits
        self._busy = busy
        self._hold = hold
        self._ended = threading.Event()

    def end(self) -> None:
        """Have what is being done come to an end soon, and nothing more be begun."""
        self._ended.set()

    def runs(self) -> None:
        """Delete what was put away for too long and what is too much, and seats that nobody needs."""
        try:
            while not self._ended.is_set() and self._archive.purge(time.time() - self._limits.undo):
                pass
            for run_id in self._archive.surplus(self._limits.max_kept, self._busy()):
                if self._ended.is_set():
                    return
                with self._hold:
                    if run_id not in self._busy():
                        self._archive.drop(run_id)
            self._archive.reclaim()
            self._classes.forget(time.time() - self._limits.lesson)
        except LearnscopeError as error:
            log.warning("runs that are over could not be tidied up: %s", error)

    def tables(self) -> None:
        """Delete the uploaded tables, texts, images and models that no run needs and that nobody has used for long."""
        long_ago = time.time() - self._limits.unused_upload
        try:
            unused = uploads.unused_since(long_ago)
            for upload in unused - self._archive.mentioned(unused):
                uploads.delete(upload)
            for owned in (TEXTS, IMAGES, SEQUENCES, MODELS):
                unused = owned.unused_since(home(), long_ago)
                for one in unused - self._archive.mentioned(unused):
                    owned.delete(home(), one)
        except LearnscopeError as error:
            log.warning("old tables could not be tidied up: %s", error)
