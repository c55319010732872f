"""The live panel's JavaScript and style, and Plotly's: read once, compressed once, cached by browsers for good.

All of it is served below a version, the hash of all of it. A changed file changes the version and so every address,
which is why browsers never need to ask again.
"""

import functools
import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import plotly
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from pages.ui.places import ASSETS

FOLDER = ASSETS / "live"
PLOTLY = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
MEDIA_TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
FOREVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Asset:
    """One file: its bytes as they are and gzipped, and its media type."""

    plain: bytes
    packed: bytes
    media_type: str


@functools.cache
def version() -> str:
    """Return the hash of all files, names and contents: 16 hexadecimal digits."""
    digest = hashlib.blake2b(digest_size=8)
    for name, path in sorted(_paths().items()):
        digest.update(f"{name}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


@functools.cache
def assets() -> Mapping[str, Asset]:
    """Return all files by name; takes about half a second the first time, for Plotly is large."""
    return {name: _asset(path) for name, path in _paths().items()}


def _paths() -> dict[str, Path]:
    own = {path.name: path for path in FOLDER.iterdir() if path.suffix in MEDIA_TYPES}
    return own | {PLOTLY.name: PLOTLY}


def _asset(path: Path) -> Asset:
    plain = path.read_bytes()
    return Asset(plain, gzip.compress(plain, compresslevel=6, mtime=0), MEDIA_TYPES[path.suffix])


def serve(request: Request) -> Response:
    """Answer GET and HEAD for one file; a name or version that is not in the table is a 404, whatever is on the disk.

    Not a coroutine, so that Starlette runs it in a thread: the first request may have to compress.
    """
    asset = assets().get(request.path_params["file"])
    if asset is None or request.path_params["version"] != version():
        return PlainTextResponse("Not found.", 404, {"cache-control": "no-store"})
    packed = "gzip" in request.headers.get("accept-encoding", "")
    tag = f'"{version()}{"-gzip" if packed else ""}"'
    headers = {"cache-control": FOREVER, "etag": tag, "vary": "Accept-Encoding"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if packed:
        headers["content-encoding"] = "gzip"
    return Response(asset.packed if packed else asset.plain, headers=headers, media_type=asset.media_type)
