"""What was measured of a space is kept beside it, so that it is there for whoever asks for the same again; light.

indexes-KEY.json    one for each spec: what ``work.measure`` returns, and whether that is all of it
"""

import hashlib
import json
import os
import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from engine.words.indexes.spec import IndexSpec

MOST_KEPT = 30
"""Of one space; of more, those that were measured longest ago go."""
Finding = Mapping[str, Any]
NUMBERS = ("value", "n", "recall", "median_ms", "p95_ms", "bytes", "build_seconds")


def keep(folder: Path, spec: IndexSpec, findings: Sequence[Finding], absent: Sequence[str], *, whole: bool) -> None:
    """Keep what was measured until now, whole or not; where the disk takes no more, nothing is kept."""
    path = _path(folder, spec)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with suppress(OSError):
        draft.write_text(json.dumps({"findings": list(findings), "absent": list(absent), "whole": whole}))
        draft.replace(path)
        for old in sorted(folder.glob("indexes-*.json"), key=os.path.getmtime)[:-MOST_KEPT]:
            old.unlink(missing_ok=True)


def kept(folder: Path, spec: IndexSpec) -> Mapping[str, Any] | None:
    """Return what was measured: ``findings``, the kinds that were ``absent``, and whether that is the ``whole`` of it;
    None where nothing was, or what is kept cannot be read.
    """
    try:
        told = json.loads(_path(folder, spec).read_text(encoding="utf-8"))
        return told if told["whole"] in (True, False) and told["absent"] is not None and _sound(told) else None
    except (OSError, ValueError, TypeError, KeyError):
        return None


def forget(folder: Path, spec: IndexSpec) -> None:
    """Delete what was measured, as it is to be measured anew."""
    with suppress(OSError):
        _path(folder, spec).unlink(missing_ok=True)


def _sound(told: Mapping[str, Any]) -> bool:
    return all(isinstance(one[name], int | float) for one in told["findings"] for name in NUMBERS)


def _path(folder: Path, spec: IndexSpec) -> Path:
    return folder / f"indexes-{hashlib.sha256(spec.to_json().encode()).hexdigest()[:16]}.json"
