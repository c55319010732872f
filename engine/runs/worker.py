"""The worker: the process that owns the net of one run and trains it as it is told.

Its life: show step 0 and wait; then walk over ``experiment.steps()`` while the state is running, until a command, a
goal, the end of the steps, or a loss that is no number. Looking at the net is the business of a second process (see
``engine.runs.observer``): training does not wait for it.
"""

import logging
import os
import signal
import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import floor, inf, isfinite, isnan
from time import perf_counter, sleep

from engine import memory
from engine.errors import LearnscopeError, RunError
from engine.labs.lab import Lab
from engine.runs import messages
from engine.runs.changes import MOST_CHANGES
from engine.runs.keeper import Keeper
from engine.runs.link import Command, Link
from engine.runs.observer import FAREWELL_SECONDS, Observer, ObserverGone
from engine.runs.past import Past, past_rate
from engine.runs.recorder import Recorder
from engine.runs.reporter import Reporter
from engine.runs.run import LIVE_STATES, Run, State
from engine.runs.tempo import Tempo
from engine.spec import Spec, settings_by_name
from engine.training.edits import is_edit
from engine.training.experiment import Experiment, Step

OBSERVER_NICENESS = 5
NICENESS = 10
POLL_SECONDS = 0.005
CLOSED_EVERY = 100
SPOILT = "The weights are no numbers any more, so there is nothing to learn from: press Reset, and {cure}."
LOWER, CLIP = "lower the rate", "set {} (clipping) or lower the rate"
TOO_OFTEN = f"This run was changed {MOST_CHANGES:,} times, as often as a run may be: Reset begins anew."

log = logging.getLogger("learnscope.worker")


@dataclass(frozen=True, slots=True)
class Order:
    """What a worker is started with; ``recorded`` tells whether the run is in the store yet, and ``resumed`` that it
    is to stand at ``run.step`` again, of which there is a frame in the store. It may take ``memory`` bytes.
    """

    run: Run
    database: str
    recorded: bool
    resumed: bool = False
    memory: int = field(default_factory=memory.usual_limit)


@dataclass(frozen=True, slots=True)
class Goal:
    """Where to pause by itself: at the first step whose number or epoch is at least this."""

    step: float = inf
    epoch: float = inf

    def reached(self, step: Step) -> bool:
        """Tell whether ``step`` is the one."""
        return step.number >= self.step or step.epoch >= self.epoch

    def near(self, step: Step) -> bool:
        """Tell whether the step after ``step`` may be the one."""
        return step.number + 1 >= self.step or self.epoch < inf


def main(connection: socket.socket, order: Order, labs: Mapping[str, Lab]) -> None:
    """Carry out one run, to its end; whatever goes wrong is told to the server in a sentence."""
    link = Link(connection)
    signal.signal(signal.SIGTERM, lambda *_: link.terminate())
    os.nice(OBSERVER_NICENESS)
    memory.limit(order.memory)
    try:
        worker = _open(order, labs, link)
    except LearnscopeError as error:
        link.send(messages.state("failed", 0, str(error)))
        link.drain(FAREWELL_SECONDS)
    except Exception as error:
        log.exception("run %s could not be opened", order.run.id)
        small = memory.is_lack_of_memory(error)
        why = f"it {memory.told(order.memory)}" if small else "the server's log says why"
        link.send(messages.state("failed", 0, f"The run could not be opened: {why}."))
        link.drain(FAREWELL_SECONDS)
    else:
        worker.work()


def _open(order: Order, labs: Mapping[str, Lab], link: Link) -> "Worker":
    run = order.run
    lab = labs.get(run.lab)
    if lab is None:
        raise RunError(f"There is no lab {run.lab!r}: expected one of {', '.join(labs)}.")
    spec = lab.spec.from_json(run.spec)
    experiment = lab.open(spec)
    past = Past.read(order.database, run) if order.resumed else None
    opening = messages.opening(run.id, experiment)
    link.send(opening)
    told = past is not None and bool(past.kept.frames)
    recorder = Recorder(run, order.database, opening, created=order.recorded, told=told)
    if past:
        recorder.go_on(past.kept)
    reporter = Reporter(run, experiment, link, recorder, past_rate(past) or getattr(spec, "learning_rate", None))
    observer = Observer.fork(experiment, reporter, link, order.memory)
    tempo = Tempo(getattr(spec, "pass_seconds", 0.0))
    return Worker(experiment, link, observer, order.memory, past, tempo, cure=cure_of(spec))


def cure_of(spec: Spec) -> str:
    """Return what helps a net whose numbers explode: clipping by the name that the lab has for it, where it has it."""
    setting = settings_by_name(type(spec)).get("clip")
    return LOWER if setting is None else CLIP.format(setting.knob.label)


