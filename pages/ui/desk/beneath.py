"""What an address asks of an explorer in a lab's note: settings of a spec of its own, with a prefix."""

from collections.abc import Mapping

from engine.data.images.kernel_spec import KernelSpec
from engine.labs.lab import Lab
from engine.spec import Spec
from pages.ui.corpus.asked import TextAsked
from pages.ui.links import WHY, named

ASKED: Mapping[str, tuple[str, type[Spec]]] = {
    "train_words": ("text.", TextAsked),
    "vision": ("kernel.", KernelSpec),
}
"""With which prefix what can be asked, by the name of the lab: some settings are called as those of the lab are."""


def read(lab: Lab, address: Mapping[str, str]) -> tuple[Spec | None, dict[str, str], str]:
    """Return what an address asks of the lab's explorer, the rest of the address, and a notice of what is ignored."""
    if lab.name not in ASKED:
        return None, dict(address), ""
    prefix, kind = ASKED[lab.name]
    own = {name.removeprefix(prefix): text for name, text in address.items() if name.startswith(prefix)}
    asked, ignored = kind.from_link(own)
    rest = {name: text for name, text in address.items() if not name.startswith(prefix)}
    names = named([f"{prefix}{one.name}" for one in ignored])
    return asked, rest, f"Ignored in this link, {WHY['unknown']}: {names}." if ignored else ""


def to_link(lab: Lab, asked: Spec | None) -> dict[str, str]:
    """Return it as parameters of a link; ``read`` undoes it."""
    if asked is None or lab.name not in ASKED:
        return {}
    prefix, _ = ASKED[lab.name]
    return {f"{prefix}{name}": text for name, text in asked.to_link().items()}
