"""The live panel, Python's side: puts the component on the page and tells it which run to show and what it may do."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st
from streamlit.components import v2 as components

from engine.figures.panel import Panel
from engine.runs.run import Run
from engine.spec import Spec, settings_by_name
from pages.ui import live_assets
from pages.ui.links import Look
from pages.ui.live_routes import LIVE
from pages.ui.rights import Right

_SHIM = """
// Streamlit hands a component's script to the browser as text; the panel itself is a file that the browser keeps.
// Its address hangs below that of Streamlit's own script, wherever the app is served. It has to be a whole one: this
// text has no place of its own that a path could start from.
export default function (component) {
  const script = document.querySelector('script[src*="/static/js/"]');
  const root = new URL(script ? "../.." : ".", script ? script.src : document.baseURI);
  const base = new URL(component.data.base.slice(1), root).href;
  let gone = false;
  let leave;
  import(`${base}/assets/${component.data.version}/MODULE`).then(
    (module) => {
      if (!gone) leave = module.default(component);
    },
    () => {
      component.parentElement.textContent = "A part of this page could not be loaded: reload it.";
    },
  );
  return () => {
    gone = true;
    if (typeof leave === "function") leave();
  };
}
"""


def shim(module: str) -> str:
    """Return the script of a component whose JavaScript is ``module``, a file among the live panel's."""
    return _SHIM.replace("MODULE", module)


SHIM = shim("panel.js")
RESERVED = 1600
"""CSS pixels that the page keeps free until the panel and its style sheet have come, which give them up: what is below
would jump. More than is seen at once, and less than any panel needs."""

OPENING = "The live panel is opening…"
"""Stands in the panel's place until its script has come: on a slow computer that takes some seconds."""

_mount = components.component(
    "learnscope.live_panel",
    html=f'<div class="ls-panel"><p role="status">{OPENING}</p></div>',
    js=SHIM,
    isolate_styles=False,
)


Told = Callable[[object], None]


@dataclass(frozen=True, slots=True)
class Shown:
    """A run in the live panel. ``words`` tell it from the others; of one with ``scalars`` only curves are wanted."""

    run: Run
    words: str = ""
    scalars: bool = False


def live_panel(
    runs: Sequence[Shown],
    spec: Spec,
    panels: Sequence[Panel],
    *,
    title: str,
    person: str,
    tab: str,
    key: str,
    look: Look,
    calls: int,
    learns: bool,
    fixed: Collection[str],
    on_set: Told,
    on_again: Told,
    on_branch: Told,
    on_look: Told,
) -> None:
    """Show ``runs`` live, the first of which has the settings ``spec`` now, to ``person`` in one ``tab`` of theirs.

    ``look`` is what a link asks to be shown at first. Where ``calls`` has grown, something below has set the run up:
    the panel comes into sight. What is ``fixed`` is not to be changed there, and
    where nothing ``learns`` there is nothing to train, and no course to be looked back at. What is handed over
    depends on nothing else, so that a rerun of the page leaves the panel as it is.

    ``on_set`` is told ``{run, settings}`` when a person has changed live settings in the panel, ``on_again``
    ``{run}`` when one asks for another run in place of one that is over, ``on_branch`` ``{run, step}`` when one asks
    for another that begins there, ``on_look`` ``{run, step}`` when one stays at a recorded step, or comes back to the
    newest, which is None. All come from a browser, and may hold anything.
    """
    first = runs[0].run
    live = [s for s in settings_by_name(type(spec)).values() if s.knob.live]
    # What is changed on the way in one of several would be another difference.
    free = [s.name for s in live if s.name not in fixed] if len(runs) == 1 else []
    data = {
        "lab": first.lab,
        "runs": [_run(shown, person, tab) for shown in runs],
        "base": LIVE,
        "version": live_assets.version(),
        "title": title,
        "panels": [panel.to_json() for panel in panels],
        "calls": calls,
        "labels": {s.name: s.knob.label for s in live},
        "chosen": free,
        "learns": learns,
        "learning_rate": _learning_rate(type(spec)) if "learning_rate" in free else None,
        "look": {"step": look.step, "plots": look.plots},
        "rate": None if first.live else getattr(spec, "learning_rate", None),
    }
    _mount(
        key=key,
        data=data,
        height=RESERVED,
        on_set_change=lambda: on_set(st.session_state[key].get("set")),
        on_again_change=lambda: on_again(st.session_state[key].get("again")),
        on_branch_change=lambda: on_branch(st.session_state[key].get("branch")),
        on_look_change=lambda: on_look(st.session_state[key].get("look")),
    )


def _run(shown: Shown, person: str, tab: str) -> dict[str, Any]:
    right = Right(shown.run.id, person, control=shown.run.owner == person, tab=tab)
    more = {"words": shown.words, "scalars": shown.scalars}
    return {"run": right.run, "token": right.token(), "control": right.control, **more}


def _learning_rate(spec: type[Spec]) -> dict[str, Any]:
    """Return the bounds of the learning rate."""
    setting = settings_by_name(spec)["learning_rate"]
    return {"low": setting.low, "high": setting.high}
