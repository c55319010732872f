"""A net that translates as other programs run it: plain operations, from two texts in numbers to sums."""

from torch import Tensor, nn
from torch.nn import functional

from engine.nets.sequences.cell import Cell
from engine.nets.translation.model import PAD, Batch, Translator


class Taught(nn.Module):
    """Tells what follows each symbol written. From here on the ``net`` takes none of torch's kernels for its cells, of
    which other programs know but a part.
    """

    def __init__(self, net: Translator) -> None:
        super().__init__()
        self.net = net
        for part in net.modules():
            if isinstance(part, Cell):
                part.kernel = None

    def forward(self, sources: Tensor, written: Tensor) -> Tensor:
        """Return the sums (B, T, V) behind each symbol ``written`` (B, T) int64, the first of which is ``BEGIN``, of
        ``sources`` (B, S) int64, each with its ``END``; ``PAD`` stands behind the end of both.
        """
        targets = functional.pad(written[:, 1:], (0, 1), value=PAD)  # the last is told, and never read
        return self.net.teach(Batch(sources, sources != PAD, targets))
