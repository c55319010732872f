"""Files of vectors that were made to be taken away: sent as they lie on the disk, piece by piece.

A browser shows a signed right to one file, which its page has had made; a person takes so many at a time.
"""

import asyncio
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from pages.ui import rights
from pages.ui.places import home_folder

PIECE_BYTES = 2**18
MOST_AT_ONCE = 6
GUARDS: Mapping[str, str] = {
    "/words/files/{right}": "Host; a signed right of this person to this file; so many at a time",
}
_NEVER = {"cache-control": "no-store"}
_under_way: Counter[str] = Counter()


async def serve(request: Request) -> "Response | _Counted":
    """Answer GET with a file of vectors, as a download."""
    right = rights.taker(request.path_params["right"], request.cookies)
    if right is None:
        return PlainTextResponse("This page has no right to this file: reload it.", 403, _NEVER)
    if _under_way[right.person] >= MOST_AT_ONCE:
        return PlainTextResponse("Too many files are taken from here at the same time: try again later.", 429, _NEVER)
    return _Counted(right.person, await asyncio.to_thread(_file, right.learnt.file(home_folder(), right.form)))


class _Counted:
    """An answer to a ``person`` that is under way until it was sent, or the browser has gone."""

    def __init__(self, person: str, response: Response) -> None:
        self._person, self._response = person, response

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        _under_way[self._person] += 1
        try:
            await self._response(scope, receive, send)
        finally:
            _under_way[self._person] -= 1
            if not _under_way[self._person]:
                del _under_way[self._person]


def _file(path: Path) -> Response:
    try:
        file = path.open("rb")
        os.utime(path)  # it is in use: it goes a day after the last who took it
    except OSError:
        return PlainTextResponse("This file is gone: make it again.", 404, _NEVER)
    headers = {
        "content-length": str(os.fstat(file.fileno()).st_size),
        "content-disposition": f'attachment; filename="{quote(path.name)}"',
        **_NEVER,
    }
    return StreamingResponse(_pieces(file), headers=headers, media_type="application/octet-stream")


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(PIECE_BYTES):
            yield piece
