"""The work of the index lab, in a process of its own: indexes are built one after the other, measured, and told."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.errors import DataError
from engine.jobs import Progress
from engine.jobs.job import Work
from engine.words import opening
from engine.words.indexes import keeping
from engine.words.indexes.kinds import KINDS
from engine.words.indexes.measuring import K, asked, built, measured
from engine.words.indexes.spec import TITLES, IndexSpec
from engine.words.search_codes import width

MOST_NUMBERS = 40_000_000
"""So many numbers of vectors at most: an index may keep them a second time, and more."""
SMALLER = 4
"""All is measured of a part of the words first, of so many times fewer: so it is seen how it grows."""


def measure(arguments: Mapping[str, Any]) -> Work:
    """Measure indexes of the space kept in ``space``, as ``spec`` (JSON of an ``IndexSpec``) asks; raises DataError.

    Each index under each of its settings is a finding as soon as it is measured: ``kind``, ``title``, ``knob`` and its
    ``value``, the number ``n`` of words, ``recall`` (0 to 1, of the 10 nearest), ``median_ms`` and ``p95_ms`` of a
    question on one thread, ``bytes``, and ``build_seconds`` on one thread. The result has all ``findings``, and the
    kinds that are ``absent`` as they are not installed; such as need more words are left out. What has been measured is
    kept beside the space as soon as it is there, see ``keeping``.
    """
    folder, spec = Path(arguments["space"]), IndexSpec.from_json(arguments["spec"])
    space = opening.opened(folder)
    if space is None:
        raise DataError("The vectors of this space are not kept any more: open them again.")
    rows = min(spec.rows, len(space), max(2, MOST_NUMBERS // width(space.dimensions)))
    sizes = [rows // SMALLER, rows] if rows >= 100 * SMALLER else [rows]
    kinds = [name for name in ("numpy", *dict.fromkeys(spec.kinds)) if KINDS[name].installed]
    absent = [name for name in spec.kinds if not KINDS[name].installed]
    findings: list[dict[str, Any]] = []
    work = sum(sizes) * len(kinds)
    done = 0
    for size in sizes:
        yield Progress(done / work, f"Looking for the {K} nearest of {spec.queries:,} words among {size:,}")
        questions = asked(space, size, spec.queries)
        for name in kinds:
            kind, n = KINDS[name], len(questions.vectors)
            if n < kind.least:
                continue
            yield Progress(done / work, f"{TITLES[name]}: building it of {n:,} words")
            index, seconds = built(kind, questions.vectors)
            for value in kind.values:
                index.set(value)
                speed = measured(index, questions)
                findings.append(
                    {
                        "kind": name,
                        "title": TITLES[name],
                        "knob": kind.knob,
                        "value": value,
                        "n": n,
                        "recall": speed.recall,
                        "median_ms": speed.median_ms,
                        "p95_ms": speed.p95_ms,
                        "bytes": index.size,
                        "build_seconds": seconds,
                    }
                )
                keeping.keep(folder, spec, findings, absent, whole=False)
                yield findings[-1]
            done += size
    keeping.keep(folder, spec, findings, absent, whole=True)
    return {"findings": findings, "absent": absent}
