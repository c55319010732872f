"""What somebody has brought to learn from, or has named on the server: its files, and where what is read of them lies.

Files and folders on the server are offered from the folders that an environment variable names, with colons between;
see ``engine.keeping.server`` for how they are named, and why no name leads out.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from engine.data import layout
from engine.errors import DataError
from engine.keeping import home, server, short
from engine.keeping.sets import Part


@dataclass(frozen=True, slots=True)
class Brought:
    """Something as it is brought: its files are ``parts``, or all that lies in the folder ``root`` (its ``tree``).

    ``packs`` is where what is read from them is kept, ``said`` tells them from all others.
    """

    id: str
    title: str
    packs: Path
    said: str
    parts: tuple[Part, ...] = ()
    root: Path | None = None
    tree: layout.Tree = ()


B = TypeVar("B", bound=Brought)


@dataclass(frozen=True, slots=True)
class OnServer:
    """What lies on the server of one kind, ``many`` as people call it, in folders that the environment names by
    ``named_by``. What is read from it is kept in the folder ``read`` below Learnscope's home.
    """

    many: str
    named_by: str
    read: str

    def offered(self, environ: Mapping[str, str] | None = None) -> dict[str, str]:
        """Return what may be such a thing, by id: the folders that are named, and what lies right in them."""
        return server.offered(self.places(environ))

    def places(self, environ: Mapping[str, str] | None = None) -> dict[str, Path]:
        """Return the folders that may be learnt from."""
        return server.places(os.environ if environ is None else environ, self.named_by)

    def found(self, asked: str, environ: Mapping[str, str] | None = None, as_: type[B] = Brought) -> B:
        """Return the file or the folder of an id; raises DataError, a sentence, where there is none."""
        try:
            return self._found(asked, server.path_of(self.places(environ), asked, folder=True), as_)
        except OSError:
            raise DataError(f"There are no {self.many} {short(asked)!r} on this server: choose others.") from None

    def _found(self, asked: str, path: Path, as_: type[B]) -> B:
        title = layout.plain(path.name) or self.many.capitalize()
        if path.is_file():
            status = path.stat()
            said = _hash([asked, str(path), status.st_size, status.st_mtime_ns])
            part = Part(title, path, status.st_size, exactly=True)
            return as_(asked, title, home() / self.read / said, said, (part,))
        tree = layout.tree(path, title)
        said = _hash([asked, str(path), tree])
        return as_(asked, title, home() / self.read / said, said, root=path, tree=tree)


def _hash(said: object) -> str:
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()
