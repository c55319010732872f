"""Folders that are written as drafts, which take their places whole.

Whoever is killed leaves a draft behind; it is locked for as long as somebody writes it, so that ``tidy`` knows.
"""

import fcntl
import os
import secrets
import shutil
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from engine.errors import DataError


@contextmanager
def drafted(folder: Path, whole: Callable[[Path], bool] = lambda _: False) -> Generator[Path]:
    """Give a folder to write in; it takes the place of ``folder`` once all is written, or leaves no trace.

    Of two who write the same at a time, both write it whole, and that of the last stays; or that of the first, where
    ``whole`` tells that it is: others may keep something in it already. Raises DataError where there is no room, or the
    folder cannot be written.
    """
    with draft(folder.parent, folder.name) as aside:
        yield aside
        take_place(aside, folder, whole)


@contextmanager
def draft(home: Path, name: str) -> Generator[Path]:
    """Give a folder in ``home`` to write in, which is gone at the end unless it was moved to where it belongs.

    Raises DataError where there is no room, or the folder cannot be written.
    """
    aside = home / f".{name}.{secrets.token_hex(6)}"
    lock = -1
    try:
        home.mkdir(parents=True, exist_ok=True)
        with _open_folder(home) as descriptor:
            fcntl.flock(descriptor, fcntl.LOCK_SH)  # nobody tidies until the draft is locked
            aside.mkdir()
            lock = _locked(aside)
        yield aside
    except OSError as error:
        why = error.strerror or "it cannot be written"
        raise DataError(f"What was read could not be kept on the server's disk: {why}.") from None
    finally:
        shutil.rmtree(aside, ignore_errors=True)
        if lock >= 0:
            os.close(lock)


def tidy(home: Path) -> None:
    """Delete the drafts in ``home`` that nobody writes any more; nothing is done while somebody begins one."""
    with suppress(OSError):
        own = _locked(home)
        try:
            for draft in home.glob(".*.*"):
                with suppress(OSError):
                    lock = _locked(draft)
                    shutil.rmtree(draft, ignore_errors=True)
                    os.close(lock)
        finally:
            os.close(own)


def take_place(aside: Path, folder: Path, whole: Callable[[Path], bool]) -> None:
    """Move a draft to where it belongs. What lay there is moved away first: no folder takes the place of a full one.

    Where that is ``whole``, it stays, and the draft is of no use.
    """
    for _ in range(100):
        with suppress(OSError):
            os.replace(aside, folder)
            return
        if whole(folder):
            return
        old = folder.with_name(f".{folder.name}.{secrets.token_hex(6)}")
        with suppress(FileNotFoundError):
            os.replace(folder, old)
        try:
            os.replace(aside, folder)  # at once: whoever opens it meanwhile finds nothing
            return
        except OSError:
            continue
        finally:
            shutil.rmtree(old, ignore_errors=True)
    os.replace(aside, folder)


def removed(folder: Path) -> bool:
    """Delete what is kept in a folder, and tell whether that was done: not while somebody has it open."""
    try:
        lock = _locked(folder)
    except OSError:
        return False
    try:
        if not os.path.samestat(os.fstat(lock), os.stat(folder)):
            return False
        gone = folder.with_name(f".{folder.name}.{secrets.token_hex(6)}")
        os.replace(folder, gone)
        shutil.rmtree(gone, ignore_errors=True)
        return True
    except OSError:
        return False
    finally:
        os.close(lock)


@contextmanager
def _open_folder(folder: Path) -> Generator[int]:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _locked(folder: Path) -> int:
    """Return a descriptor that holds the lock of a folder; raises OSError where another process has it."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor
