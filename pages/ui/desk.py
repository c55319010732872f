"""What one person has before them in one lab: a spec and a run of it. This file owns that slot of the session's state.

There is always a run. Opening a page or changing a setting opens a new one, "ready" at its initial weights; training is
started in the live panel. A live setting (the learning rate) of a run that has begun is changed in that run; one that
is changed in the live panel is taken over here, so that the form, the address and the next run have it too.

The address of the page names the run and all settings that are not at their defaults: it can be sent to someone else.
"""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import streamlit as st

from engine.errors import DataError, LearnscopeError, RunNotFound, SpecError
from engine.labs.lab import Lab
from engine.runs.run import Run
from engine.spec import Spec, settings_by_name
from pages.ui import class_seat, compare, drawing, steering
from pages.ui.compare import BESIDE, Beside
from pages.ui.form import setting_key
from pages.ui.house import hub
from pages.ui.lesson import LESSON, Lesson, read_lesson
from pages.ui.links import STEP, VIEW, Look, given_twice, read_link, read_look
from pages.ui.person import person

RUN = "run"
PRESET = "preset"
SETTLED_SECONDS = 1.0
LAST_STEP = 2**53
OTHERS = (RUN, PRESET, BESIDE, STEP, VIEW, *LESSON)
"""What an address says beside the settings."""
UNKNOWN_PRESET = "The example of this link is not known here."


@dataclass(slots=True)
class Desk:
    """One lab of one session. ``edition`` counts how often the form was filled from outside, by a link or a button.

    ``preset`` is the example that was chosen, if any: its exercise stays while one looks for the fault. ``beside`` are
    the runs that this one is compared with, ``look`` is what a link asks to be shown of the run, ``looked`` at what
    the person has looked since. ``lesson`` is the task of a teacher's link: it stays, whatever else is opened, until it
    is left or another comes. ``calls`` counts how often something below the lab has set it up: the lab is brought into
    sight then.

    ``written`` is the address as this page last read or wrote it, ``written_at`` when it wrote. ``lock`` is held while
    runs are opened and ended: two script threads of one session may overlap.
    """

    lab: Lab
    spec: Spec
    run: str = ""
    notice: str = ""
    preset: str = ""
    look: Look = field(default_factory=Look)
    looked: Look | None = None
    beside: Beside = field(default_factory=Beside)
    lesson: Lesson = field(default_factory=Lesson)
    edition: int = 0
    calls: int = 0
    written: dict[str, str] = field(default_factory=dict)
    written_at: float = 0.0
    lock: threading.RLock = field(default_factory=threading.RLock)

    @property
    def form_key(self) -> str:
        """Return what the keys of the form's widgets begin with."""
        return f"{self.lab.name}.{self.edition}"


def desk(lab: Lab) -> Desk:
    """Return this session's desk for ``lab``: as the page's address says where that is new, else as it was left.

    Raises StoreError where the store cannot be asked for the run of a link; the link is then read at the next rerun.
    """
    here: Desk | None = st.session_state.get(_slot(lab))
    if here is None:
        here = Desk(lab, lab.spec())
        _open_link(here, class_seat.address())
        st.session_state[_slot(lab)] = here
    elif _moved(here):
        _open_link(here, class_seat.address())
    return here


def settle(here: Desk, spec: Spec) -> tuple[Run, list[Run]]:
    """Return the run that shows ``spec`` and those beside it, opened or changed if need be.

    Raises LearnscopeError if there can be none.
    """
    with here.lock:
        run = _current(here)
        changed = spec.differences(here.spec)
        if changed:
            here.notice = ""
        if run is None or changed:
            run = _change(here, run, spec, changed)
        class_seat.bring(run)
        others, notice = compare.settle(here.beside, here.lab, spec, run)
        here.notice = " ".join(filter(None, (here.notice, notice)))
        _write_link(here)
        return run, others


def comparing(here: Desk, act: Callable[[], None]) -> None:
    """Begin or end a comparison; a button's callback."""
    with here.lock:
        here.notice = ""
        act()


def run_spec(here: Desk, run: Run) -> Spec:
    """Return the spec that ``run`` was opened with."""
    return here.lab.spec.from_json(run.spec)


def is_mine(run: Run) -> bool:
    """Tell whether the person at this page opened ``run``; ``steering.steers`` tells whether they control it now."""
    return run.owner == person()


def new_weights(here: Desk) -> None:
    """Ask for other initial weights (and another order of the points) by the next seed; a button's callback."""
    highest = settings_by_name(here.lab.spec)["seed"].high or 0
    key = setting_key(here.form_key, "seed")
    seed = st.session_state.get(key, here.spec.seed)  # type: ignore[attr-defined]
    st.session_state[key] = int(seed + 1 if seed < highest else 0)


