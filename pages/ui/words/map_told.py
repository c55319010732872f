"""How far a map can be trusted, told in words."""

from collections.abc import Mapping
from typing import Any

from pages.ui.words.ranked import number

LOW_KEPT, FAIR_KEPT = 0.25, 0.5
LOW_TRUST = 0.85


def telling(header: Mapping[str, Any]) -> str:
    """Return what the numbers of a map mean, as Markdown; a low one is said to be low.

    Of a few words there is no trustworthiness and no continuity, and nothing is said of them.
    """
    kept, k = float(header["kept"]), int(header["k"])
    lines = [
        f"- **Neighbours kept: {kept:.0%}.** Of the {k} nearest words of a word in the space, so many are among "
        f"its {k} nearest on the map. {_of_kept(kept)}"
    ]
    trust, continuity = header["trustworthiness"], header["continuity"]
    if trust is not None:
        lines.append(
            f"- **Trustworthiness {number(trust)}.** Below 1 where words are near on the map that are far apart in the "
            f"space. {_of_trust(trust)}"
        )
    if continuity is not None:
        lines.append(
            f"- **Continuity {number(continuity)}.** Below 1 where words that are near in the space were torn apart on "
            f"the map. {_of_continuity(continuity)}"
        )
    return "\n".join(lines)


def _of_kept(share: float) -> str:
    if share < LOW_KEPT:
        return "**That is low:** what lies side by side here is more often than not no neighbour. Ask for neighbours."
    if share < FAIR_KEPT:
        return "About groups the map is right, about single neighbours often not."
    return "Single neighbours can mostly be believed."


def _of_trust(value: float) -> str:
    return "**That is low:** groups on this map may be none." if value < LOW_TRUST else "Groups can be believed."


def _of_continuity(value: float) -> str:
    return "**That is low:** what belongs together may lie far apart." if value < LOW_TRUST else "Few were torn apart."
