"""The second process of a run: it looks at the net while the first, the worker, trains on.

What it looks at are snapshots that the worker takes between two steps. All that leaves the run, to the server and to
the store, leaves through the observer and so in order. It ends with the run, or without a word when the worker is gone:
the kernel sees to that, for an observer may hang in a look.
"""

import fcntl
import logging
import os
import select
import signal
import sys
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from time import perf_counter, process_time
from typing import Any, Self

from engine import memory
from engine.errors import LearnscopeError
from engine.kinship import die_with
from engine.runs.answering import answer
from engine.runs.cadence import Cadence
from engine.runs.link import Link
from engine.runs.reporter import Reporter
from engine.runs.run import State
from engine.training.experiment import Answering, Experiment, Step

FAREWELL_SECONDS = 2.0
UNREAD_SECONDS = 0.5
ORDERS_BYTES = 2**20
"""May wait for the observer before the worker has to: a class of questions does not stop the training."""
AGAIN_SECONDS = 0.5
LAST_ANSWERS_SECONDS = 0.5
"""So much work is done at the end of a run for those who have asked before."""

log = logging.getLogger("learnscope.observer")


class ObserverGone(Exception):
    """The observer has ended: by an error that it told the server, or because it was killed."""


class Observer:
    """The worker's handle on it. Every method raises ObserverGone if there is no observer any more."""

    def __init__(self, experiment: Experiment, orders: Connection, answers: Connection, pid: int) -> None:
        self._experiment = experiment
        self._orders = orders
        self._answers = answers
        self._answered = select.poll()  # Connection.poll makes a new one at each call
        self._answered.register(answers.fileno(), select.POLLIN)
        self._pid = pid
        self._cadence = Cadence()
        self._looking = False
        self._seen = -1

    @classmethod
    def fork(cls, experiment: Experiment, reporter: Reporter, link: Link, most: int) -> Self:
        """Start the process. It shares the memory of this one until one of the two writes to it; ``most`` is how many
        bytes it may take, as it is told.
        """
        theirs, orders = Pipe(duplex=False)
        answers, their_answers = Pipe(duplex=False)
        _widen(orders)
        worker = os.getpid()
        pid = os.fork()
        if pid == 0:
            die_with(worker)
            orders.close()
            answers.close()
            _be_observer(_Loop(experiment, reporter, link, theirs, their_answers, most))
        theirs.close()
        their_answers.close()
        link.hand_over()
        return cls(experiment, orders, answers, pid)

    def due(self, number: int, now: float) -> bool:
        """Tell whether step ``number``, the next, should be looked at; ``now`` is of ``time.perf_counter``."""
        return self._cadence.due(number, now) and (self._cadence.begins(number) or not self._is_looking())

    def has_seen(self, step: Step) -> bool:
        """Tell whether a step was looked at since the last reset."""
        return step.number <= self._seen

    def look(self, step: Step, *, again: bool = False) -> None:
        """Have a step observed, shown and recorded; waits until the last look is over.

        ``again`` puts it in the place of what was seen of the same step, for the net was changed since.
        """
        self._is_looking(wait=True)
        now, began = perf_counter(), process_time()
        self._send("look", step, self._experiment.snapshot(), again)
        self._looking = True
        self._seen = step.number
        self._cadence.taken(process_time() - began, now)

    def show(self, state: State, message: str = "") -> None:
        """Have a new state of the run shown."""
        self._send("show", state, message)

    def settle(self, state: State, message: str = "") -> None:
        """Have everything until here recorded, and then the new state shown."""
        self._send("settle", state, message)

    def keep(self, number: int, state: bytes) -> None:
        """Have a checkpoint of step ``number`` recorded."""
        self._send("keep", number, state)

    def tell(self) -> None:
        """Have the state shown again."""
        self._send("tell")

    def refuse(self, message: str) -> None:
        """Have it told, once, why a command is not carried out."""
        self._send("refuse", message)

    def setting(self, number: int, name: str, value: str) -> None:
        """Have it told and recorded that a setting, or a number of the net, was changed at step ``number``."""
        self._send("setting", number, name, value)

    def ask(self, question: str) -> None:
        """Have a question to the net, as text, answered as it was looked at last."""
        self._send("ask", question)

    def reset(self) -> None:
        """Void all that was shown and recorded."""
        self._send("reset")
        self._seen = -1

    def end(self, state: State, message: str) -> None:
        """Have it told and recorded how the run ended; returns when all has left."""
        self._send("end", state, message)
        os.waitpid(self._pid, 0)

    def discard(self) -> None:
        """Have a run deleted that was never begun; returns when that is done."""
        self._send("discard")
        os.waitpid(self._pid, 0)

    @property
    def gone(self) -> bool:
        """Tell whether the observer has ended."""
        try:
            return os.waitid(os.P_PID, self._pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
        except ChildProcessError:
            return True

    def share_fate(self) -> None:
        """Wait until the observer has ended; if it was killed, end this process in the same way."""
        _, status = os.waitpid(self._pid, 0)
        if os.WIFSIGNALED(status):
            with suppress(OSError):  # there is no other way to take SIGKILL
                signal.signal(os.WTERMSIG(status), signal.SIG_DFL)
            os.kill(os.getpid(), os.WTERMSIG(status))

    def _is_looking(self, *, wait: bool = False) -> bool:
        if self._looking and self._answered.poll(None if wait else 0):
            try:
                self._cadence.looked(self._answers.recv())
            except (EOFError, OSError):
                raise ObserverGone from None
            self._looking = False
        return self._looking

    def _send(self, name: str, *arguments: object) -> None:
        try:
            self._orders.send((name, arguments))
        except BrokenPipeError:
            raise ObserverGone from None


class _Loop:
    """The observer's own side: carries out what the worker says, one order after the other."""

    def __init__(
        self, experiment: Experiment, reporter: Reporter, link: Link, orders: Connection, answers: Connection, most: int
    ) -> None:
        self._most = most
        self._experiment = experiment
        self._reporter = reporter
        self._link = link
        self._orders = orders
        self._answers = answers
        self._later: deque[tuple[str, tuple[Any, ...]]] = deque()
        self._asked: deque[str] = deque()
        self._answered = process_time()
        self._answering = 0.0  # seconds of work that all answers took
        self._left = False
        self._step = 0
        if isinstance(experiment, Answering):
            experiment.meanwhile = self._answer_meanwhile

    def run(self) -> None:
        """Carry out orders until the run has ended or the worker is gone."""
        while self._reporter.run.live:
            self._take(wait=not self._later and not self._asked)
            if self._left and not self._later:
                break
            try:
                if self._later:
                    self._carry_out(*self._later.popleft())
                self._answer_some()
            except (EOFError, OSError):
                break  # the worker is gone, perhaps in the middle of an order
        self._answer_some(LAST_ANSWERS_SECONDS)
        self._link.drain(FAREWELL_SECONDS)

    def _carry_out(self, name: str, arguments: tuple[Any, ...]) -> None:
        if name == "look":
            self._answers.send(self._look(*arguments))
        else:
            self._carefully(getattr(self._reporter, name), *arguments)

    def _take(self, *, wait: bool = False) -> None:
        """Take in what has come, all of it, so that the worker need not wait; with ``wait``, not before there is some.

        Questions stand apart: other orders are carried out before them, but who has asked first is answered first.
        """
        if wait and not self._left:
            self._link.push_until(self._orders)
            while not self._orders.poll(AGAIN_SECONDS if self._reporter.waiting else None):
                self._carefully(self._reporter.try_again)
        try:
            while not self._left and self._orders.poll():
                name, arguments = self._orders.recv()
                if name == "ask":
                    self._asked.extend(arguments)
                else:
                    self._later.append((name, arguments))
        except (EOFError, OSError):
            self._left = True

    def _answer_some(self, seconds: float = 0.0) -> None:
        """Answer one who has asked, and more for ``seconds`` and as long as other things took since the last answer: a
        class that asks all the time halves what can be seen of the net, and no more.
        """
        began = process_time()
        until = began + max(seconds, began - self._answered)
        while self._asked:
            self._link.send(answer(self._experiment, self._step, self._asked.popleft()))
            if process_time() >= until:
                break
        self._answered = process_time()
        self._answering += self._answered - began

    def _answer_meanwhile(self) -> None:
        """In the middle of a look, answer what was asked since; other orders are carried out behind it."""
        self._take()
        self._answer_some()

    def _look(self, step: Step, snapshot: Any, again: bool) -> float:
        """Return how many seconds of work it took, without those of answers."""
        began = process_time() - self._answering
        self._carefully(self._see, step, snapshot, again)
        seconds = process_time() - self._answering - began
        while self._link.full:  # the server does not read: until it does, nothing more is looked at
            self._link.drain(UNREAD_SECONDS)
        return seconds

    def _see(self, step: Step, snapshot: Any, again: bool) -> None:
        self._experiment.adopt(snapshot)
        self._step = step.number
        self._reporter.look(step, again=again)

    def _carefully(self, carry_out: Callable[..., None], *arguments: object) -> None:
        try:
            carry_out(*arguments)
        except LearnscopeError as error:
            self._reporter.end("failed", str(error))
        except Exception as error:
            run = self._reporter.run
            log.exception("run %s could not be looked at", run.id)
            small = memory.is_lack_of_memory(error)
            what = memory.told(self._most) if small else "met a fault of this program: the server's log says which"
            self._reporter.end("failed", f"The run failed after step {run.step}: it {what}.")


def _widen(orders: Connection) -> None:
    """Have as much wait as may, where the system knows of such."""
    if sys.platform == "linux":
        with suppress(OSError):  # whoever has many such already keeps the usual ones
            fcntl.fcntl(orders.fileno(), fcntl.F_SETPIPE_SZ, ORDERS_BYTES)


def _be_observer(loop: _Loop) -> None:
    """Be the child of a fork: never return."""
    try:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)  # the worker is asked to end, and says so here
        loop.run()
    except BaseException:
        log.exception("an observer failed outside of its run")
    finally:
        os._exit(0)
