"""What a page may let its parts do: a signed right to one run or one map, handed to the browser, checked by the route.

A route does not know the Streamlit session, so the page writes down what it found out (who this is, whether the run is
theirs) and signs it. The text is the same for the same right each time, or the panel would mount anew at every rerun.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from itsdangerous import BadData

from engine.words.formats.forms import Form
from engine.words.learnt import Learnt, named
from pages.ui import person
from pages.ui.keys import signer


@dataclass(frozen=True, slots=True)
class Right:
    """To watch the run ``run`` as ``person`` in one ``tab`` of theirs; with ``control`` it is theirs to control.

    Which browser controls it just now is not said here: control moves while pages stay, see ``engine.runs.helm``.
    """

    run: str
    person: str
    control: bool
    tab: str = ""

    def token(self) -> str:
        """Return this right as signed text, fit for a WebSocket subprotocol."""
        return signer("live").dumps(asdict(self))


def read(token: str, run: str, cookies: Mapping[str, str]) -> Right | None:
    """Return the right that ``token`` gives to ``run``; None if it is forged, or is for another run or person.

    A person known by a cookie must show that cookie along with the token: to anyone else a copied token is of no use.
    """
    try:
        right = Right(**signer("live").loads(token))
    except (BadData, TypeError):
        return None
    return right if right.run == run and _is_theirs(right.person, cookies) else None


@dataclass(frozen=True, slots=True)
class MapRight:
    """To see the map of words ``map`` as ``person``."""

    map: str
    person: str

    def token(self) -> str:
        """Return this right as signed text, fit for a header."""
        return signer("map").dumps(asdict(self))


def viewer(token: str, key: str, cookies: Mapping[str, str]) -> str | None:
    """Return the person whom ``token`` lets see the map ``key``; None if it is forged, or for another map or person."""
    try:
        right = MapRight(**signer("map").loads(token))
    except (BadData, TypeError):
        return None
    theirs = right.map == key and isinstance(right.person, str) and _is_theirs(right.person, cookies)
    return right.person if theirs else None


@dataclass(frozen=True, slots=True)
class UploadRight:
    """To upload files of vectors as ``person``."""

    person: str

    def token(self) -> str:
        """Return this right as signed text, fit for a header."""
        return signer("upload").dumps(asdict(self))


def uploader(token: str, cookies: Mapping[str, str]) -> str | None:
    """Return the person whom ``token`` lets upload; None if it is forged, or is another person's."""
    try:
        right = UploadRight(**signer("upload").loads(token))
    except (BadData, TypeError):
        return None
    return right.person if isinstance(right.person, str) and _is_theirs(right.person, cookies) else None


@dataclass(frozen=True, slots=True)
class FileRight:
    """To take the file of vectors in ``form`` that was made of ``learnt``, as ``person``."""

    learnt: Learnt
    form: Form
    person: str

    def token(self) -> str:
        """Return this right as signed text, fit for an address."""
        return signer("vectors").dumps([self.learnt.id, self.form, self.person])


def taker(token: str, cookies: Mapping[str, str]) -> FileRight | None:
    """Return the right to a file that ``token`` gives; None if it is forged, or is another person's."""
    try:
        asked, form, owner = signer("vectors").loads(token)
    except (BadData, TypeError, ValueError):
        return None
    return FileRight(named(asked), form, owner) if _is_theirs(owner, cookies) else None


def _is_theirs(owner: str, cookies: Mapping[str, str]) -> bool:
    """Tell whether this browser is that of the person a token was made for, as far as its cookies can tell."""
    return not person.has_cookie(owner) or person.of_cookies(cookies) == owner
