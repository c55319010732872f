"""The texts with classes that a setting names: what somebody has brought, a file or a folder on the server."""

from collections.abc import Mapping

from engine.data.bringing import Brought, OnServer
from engine.data.sequences import own
from engine.errors import DataError
from engine.keeping import home, server

NAMED_BY = "LEARNSCOPE_SEQUENCES"
READ = "sequences-read"
NONE_YET = "No texts of yours are chosen yet: paste some or choose their files, or learn other sequences."
ON_SERVER = OnServer("texts", NAMED_BY, READ)


def brought(asked: str, environ: Mapping[str, str] | None = None) -> Brought:
    """Return the texts of an id; raises DataError, a sentence, where there are none."""
    if not asked:
        raise DataError(NONE_YET)
    if asked.startswith(server.KIND):
        return ON_SERVER.found(asked, environ)
    kept = own.SEQUENCES.found(home(), asked)
    return Brought(asked, kept.name, kept.folder / own.READ, asked, kept.parts)
