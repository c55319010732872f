"""Takes in vectors, texts or images from a browser, piece by piece: they are never in memory as a whole.

A few are taken in at once. Who sends next to nothing is not waited for, one person sends one file at a time, and where
all places are taken by others, the slowest makes room.
"""

import asyncio
import functools
import queue
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from engine.data.images import own as images
from engine.data.sequences import own as sequences
from engine.data.uploads import plain_name
from engine.errors import DataError
from engine.language.models import own as models
from engine.words.sources import uploads
from engine.words.texts import own
from pages.ui import rights
from pages.ui.places import home_folder

RIGHT = "x-learnscope-right"
NAME = "x-learnscope-name"
SIZES = "x-learnscope-sizes"
MOST_SIZES = 100
MOST_NAME = 4_000
"""Characters of a name, or of the names of files that are sent together."""
PIECES = 8
AT_ONCE = 8
PATIENCE_SECONDS = 20.0
"""So long a file is waited for that sends fewer than ``LEAST_BYTES`` meanwhile, or fewer a second than others."""
LEAST_BYTES = 2**16
SLOW = "{name} came too slowly, and was not kept: choose it again where the connection is better."
GIVEN_WAY = "{name} was not kept: others are uploading, and it came more slowly than theirs; try again in a minute."
ANOTHER = "{name} was not kept: you have begun to upload another file."
_NEVER = {"cache-control": "no-store"}

HandOver = Callable[[bytes | str], Awaitable[None]]
Keep = Callable[[Path, Iterator[bytes], str, str, int], str]
"""Keeps a file that comes piece by piece: home, pieces, name, owner, how many bytes are expected; returns its id."""
_GUARD = "Host, Origin; a signed right of this person to upload; size, count and pace are limited"
GUARDS: Mapping[str, str] = {
    "/words/upload": _GUARD,
    "/texts/upload": _GUARD,
    "/images/upload": _GUARD,
    "/sequences/upload": _GUARD,
    "/models/upload": _GUARD,
}


@dataclass(slots=True, eq=False)
class _Coming:
    """A file that is coming: when its first byte was waited for, how many have come, and why it is to end."""

    owner: str
    name: str
    began: float = field(default_factory=time.monotonic)
    bytes: int = 0
    why: str = ""
    waiting: asyncio.Timeout | None = None

    @property
    def pace(self) -> float:
        """Return how many bytes come a second; as fast as can be where it has only just begun."""
        seconds = time.monotonic() - self.began
        return self.bytes / seconds if seconds > PATIENCE_SECONDS else float("inf")

    def end(self, why: str) -> None:
        """Have it end, at once where it is waited for."""
        self.why = why
        self.wake()

    def wake(self) -> None:
        """Have it seen at once whether there is anything to be waited for."""
        if self.waiting is not None:
            self.waiting.reschedule(asyncio.get_running_loop().time())


_coming: list[_Coming] = []
_keepers = ThreadPoolExecutor(AT_ONCE + 2, "learnscope-upload")
"""Threads of their own: whoever keeps one busy keeps no page waiting."""


async def take(request: Request) -> Response:
    """Answer PUT of vectors with the id of their source, or with a sentence of why they were not kept."""
    return await _taken(request, uploads.keep)


async def take_text(request: Request) -> Response:
    """Answer PUT of a text with its id, or with a sentence of why it was not kept."""
    return await _taken(request, own.keep)


async def take_images(request: Request) -> Response:
    """Answer PUT of files of images, one behind the other, with the id of the set, or with why it was not kept."""
    return await _taken_together(request, images.keep)


async def take_sequences(request: Request) -> Response:
    """Answer PUT of files of texts with classes likewise."""
    return await _taken_together(request, sequences.keep)


async def take_models(request: Request) -> Response:
    """Answer PUT of the files of a model likewise."""
    return await _taken_together(request, models.keep)


