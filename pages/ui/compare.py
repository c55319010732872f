"""Runs beside the one of a desk that differ from it in exactly one setting: a second one to compare with, or seeds.

They are opened with the settings of the desk's run but for that one, and again whenever those change. So they always
have its data, its seed and its initial weights, unless the one setting itself alters them, which the page then says.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from engine.errors import LearnscopeError, RunError, RunNotFound, SpecError
from engine.figures.comparison import over_seeds, side_by_side
from engine.figures.panel import Panel
from engine.labs.lab import Lab
from engine.runs.changes import by_hand, settings_in
from engine.runs.run import Run
from engine.spec import Setting, Spec, settings_by_name
from engine.training.edits import is_edit
from pages.ui.house import hub
from pages.ui.live_panel import Shown
from pages.ui.person import person
from pages.ui.steering import leave, steers

BESIDE = "b"
BETWEEN = "."
"""Between the runs in an address: no run has it in its id, and a browser leaves it as it is."""
SEED = "seed"
FEWEST, MOST = 3, 8
"""How many seeds can be trained at once, that of the desk's run among them."""
GONE = "A run that this link compares with is no longer here."
RENEWED = "A run beside this one was deleted, so another of its settings has begun in its place."
FOREIGN = "this run is someone else's. Make a copy of your own, and compare that."
LOST = "the run beside this one is someone else's, and no longer here."
UNLIKE = "The runs of this link differ in more than one setting, so they are not compared."
ENDED = "The comparison has ended: the two runs no longer differ."


@dataclass(slots=True)
class Beside:
    """The runs beside a desk's: each has its settings, and in ``name`` one of ``values``. None where ``name`` is empty.

    ``runs`` are their ids, empty for one that is still to be opened; ``start`` asks for all to be trained at once.
    """

    name: str = ""
    values: tuple[Any, ...] = ()
    runs: tuple[str, ...] = ()
    start: bool = False

    @property
    def many(self) -> bool:
        """Tell whether there are several seeds, and not one run to compare with."""
        return len(self.values) > 1

    def address(self) -> dict[str, str]:
        """Return what the page's address says of the runs."""
        return {BESIDE: BETWEEN.join(self.runs)} if all(self.runs) and self.runs else {}


def begin(beside: Beside, name: str, values: Sequence[Any], *, start: bool = False) -> None:
    """Compare with runs that have ``values`` in the setting ``name``; in place of those there are."""
    end(beside)
    beside.name, beside.values, beside.runs, beside.start = name, tuple(values), ("",) * len(values), start


def begin_seeds(beside: Beside, spec: Spec, count: int) -> None:
    """Compare with runs of the next seeds, ``count`` with that of ``spec``, and train all of them."""
    highest = int(settings_by_name(type(spec))[SEED].high or 0)
    first = int(getattr(spec, SEED))
    begin(beside, SEED, [(first + more) % (highest + 1) for more in range(1, count)], start=True)


def end(beside: Beside) -> None:
    """Compare no longer; the runs beside are ended."""
    for run in beside.runs:
        leave(run)
    beside.name, beside.values, beside.runs, beside.start = "", (), (), False


def renew(beside: Beside) -> None:
    """Ask for new runs in place of those that are over."""
    live = {run.id for run in runs_of(beside) if run.live}
    beside.runs = tuple(run if run in live else "" for run in beside.runs)


def settle(beside: Beside, lab: Lab, spec: Spec, run: Run) -> tuple[list[Run], str]:
    """Return the runs beside ``run``, opened if need be, and a notice where there can be none (any more)."""
    if not beside.name:
        return [], ""
    try:
        if getattr(spec, beside.name) in beside.values:
            end(beside)
            return [], ENDED
        wanted = [spec.replace(**{beside.name: value}) for value in beside.values]
        gone = any(run_id and _find(run_id) is None for run_id in beside.runs)
        found: list[Run] = []
        for place, (one, run_id) in enumerate(zip(wanted, beside.runs, strict=True)):
            found.append(_settle_one(lab, one, run, run_id))
            beside.runs = (*beside.runs[:place], found[-1].id, *beside.runs[place + 1 :])
        if beside.start:
            beside.start = False
            _train([run, *found])
        return found, RENEWED if gone else ""
    except LearnscopeError as error:
        end(beside)
        words = str(getattr(error, "words", "") or error)
        return [], f"Nothing is compared. {words[:1].upper()}{words[1:]}"


