"""What this page may do to a run: the page's side of ``engine.runs.controls``, asked anew at each rerun.

A page whose browser has given control away, or never had it, changes nothing in a run. The same is asked once more of
every command that comes over the run's own stream.
"""

from engine.runs.helm import Browser
from engine.runs.run import Run
from pages.ui.house import hub
from pages.ui.person import person, tab


def steers(run: Run) -> bool:
    """Tell whether the run is this browser's to start, stop and change now."""
    me = person()
    return hub().controls.allows(run.id, Browser(me, tab(), run.owner == me))


def leave(run_id: str) -> None:
    """Let a run go that this page leaves for another; one that somebody else controls just now goes on for them."""
    me = person()
    if run_id and hub().controls.allows(run_id, Browser(me, tab(), owns=True)):
        hub().leave(run_id, me)  # which ends no run of anybody else
