"""A run as one file: settings, what was changed, and all that the net and its training need to stand at one step.

JSON, so that a person can read what it is; the state is a safetensors file in base 64. Nothing in it is code::

    {"learnscope": "0.1.0", "lab": ..., "spec": {...}, "step": 120, "changes": [[step, name, value], ...],
     "checkpoint": {"step": 96, "safetensors": "..."}}

The checkpoint may be some steps older: the same steps lead from there to ``step``, bit for bit.
"""

import base64
import binascii
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from safetensors.numpy import save

from engine import quarantine
from engine.errors import DataError, RunError
from engine.labs.catalogue import get_lab
from engine.quarantined import Parsed
from engine.runs.changes import MOST_CHANGES, changes_until
from engine.runs.weights import load_tensors
from engine.spec import Spec, settings_by_name
from engine.training.edits import is_edit, read_edit
from engine.training.experiment import Change
from engine.version import VERSION

if TYPE_CHECKING:  # who reads a file in quarantine needs no store
    from engine.runs.recordings import Recordings
    from engine.runs.run import Run

MAX_BYTES = 5 * 2**20
MAX_STEP = 10**9
MAX_WALK = 10**6
"""Steps between a checkpoint and the step that is to be reached: a file is not to keep a worker busy for hours."""
NUMBER = "number.number"


@dataclass(frozen=True, slots=True)
class RunFile:
    """A run of ``lab`` with ``spec`` (JSON) at ``step``; ``state`` is its checkpoint of step ``at``, as safetensors."""

    lab: str
    spec: str
    step: int
    changes: tuple[Change, ...]
    at: int
    state: bytes

    @classmethod
    def of(cls, recordings: "Recordings", run: "Run", step: int) -> Self:
        """Return ``run`` as it stood at ``step``; raises RunError where no checkpoint was recorded until then."""
        found = recordings.checkpoint(run.id, step)
        if found is None:
            raise RunError("Nothing was recorded of this run yet: try again in a second.")
        at, arrays = found
        changes = tuple(changes_until(recordings.changes(run.id), step))
        return cls(run.lab, run.spec, step, changes, at, save(arrays))

    def to_json(self) -> bytes:
        """Return the file; ``from_json`` undoes it."""
        values = {
            "learnscope": VERSION,
            "lab": self.lab,
            "spec": json.loads(self.spec),
            "step": self.step,
            "changes": self.changes,
            "checkpoint": {"step": self.at, "safetensors": base64.b64encode(self.state).decode()},
        }
        return json.dumps(values, indent=1).encode()

    @classmethod
    def read(cls, data: bytes) -> Self:
        """Read a file from whomever it is, in quarantine; raises DataError."""
        check_size(data)
        plain, arrays = quarantine.read("engine.runs.runfile:parse", data, "This file")
        changes = tuple((step, name, value) for step, name, value in plain["changes"])
        return cls(plain["lab"], plain["spec"], plain["step"], changes, plain["at"], arrays["state"].tobytes())

    @classmethod
    def from_json(cls, data: bytes) -> Self:
        """Read a file in this process; raises DataError, or SpecError where its lab or settings are not known.

        Whether its state fits the net is found out by who builds that net.
        """
        values = _object(data)
        checkpoint = _entry(values, "checkpoint", dict)
        lab = get_lab(_entry(values, "lab", str))
        spec = lab.spec.from_json(json.dumps(_entry(values, "spec", dict)))
        step = _whole(_entry(values, "step", int), "step", MAX_STEP)
        at = _whole(_entry(checkpoint, "step", int), "step of its checkpoint", step)
        if step - at > MAX_WALK:
            raise DataError(
                f"This file of a run has a checkpoint that is too old: expected one of the last {MAX_WALK:,} steps, "
                f"received one {step - at:,} steps before."
            )
        changes = tuple(_change(entry, spec, step) for entry in _changes(values))
        return cls(lab.name, spec.to_json(), step, changes, at, _state(checkpoint, at))


