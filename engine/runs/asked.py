"""Questions to nets, from the server's side: who is asked, and what has been asked and not been answered yet."""

import asyncio
from collections import OrderedDict, deque
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock

from engine.asking import Question
from engine.errors import LearnscopeError, RunError
from engine.runs import messages
from engine.runs.explainer import Explainer
from engine.runs.pool import Pool
from engine.runs.recordings import Recordings
from engine.runs.run import Run
from engine.runs.takeaway import weights_at
from engine.runs.walker import Walker
from engine.runs.weights import Weights

KEPT = 8
THREADS = 4
MOST_WAITING = 64
BUSY = "The net of this run has more questions than it can answer just now: try again."
LEFT = "The net of this run went away before it had answered: try again."


class Waiting:
    """What the worker of one run was asked and has not answered, oldest first; for the hub's loop alone.

    A worker answers in the order in which it is asked, so answers need no numbers.
    """

    def __init__(self) -> None:
        self._answers: deque[asyncio.Future[bytes]] = deque()

    @property
    def full(self) -> bool:
        """Tell whether there are as many as may be."""
        return len(self._answers) >= MOST_WAITING

    def add(self) -> asyncio.Future[bytes]:
        """Return where the answer to another question comes."""
        answer = asyncio.get_running_loop().create_future()
        self._answers.append(answer)
        return answer

    def take(self, message: bytes) -> None:
        """Take in an answer; raises ValueError where nothing was asked."""
        if not self._answers:
            raise ValueError("it answers what was not asked")
        answer = self._answers.popleft()
        if not answer.done():  # who asked may have gone
            answer.set_result(message)

    def leave(self) -> None:
        """There will be no more answers."""
        while self._answers:
            answer = self._answers.popleft()
            if not answer.done():
                answer.set_exception(RunError(LEFT))


class Aside:
    """Asks nets of runs that are over, and of steps that are past: with the weights that were recorded.

    ``ask`` returns at once; a few threads find weights, which may take seconds, and one process answers. To weights
    that are not recorded a ``walker`` goes.
    """

    def __init__(self, pool: Pool, recordings: Recordings, walker: Walker, memory: int | None = None) -> None:
        self._explainer, self._recordings, self._walker = Explainer(pool, memory), recordings, walker
        self._threads = ThreadPoolExecutor(THREADS, "learnscope-asking")
        self._lock = Lock()
        self._weights: OrderedDict[tuple[str, int], Future[Weights]] = OrderedDict()

    def ask(self, run: Run, step: int, question: Question) -> Future[bytes]:
        """Return where the answer comes of the net as it was at ``step``, or at the recorded step nearest before it."""
        return self._threads.submit(self._ask, run, step, question)

    def close(self) -> None:
        """Answer nothing any more."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._explainer.close()

    def _ask(self, run: Run, step: int, question: Question) -> bytes:
        try:
            return self._explainer.ask(self._weights_of(run, step), question)
        except LearnscopeError as error:
            return messages.unanswered(question.id, str(error))

    def _weights_of(self, run: Run, step: int) -> Weights:
        """Return the weights at a step; the last few are remembered, for a person asks again and again, and a class
        that asks about one step at once has them found once.

        They are those of a frame, and not of a step: a run that was reset comes by the same steps once more.
        """
        frame = self._recordings.frame(run.id, step)
        of_frame = (run.id, hash(frame))
        with self._lock:
            is_first = of_frame not in self._weights
            found = self._weights.setdefault(of_frame, Future())
            self._weights.move_to_end(of_frame)
            while len(self._weights) > KEPT:
                self._weights.popitem(last=False)
        if is_first:
            try:
                found.set_result(weights_at(self._recordings, run, step, self._walker.walk))
            except BaseException as error:
                with self._lock:
                    self._weights.pop(of_frame, None)  # who comes later tries again
                found.set_exception(error)
        return found.result()
