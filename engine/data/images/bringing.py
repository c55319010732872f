"""The images that a setting names: what somebody has brought, a file or a folder on the server, what is published."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from engine.data import bringing, layout
from engine.data.images import own, published
from engine.data.images.published import File, Published
from engine.errors import DataError
from engine.keeping import home, server
from engine.keeping.sets import Part

NAMED_BY = "LEARNSCOPE_IMAGES"
READ = "images-read"
NONE_YET = "No images of yours are chosen yet: choose their files, or choose other images."
ON_SERVER = bringing.OnServer("images", NAMED_BY, READ)


@dataclass(frozen=True, slots=True)
class Brought(bringing.Brought):
    """Images as they are brought. Of those that are ``published`` some files may be ``missing`` yet."""

    published: Published | None = None
    missing: tuple[File, ...] = ()


def brought(asked: str, environ: Mapping[str, str] | None = None) -> Brought:
    """Return the images of an id; raises DataError, a sentence, where there are none."""
    if not asked:
        raise DataError(NONE_YET)
    if asked.startswith(published.KIND):
        return _published(asked)
    if asked.startswith(server.KIND):
        return _flat(ON_SERVER.found(asked, environ, Brought))
    kept = own.IMAGES.found(home(), asked)
    return Brought(asked, kept.name, kept.folder / own.READ, asked, kept.parts)


def _published(asked: str) -> Brought:
    one = published.published(asked)
    folder, missing = one.folder(home()), tuple(one.missing(home()))
    parts = tuple(Part(file.name, folder / file.name, file.bytes) for file in one.files)
    return Brought(asked, one.title, folder / own.READ, asked, parts, published=one, missing=missing)


def _flat(found: Brought) -> Brought:
    """Return a folder in which no folders lie as the files in it, which may be archives."""
    if found.root is None or any(len(names) > 1 for names, *_ in found.tree):
        return found
    files = ((layout.plain(name), found.root / name, size) for (name,), size, _ in found.tree)
    return replace(found, parts=tuple(Part(*file, exactly=True) for file in files), root=None, tree=())
