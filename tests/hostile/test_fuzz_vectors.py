"""Five thousand harmed files of vectors: each is opened as a sound space or refused in a sentence, whatever it is.

``LEARNSCOPE_FUZZ_SEED`` chooses others; what is found can be seen again by its seed and its number.
"""

import os
import time
from pathlib import Path

import pytest

from engine.jobs import Course, Jobs, Order
from tests.hostile.mutations import GOOD_FILES, mutated

SEED = os.environ.get("LEARNSCOPE_FUZZ_SEED", "learnscope")
MUTATIONS = 5_000
BATCHES = 10
MOST_MEMORY = 1 << 30
PATIENCE = 600.0
"""Of the test itself, for a machine that is busy; how long one file may take is measured where it is opened."""


def _watched(openings: Jobs, order: Order, owner: str) -> Course:
    deadline = time.monotonic() + PATIENCE
    course = openings.ask(order, owner)
    while course and course.live and time.monotonic() < deadline:
        time.sleep(0.02)
        course = openings.course(order)
    assert course
    return course


@pytest.mark.parametrize("batch", range(BATCHES))
def test_whatever_becomes_of_a_file_it_is_opened_or_refused(batch: int, openings: Jobs, home: Path) -> None:
    print(f"LEARNSCOPE_FUZZ_SEED={SEED}")
    first, last = MUTATIONS * batch // BATCHES, MUTATIONS * (batch + 1) // BATCHES
    at, opened, faults = home / "at", 0, []
    while first < last:
        order = Order.of(
            "tests.hostile.openers:harmed", folder=str(home), at=str(at), seed=SEED, first=first, last=last
        )
        course = _watched(openings, order, f"batch {batch}")
        if course.state == "done" and course.result:
            opened += course.result["opened"]
            faults += course.result["faults"]
            assert course.result["grown"] < MOST_MEMORY
            break
        number = int(at.read_text())
        faults.append(f"{number} ({mutated(SEED, number)[0]}): {course.message or 'it never ends'}")
        first = number + 1  # the others are opened all the same
    assert not faults, f"seed {SEED}:\n" + "\n".join(faults)
    assert 0 < opened < MUTATIONS // BATCHES, "these files are not harmed, or harmed beyond use"


def test_the_files_are_good_before_they_are_harmed(openings: Jobs, home: Path) -> None:
    assert len(GOOD_FILES) == 12
    for number, (name, data) in enumerate(GOOD_FILES.items()):
        (home / f"{number}").write_bytes(data)
        order = Order.of(
            "engine.words.reading:open_file",
            path=str(home / f"{number}"),
            name=name,
            folder=str(home / "words" / str(number)),
            limit=None,
            uploaded=True,
        )
        course = _watched(openings, order, "somebody")
        assert course.result, course.message
        assert course.result["rows"] == 40


def test_the_same_number_is_the_same_file_again() -> None:
    assert mutated(SEED, 7) == mutated(SEED, 7)
    assert len({mutated(SEED, number)[1] for number in range(200)}) > 190
    assert {mutated(SEED, number)[0] for number in range(500)} == set(GOOD_FILES)
