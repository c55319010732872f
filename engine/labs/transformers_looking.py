"""What is looked at of a transformer: a sequence held out, or one that a person types, and what each head is for."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import torch
from torch import Tensor

from engine.asking import Answer
from engine.data.symbols.made import UNASKED, Arranged, arrange
from engine.data.symbols.prepared import Prepared
from engine.errors import RunError
from engine.explanation import percent
from engine.labs.transformers import PARTS, TransformersSpec, has_scores, heads_of, parts_of
from engine.language.vocabulary import shown
from engine.nets.attention.positions import distance, frequencies, sinusoid, slopes
from engine.nets.transformers.building import Transformer
from engine.probes import attending, transformer
from engine.probes.attending import Chosen, Read
from engine.probes.images import cropped
from engine.probes.looking import looking
from engine.probes.tensors import Tensors
from engine.readings import Reading
from engine.seeds import numpy_generator
from engine.training.symbols import WhereAsked

KNOCKED = 48
"""Sequences held out by which it is told what becomes worse without a head."""
SCORED = 16
"""Sequences that come again by which heads are scored."""
MOST_PLACES = (64, 64)


@dataclass(frozen=True, slots=True, eq=False)
class Knocked(Tensors):
    """By how much the ``loss``, and the mean probability of what is ``right``, change without each head, (blocks,
    heads) float32, by parts.
    """

    name: ClassVar[str] = "knocked"


@dataclass(frozen=True, slots=True, eq=False)
class Places(Reading):
    """How the net is told its places, a ``table`` float32; see ``engine.figures.transformers.PLACES``."""

    name: ClassVar[str] = "places"
    table: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Fourier(Reading):
    """The spectrum of the numbers' vectors: the ``share`` of each ``frequency`` in the sum of all squares but those of
    the mean, (waves,) float32 each.
    """

    name: ClassVar[str] = "fourier"
    frequency: np.ndarray
    share: np.ndarray


class Looking:
    """Looks at nets that learn what was ``prepared``."""

    def __init__(self, prepared: Prepared, spec: TransformersSpec, task: WhereAsked) -> None:
        self._spec, self._made, self._task = spec, prepared.made, task
        self._rows = prepared.validation
        self.length = self._made.read.shape[1]
        self.most = max(self._made.given, self.length - self._made.given)
        self._some = tuple(torch.from_numpy(part[self._rows[:KNOCKED]]) for part in (self._made.read, self._made.asked))
        self._again = self._coming_again() if has_scores(spec) else None

    def frame(
        self, net: Transformer, live: TransformersSpec, meanwhile: Callable[[], None]
    ) -> tuple[Answer, dict[str, float]]:
        """Return all that is seen of a net, and what its heads score."""
        rows = [int(self._rows[at % len(self._rows)]) for at in (live.example, live.other)]
        one, other = (torch.from_numpy(self._made.read[row])[None] for row in rows)
        seen = self._seen(net, one, torch.from_numpy(self._made.asked[rows[0]]), other, live, meanwhile)
        _, changes = transformer.knock_outs(net, self._some[0], self._measure, meanwhile)
        knocked = {
            f"{part}.{what}": changes[part][..., at].numpy().astype(np.float32)
            for part in parts_of(live)
            for at, what in enumerate(("loss", "right"))
        }
        readings = [*seen.readings, Knocked(knocked), *self._tables(net)]
        return Answer(readings, seen.words), self._scores(net)

    def typed(self, net: Transformer, text: str, live: TransformersSpec, meanwhile: Callable[[], None]) -> Answer:
        """Return what a net makes of a sequence that a person types; raises RunError."""
        read, asked = self._taken(net, text)
        row = int(self._rows[live.other % len(self._rows)])
        other = torch.from_numpy(self._made.read[row])[None, : read.shape[1]]  # what is typed is never longer
        seen = self._seen(net, read, asked, other, live, meanwhile)
        return Answer(seen.readings, {**seen.words, "next": seen.words["example"].split("\n")[-1]})

    def _seen(
        self,
        net: Transformer,
        read: Tensor,
        asked: Tensor,
        other: Tensor,
        live: TransformersSpec,
        meanwhile: Callable[[], None],
    ) -> Answer:
        """Return what is seen of one sequence (1, T): ``asked`` (W,) is right, ``other`` (1, T) is patched in."""
        there = torch.nonzero(asked >= 0).flatten()
        last = int(there[-1]) if len(there) else len(asked) - 1
        place = last if live.place < 0 else min(live.place, len(asked) - 1)
        part = PARTS[live.part] if live.shape == "both" else "attention"
        knocked = live.knocked_block % live.blocks, live.knocked_head % live.heads
        touch = transformer.without(part, *knocked) if live.knocked_block >= 0 else None
        chosen = Chosen(part, live.block % live.blocks, live.head % live.heads, place, touch)
        one = Read(read, [self.named(symbol) for symbol in read[0].tolist()], self._made.given)
        seen = attending.look(net, one, other, chosen, self.named, self.most, meanwhile)
        with looking(net):
            told = net(read, touch)[0].softmax(dim=1)
        words = {
            "example": self._told(one, asked, told, place),
            "knocked": f"Without head {knocked[1]} of block {knocked[0]}." if touch else "",
            "patched": f"{seen.words['patched']} The other one is {self._shown(other)}.",
        }
        return Answer(seen.readings, {**seen.words, **words})

    def named(self, symbol: int) -> str:
        """Return what a symbol is called."""
        return shown(self._made.symbols[symbol])

    def _shown(self, read: Tensor) -> str:
        """Return a sequence (1, T) as it is read."""
        return " ".join(self.named(symbol) for symbol in read[0].tolist())

    def _told(self, one: Read, asked: Tensor, told: Tensor, place: int) -> str:
        """Return what a sequence is, and what is told at a place."""
        best = told.max(dim=1)
        there = asked >= 0
        right = int((best.indices == asked)[there].sum())
        lines = [" ".join(one.tokens)]
        if there.sum() == 1:
            lines.append(f"What is asked is {'' if right else 'not '}told right.")
        elif there.any():
            lines.append(f"Of {int(there.sum())} places asked {right} are told right.")
        symbol = int(asked[place])
        wanted = f"asked is {self.named(symbol)}, " if symbol >= 0 else ""
        here = f"Place {place}, behind {one.tokens[self._made.given + place]}"
        if self._spec.shape == "encoder":
            here = f"Place {place}, where {one.tokens[place]} stands"
        lines.append(
            f"{here}: {wanted}told {self.named(int(best.indices[place]))} ({percent(float(best.values[place]))})."
        )
        return "\n".join(lines)

    def _measure(self, sums: Tensor) -> Tensor:
        """Return the loss, and the mean probability of what is right, of sums (n, W, V) for some sequences."""
        asked = self._some[1]
        right = sums.softmax(dim=2).gather(2, asked.clamp(min=0)[:, :, None])[:, :, 0]
        return torch.stack([self._task.loss(sums, asked), right[asked >= 0].mean()])

    def _coming_again(self) -> tuple[Tensor, int]:
        """Return sequences (n, T) that come again once, and after how many symbols."""
        period = self._spec.length // 2
        generator = numpy_generator(self._spec.data_seed, "scored")
        once = np.stack([generator.permutation(self._spec.letters)[:period] for _ in range(SCORED)])
        return torch.from_numpy(np.concatenate([once, once], axis=1)), period

    def _scores(self, net: Transformer) -> dict[str, float]:
        """Return how far each head looks for what came behind, and how far it looks one back."""
        if self._again is None:
            return {}
        symbols, period = self._again
        touched = transformer.see(net, symbols).touched
        found: dict[str, float] = {}
        for what, back, first in (("induction", period - 1, period), ("before", 1, 1)):
            for name, (block, head) in heads_of(self._spec).items():
                pattern = touched[f"blocks.{block}.attention.pattern"][:, head]
                found[f"{what}.{name}"] = float(transformer.back_by(pattern, back, first).mean())
        return found

    def _tables(self, net: Transformer) -> list[Reading]:
        """Return how places are told, and of sums the spectrum of the numbers' vectors."""
        found: list[Reading] = []
        if (table := places_table(net, self._spec, self.most)) is not None:
            found.append(Places(table))
        if self._spec.sequences == "modular":
            vectors = net.get_parameter("embedding.weight").detach().numpy()[: self._spec.prime]
            found.append(spectrum(vectors))
        return found

    def _taken(self, net: Transformer, text: str) -> tuple[Tensor, Tensor]:
        """Return what a person has typed as symbols (1, T), and what is right behind, or at, each of them (W,)."""
        match self._spec.sequences:
            case "modular":
                return self._sum(text)
            case "copy" | "reverse" | "sort" as order:
                return self._arranged(net, order, text)
            case task:
                numbers = self._numbers(text if task == "text" else text.replace(" ", ""))
        if len(numbers) < 2:
            raise RunError(f"A sequence is at least two symbols long: received {len(numbers)}.")
        read = torch.tensor([numbers[-self.length :]])
        return read, torch.full((read.shape[1],), UNASKED)

    def _sum(self, text: str) -> tuple[Tensor, Tensor]:
        prime = self._spec.prime
        numbers = [int(one) for one in re.findall(r"\d{1,9}", text)]
        if len(numbers) != 2 or max(numbers) >= prime:
            raise RunError(f"A sum is of two numbers from 0 to {prime - 1}: received {text[:20]!r}.")
        return torch.tensor([[*numbers, prime]]), torch.tensor([UNASKED, UNASKED, sum(numbers) % prime])

    def _arranged(self, net: Transformer, order: Arranged, text: str) -> tuple[Tensor, Tensor]:
        """Return letters, and what the net itself writes behind them, each symbol the likeliest."""
        numbers = self._numbers(text.replace(" ", ""))
        length = self._spec.length
        if len(numbers) != length:
            raise RunError(f"This net was made for {length} letters: received {len(numbers)}.")
        wanted = torch.from_numpy(arrange(order, np.array([numbers])))[0]
        if self._spec.shape == "encoder":
            return torch.tensor([numbers]), wanted
        read = [*numbers, len(self._made.symbols) - 1, *[0] * (length - 1)]
        with looking(net):
            for at in range(length - 1):
                place = at if self._spec.shape == "both" else length + at
                read[length + at + 1] = int(net(torch.tensor([read]))[0, place].argmax())
        if self._spec.shape == "both":
            return torch.tensor([read]), wanted
        return torch.tensor([read]), torch.cat([torch.full((length,), UNASKED), wanted])

    def _numbers(self, text: str) -> list[int]:
        known = {symbol: number for number, symbol in enumerate(self._made.symbols)}
        strange = next((letter for letter in text if letter not in known), None)
        if strange is not None:
            among = "those of the text"
            if self._spec.sequences != "text":
                among = f"{self._made.symbols[0]} to {self._made.symbols[self._spec.letters - 1]}"
            raise RunError(f"The net knows no {strange!r}: expected symbols from among {among}.")
        return [known[letter] for letter in text]


def places_table(net: Transformer, spec: TransformersSpec, length: int) -> np.ndarray | None:
    """Return how ``length`` places are told; None where they are not."""
    match spec.places:
        case "learnt":
            where = "decoder." if spec.shape == "both" else ""
            table = net.get_parameter(f"{where}position.weight").detach()[:length]
        case "sinusoid":
            table = sinusoid(length, spec.width)
        case "rotary":
            table = (torch.arange(length)[:, None] * frequencies(spec.width // spec.heads)).cos()
        case "alibi":
            table = -slopes(spec.heads)[:, None] * distance(1, length)
        case _:
            return None
    return cropped(table.numpy().astype(np.float32), MOST_PLACES)


def spectrum(vectors: np.ndarray) -> Fourier:
    """Return the spectrum of the vectors (p, C) of the numbers from 0 to p - 1, p odd; see Nanda et al. 2023, arXiv
    2301.05217.
    """
    waves = np.fft.rfft(vectors.astype(np.float64), axis=0)[1:]
    power = (np.abs(waves) ** 2).sum(axis=1)
    share = power / (power.sum() or 1.0)
    return Fourier(np.arange(1, len(power) + 1, dtype=np.float32), share.astype(np.float32))
