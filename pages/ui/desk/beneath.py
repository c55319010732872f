"""What an address asks of what is beneath a lab, explorers among it: settings of a spec of each, with a prefix."""

from collections.abc import Mapping

from engine.data.images.kernel_spec import KernelSpec
from engine.labs.lab import Lab
from engine.spec import Spec
from pages.ui.corpus.asked import TextAsked
from pages.ui.images.follow_asked import FollowAsked
from pages.ui.links import WHY, named

Asked = Mapping[type[Spec], Spec]
"""What is asked beneath a lab, by its kind."""
ASKED: Mapping[str, Mapping[str, type[Spec]]] = {
    "train_words": {"text.": TextAsked},
    "vision": {"kernel.": KernelSpec, "follow.": FollowAsked},
}
"""What can be asked by the name of the lab, with its prefix: some settings are called as those of the lab are."""


def read(lab: Lab, address: Mapping[str, str]) -> tuple[dict[type[Spec], Spec], dict[str, str], str]:
    """Return what an address asks beneath the lab, the rest of the address, and a notice of what is ignored."""
    asked: dict[type[Spec], Spec] = {}
    rest, strange = dict(address), []
    for prefix, kind in ASKED.get(lab.name, {}).items():
        own = {name.removeprefix(prefix): rest.pop(name) for name in address if name.startswith(prefix)}
        asked[kind], ignored = kind.from_link(own)
        strange += [f"{prefix}{one.name}" for one in ignored]
    return asked, rest, f"Ignored in this link, {WHY['unknown']}: {named(strange)}." if strange else ""


def to_link(lab: Lab, asked: Asked) -> dict[str, str]:
    """Return it as parameters of a link; ``read`` undoes it."""
    return {
        f"{prefix}{name}": text
        for prefix, kind in ASKED.get(lab.name, {}).items()
        if kind in asked
        for name, text in asked[kind].to_link().items()
    }
