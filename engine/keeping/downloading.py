"""Downloads what a catalogue names, as part of the work that needs it; goes on where it was cut off.

Only the catalogue says what is downloaded, and with which sum. A redirection is followed to public addresses by https,
and nowhere else: not into the server's own network, not to a file.
"""

import fcntl
import hashlib
import ipaddress
import logging
import os
import shutil
import socket
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Literal, NamedTuple, cast
from urllib.parse import urljoin, urlsplit

from engine.errors import DataError
from engine.jobs import Progress
from engine.keeping import LEAVE_FREE, size_in_words

CHUNK_BYTES = 1 << 18
SECONDS = (10.0, 30.0)
"""To get a connection, and to hear more."""
MOST_REDIRECTIONS = 5
TELL_BYTES = 1 << 21
ERROR_CODE = "X-Error-Code"
"""In this header the hub of Hugging Face says why it gives nothing."""
OFFLINE = "{name} could not be downloaded: no connection to {host}; {otherwise}."


class Wanted(NamedTuple):
    """One file: its ``name`` for messages, its ``address``, so many ``bytes``, the sum that its publisher gives
    (``md5``), which may be of another ``kind``: that of git is the SHA-1 of the length and the file.

    ``base`` is the address of the catalogue, which is whatever the administrator says; ``otherwise`` is said of what
    can be done without a connection.
    """

    name: str
    address: str
    bytes: int
    md5: str
    base: str
    otherwise: str
    kind: Literal["md5", "sha256", "git"] = "md5"


class NotGiven(DataError):
    """What is wanted was not given: the ``status`` of the answer, and what a hub says beside it (``code``)."""

    def __init__(self, sentence: str, status: int, code: str) -> None:
        super().__init__(sentence)
        self.status, self.code = status, code


