"""A run in words: by what one tells it from others, how it stands, and when that was."""

import math
from functools import lru_cache

from engine.errors import LearnscopeError
from engine.labs.catalogue import LABS
from engine.labs.lab import Lab
from engine.runs.curve import Curve
from engine.runs.run import Run, State
from engine.spec import Setting, settings_by_name

MOST_SETTINGS = 3
FIGURES = 4
STATE_WORDS: dict[State, str] = {
    "ready": "ready",
    "running": "training",
    "paused": "paused",
    "finished": "finished",
    "stopped": "stopped",
    "failed": "failed",
    "crashed": "crashed",
    "interrupted": "interrupted",
}
WAITING = "waiting"
_SPANS = ((86_400, "day"), (3_600, "hour"), (60, "minute"))


def title(run: Run) -> str:
    """Return what a run is called: by its owner, or else by its lab and settings."""
    return run.name or f"{LABS[run.lab].title} · {settings(run)}"


def settings(run: Run, most: int | None = MOST_SETTINGS) -> str:
    """Return the settings of a run that are not as its lab opens, the first few of them, or all."""
    words = _settings(run.lab, run.spec)
    if words is None:
        return "of an older version"
    more = [f"{len(words) - most} more"] if most and len(words) > most else []
    return " · ".join([*words[:most], *more]) or "as it opens"


@lru_cache(2_000)
def _settings(lab_name: str, json: str) -> tuple[str, ...] | None:
    """Return in words what differs from how the lab opens; None where the spec is none of this version."""
    lab: Lab = LABS[lab_name]
    try:
        spec = lab.spec.from_json(json)
    except LearnscopeError:
        return None
    known = settings_by_name(lab.spec)
    shown = [name for name in spec.differences(lab.spec()) if not known[name].knob.hidden]
    return tuple(_setting(known[name], getattr(spec, name)) for name in shown)


def differences(run: Run, other: Run) -> tuple[str, ...]:
    """Return the names of the settings in which two runs of a lab differ; none where one is of an older version."""
    try:
        mine, theirs = (LABS[run.lab].spec.from_json(one.spec) for one in (run, other))
    except LearnscopeError:
        return ()
    return mine.differences(theirs)


def unlike(run: Run, other: Run) -> str:
    """Return in words the settings of ``other`` that are not those of ``run``: ``Optimizer SGD``."""
    names = differences(run, other)
    if not names:
        return "another run"
    lab: Lab = LABS[run.lab]
    spec, known = lab.spec.from_json(other.spec), settings_by_name(lab.spec)
    return " · ".join(f"{known[name].knob.label} {known[name].word(getattr(spec, name))}" for name in names)


def _setting(setting: Setting, value: object) -> str:
    """Return a choice by itself, for it speaks for itself, and anything else with its label."""
    return setting.word(value) if setting.kind == "choice" else f"{setting.knob.label} {setting.word(value)}"


def state(run: Run, waits: bool = False) -> str:
    """Return the state of a run in a word; ``waits`` tells that it is to train, and it is another's turn."""
    return WAITING if waits else STATE_WORDS[run.state]


def standing(run: Run, waits: bool = False) -> str:
    """Return how a run stands: ``stopped at step 1,234``."""
    return f"{state(run, waits)}{' for its turn' if waits else ''} at step {run.step:,}"


def best(curve: Curve | None) -> str:
    """Return the best validation score that was recorded: ``best validation accuracy 0.975``; empty without one."""
    if curve is None or math.isnan(curve.best):
        return ""
    return f"best validation {curve.score_name} {number(curve.best)}"


def number(value: float) -> str:
    """Return a number as the live panel writes it: ``0.1234``, ``−12.34``, ``3.4e−5``; ``–`` for one that is not
    there.
    """
    if not math.isfinite(value):
        return "–" if math.isnan(value) else ("∞" if value > 0 else "−∞")
    size = abs(value)
    if size and (size < 1e-3 or size >= 1e5):
        mantissa, exponent = f"{value:.1e}".split("e")
        return f"{mantissa}e{int(exponent)}".replace("-", "−")
    digits = max(0, FIGURES - 1 - math.floor(math.log10(size or 1)))
    return f"{value:.{digits}f}".replace("-", "−")


def ago(seconds: float) -> str:
    """Return how long ago something was, in words: ``3 minutes ago``."""
    for length, word in _SPANS:
        count = int(seconds // length)
        if count >= 1:
            return f"{count} {word}{'s' if count > 1 else ''} ago"
    return "just now"
