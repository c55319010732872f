"""The text that a setting names: one that somebody has brought, or a file on the server.

Files are offered from the folders that ``LEARNSCOPE_TEXTS`` names, with colons between, and from below them; see
``engine.words.sources.server`` for how they are named, and why no name leads out.
"""

import os
from collections.abc import Mapping
from pathlib import Path

from engine.errors import DataError
from engine.keeping import home, short
from engine.words.sources import Source, server
from engine.words.texts import own
from engine.words.texts.own import Text

NAMED_BY = "LEARNSCOPE_TEXTS"
NONE_YET = "No text of yours is chosen yet: paste one or upload one, or choose another text."


def brought(asked: str, environ: Mapping[str, str] | None = None) -> Text:
    """Return the text of an id; raises DataError, a sentence, where there is none."""
    if not asked:
        raise DataError(NONE_YET)
    if not asked.startswith(server.KIND):
        return own.TEXTS.found(home(), asked)
    try:
        path = server.path_of(places(environ), asked)
        size = path.stat().st_size
    except (DataError, OSError):
        raise DataError(f"There is no text {short(asked)!r} on this server: choose another.") from None
    return Text(asked, path.name, path, size, own.is_table(path.name), exactly=True)


def on_server(environ: Mapping[str, str] | None = None) -> list[Source]:
    """Return the files on the server that may be learnt from."""
    return list(server.listed(places(environ)))


def places(environ: Mapping[str, str] | None = None) -> dict[str, Path]:
    """Return the folders whose texts may be learnt from."""
    return server.places(os.environ if environ is None else environ, NAMED_BY)
