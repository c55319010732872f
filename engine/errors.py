"""Everything that can go wrong on purpose, in one tree.

    LearnscopeError
    ├── SpecError         a setting has a bad name or value
    ├── DataError         a table, text or picture cannot be learnt from
    ├── RunError          a run cannot do what was asked
    │   ├── RunNotFound   no run has this id
    │   ├── RunRefused    too many runs, or no right to this one
    │   └── WorkerLost    the worker process ended without a farewell
    ├── FrameError        bytes that are no frame
    └── StoreError        the database cannot be used
        └── StoreReplaced the database is another than before

Every message is one sentence for a person: what is wrong with what, what was expected, what was received.
A page shows ``str(error)`` as it is; a traceback never reaches a student.
"""


class LearnscopeError(Exception):
    """Base of all errors that Learnscope raises on purpose; ``str(error)`` is a sentence for a person."""


class SpecError(LearnscopeError):
    """A setting has a bad name or value; ``words`` says so in the labels of the form, for a page."""

    def __init__(self, sentence: str, words: str = "") -> None:
        super().__init__(sentence)
        self.words = words or sentence


class DataError(LearnscopeError):
    """A table, text or picture cannot be learnt from."""


class RunError(LearnscopeError):
    """A run cannot do what was asked."""


class RunNotFound(RunError):
    """No run has this id."""


class RunRefused(RunError):
    """Too many runs at once, or no right to this one."""


class WorkerLost(RunError):
    """A worker process ended without a farewell."""


class FrameError(LearnscopeError):
    """Bytes that are no frame."""


class StoreError(LearnscopeError):
    """The database cannot be used."""


class StoreReplaced(StoreError):
    """The file of the database was deleted or moved away, and there is another in its place: what comes goes there."""