def parse(data: bytes, _: str) -> Parsed:
    """Read a file in quarantine."""
    file = RunFile.from_json(data)
    plain = {"lab": file.lab, "spec": file.spec, "step": file.step, "changes": file.changes, "at": file.at}
    return plain, {"state": np.frombuffer(file.state, np.uint8)}


def check_size(data: bytes) -> None:
    """Raise DataError for a file that is too large for a run."""
    if len(data) > MAX_BYTES:
        raise DataError(
            f"This file is too large for a run: expected at most {MAX_BYTES // 2**20} MB, "
            f"received {len(data) / 2**20:.1f} MB."
        )


def _object(data: bytes) -> dict[str, Any]:
    check_size(data)
    try:
        values = json.loads(data.decode("utf-8-sig"), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise DataError("This is no file of a run: expected JSON that was taken away from a run.") from None
    if not isinstance(values, dict):
        raise DataError("This is no file of a run: expected a JSON object with lab, spec, step and checkpoint.")
    return values


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _entry(values: dict[str, Any], name: str, kind: type) -> Any:
    """Return an entry of the file, if it is there and of that kind."""
    value = values.get(name)
    if not isinstance(value, kind) or isinstance(value, bool):
        kinds = {dict: "an object", str: "text", int: "a whole number", list: "a list"}
        found = "nothing" if name not in values else kinds.get(type(value), "something else")
        raise DataError(f"This file of a run is damaged: expected {kinds[kind]} as {name}, received {found}.")
    return value


def _whole(value: int, name: str, most: int) -> int:
    if not 0 <= value <= most:
        raise DataError(
            f"This file of a run is damaged: expected its {name} to be from 0 to {most:,}, received {str(value)[:20]}."
        )
    return value


def _changes(values: dict[str, Any]) -> list[Any]:
    entries = _entry(values, "changes", list)
    if len(entries) > MOST_CHANGES:
        raise DataError(f"This file of a run has {len(entries):,} changes: expected at most {MOST_CHANGES:,}.")
    steps = [entry[0] for entry in entries if isinstance(entry, list) and entry and isinstance(entry[0], int)]
    if steps != sorted(steps):
        raise DataError("This file of a run is damaged: expected its changes in the order of their steps.")
    return entries


def _change(entry: Any, spec: Spec, last: int) -> Change:
    match entry:
        case [int(step), str(name), str(value)] if 0 <= step <= last and is_edit(name):
            read_edit(name, value)
            return int(step), name, value
        case [int(step), str(name), str(value)] if 0 <= step <= last:
            setting = settings_by_name(type(spec)).get(name)
            if setting is None or not setting.knob.live:
                raise DataError(f"This file of a run changes {name[:40]!r}, which cannot change during a run.")
            type(spec).from_strings({name: value}, spec)
            return int(step), name, value
    raise DataError("This file of a run is damaged: expected each change to be a step until then, a name and a value.")


def _state(checkpoint: dict[str, Any], at: int) -> bytes:
    try:
        state = base64.b64decode(_entry(checkpoint, "safetensors", str), validate=True)
    except (binascii.Error, ValueError):
        raise DataError("This file of a run is damaged: expected its checkpoint in base 64.") from None
    arrays = load_tensors(state)
    number = arrays.get(NUMBER)
    if number is None or number.shape != () or number != at:
        raise DataError(f"This file of a run is damaged: its checkpoint is not of step {at:,}, as it says.")
    spoilt = next((name for name, array in arrays.items() if _is_spoilt(name, array)), None)
    if spoilt is not None:
        raise DataError(f"This file of a run is damaged: {spoilt[:60]!r} in its checkpoint holds no numbers.")
    return state


def _is_spoilt(name: str, array: np.ndarray) -> bool:
    """Tell whether weights, or a state that is carried on, hold NaN or infinity: no checkpoint is taken of such.

    A gradient may be infinite before the update that it spoils, and numbers of stop conditions begin so.
    """
    begins = name.startswith(("number.", "gradient.", "optimizer."))
    return not begins and array.dtype.kind == "f" and not np.isfinite(array).all()
