"""What a page may let its live panel do: a signed right to one run, handed to the browser and checked by the route.

A route does not know the Streamlit session, so the page writes down what it found out (who this is, whether the run is
theirs) and signs it. The text is the same for the same right each time, or the panel would mount anew at every rerun.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from itsdangerous import BadData

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
    if right.run != run:
        return None
    if person.has_cookie(right.person) and person.of_cookies(cookies) != right.person:
        return None
    return right