def runs_of(beside: Beside) -> list[Run]:
    """Return the runs beside a desk's that there are."""
    return [run for run in map(_find, beside.runs) if run is not None]


def read(lab: Lab, spec: Spec, address: str) -> tuple[Beside, str]:
    """Return the runs beside that a page's address names, and a notice where they cannot be compared with."""
    ids = [run_id[:64] for run_id in address.split(BETWEEN)][: MOST - 1]
    try:
        runs = [hub().get(run_id) for run_id in ids]
        if any(run.lab != lab.name for run in runs):
            raise RunNotFound
        specs = [lab.spec.from_json(run.spec) for run in runs]
    except (RunNotFound, SpecError):
        return Beside(), GONE
    names = {spec.differences(other) for other in specs}
    if len(names) != 1 or len(name := names.pop()) != 1 or (len(ids) > 1 and name != (SEED,)):
        return Beside(), UNLIKE
    return Beside(name[0], tuple(getattr(other, name[0]) for other in specs), tuple(ids)), ""


def comparable(spec: Spec) -> dict[str, Setting]:
    """Return the settings that a second run may have another value of."""
    found = settings_by_name(type(spec))
    return {name: setting for name, setting in found.items() if setting.applies(spec) and not setting.knob.hidden}


def uneven(lab_spec: type[Spec], run: Run) -> bool:
    """Tell whether a setting of ``run`` was changed on its way, so that it is not what runs beside it are."""
    changes = hub().changes(run.id)
    recorded = lab_spec.from_strings(settings_in(changes), lab_spec.from_json(run.spec))
    # What the worker has said last may be still to be recorded.
    now = lab_spec.from_strings(hub().settings(run.id), recorded)
    late = any(step > 0 and not is_edit(name) for step, name, _ in changes)
    return late or (run.step > 0 and now != recorded)


def touched(run: Run) -> bool:
    """Tell whether a number of the net of ``run`` was set by hand, so that it is not what it had learnt."""
    return bool(by_hand(hub().changes(run.id)))


def shown_runs(beside: Beside, spec: Spec, run: Run, others: Sequence[Run]) -> list[Shown]:
    """Return the runs as the live panel is to show them: each with what tells it from the others."""
    if not others:
        return [Shown(run)]
    specs = [spec, *(spec.model_copy(update={beside.name: value}) for value in beside.values)]
    pairs = zip([run, *others], specs, strict=True)
    return [Shown(one, _label(of, beside.name), beside.many and one is not run) for one, of in pairs]


def panels_of(beside: Beside, panels: Sequence[Panel]) -> Sequence[Panel]:
    """Return the panels of one run made fit for those that are shown."""
    if not beside.name:
        return panels
    return over_seeds(panels) if beside.many else side_by_side(panels)


def _settle_one(lab: Lab, spec: Spec, run: Run, run_id: str) -> Run:
    """Return the run ``run_id`` if it has ``spec``, or a new one; whoever watches ``run`` opens none."""
    mine = run.owner == person()
    there = _find(run_id)
    fits = there is not None and lab.spec.from_json(there.spec) == spec
    if there is not None and fits and (not mine or there.owner == run.owner):
        return there
    if not mine:
        raise RunError(LOST if run_id else FOREIGN)
    left = run_id if there is not None and steers(there) else ""
    # It is one of two for whoever compares, and not what their class is to see: it has no class code.
    return hub().open(lab.name, spec, person(), instead_of=left, beside=run.id)


def _train(runs: Sequence[Run]) -> None:
    for run in runs:
        if run.live and steers(run):
            hub().command(run.id, "resume")


def _find(run_id: str) -> Run | None:
    try:
        return hub().get(run_id) if run_id else None
    except RunNotFound:
        return None


def _label(spec: Spec, name: str) -> str:
    setting = settings_by_name(type(spec))[name]
    return f"{setting.knob.label}: {setting.word(getattr(spec, name))}"