class Worker:
    """One run on its way through the states of ``engine.runs.run``."""

    def __init__(
        self,
        experiment: Experiment,
        link: Link,
        observer: Observer,
        most: int,
        past: Past | None = None,
        tempo: Tempo | None = None,
        *,
        cure: str = LOWER,
    ) -> None:
        self._most = most
        self._experiment = experiment
        self._link = link
        self._observer = observer
        self._keeper = Keeper(experiment, observer)
        self._past = past
        self._tempo = tempo or Tempo(0)
        self._cure = cure
        self._state: State = "ready"
        self._steps: Iterator[Step] = iter(())
        self._step = Step(0, 0.0, 0.0)
        self._goal = Goal()
        self._held = self._waits = False
        self._unseen = False
        """Whether something was changed while the run stands still, and not looked at since."""
        self._settings: dict[str, str] = {}

    def work(self) -> None:
        """Carry the run out until it ends, or the server or the observer goes away."""
        # Where runs share a core, a look that is due comes before the steps of others: it is short, and people wait.
        os.nice(NICENESS - OBSERVER_NICENESS)
        signal.signal(signal.SIGCHLD, lambda *_: self._mind_observer())
        self._mind_observer()  # it may have ended before that
        try:
            self._work()
        except ObserverGone:
            self._observer.share_fate()

    def _mind_observer(self) -> None:
        """Wake a worker that waits for commands if there is nobody to show what would come of them."""
        if self._observer.gone:
            self._link.close_reading()

    def _work(self) -> None:
        try:
            if self._past is None:
                self._begin()
            else:
                self._return_to(self._past)
            while self._live:
                self._obey(wait=True)
                self._train()
        except LearnscopeError as error:
            self._end("failed", str(error))
        except ObserverGone:
            raise
        except Exception as error:
            small = memory.is_lack_of_memory(error)
            log.log(logging.WARNING if small else logging.ERROR, "a run failed: %s", error, exc_info=not small)
            self._fail(memory.told(self._most) if small else "met a fault of this program: the server's log says which")

    @property
    def _live(self) -> bool:
        return self._state in LIVE_STATES

    def _begin(self) -> None:
        """Go to step 0, show it, and wait."""
        self._goal = Goal()
        self._state = "ready"
        self._steps = self._experiment.steps()
        step = next(self._steps, None)
        if step is None:
            return self._end("finished", self._experiment.stop_reason() or "There is nothing to train.")
        self._step = step
        self._observer.look(step)
        self._keeper.forget()
        self._keeper.keep(step)
        self._observer.settle("ready")

    def _return_to(self, past: Past) -> None:
        """Go where an earlier worker of this run has left it, or died: from its last checkpoint, by the same steps."""
        self._state = "paused"
        self._steps = self._experiment.steps(past.checkpoint)
        for step in past.walk(self._steps, self._experiment):
            self._step = step
            # What is asked for meanwhile waits; that nobody is there any more does not.
            if step.number % CLOSED_EVERY == 0 and self._link.gone:
                self._state = "interrupted"
                return self._observer.end("interrupted", self._interruption(past.step))
        self._settings = dict(past.settings)
        self._keeper.changes = len(past.changes)
        self._observer.look(self._step)
        self._keeper.keep(self._step)
        self._observer.settle("paused", past.message)

    def _train(self) -> None:
        """Walk on while the run is running; this loop is all that stands between a net and its full speed."""
        polled = perf_counter()
        self._tempo.begin()
        while self._state == "running":
            now = perf_counter()
            hold = self._held
            due = hold or self._observer.due(self._step.number + 1, now)
            if due or self._goal.near(self._step):
                self._experiment.foresee()
            step = next(self._steps, None)
            if step is None:
                return self._finish()
            self._step = step
            if not isfinite(step.loss):
                return self._pause_at_nan()
            reached = self._goal.reached(step)
            if due or reached:
                self._observer.look(step)
                self._keeper.pass_by(step, now)
            if reached:
                self._pause()
            elif hold:
                self._wait_for_turn()
            if now - polled > POLL_SECONDS:
                self._obey()
                polled = now
            self._wait_for_time()

    def _wait_for_time(self) -> None:
        """Stand still where the run is to be watched and has come too early; what is asked for meanwhile is done."""
        at = self._step
        while self._step is at and self._state == "running" and not self._held and self._goal.step == inf:
            early = self._tempo.early(at.epoch, perf_counter())
            if not early:
                return
            sleep(min(early, POLL_SECONDS))
            if early > POLL_SECONDS:
                self._obey()

    def _wait_for_turn(self) -> None:
        """Others train now: stand still at a step that has been shown and recorded, until it is this run's turn."""
        self._observer.settle("running")
        self._waits = True
        while self._held and self._state == "running":
            self._obey(wait=True)
        self._waits = False

    def _pause(self) -> None:
        self._goal = Goal()
        self._state = "paused"
        self._keeper.keep(self._step)
        self._observer.settle("paused")

    def _pause_at_nan(self) -> None:
        """What comes now is spoilt: keep the last weights that were not."""
        self._goal = Goal()
        self._state = "paused"
        self._observer.look(self._step)
        kept = self._keeper.record()
        became = "is no number any more (NaN)" if isnan(self._step.loss) else "has become infinite"
        said = f"The loss {became} at step {self._step.number:,}, so the run paused: press Reset, and {self._cure}."
        good = "" if kept is None else f" The last weights with a finite loss, those of step {kept:,}, are kept."
        self._observer.settle("paused", said + good)

    def _finish(self) -> None:
        """The steps are over: the last of them is where the run ends."""
        self._look_last()
        self._end("finished", self._experiment.stop_reason() or f"All {self._step.number} steps are made.")

    def _fail(self, what: str) -> None:
        self._end("failed", f"The run failed after step {self._step.number}: it {what}.")

    def _end(self, state: State, message: str) -> None:
        self._state = state
        if state != "failed":
            self._keeper.keep(self._step)
        self._observer.end(state, message)

    def _look_last(self) -> None:
        """Look at the step at which the run ends, unless that was done."""
        if not self._observer.has_seen(self._step):
            self._observer.look(self._step)

    def _obey(self, *, wait: bool = False) -> None:
        for command in self._link.commands(wait=wait):
            if self._live:
                self._do(command)
        if self._unseen and self._live:  # once, however many changes have come: a look takes a while
            self._unseen = False
            self._observer.look(self._step, again=True)
        if self._link.closed and self._live:
            self._leave()

    def _do(self, command: Command) -> None:
        match command.name:
            case "resume" | "step" | "epoch" if not isfinite(self._step.loss):
                self._observer.refuse(SPOILT.format(cure=self._cure))
            case "resume":
                self._run_to(Goal())
            case "step":
                self._run_to(Goal(step=self._step.number + 1))
            case "epoch":
                self._run_to(Goal(epoch=floor(self._step.epoch) + 1))
            case "hold" | "go":
                self._held = command.name == "hold"
            case "pause" if self._waits:
                self._pause()
            case "pause" if self._state == "running":
                self._goal = Goal(step=self._step.number + 1)  # the next, so that its update can be foreseen
            case "reset":
                self._reset()
            case "stop":
                self._look_last()
                why = f": {command.value}" if command.value else ""
                self._end("stopped", f"Stopped at step {self._step.number:,}{why}.")
            case "set":
                self._set(command.value or "")
            case "ask":
                self._observer.ask(command.value or "")
            case _:
                self._observer.tell()

    def _run_to(self, goal: Goal) -> None:
        self._goal = goal
        self._state = "running"
        self._observer.show("running")

    def _set(self, assignment: str) -> None:
        name, _, value = assignment.partition("=")
        by_hand = is_edit(name)
        if self._keeper.changes >= MOST_CHANGES:
            return self._observer.refuse(TOO_OFTEN)
        if by_hand and not isfinite(self._step.loss):
            return self._observer.refuse(SPOILT.format(cure=self._cure))
        try:
            self._experiment.set(name, value)
        except LearnscopeError as error:
            return self._observer.refuse(str(error))
        self._keeper.changes += 1
        if by_hand:
            self._look_again()
        else:
            self._settings[name] = value
        self._observer.setting(self._step.number, name, value)
        if by_hand and not isfinite(self._step.loss):
            return self._pause_at_nan()
        # What is looked at may be another now, and no step comes to show it.
        self._unseen |= not by_hand and self._state in ("ready", "paused")
        self._observer.tell()

    def _look_again(self) -> None:
        """A hand has changed the net: the step where it stands comes once more, in the place of what was seen of it."""
        self._step = next(self._steps)
        self._observer.look(self._step, again=True)
        self._keeper.keep(self._step)

    def _reset(self) -> None:
        self._observer.reset()
        self._keeper.changes = len(self._settings)
        for name, value in self._settings.items():
            self._observer.setting(0, name, value)
        self._begin()

    def _leave(self) -> None:
        """The server has gone or hung up, or this process is to end: keep what there is, for another day."""
        if self._state == "ready" and not self._link.terminated:
            self._state = "interrupted"
            return self._observer.discard()
        self._look_last()
        self._end("interrupted", self._interruption(self._step.number))

    def _interruption(self, step: int) -> str:
        why = "its process was asked to end" if self._link.terminated else "the server ended"
        return f"Interrupted at step {step:,}: {why}."