def draw_on(here: Desk) -> None:
    """Take the points of the run shown as a drawing to go on with; a button's callback."""
    with here.lock:
        run = _current(here)
        if run is None:
            return
        try:
            spec = _spec_now(here, run).replace(**drawing.DRAWN, **{drawing.SETTING: drawing.drawing_of(run)})
        except LearnscopeError as error:
            here.notice = getattr(error, "words", "") or str(error)
        else:
            if _take_settings(here, spec):
                here.preset = ""


def copy(here: Desk) -> None:
    """Leave the run of someone else for one of the same settings that belongs to this person; a button's callback."""
    with here.lock:
        run = _current(here)
        if run is not None:
            _take_over(here, _spec_now(here, run))
        here.run = ""


def use_preset(here: Desk, name: str) -> None:
    """Take the settings of an example, or leave it and keep the settings where there is none of this name."""
    with here.lock:
        preset = here.lab.preset(name)
        if preset is None or _take_settings(here, preset.spec(here.lab.spec)):
            here.preset = preset.name if preset else ""


def set_up(lab: Lab, spec: Spec, preset: str = "") -> None:
    """Take the settings of a step of the lab's note, and those of ``preset`` with its exercise; a button's callback."""
    here: Desk | None = st.session_state.get(_slot(lab))
    if here is None:
        return  # the session was begun anew since the button was drawn: the page is drawn anew as well
    with here.lock:
        here.calls += 1
        if _take_settings(here, spec):
            here.preset = preset


def leave_lesson(here: Desk) -> None:
    """Leave the task of a teacher's link: all controls are back, the run stays; a button's callback."""
    with here.lock:
        here.lesson = Lesson()
        here.notice = ""
        here.edition += 1


def lesson(lab: Lab) -> Lesson:
    """Return the lesson that this session is in with ``lab``."""
    here: Desk | None = st.session_state.get(_slot(lab))
    return here.lesson if here else Lesson()


def mend(here: Desk) -> None:
    """Take the settings that mend the example; a button's callback."""
    with here.lock:
        preset = here.lab.preset(here.preset)
        if preset:
            _take_settings(here, here.spec.replace(**preset.cure))


def follow(here: Desk, told: object) -> None:
    """Take over a live setting that this person has changed in the live panel; its callback.

    The run has it already. Whoever merely watches, or speaks of another run, changes nothing.
    """
    with here.lock:
        run = _current(here)
        match told:
            case {"run": here.run, "name": str(name), "value": str(value)} if (
                run is not None and steering.steers(run) and name not in here.lesson.fixed(here.lab.spec)
            ):
                _take_over(here, _with_live(here.spec, {name: value}))


def again(here: Desk, told: object) -> None:
    """Leave runs that are over, or gone, for new ones of the same settings; the live panel's callback."""
    with here.lock:
        run = _current(here)
        if told != {"run": here.run} or (run is not None and not is_mine(run)):
            return
        compare.renew(here.beside)
        if run is None or not run.live:
            here.run = here.notice = ""


def branch(here: Desk, told: object) -> None:
    """Leave the run shown for one that begins at a step of it, whosever it is; the live panel's callback."""
    with here.lock:
        match told:
            case {"run": here.run, "step": int(step)} if here.run:
                try:
                    run = hub().branch(here.run, min(max(step, -1), LAST_STEP), person(), class_seat.code())
                except LearnscopeError as error:
                    here.notice = str(error)
                else:
                    _take_over(here, _spec_now(here, run))
                    here.run, here.notice = run.id, ""


def look_at(here: Desk, told: object) -> None:
    """Take note of the step that a person looks at in the live panel; its callback."""
    match told:
        case {"run": here.run, "step": None}:
            here.looked = Look(here.run)
        case {"run": here.run, "step": int(step)} if not isinstance(step, bool) and 0 <= step <= LAST_STEP:
            here.looked = Look(here.run, step)


def step_shown(here: Desk, run: Run) -> int | None:
    """Return the step of ``run`` that is looked at; None for the newest."""
    return (here.looked or here.look).of(run.id).step


def adopt(here: Desk, run: Run) -> None:
    """Leave the run shown for another of this person that has been opened elsewhere, as from a file."""
    with here.lock:
        steering.leave(here.run)
        here.spec, here.run, here.notice, here.preset = _spec_now(here, run), run.id, "", ""
        here.edition += 1


def _slot(lab: Lab) -> str:
    return f"learnscope.desk.{lab.name}"