def fetched(one: Wanted, path: Path) -> Generator[Progress, None, None]:
    """Download a file to ``path``, whole and with the right sum, or not at all; raises DataError.

    What has come of one that was cut off stays beside it (``.part``), and is not asked for again.
    """
    part = path.with_name(f"{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("ab") as file:
            yield from _turn(file, one)
            if path.is_file():  # another has just brought it
                part.unlink(missing_ok=True)
                return
            yield from _rest(one, file)
            yield Progress(None, f"checking the sum of {size_in_words(one.bytes)}")
            _take_if_right(one, part, path)
    except OSError as error:
        part.unlink(missing_ok=True)  # the room is given back
        why = error.strerror or "it cannot be written"
        raise DataError(f"{one.name} could not be kept on the server's disk: {why}.") from None


def _turn(file: IO[bytes], one: Wanted) -> Iterator[Progress]:
    """Wait until nobody else downloads the same."""
    while True:
        try:
            return fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield Progress(None, f"{one.name} is being downloaded for somebody else")
            time.sleep(0.2)


def _rest(one: Wanted, file: IO[bytes]) -> Iterator[Progress]:
    """Append to a file what is missing of it."""
    have = os.fstat(file.fileno()).st_size
    if have > one.bytes:
        have = 0
        file.truncate(0)
    if have == one.bytes:
        return
    _check_disk(one, Path(file.name).parent, one.bytes - have)
    with _answer(one, have) as answer:
        if have and answer.status_code != 206:  # it does not begin where we are
            have = 0
            file.truncate(0)
        told = -TELL_BYTES
        for chunk in _chunks(one, answer):
            have += len(chunk)
            if have > one.bytes:
                file.truncate(0)
                raise DataError(
                    f"{one.name} is larger than the {one.bytes:,} bytes that its publisher tells: not kept."
                )
            file.write(chunk)
            if have - told >= TELL_BYTES:
                told = have
                yield Progress(have / one.bytes, f"{size_in_words(have)} of {size_in_words(one.bytes)} downloaded")
    file.flush()
    if have < one.bytes:
        raise _cut(one, have)


def _check_disk(one: Wanted, folder: Path, missing: int) -> None:
    room = max(0, shutil.disk_usage(folder).free - LEAVE_FREE)
    if missing > room:
        raise DataError(
            f"{one.name} was not downloaded: {size_in_words(missing)} are to come, and the server's disk has room for "
            f"{size_in_words(room)}."
        )


def _chunks(one: Wanted, answer: Any) -> Iterator[bytes]:
    """Yield the bytes of an answer as they were sent; raises DataError where the connection breaks."""
    import urllib3

    come = 0
    try:
        for chunk in answer.raw.stream(CHUNK_BYTES, decode_content=False):
            come += len(chunk)
            yield chunk
    except urllib3.exceptions.HTTPError:
        raise _cut(one, come) from None


def _cut(one: Wanted, have: int) -> DataError:
    return DataError(
        f"The download of {one.name} was cut off after {size_in_words(have)} of {size_in_words(one.bytes)}: ask for it "
        "again, and it goes on from there."
    )


@contextmanager
def _answer(one: Wanted, start: int) -> Generator[Any]:
    """Ask for a file from byte ``start`` on, and follow where one is sent, as far as that is allowed."""
    import requests

    address = one.address
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={start}-"} if start else {})
    with requests.Session() as session:
        session.auth = lambda request: request  # no password that lies about is sent along
        try:
            for _ in range(MOST_REDIRECTIONS + 1):
                _check(one, address)
                answer = session.get(address, headers=headers, stream=True, timeout=SECONDS, allow_redirects=False)
                if not answer.is_redirect:
                    break
                answer.close()
                address = urljoin(address, answer.headers["location"])
            else:
                raise DataError(f"{one.name} could not be downloaded: one is sent on and on.")
        except (requests.RequestException, socket.gaierror, ValueError):
            raise DataError(
                OFFLINE.format(name=one.name, host=urlsplit(address).hostname or "it", otherwise=one.otherwise)
            ) from None
        with answer:
            if answer.status_code not in (200, 206):
                said = (
                    f"{one.name} could not be downloaded: {urlsplit(address).hostname} answered {answer.status_code}."
                )
                raise NotGiven(said, answer.status_code, answer.headers.get(ERROR_CODE, ""))
            yield answer


def _check(one: Wanted, address: str) -> None:
    """Raise DataError for an address that is not to be asked: no https, or one that is not public.

    The place of the catalogue itself is whatever the administrator says.
    """
    parts = urlsplit(address)
    home = urlsplit(one.base)
    if (parts.scheme, parts.netloc) == (home.scheme, home.netloc):
        return
    if parts.scheme != "https" or not parts.hostname or not _is_public(parts.hostname, parts.port or 443, address):
        raise DataError(
            f"{one.name} was not downloaded: one is sent on to an address that is not public, expected one by https."
        )


def _is_public(host: str, port: int, address: str) -> bool:
    from requests.utils import get_environ_proxies

    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        if get_environ_proxies(address):
            return "." in host and not host.endswith((".local", ".internal", ".localhost"))  # the proxy looks it up
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return all(ipaddress.ip_address(one[4][0]).is_global for one in found)


def _take_if_right(one: Wanted, part: Path, path: Path) -> None:
    """Have pooch check the sum and put the file in its place; raises DataError."""
    if one.kind == "git":
        return _take_if_gits(one, part, path)
    import pooch

    def move(_address: str, output: str, _pooch: object) -> None:
        shutil.move(part, output)

    pooch.get_logger().setLevel(logging.WARNING)
    try:
        pooch.retrieve(one.address, f"{one.kind}:{one.md5}", path.name, path.parent, downloader=cast(Any, move))
    except ValueError:
        raise _wrong(one) from None


def _take_if_gits(one: Wanted, part: Path, path: Path) -> None:
    """Put a small file in its place if its sum is that which git gives it; raises DataError."""
    data = part.read_bytes()
    if hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest() != one.md5:
        part.unlink()
        raise _wrong(one)
    shutil.move(part, path)


def _wrong(one: Wanted) -> DataError:
    return DataError(
        f"{one.name} was downloaded and not kept: its sum ({one.kind}) is not the one that its publisher gives."
    )


def small(one: Wanted) -> bytes:
    """Return what an address answers, ``one.bytes`` at most, whatever its sum; raises DataError."""
    data = b""
    with _answer(one, 0) as answer:
        for chunk in _chunks(one, answer):
            data += chunk
            if len(data) > one.bytes:
                raise DataError(f"{one.name} is larger than the {one.bytes:,} bytes that are expected at most.")
    return data
