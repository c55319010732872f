"""The live panel, Python's side: puts the component on the page and tells it which run to show and what it may do."""

from collections.abc import Sequence
from typing import Any

from streamlit.components import v2 as components

from engine.figures.panel import Panel
from engine.runs.run import Run
from engine.spec import Spec, settings_by_name
from pages.ui import live_assets
from pages.ui.live_routes import LIVE
from pages.ui.rights import Right

SHIM = """
// Streamlit hands a component's script to the browser as text; the panel itself is a file that the browser keeps.
// Its address hangs below that of Streamlit's own script, wherever the app is served. It has to be a whole one: this
// text has no place of its own that a path could start from.
export default function (component) {
  const script = document.querySelector('script[src*="/static/js/"]');
  const root = new URL(script ? "../.." : ".", script ? script.src : document.baseURI);
  const base = new URL(component.data.base.slice(1), root).href;
  let gone = false;
  let leave;
  import(`${base}/assets/${component.data.version}/panel.js`).then(
    (panel) => {
      if (!gone) leave = panel.default(component);
    },
    () => {
      component.parentElement.textContent = "The live panel could not be loaded: reload the page.";
    },
  );
  return () => {
    gone = true;
    if (typeof leave === "function") leave();
  };
}
"""

_mount = components.component(
    "learnscope.live_panel", html='<div class="ls-panel"></div>', js=SHIM, isolate_styles=False
)


def live_panel(run: Run, spec: Spec, panels: Sequence[Panel], *, title: str, person: str, key: str) -> None:
    """Show ``run`` live, with the controls if it belongs to ``person``.

    What is handed over depends on nothing else, so that a rerun of the page leaves the panel as it is.
    """
    right = Right(run.id, person, control=run.owner == person)
    data = {
        "run": run.id,
        "token": right.token(),
        "control": right.control,
        "base": LIVE,
        "version": live_assets.version(),
        "title": title,
        "panels": [panel.to_json() for panel in panels],
        "learning_rate": _learning_rate(type(spec)),
    }
    _mount(key=key, data=data)


def _learning_rate(spec: type[Spec]) -> dict[str, Any] | None:
    """Return the bounds of the learning rate, if it may be changed while the run goes on."""
    setting = settings_by_name(spec).get("learning_rate")
    return {"low": setting.low, "high": setting.high} if setting and setting.knob.live else None
