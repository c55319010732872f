"""The page's address and the desk: it names the run and all settings that are not at their defaults, so that it can be
sent to someone else.
"""

from collections.abc import Mapping

from engine.errors import DataError, RunNotFound, SpecError
from pages.ui import class_seat, compare
from pages.ui.compare import BESIDE, Beside
from pages.ui.desk import beneath
from pages.ui.desk.slot import Desk, current, run_spec
from pages.ui.desk.taking import spec_now
from pages.ui.house import hub
from pages.ui.lesson import LESSON, read_lesson
from pages.ui.links import STEP, VIEW, given_twice, read_link, read_look

RUN = "run"
PRESET = "preset"
OTHERS = (RUN, PRESET, BESIDE, STEP, VIEW, *LESSON)
"""What an address says beside the settings."""
UNKNOWN_PRESET = "The example of this link is not known here."


def moved(here: Desk) -> bool:
    """Tell whether the address was changed from outside, and not by this page."""
    return here.known.is_news(class_seat.address())


def open_link(here: Desk, address: Mapping[str, str]) -> None:
    """Set the desk as an address says; whatever cannot be used is left out and named in one notice."""
    with here.lock:
        here.beneath, rest, strange = beneath.read(here.lab, address)
        settings = {name: value for name, value in rest.items() if name not in OTHERS}
        preset = here.lab.preset(address.get(PRESET, ""))
        here.preset = preset.name if preset else ""
        settings = (preset.spec(here.lab.spec).to_link() if preset else {}) | settings
        spec, notice = read_link(here.lab, settings)
        unknown = UNKNOWN_PRESET if PRESET in address and not preset else ""
        here.beside = Beside()
        here.spec, here.run, here.notice = spec, "", _joined(notice, strange, unknown, given_twice())
        here.edition += 1
        here.known.keep(dict(address))
        if RUN in address:
            _open_run(here, address[RUN])
        if here.run and BESIDE in address:
            here.beside, here.notice = compare.read(here.lab, here.spec, address[BESIDE])
        _open_look(here, address)


def write_link(here: Desk) -> None:
    """Have the page's address name the run and the settings that the desk has now."""
    preset = {PRESET: here.preset} if here.preset else {}
    look = here.look.of(here.run).to_link()
    asked = here.spec.to_link() | beneath.to_link(here.lab, here.beneath)
    link = {RUN: here.run, **here.beside.address(), **preset, **look, **here.lesson.to_link(), **asked}
    if class_seat.address() != link:
        class_seat.write_address(link)
    here.known.keep(link)


def shared_link(here: Desk) -> dict[str, str]:
    """Return what of the address is no one person's: the example and the settings, but no run."""
    return (
        ({PRESET: here.preset} if here.preset else {}) | here.spec.to_link() | beneath.to_link(here.lab, here.beneath)
    )


def _open_run(here: Desk, run_id: str) -> None:
    try:
        run = hub().get(run_id[:64])
        if run.lab != here.lab.name:
            raise RunNotFound
        here.spec, here.run, here.notice = spec_now(here, run), run.id, ""
    except (RunNotFound, SpecError):
        here.notice = f"The run of this link is no longer here, so this is a new one. {here.notice}".strip()


def _open_look(here: Desk, address: Mapping[str, str]) -> None:
    """Take note of the step, the view and the lesson of a link; a table that is not here yet has no panels."""
    run = current(here)
    try:
        panels = compare.panels_of(here.beside, here.lab.panels(run_spec(here, run) if run else here.spec))
    except DataError:
        panels = None
    here.look, told = read_look(panels or (), run, address, compare.runs_of(here.beside))
    here.looked = None
    found, more = read_lesson(here.lab, panels, address)
    here.lesson = found or here.lesson
    here.notice = _joined(here.notice, told, more)


def _joined(*notices: str) -> str:
    return " ".join(filter(None, notices))
