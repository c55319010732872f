"""What the live panel tells the page, and what its desk makes of that: each function is a callback of the panel.

``told`` comes from a browser, and may be anything.
"""

from engine.errors import LearnscopeError
from engine.runs.run import Run
from pages.ui import class_seat, compare, steering
from pages.ui.desk.slot import Desk, current, is_mine
from pages.ui.desk.taking import spec_now, take_over, with_live
from pages.ui.house import hub
from pages.ui.links import Look
from pages.ui.person import person

LAST_STEP = 2**53


def follow(here: Desk, told: object) -> None:
    """Take over live settings that this person has changed in the live panel.

    The run has it already. Whoever merely watches, or speaks of another run, changes nothing.
    """
    with here.lock:
        run = current(here)
        match told:
            case {"run": here.run, "settings": dict(settings)} if run is not None and steering.steers(run):
                fixed = here.lesson.fixed(here.lab.spec)
                free = {n: v for n, v in settings.items() if n not in fixed and isinstance(v, str)}
                take_over(here, with_live(here.spec, free))


def again(here: Desk, told: object) -> None:
    """Leave runs that are over, or gone, for new ones of the same settings."""
    with here.lock:
        run = current(here)
        if told != {"run": here.run} or (run is not None and not is_mine(run)):
            return
        compare.renew(here.beside)
        if run is None or not run.live:
            here.run = here.notice = ""


def branch(here: Desk, told: object) -> None:
    """Leave the run shown for one that begins at a step of it, whosever it is."""
    with here.lock:
        match told:
            case {"run": here.run, "step": int(step)} if here.run:
                try:
                    run = hub().branch(here.run, min(max(step, -1), LAST_STEP), person(), class_seat.code())
                except LearnscopeError as error:
                    here.notice = str(error)
                else:
                    take_over(here, spec_now(here, run))
                    here.run, here.notice = run.id, ""


def look_at(here: Desk, told: object) -> None:
    """Take note of the step that a person looks at in the live panel."""
    match told:
        case {"run": here.run, "step": None}:
            here.looked = Look(here.run)
        case {"run": here.run, "step": int(step)} if not isinstance(step, bool) and 0 <= step <= LAST_STEP:
            here.looked = Look(here.run, step)


def step_shown(here: Desk, run: Run) -> int | None:
    """Return the step of ``run`` that is looked at; None for the newest."""
    return (here.looked or here.look).of(run.id).step
