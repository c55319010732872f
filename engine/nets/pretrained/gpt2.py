"""GPT-2 (Radford, Wu, Child, Luan, Amodei and Sutskever 2019): a transformer that tells what comes next.

x = symbols + positions
for each block:  x = x + attention(norm(x));  x = x + mlp(norm(x))
sums = norm(x) symbols^T
"""

from torch import Tensor, nn
from torch.nn import functional

from engine.nets.pretrained.config import Config
from engine.nets.pretrained.model import Pretrained


class GPT2(Pretrained):
    """Reads from the left to the right. Where the vectors of the symbols are not those that tell, it has a ``head``."""

    causal = True
    tells = True

    def __init__(self, config: Config) -> None:
        super().__init__(config, ahead=True)
        self.norm = nn.LayerNorm(config.width, config.eps)
        self.head = None if config.tied else nn.Linear(config.width, config.vocabulary, bias=False)

    def embed(self, symbols: Tensor) -> Tensor:
        """Return the vectors of symbols (B, T) with those of their places, (B, T, C)."""
        return self.embedding(symbols) + self.position.weight[: symbols.shape[1]]

    def normed(self, stream: Tensor) -> Tensor:
        """Return a stream (B, T, C) as the sums are made of it."""
        return self.norm(stream)

    def tell(self, normed: Tensor) -> Tensor:
        """Return the sums (B, T, V) for the symbol that is next behind each place."""
        return functional.linear(normed, self.embedding.weight if self.head is None else self.head.weight)
