"""The files of a map of words, as a browser is given them: while it forms, when it is done, and scores beside it.

A map is a folder below Learnscope's home, named by a key of hexadecimal digits; a browser names nothing but that key
and one of four files, and shows a signed right to the map. What is finished never changes, so that browsers keep it;
of what forms they are told when there is something newer than they have. A file that is not there yet is no error.

A person has so many requests under way at a time, for each that waits costs a look at the disk ten times a second.
"""

import asyncio
import os
import re
import time
import zlib
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from engine.errors import FrameError
from engine.frames import decode_header
from pages.ui import rights
from pages.ui.places import home_folder

FOLDER = "maps"
SCORES = "scores"
MAP_KEY = re.compile(r"[0-9a-f]{16,64}")
SCORE_KEY = re.compile(r"[0-9a-f]{16}")
RIGHT = "x-learnscope-right"
STATE = "x-learnscope-map"
WAIT_SECONDS = 10.0
LOOK_SECONDS = 0.1
PACKED_FROM = 2_048
"""Bytes from which a file is worth compressing."""
PACK_LEVEL, GZIP = 1, zlib.MAX_WBITS | 16
PIECE_BYTES = 2**18
MOST_AT_ONCE = 12
"""Twice as many as a browser asks of one server at a time."""
_KEPT = {"cache-control": "private, max-age=31536000, immutable", "vary": f"Accept-Encoding, Cookie, {RIGHT}"}
_NEVER = {"cache-control": "no-store"}
_BYTES = "application/octet-stream"
_REFUSED = "This page has no right to this map: reload it."
_TOO_MANY = "Too much is asked of maps from here at the same time: try again in a moment."

GUARDS: Mapping[str, str] = {
    "/maps/{key}/{file}": "Host; a signed right to this map; four fixed names of files; so many at a time",
    "/maps/{key}/scores/{score}": "Host; a signed right to this map; a name of hexadecimal digits; so many at a time",
}

_under_way: Counter[str] = Counter()


def map_folder(key: str) -> Path:
    """Return the folder of a map, whether it is there or not; ``key`` is one that ``MAP_KEY`` matches as a whole."""
    return home_folder() / FOLDER / key


async def serve(request: Request) -> "Response | _Counted":
    """Answer GET for ``words.json``, ``layout.lsf`` or ``map.lsf`` of a map; 204 for what is not there yet."""
    answer = _FILES.get(request.path_params["file"])
    if answer is None:
        return PlainTextResponse("Not found.", 404, _NEVER)
    return await _guarded(request, answer)


async def serve_score(request: Request) -> "Response | _Counted":
    """Answer GET for one score of a map's words; 404 for one that is not there."""
    if not SCORE_KEY.fullmatch(request.path_params["score"]):
        return PlainTextResponse("Not found.", 404, _NEVER)
    return await _guarded(request, _score)


Answer = Callable[[Request, Path], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class _Counted:
    """An answer to a ``person`` that is under way until it was sent, or the browser has gone."""

    person: str
    request: Request
    answer: Answer
    folder: Path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        _under_way[self.person] += 1
        try:
            response = await self.answer(self.request, self.folder)
            await response(scope, receive, send)
        finally:
            _under_way[self.person] -= 1
            if not _under_way[self.person]:
                del _under_way[self.person]


async def _guarded(request: Request, answer: Answer) -> Response | _Counted:
    key = request.path_params["key"]
    viewer = MAP_KEY.fullmatch(key) and rights.viewer(request.headers.get(RIGHT, ""), key, request.cookies)
    if not viewer:
        return PlainTextResponse(_REFUSED, 403, _NEVER)
    if _under_way[viewer] >= MOST_AT_ONCE:
        return PlainTextResponse(_TOO_MANY, 429, _NEVER)
    return _Counted(viewer, request, answer, map_folder(key))


async def _words(request: Request, folder: Path) -> Response:
    return await asyncio.to_thread(_finished, request, folder / "words.json", "application/json")


async def _map(request: Request, folder: Path) -> Response:
    return await asyncio.to_thread(_finished, request, folder / "map.lsf", _BYTES)


async def _score(request: Request, folder: Path) -> Response:
    found = await asyncio.to_thread(_finished, request, folder / SCORES / f"{request.path_params['score']}.lsf", _BYTES)
    return PlainTextResponse("This score is gone: choose it anew.", 404, _NEVER) if found.status_code == 204 else found


async def _layout(request: Request, folder: Path) -> Response:
    """Answer with the layout as it forms, as soon as it is another than ``?after=``; 204 where it stays as it is.

    When the map is done the answer is 204 with a header that says so.
    """
    after = _number(request.query_params.get("after", ""))
    until = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < until:
        if await asyncio.to_thread((folder / "map.lsf").is_file):
            return Response(status_code=204, headers={**_NEVER, STATE: "done"})
        data = await asyncio.to_thread(_another, folder / "layout.lsf", after)
        if data is not None:
            return Response(data, headers=_NEVER, media_type=_BYTES)
        if await request.is_disconnected():
            break
        await asyncio.sleep(LOOK_SECONDS)
    return Response(status_code=204, headers={**_NEVER, STATE: "forming"})


_FILES: Mapping[str, Answer] = {"words.json": _words, "layout.lsf": _layout, "map.lsf": _map}


def _finished(request: Request, path: Path, media_type: str) -> Response:
    """Return a file that will never change, compressed where that pays; 204 while it is not there.

    It is read as it is sent: of a large one that nobody takes nothing much is in memory.
    """
    try:
        file = path.open("rb")
    except OSError:
        return Response(status_code=204, headers=_NEVER)
    headers, size = dict(_KEPT), os.fstat(file.fileno()).st_size
    packed = size >= PACKED_FROM and "gzip" in request.headers.get("accept-encoding", "")
    headers |= {"content-encoding": "gzip"} if packed else {"content-length": str(size)}
    return StreamingResponse(_packed(file) if packed else _pieces(file), headers=headers, media_type=media_type)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(PIECE_BYTES):
            yield piece


def _packed(file: IO[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(PACK_LEVEL, wbits=GZIP)
    for piece in _pieces(file):
        if packed := packer.compress(piece):
            yield packed
    yield packer.flush()


def _another(path: Path, after: int) -> bytes | None:
    """Return the layout if its version is not ``after``; None too where it is missing or broken.

    A map that was called off and is made again counts from the beginning.
    """
    try:
        with path.open("rb") as file:
            head = file.read(8)
            data = head + file.read(min(2**16, int.from_bytes(head[4:8], "little")))
            version = decode_header(data).get("version")
            return data + file.read() if isinstance(version, int) and version != after else None
    except (OSError, FrameError):
        return None


def _number(text: str) -> int:
    """Return the version that a browser has; -1 for none, and for what is no number."""
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else -1
