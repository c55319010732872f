"""The words wing of this server: what it can open, what opens it and lays out maps; made when it is first asked for."""

import logging
import threading

from engine.jobs import Jobs
from engine.words import learnt
from engine.words.library import Library, forge
from engine.words.maps.forge import MapForge
from engine.words.sources import catalogue
from pages.ui.places import home_folder

TIDY_SECONDS = 3600.0
log = logging.getLogger("learnscope.words")


class Room:
    """``library`` has the spaces, ``openings`` read files or learn from texts, ``maps`` lay out maps, ``scores`` ask
    suites, ``indexes`` build what makes a search quicker, ``looks`` cut and count texts that are looked at,
    ``comparisons`` hold spaces against each other.

    ``downloads`` are openings too, but take a place of their own: they may last for an hour, and a class that opens
    files is not to wait for the line. ``texts`` are cut for whoever is to learn from them, ``learnt`` keeps and writes
    what runs have learnt.
    """

    def __init__(self) -> None:
        self.library = Library(home_folder())
        self._forges = (forge(), MapForge(), learnt.forge())
        opening, making, keeping = self._forges
        self.openings, self.downloads = Jobs(opening, at_once=2), Jobs(opening, at_once=2)
        self.maps = Jobs(making, at_once=2)
        self.scores, self.indexes = Jobs(making, at_once=1), Jobs(making, at_once=1)
        self.looks = Jobs(opening, at_once=2, most_kept=20)
        self.comparisons = Jobs(making, at_once=1)
        self.texts, self.learnt = Jobs(opening, at_once=2), Jobs(keeping, at_once=2)
        self._over = False
        self._tidying = threading.Thread(target=self._tidy, name="words tidying", daemon=True)
        self._tidying.start()

    def opens(self, source: str) -> Jobs:
        """Return what opens a source."""
        if source.startswith(learnt.KIND):
            return self.learnt
        return self.downloads if source.startswith(catalogue.KIND) else self.openings

    def close(self) -> None:
        """End all work."""
        self._over = True
        self.library.grown.set()
        self._tidying.join()
        reading = (self.openings, self.downloads, self.looks, self.texts)
        for jobs in (*reading, self.maps, self.scores, self.indexes, self.comparisons, self.learnt):
            jobs.close()
        for one in self._forges:
            one.close()

    def _tidy(self) -> None:
        """Delete what is kept for too long, and what is too much: now and then, and when another space is open."""
        while not self._over:
            self.library.grown.clear()
            try:
                self.library.tidy()
            except Exception:
                log.exception("What the words lab keeps could not be tidied.")
            self.library.grown.wait(TIDY_SECONDS)


_lock = threading.Lock()
_room: Room | None = None


def words() -> Room:
    """Return the room of this process."""
    global _room
    with _lock:
        _room = _room or Room()
        return _room


def close() -> None:
    """End all work of the room; the next call of ``words`` makes it anew."""
    global _room
    with _lock:
        open_now, _room = _room, None
    if open_now is not None:
        open_now.close()
