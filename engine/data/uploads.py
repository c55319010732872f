"""The folder of uploaded tables: each under the SHA-256 of its bytes, so that a spec names exactly the data it was
trained on.

It lies below ``LEARNSCOPE_HOME`` (or ``./.learnscope``). A name given by a person is kept as text for messages and is
never part of a path.
"""

import hashlib
import os
import re
import secrets
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from engine.errors import DataError

MAX_UPLOAD_BYTES = 5 * 2**20
MAX_NAME_CHARS = 80
BY_PERSON = "by"
"""The folder, within that of uploads, of what each person has uploaded: marks named by id and size."""
NOTED_SECONDS = 3600.0
"""When a table was last used is noted this exactly."""
_ID = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Upload:
    """One uploaded file: its id, the name it had, its bytes."""

    id: str
    name: str
    data: bytes


def save(data: bytes, name: str) -> str:
    """Keep a file and return its id; raises DataError if it is empty or too large. Saving it again changes nothing."""
    shown = plain_name(name)
    check_size(data, shown)
    upload = digest(data)
    try:
        folder = _folder()
        folder.mkdir(parents=True, exist_ok=True)
        _write(folder / f"{upload}.name", shown.encode())
        _write(folder / f"{upload}.csv", data)
    except OSError as error:
        raise DataError(
            f"{shown} could not be kept: {error.strerror or 'the folder of uploads cannot be written'}."
        ) from None
    return upload


def check_size(data: bytes, shown: str) -> None:
    """Raise DataError for a file that is empty or too large; ``shown`` is its name."""
    if not data:
        raise DataError(f"{shown} is empty: expected a table with a header and rows, received 0 bytes.")
    if len(data) > MAX_UPLOAD_BYTES:
        limit = MAX_UPLOAD_BYTES // 2**20
        raise DataError(f"{shown} is too large: expected at most {limit} MB, received {len(data) / 2**20:.1f} MB.")


def load(upload: str) -> Upload:
    """Return the file with this id; raises DataError if there is none or if its bytes have changed."""
    if not _ID.fullmatch(upload):
        raise DataError("This is no id of an upload: expected 64 digits 0-9, a-f.")
    try:
        data = (_folder() / f"{upload}.csv").read_bytes()
        name = (_folder() / f"{upload}.name").read_text(encoding="utf-8")
    except OSError:
        raise DataError(f"The uploaded table {upload[:8]}… is not on this server: upload it again.") from None
    _note_use(_folder() / f"{upload}.csv")
    if digest(data) != upload:
        raise DataError(f"The uploaded table {name} has changed since it was kept: upload it again.")
    return Upload(upload, name, data)


def unused_since(when: float) -> set[str]:
    """Return the ids of all files that nobody has saved or loaded since ``when``, in seconds since 1970."""
    found = {path for path in _folder().glob("*.csv") if _ID.fullmatch(path.stem)}
    return {path.stem for path in found if _used_at(path) < when}


def delete(upload: str) -> None:
    """Delete a file, and take it off the account of those who uploaded it; it is no error if there is none.

    Raises DataError if it cannot be deleted.
    """
    try:
        for mark in _folder().glob(f"{BY_PERSON}/*/{upload}.*"):
            mark.unlink(missing_ok=True)
        for ending in ("csv", "name"):
            (_folder() / f"{upload}.{ending}").unlink(missing_ok=True)
    except OSError as error:
        raise DataError(f"An old table could not be deleted: {error.strerror or 'the folder is closed'}.") from None


def digest(data: bytes) -> str:
    """Return the id that a file is kept under."""
    return hashlib.sha256(data).hexdigest()


def plain_name(name: str) -> str:
    """Return a file's name fit for a message: no folders, no characters that cannot be printed, not too long."""
    last = re.split(r"[\\/]", name)[-1]
    printable = "".join(letter for letter in last if letter.isprintable()).strip()
    return printable[:MAX_NAME_CHARS] or "The table"


def _used_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return float("inf")  # it has just gone


def _note_use(path: Path) -> None:
    """Set the time of a file's last change to now: that of its last reading is not kept everywhere."""
    if time.time() - _used_at(path) > NOTED_SECONDS:
        with suppress(OSError):
            os.utime(path)


def _folder() -> Path:
    return Path(os.environ.get("LEARNSCOPE_HOME") or ".learnscope") / "uploads"


def _write(path: Path, data: bytes) -> None:
    """Write a file as a whole or not at all: a reader never sees half of it, and two writers are no matter."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}.draft")
    try:
        draft.write_bytes(data)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
