"""Skip-gram with negative sampling in PyTorch, to be read: the whole of it is ``SkipGram.forward`` and ``pairs``.

(Mikolov et al. 2013, arXiv 1310.4546)
"""

import math

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import logsigmoid

from engine.readings import Arrays
from engine.seeds import derive, numpy_generator
from engine.words.corpus.counts import keep_probability, negative_probability
from engine.words.corpus.encoded import END
from engine.words.formats.fasttext import Model
from engine.words.formats.subwords import NO_SUBWORDS
from engine.words.train.probing import Places
from engine.words.train.trainer import Learnt, TextTrainer

BATCH = 512
"""Pairs of an update. Their gradients are summed, as if they were made one by one; so a batch may not be too large."""


class SkipGram(nn.Module):
    """Two vectors for every word: one as the word that tells, one as the word that is told."""

    def __init__(self, words: int, dimensions: int, seed: int) -> None:
        super().__init__()
        self.vectors = nn.Embedding(words, dimensions, sparse=True)
        self.contexts = nn.Embedding(words, dimensions, sparse=True)
        generator = torch.Generator().manual_seed(derive(seed, "vectors"))
        nn.init.uniform_(self.vectors.weight, -0.5 / dimensions, 0.5 / dimensions, generator=generator)
        nn.init.zeros_(self.contexts.weight)

    def forward(self, centres: Tensor, contexts: Tensor) -> Tensor:
        """Return the loss of each pair (B,): -log s(c·w) - sum log s(-c·n), for centres (B,) and contexts (B, 1 + K),
        of which the first stands beside the centre and the K others were drawn at random.
        """
        scores = (self.vectors(centres)[:, None] * self.contexts(contexts)).sum(-1)
        return -logsigmoid(scores[:, 0]) - logsigmoid(-scores[:, 1:]).sum(1)


def pairs(ids: np.ndarray, keep: np.ndarray, window: int, random: np.random.Generator) -> np.ndarray:
    """Return (p, 2) int64: each word of some sentences with each of its neighbours, in any order.

    ``ids`` are rows, -1 after the last of a sentence; a word stays with probability ``keep[row]``; each reaches 1 to
    ``window`` words far, drawn anew, so that nearer neighbours come more often.
    """
    ids = ids[(ids == END) | (random.random(len(ids)) < keep[ids])]
    sentence = np.cumsum(ids == END)
    reach = random.integers(1, window + 1, len(ids))
    found = [np.empty((0, 2), np.int64)]
    for distance in range(1, min(window, len(ids) - 1) + 1):
        left, right = slice(None, -distance), slice(distance, None)
        within = (sentence[left] == sentence[right]) & (ids[left] != END) & (ids[right] != END)
        for centre, context in ((left, right), (right, left)):
            reached = within & (reach[centre] >= distance)
            found.append(np.stack([ids[centre][reached], ids[context][reached]], axis=1).astype(np.int64))
    return random.permutation(np.concatenate(found))


class SkipGramTrainer(TextTrainer):
    """Implements ``engine.words.train.trainer.Trainer``; raises DataError where a text has too few words.

    ``loss`` is the mean over the pairs of a chunk.
    """

    def begin(self) -> None:
        """Make the net anew."""
        torch.set_num_threads(self.spec.threads)  # updates are small: more threads would mostly wait for each other
        self.net = SkipGram(len(self.words), self.spec.dimensions, self.spec.seed)
        self._optimiser = torch.optim.SGD(self.net.parameters(), lr=self.learning_rate)
        self._keep = keep_probability(self.counts, self.spec.sample)
        self._drawn = np.cumsum(negative_probability(self.counts))

    def learn(self, chunk: np.ndarray, before: Learnt, rate: float) -> float:
        """Learn one chunk and return the mean loss of its pairs."""
        random = numpy_generator(
            self.spec.seed, "chunk", before.number
        )  # a stream of its own: one can go on from any chunk
        found = pairs(chunk, self._keep, self.spec.window, random)
        for group in self._optimiser.param_groups:
            group["lr"] = rate
        losses = [math.nan] if not len(found) else []
        for start in range(0, len(found), BATCH):
            centres, contexts = found[start : start + BATCH].T
            drawn = np.searchsorted(self._drawn, random.random((len(centres), self.spec.negative)))
            others = np.minimum(drawn, len(self.words) - 1)
            loss = self.net(torch.from_numpy(centres), torch.from_numpy(np.column_stack([contexts, others])))
            self._optimiser.zero_grad()
            loss.sum().backward()
            self._optimiser.step()
            losses.append(loss.detach().sum().item())
        return sum(losses) / max(1, len(found))

    def loss_at(self, places: Places) -> float:
        """Return the mean loss at some places of the text."""
        with torch.no_grad():
            beside = torch.from_numpy(places.beside[:, 0])
            told = torch.from_numpy(np.column_stack([places.told, places.drawn]))
            return self.net(beside, told).mean().item()

    def vectors(self, rows: np.ndarray | None = None) -> np.ndarray:
        """Return what is learnt of some rows (rows, d), or of all: the vectors of words that tell."""
        return self.net.vectors.weight.detach().numpy()[slice(None) if rows is None else rows].copy()

    def tables(self) -> Arrays:
        """Return both tables of the net."""
        return {name.removesuffix(".weight"): tensor.numpy() for name, tensor in self.net.state_dict().items()}

    def model(self) -> Model:
        """Return what is learnt."""
        words = [word.encode(errors="surrogatepass") for word in self.words]
        return Model(words, self.counts, self.vectors(), NO_SUBWORDS)
