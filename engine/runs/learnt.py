"""The work of keeping what a run has learnt as a space of words, and of writing it as a file: jobs, see
``engine.words.learnt``.

The run itself is left alone: from the last checkpoint before a step, the same steps lead there again.
"""

import shutil
from collections.abc import Generator, Mapping
from pathlib import Path
from typing import Any

from engine.errors import DataError, RunNotFound
from engine.jobs import Progress
from engine.keeping import LEAVE_FREE, size_in_words
from engine.labs.catalogue import get_lab
from engine.runs.past import PATIENCE
from engine.runs.run import Run
from engine.runs.schema import default_url
from engine.runs.standing import walked
from engine.runs.store import Store
from engine.words import learnt, stored
from engine.words.learnt import Learnt
from engine.words.space import Space
from engine.words.stored import Provenance

KEEPING, WRITING = 0.5, 0.6
TEXT_BYTES = 16
"""At most about so many a number written as text takes, blank and all."""
GONE = "The run in which these vectors were learnt is gone, and they are not kept any more: train them again."


def keep(arguments: Mapping[str, Any]) -> Generator[Progress, None, Mapping[str, Any]]:
    """Keep the space of a run at a step; the result tells its ``rows`` and ``dimensions``.

    Raises DataError, RunError.
    """
    space = yield from _space(_named(arguments), Path(arguments["home"]))
    return {"rows": len(space), "dimensions": space.dimensions}


def write(arguments: Mapping[str, Any]) -> Generator[Progress, None, Mapping[str, Any]]:
    """Write the space of a run at a step as a file of a ``form``; the result tells how many ``bytes`` it has.

    Raises DataError where the form cannot hold it, or there is no room.
    """
    from engine.keeping import drafts
    from engine.words.formats import writing
    from engine.words.train.learning import how_learnt

    one, home, form = _named(arguments), Path(arguments["home"]), arguments["form"]
    path = one.file(home, form)
    if not path.is_file():
        space = yield from _space(one, home)
        _check_disk(path.name, home, space)
        yield Progress(WRITING, f"writing {len(space):,} words")
        run = _run(one)
        spec: Any = get_lab(run.lab).spec.from_json(run.spec)
        with drafts.drafted(path.parent) as aside:
            writing.write(space, aside / path.name, form, how_learnt(spec.vectors()))
    return {"bytes": path.stat().st_size, "name": path.name}


def _named(arguments: Mapping[str, Any]) -> Learnt:
    return learnt.named(arguments["asked"])


def _space(one: Learnt, home: Path) -> Generator[Progress, None, Space]:
    """Return the space of a run at a step, kept if need be."""
    folder = one.folder(home)
    try:
        return Space(stored.open_folder(folder))
    except DataError:
        pass  # it is not kept yet, or is damaged
    yield Progress(0.0, "reading what the run has learnt")
    run = _run(one)
    lab = get_lab(run.lab)
    if not lab.vectors:
        raise DataError(f"A run of {lab.title} learns no vectors of words: expected one of Train words.")
    experiment: Any = lab.open(lab.spec.from_json(run.spec))
    for step in walked(experiment, one.run, one.step, one.mark):
        if step.number % 20 == 0:
            yield Progress(None, f"going to step {one.step:,}: at {step.number:,}")
    yield Progress(KEEPING, "keeping the vectors")
    space = experiment.keep(folder)
    learnt.note(folder, one, run.owner)
    return space


def _run(one: Learnt) -> Run:
    store = Store.prepared(default_url(), patience=PATIENCE)
    try:
        return store.get_run(one.run)
    except RunNotFound:
        raise DataError(GONE) from None
    finally:
        store.close()


def _check_disk(name: str, home: Path, space: Space) -> None:
    record: Provenance = space.provenance
    rows = len(space) + (record.subwords.buckets if record.subwords else 0)
    needed, free = rows * space.dimensions * TEXT_BYTES, shutil.disk_usage(home).free - LEAVE_FREE
    if needed > free:
        raise DataError(
            f"{name} was not made: it may take {size_in_words(needed)}, and the server's disk has room for "
            f"{size_in_words(max(0, free))}."
        )