def _take_settings(here: Desk, spec: Spec) -> bool:
    """Fill the form anew with ``spec``, but for what the lesson fixes, and leave the run shown for one of these
    settings; tell whether that could be.
    """
    here.edition += 1
    try:
        spec, here.notice = here.lesson.keep(spec, here.spec)
    except SpecError as error:
        here.notice = error.words
        return False
    steering.leave(here.run)
    here.spec, here.run = spec, ""
    return True


def _take_over(here: Desk, now: Spec) -> None:
    """Put a spec that differs in live settings alone in the place of the desk's, and into the form."""
    for name in now.differences(here.spec):
        st.session_state[setting_key(here.form_key, name)] = getattr(now, name)
    here.spec = now


def _spec_now(here: Desk, run: Run) -> Spec:
    """Return the settings that ``run`` was opened with, with what was changed while it went on."""
    return _with_live(run_spec(here, run), _changed_live(run))


def _changed_live(run: Run) -> Mapping[str, str]:
    try:
        return hub().settings(run.id)
    except LearnscopeError:
        return {}  # then the run is shown with the settings that it began with


def _with_live(spec: Spec, changes: Mapping[str, str]) -> Spec:
    """Return ``spec`` with those of ``changes`` that a run may have while it goes on."""
    live = {s.name for s in settings_by_name(type(spec)).values() if s.knob.live}
    try:
        return spec.from_strings({name: value for name, value in changes.items() if name in live}, spec)
    except SpecError:
        return spec


def _current(here: Desk) -> Run | None:
    if not here.run:
        return None
    try:
        return hub().get(here.run)
    except RunNotFound:
        return None


def _change(here: Desk, run: Run | None, spec: Spec, changed: tuple[str, ...]) -> Run:
    """Carry out the change from the desk's spec to ``spec``, in the run if that can be, or else in a new one."""
    begun = run is not None and run.live and run.state != "ready"
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


def _moved(here: Desk) -> bool:
    """Tell whether the address was changed from outside (back and forward in the browser), and not by this page.

    A rerun that was asked for just before the page wrote a new address still brings the old one: a while has to pass.
    """
    address = class_seat.address()
    return bool(address) and address != here.written and time.monotonic() - here.written_at > SETTLED_SECONDS


def _open_link(here: Desk, address: Mapping[str, str]) -> None:
    """Set the desk as an address says; whatever cannot be used is left out and named in one notice."""
    with here.lock:
        settings = {name: value for name, value in address.items() if name not in OTHERS}
        preset = here.lab.preset(address.get(PRESET, ""))
        here.preset = preset.name if preset else ""
        settings = (preset.spec(here.lab.spec).to_link() if preset else {}) | settings
        spec, notice = read_link(here.lab, settings)
        unknown = UNKNOWN_PRESET if PRESET in address and not preset else ""
        here.beside = Beside()
        here.spec, here.run, here.notice = spec, "", " ".join(filter(None, (notice, unknown, given_twice())))
        here.edition += 1
        here.written = dict(address)
        if RUN in address:
            _open_run(here, address[RUN])
        if here.run and BESIDE in address:
            here.beside, here.notice = compare.read(here.lab, here.spec, address[BESIDE])
        _open_look(here, address)


def _open_run(here: Desk, run_id: str) -> None:
    try:
        run = hub().get(run_id[:64])
        if run.lab != here.lab.name:
            raise RunNotFound
        here.spec, here.run, here.notice = _spec_now(here, run), run.id, ""
    except (RunNotFound, SpecError):
        here.notice = f"The run of this link is no longer here, so this is a new one. {here.notice}".strip()


def _open_look(here: Desk, address: Mapping[str, str]) -> None:
    """Take note of the step, the view and the lesson of a link; a table that is not here yet has no panels."""
    run = _current(here)
    try:
        panels = compare.panels_of(here.beside, here.lab.panels(run_spec(here, run) if run else here.spec))
    except DataError:
        panels = None
    here.look, told = read_look(panels or (), run, address, compare.runs_of(here.beside))
    here.looked = None
    found, more = read_lesson(here.lab, panels, address)
    here.lesson = found or here.lesson
    here.notice = " ".join(filter(None, (here.notice, told, more)))


def shared_link(here: Desk) -> dict[str, str]:
    """Return what of the address is no one person's: the example and the settings, but no run."""
    return ({PRESET: here.preset} if here.preset else {}) | here.spec.to_link()


def _write_link(here: Desk) -> None:
    preset = {PRESET: here.preset} if here.preset else {}
    look = here.look.of(here.run).to_link()
    link = {RUN: here.run, **here.beside.address(), **preset, **look, **here.lesson.to_link(), **here.spec.to_link()}
    if class_seat.address() != link:
        class_seat.write_address(link)
    if link != here.written:
        here.written, here.written_at = link, time.monotonic()
