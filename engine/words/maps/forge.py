"""The processes that make maps: a light forge for most, and one that has UMAP compiled."""

import logging
import threading
import weakref

from engine import memory
from engine.errors import RunError
from engine.jobs import Forge, Limits, Order
from engine.jobs.forge import Forged
from engine.words.maps import keeping
from engine.words.maps.spec import WORK, key_of, needs_compiling, spec_of

LIMITS = Limits(memory=memory.usual_limit(), seconds=3_600, file_bytes=2**30)

log = logging.getLogger("learnscope.maps")


class MapForge:
    """Starts the making of maps, for ``Jobs``; safe to use from several threads.

    UMAP takes seconds to import, and half a minute to compile where Learnscope's home holds nothing of it yet. So the
    first order of it sets a forge about that, and itself goes to the light one, where it says what takes so long.
    """

    def __init__(self) -> None:
        self._light = Forge(("engine.words.maps.preload",), LIMITS)
        self._compiled = Forge(("engine.words.maps.preload", "engine.words.maps.umap_layout"), LIMITS)
        self._compiling: threading.Thread | None = None
        self._lock = threading.Lock()
        self._keys: weakref.WeakKeyDictionary[Forged, str] = weakref.WeakKeyDictionary()

    def warm(self) -> None:
        """Start both, and wait until UMAP is compiled; raises RunError."""
        self._light.warm()
        self._compile_along().join()
        self._compiled.warm()

    def start(self, order: Order) -> Forged:
        """Fork a process that makes a map, or does some other work; raises RunError."""
        if not order.work.startswith(WORK):
            return self._light.start(order)
        compiled = needs_compiling(spec_of(order)) and not self._compile_along().is_alive()
        process = (self._compiled if compiled else self._light).start(order)
        self._keys[process] = key_of(order)
        return process

    def kill(self, process: Forged) -> None:
        """End a process at once, and remove what it has left behind."""
        process.kill()
        key = self._keys.get(process)
        if key is not None:
            threading.Thread(target=keeping.remove_unfinished, args=(key,), name="learnscope-map", daemon=True).start()

    def close(self) -> None:
        """End the forges, and with them all that they have forked."""
        self._light.close()
        self._compiled.close()

    def _compile_along(self) -> threading.Thread:
        with self._lock:
            if self._compiling is None:
                self._compiling = threading.Thread(target=self._compile, name="learnscope-compile", daemon=True)
                self._compiling.start()
            return self._compiling

    def _compile(self) -> None:
        try:
            self._compiled.warm()
        except RunError as error:
            log.warning("UMAP is not compiled beforehand: %s", error)
