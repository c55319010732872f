"""Classes: people whose runs are seen together, under a code that one tells the others, each by a name of their own."""

import re
import secrets
import time
import unicodedata
from collections.abc import Collection, Mapping

from sqlalchemy import delete, insert, select, update

from engine.errors import RunError
from engine.runs.live import LiveRun
from engine.runs.schema import runs, seats
from engine.runs.store import Store

LEAST_CODE_CHARS, MOST_CODE_CHARS = 3, 24
MOST_STUDENT_CHARS = 30
MOST_SEATS = 500
_CODE = re.compile(r"[^\W_](?:[^\W_]|-)*[^\W_]")
_COLOURS = """
    amber azure black blue brown copper coral crimson golden green grey indigo ivory jade lilac lime
    mint olive orange pink plum red ruby silver teal violet white yellow
"""
_ANIMALS = """
    badger bat bear beaver bee bison cat crane deer dolphin duck eagle falcon finch fox frog gecko goat
    goose hare hawk heron horse ibex jay koala lark lion lynx magpie marten mole moose newt otter owl
    panda parrot pelican puffin rabbit raven robin seal swan tiger toad turtle whale wolf
"""
COLOURS, ANIMALS = _COLOURS.split(), _ANIMALS.split()
"""What names are made of for those who choose none."""


def class_code(typed: str) -> str:
    """Return a code as it is kept: the same for small and capital letters; raises RunError for what is none."""
    code = unicodedata.normalize("NFKC", typed[: 4 * MOST_CODE_CHARS]).casefold().strip()
    if not (_CODE.fullmatch(code) and LEAST_CODE_CHARS <= len(code) <= MOST_CODE_CHARS):
        raise RunError(
            f"A class code is {LEAST_CODE_CHARS} to {MOST_CODE_CHARS} letters, digits or hyphens in one word, "
            f"as in otter-7; received {_shown(typed)}."
        )
    return code


class Classes:
    """The seats of all classes. Nothing is known of a person in a class but the name that they go by there."""

    def __init__(self, store: Store, live: Mapping[str, LiveRun]) -> None:
        self._database = store.database
        self._live = live

    def student(self, code: str, owner: str) -> str:
        """Return the name that a person goes by in a class; who has none yet is given one that nobody has there.

        Raises StoreError, and RunError if the class is full.
        """
        with self._database.writing() as connection:
            mine = (seats.c.class_code == code) & (seats.c.owner == owner)
            name = connection.scalar(select(seats.c.student).where(mine))
            if name is None:
                taken = list(connection.scalars(select(seats.c.student).where(seats.c.class_code == code)))
                if len(taken) >= MOST_SEATS:
                    raise RunError(f"This class is full: expected at most {MOST_SEATS} people. Choose another code.")
                name = _made_up({one.casefold() for one in taken})
                values = {"class_code": code, "owner": owner, "student": name, "taken": time.time()}
                connection.execute(insert(seats).values(values))
            return name

    def call(self, code: str, owner: str, typed: str) -> str:
        """Have a person who has a seat go by a name of their choice; raises StoreError, RunError."""
        name = " ".join("".join(letter if letter.isprintable() else " " for letter in typed).split())
        if not 1 <= len(name) <= MOST_STUDENT_CHARS:
            raise RunError(f"A name has 1 to {MOST_STUDENT_CHARS} characters, received {len(name)}.")
        with self._database.writing() as connection:
            others = select(seats.c.student).where(seats.c.class_code == code, seats.c.owner != owner)
            if name.casefold() in {other.casefold() for other in connection.scalars(others)}:
                raise RunError(f"Somebody in this class is called {name} already: choose another name.")
            mine = update(seats).where(seats.c.class_code == code, seats.c.owner == owner)
            connection.execute(mine.values(student=name))
        return name

    def students(self, code: str) -> dict[str, str]:
        """Return the names of all people of a class by their ids."""
        query = select(seats.c.owner, seats.c.student).where(seats.c.class_code == code)
        with self._database.reading() as connection:
            return dict(connection.execute(query).all())

    def leave(self, code: str, owner: str) -> None:
        """Take a person and all that they did out of a class; their runs stay theirs."""
        with self._database.writing() as connection:
            theirs = update(runs).where(runs.c.class_code == code, runs.c.owner == owner)
            connection.execute(theirs.values(class_code=""))
            connection.execute(delete(seats).where(seats.c.class_code == code, seats.c.owner == owner))
        for live in list(self._live.values()):
            if (live.run.class_code, live.run.owner) == (code, owner):
                live.recording.amend(class_code="")

    def forget(self, before: float) -> None:
        """Free the seats that were taken before ``before`` and that no run needs any more."""
        needed = select(runs.c.id).where(runs.c.class_code == seats.c.class_code, runs.c.owner == seats.c.owner)
        with self._database.writing() as connection:
            connection.execute(delete(seats).where(seats.c.taken < before, ~needed.exists()))


def _made_up(taken: Collection[str]) -> str:
    """Return a name such as Blue otter that is not ``taken``, with a number where all are."""
    number = 1
    while True:
        for _ in range(50):
            name = f"{secrets.choice(COLOURS)} {secrets.choice(ANIMALS)}{f' {number}' if number > 1 else ''}"
            if name not in taken:
                return name.capitalize()
        number += 1


def _shown(typed: str) -> str:
    shown = "".join(letter for letter in typed if letter.isprintable())
    return repr(shown if len(shown) <= MOST_CODE_CHARS else f"{shown[:MOST_CODE_CHARS]}…")
