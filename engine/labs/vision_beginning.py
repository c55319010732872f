"""The net of a run of the vision lab as it begins: drawn at random, or with what it learnt before; some of it still."""

from torch import nn

from engine.labs.vision import VisionSpec
from engine.labs.vision_transfer import before_words, still_words
from engine.nets.images.building import Shape
from engine.nets.images.catalogue import make_net
from engine.nets.images.freezing import freeze, take_over
from engine.training.pretrained import pretrained
from engine.training.transfer_spec import head, held_still


class Beginning:
    """With what nets of ``spec`` begin; ``still`` are the names of the layers that hold still.

    Raises DataError where what is to be learnt before cannot be.
    """

    def __init__(self, spec: VisionSpec) -> None:
        self._spec = spec
        self._pretrained = pretrained(spec, spec.seed) if spec.transfers else None
        self.still = held_still(spec)

    @property
    def words(self) -> str:
        """What holds still, and what was learnt before; empty where it is neither."""
        about = self._pretrained.about if self._pretrained else None
        return " ".join(filter(None, (still_words(self._spec), before_words(self._spec, about))))

    def net(self, shape: Shape, classes: int) -> nn.Module:
        """Return a net for images of a shape, at its initial weights: the last layer's are drawn in any case, those of
        all others unless they were learnt before. Raises SpecError where a layer of a net of one's own does not fit.
        """
        net = make_net(self._spec, shape, classes, self._spec.seed)
        if self._pretrained is not None:
            take_over(net, self._pretrained.tensors, but=head(self._spec))
        freeze(net, self.still)
        return net