async def _taken_together(request: Request, keep: Callable[..., str]) -> Response:
    told = request.headers.get(SIZES, "")
    sizes = [int(size) for size in told.split(",")[:MOST_SIZES] if _is_size(size)] if told else []
    if len(sizes) != len(told.split(",")) and told:
        return _answer(400, "It is not told how long each of the files is: choose them again.")
    return await _taken(request, functools.partial(keep, sizes=sizes))


def _is_size(told: str) -> bool:
    return told.isascii() and told.isdigit() and len(told) < 19


async def _taken(request: Request, keep: Keep) -> Response:
    owner = rights.uploader(request.headers.get(RIGHT, ""), request.cookies)
    if owner is None:
        return _answer(403, "This page has no right to upload: reload it.")
    if not _room_for(owner):
        return _answer(503, "Others are uploading just now: try again in a minute.")
    one = _Coming(owner, unquote(request.headers.get(NAME, ""))[:MOST_NAME] or "file")
    _coming.append(one)
    try:
        return JSONResponse({"id": await _kept(request, one, keep)}, headers=_NEVER)
    except DataError as error:
        return _answer(400, str(error))
    finally:
        _coming.remove(one)


def _answer(status: int, sentence: str) -> Response:
    return JSONResponse({"error": sentence}, status, _NEVER)


def _room_for(owner: str) -> bool:
    """Tell whether somebody may send a file now. What they were sending ends, and where it is full the slowest."""
    for one in _coming:
        if one.owner == owner:
            one.end(ANOTHER)
    going = [one for one in _coming if not one.why]
    if len(going) < AT_ONCE:
        return True
    slowest = min(going, key=lambda one: one.pace)
    if slowest.pace == float("inf"):
        return False
    slowest.end(GIVEN_WAY)
    return True


async def _kept(request: Request, one: _Coming, keep: Keep) -> str:
    """Keep what comes; raises DataError."""
    pieces: queue.Queue[bytes | str] = queue.Queue(PIECES)
    length = request.headers.get("content-length", "")
    expected = int(length) if length.isascii() and length.isdigit() and len(length) < 19 else 0
    arguments = (home_folder(), _until_end(pieces), one.name, one.owner, expected)
    keeping = asyncio.get_running_loop().run_in_executor(_keepers, keep, *arguments)
    keeping.add_done_callback(lambda _: one.wake())

    async def hand_over(piece: bytes | str) -> None:
        while not keeping.done():
            try:
                return pieces.put_nowait(piece)
            except queue.Full:
                await asyncio.sleep(0.005)

    last: bytes | str = "The upload was cut off: choose the file again."
    try:
        await _hand_over_all(request, one, keeping, hand_over)
        last = one.why.format(name=plain_name(one.name)) if one.why else b""
    except ClientDisconnect:
        pass
    finally:  # also where the server ends meanwhile: a thread that waits would wait for ever
        await hand_over(last)
    return await keeping


async def _hand_over_all(request: Request, one: _Coming, keeping: asyncio.Future[str], hand_over: HandOver) -> None:
    """Hand over what comes, until there is no more, or it is to end."""
    stream = request.stream()
    waited, since = 0.0, 0
    while not keeping.done() and not one.why:
        began = time.monotonic()
        try:
            async with asyncio.timeout(PATIENCE_SECONDS - waited) as one.waiting:
                piece = await anext(stream, None)
        except TimeoutError:
            one.why = one.why or SLOW
            return
        finally:
            one.waiting = None
        if piece is None:
            return
        waited += time.monotonic() - began
        since += len(piece)
        one.bytes += len(piece)
        if since >= LEAST_BYTES:
            waited, since = 0.0, 0
        if piece:
            await hand_over(piece)


def _until_end(pieces: "queue.Queue[bytes | str]") -> Iterator[bytes]:
    while piece := pieces.get():
        if isinstance(piece, str):
            raise DataError(piece)
        yield piece
