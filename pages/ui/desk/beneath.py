"""What an address asks of an explorer in a lab's note: settings of a spec of its own, with a prefix."""

from collections.abc import Mapping

from engine.labs.lab import Lab
from engine.spec import Spec
from pages.ui.corpus.asked import TextAsked
from pages.ui.links import WHY, named

PREFIX = "text."
"""Some of its settings are called as settings of the lab are."""
ASKED: Mapping[str, type[Spec]] = {"train_words": TextAsked}
"""What can be asked, by the name of the lab."""


def read(lab: Lab, address: Mapping[str, str]) -> tuple[Spec | None, dict[str, str], str]:
    """Return what an address asks of the lab's explorer, the rest of the address, and a notice of what is ignored."""
    kind = ASKED.get(lab.name)
    if kind is None:
        return None, dict(address), ""
    own = {name.removeprefix(PREFIX): text for name, text in address.items() if name.startswith(PREFIX)}
    asked, ignored = kind.from_link(own)
    rest = {name: text for name, text in address.items() if not name.startswith(PREFIX)}
    names = named([f"{PREFIX}{one.name}" for one in ignored])
    return asked, rest, f"Ignored in this link, {WHY['unknown']}: {names}." if ignored else ""


def to_link(asked: Spec | None) -> dict[str, str]:
    """Return it as parameters of a link; ``read`` undoes it."""
    return {f"{PREFIX}{name}": text for name, text in asked.to_link().items()} if asked else {}
