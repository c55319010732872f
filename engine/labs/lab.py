"""What a lab is, seen from outside: light to import, so that pages and the command line can list labs without torch."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

from engine.figures.panel import Panel
from engine.jobs import Order
from engine.labs.preset import Preset
from engine.labs.sweep import Sweep
from engine.nets.images.layer import Layer
from engine.spec import Spec

if TYPE_CHECKING:
    from PIL.Image import Image

    from engine.training.experiment import Experiment


@dataclass(frozen=True, slots=True)
class CardPicture:
    """What stands for a lab on its card: ``alt`` in words; ``draw``, as ``module:function``, trains a net and draws it.

    It is drawn beforehand, by ``engine.labs.pictures``.
    """

    alt: str
    draw: str

    def open(self) -> "Image":
        """Draw the picture."""
        return _imported(self.draw)()


class Preparation(NamedTuple):
    """What has to be done before a run is opened: the ``order``, what it is ``doing`` in words, what is said where it
    was ``called_off``, and on the button that has it done ``again``.
    """

    order: Order
    doing: str
    called_off: str
    again: str


@dataclass(frozen=True, slots=True)
class Lab:
    """One lab: ``name`` is its word in links and on the command line, ``summary`` one sentence for its card.

    ``experiment`` names the class that ``open`` builds, as ``module:Class``: it needs torch, so only workers import it.
    ``lacks`` are forms in which its runs cannot be taken away, by their titles. ``rehearsed`` are settings, each beside
    the default, that need other modules or compiled code: they are made ready before anybody asks for a run.
    ``prepares`` returns what has to be done before a run of a spec is opened, none where there is nothing; asked again
    behind it, what comes next. It raises DataError where there can be no such run. Of a lab with ``vectors`` a run
    learns vectors of words: its experiment has ``keep``, which leaves what is learnt as a space. ``layers`` returns the
    tables of layers of a spec's net and of those to be read beside it, by their titles, the spec's own first; it raises
    SpecError where a layer does not fit. The nets of a lab with ``why`` can be asked why they answer so, see
    ``engine.runs.why``. A run of a lab in which nothing ``learns`` has one step.
    ``task`` is one that a teacher might set.
    """

    name: str
    title: str
    summary: str
    spec: type[Spec]
    experiment: str
    panels: Callable[[Any], tuple[Panel, ...]]
    picture: CardPicture
    presets: tuple[Preset, ...] = ()
    sweeps: tuple[Sweep, ...] = ()
    lacks: tuple[str, ...] = ()
    rehearsed: tuple[Mapping[str, Any], ...] = ()
    prepares: Callable[[Any], Preparation | None] = lambda _: None
    vectors: bool = False
    layers: Callable[[Any], Mapping[str, Sequence[Layer]]] | None = None
    why: bool = False
    learns: bool = True
    task: str = ""

    def sweep(self, name: str) -> Sweep | None:
        """Return the sweep of this name, or None if there is none."""
        return next((sweep for sweep in self.sweeps if sweep.name == name), None)

    def preset(self, name: str) -> Preset | None:
        """Return the preset of this name, or None if there is none."""
        return next((preset for preset in self.presets if preset.name == name), None)

    def open(self, spec: Spec) -> "Experiment":
        """Return the experiment that ``spec`` describes, at its initial weights; raises LearnscopeError."""
        return _imported(self.experiment)(spec)


def _imported(place: str) -> Any:
    module, name = place.split(":")
    return getattr(import_module(module), name)
