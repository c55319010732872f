"""The house's secret key, and the signer of everything that leaves the server and must come back unchanged.

The key is 32 random bytes in ``secret.key`` under Learnscope's home, for its owner alone. It outlives a restart:
links, cookies and open pages go on working.
"""

import contextlib
import functools
import hashlib
import logging
import os
import secrets
from pathlib import Path

from itsdangerous import URLSafeSerializer

from engine.errors import StoreError
from pages.ui.places import home_folder

KEY_BYTES = 32
_KEY_FILE = "secret.key"

log = logging.getLogger("learnscope.server")


def signer(purpose: str) -> URLSafeSerializer:
    """Return the signer for one purpose (``person``, ``live``): what one signs, another does not accept.

    Signatures carry no time, so the same value is signed to the same text each time.
    """
    return _signer(home_folder(), purpose)


@functools.cache
def _signer(folder: Path, purpose: str) -> URLSafeSerializer:
    options = {"key_derivation": "hmac", "digest_method": hashlib.sha256}
    return URLSafeSerializer(_key(folder), salt=f"learnscope.{purpose}", signer_kwargs=options)


@functools.cache
def _key(folder: Path) -> bytes:
    """Return the key kept in ``folder``, or one for this process alone: pages can then say what is wrong there."""
    try:
        return secret_key(folder)
    except (OSError, StoreError) as error:
        log.error("cookies and links will not outlive this server, for its key cannot be kept: %s", error)
        return secrets.token_bytes(KEY_BYTES)


def secret_key(folder: Path) -> bytes:
    """Return the key kept in ``folder``, made on first use; raises OSError, and StoreError for one that is damaged.

    Two servers that start at once agree on one key: the file is written aside and linked into place; the first wins.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / _KEY_FILE
    if not path.exists():
        _create(path)
    key = path.read_bytes()
    if len(key) != KEY_BYTES:  # whoever signs with an empty key signs for everybody
        raise StoreError(f"{_KEY_FILE} is damaged: expected {KEY_BYTES} bytes, found {len(key)}; move it away.")
    return key


def _create(path: Path) -> None:
    aside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(aside, path)
    finally:
        aside.unlink()
