"""The desk at each rerun of its page: as the address says, and with the run that the form asks for.

There is always a run. Opening a page or changing a setting opens a new one, "ready" at its initial weights; training is
started in the live panel. A live setting (the learning rate) of a run that has begun is changed in that run.
"""

from engine.labs.lab import Lab
from engine.runs.run import Run
from engine.spec import Spec, settings_by_name
from pages.ui import class_seat, compare, steering
from pages.ui.desk.address import moved, open_link, write_link
from pages.ui.desk.slot import Desk, current, keep, kept
from pages.ui.house import hub
from pages.ui.person import person


def desk(lab: Lab) -> Desk:
    """Return this session's desk for ``lab``: as the page's address says where that is new, else as it was left.

    Raises StoreError where the store cannot be asked for the run of a link; the link is then read at the next rerun.
    """
    here = kept(lab)
    if here is None:
        here = Desk(lab, lab.spec())
        open_link(here, class_seat.address())
        keep(here)
    elif moved(here):
        open_link(here, class_seat.address())
    return here


def opens_another(here: Desk, spec: Spec) -> bool:
    """Tell whether ``settle`` would open another run for ``spec``, and not show the one that there is."""
    changed = spec.differences(here.spec)
    return current(here) is None or (bool(changed) and not _all_live(here.lab, changed))


def settle(here: Desk, spec: Spec) -> tuple[Run, list[Run]]:
    """Return the run that shows ``spec`` and those beside it, opened or changed if need be.

    Raises LearnscopeError if there can be none.
    """
    with here.lock:
        run = current(here)
        changed = spec.differences(here.spec)
        if changed:
            here.notice = ""
        if run is None or changed:
            run = _change(here, run, spec, changed)
        class_seat.bring(run)
        others, notice = compare.settle(here.beside, here.lab, spec, run)
        here.notice = " ".join(filter(None, (here.notice, notice)))
        write_link(here)
        return run, others


def _change(here: Desk, run: Run | None, spec: Spec, changed: tuple[str, ...]) -> Run:
    """Carry out the change from the desk's spec to ``spec``, in the run if that can be, or else in a new one."""
    begun = run is not None and run.live and (run.state != "ready" or not here.lab.learns)
    # Runs that are compared have their settings from the first step on, and so they begin anew.
    in_passing = _all_live(here.lab, changed) and not here.beside.name
    steers = run is not None and steering.steers(run)
    if run is not None and begun and steers and in_passing:
        for name in changed:
            hub().command(run.id, "set", f"{name}={spec.text_of(name)}")
    else:
        left = here.run if steers else ""
        run = hub().open(here.lab.name, spec, person(), instead_of=left, class_code=class_seat.code())
    here.spec, here.run = spec, run.id
    return run


def _all_live(lab: Lab, names: tuple[str, ...]) -> bool:
    settings = settings_by_name(lab.spec)
    return all(settings[name].knob.live for name in names)
