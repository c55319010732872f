"""An asyncio loop in a thread of its own, to be used from any other thread."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

T = TypeVar("T")


class LoopThread:
    """Starts its thread with the first work it is given; a daemon, so it never keeps the program from ending."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    def submit(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Have a coroutine run in the loop; what it raises is in the future, and lost if nobody asks."""
        return asyncio.run_coroutine_threadsafe(work, self._running())

    def call(self, work: Callable[[], object]) -> None:
        """Have a quick function called in the loop."""
        self._running().call_soon_threadsafe(work)

    def close(self) -> None:
        """Cancel what still runs, and end the thread; what works for it in other threads is waited for."""
        with self._lock:
            loop, thread, self._loop, self._thread = self._loop, self._thread, None, None
        if loop is not None and thread is not None:
            loop.call_soon_threadsafe(loop.stop)
            thread.join()

    def _running(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(target=_run, args=(self._loop,), name=self._name, daemon=True)
                self._thread.start()
            return self._loop


def _run(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    loop.run_forever()
    tasks = asyncio.all_tasks(loop)
    for task in tasks:
        task.cancel()
    loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
    # A thread cannot be cancelled, and it may be using what whoever closed us is about to close.
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()
