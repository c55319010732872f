"""One page of a text on its way through a model, and what is said of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from engine.asking import Answer
from engine.errors import DataError
from engine.keeping import short
from engine.labs.pretrained import WINDOW, PretrainedSpec
from engine.language.decoding import choose, considered
from engine.language.decoding_spec import DecodingSpec
from engine.nets.attention.touch import Touch, Touched
from engine.nets.pretrained.opening import Opened
from engine.probes import attending, language, transformer
from engine.probes.attending import Chosen, Read, Stream
from engine.probes.attending_quickly import look_quickly
from engine.probes.looking import looking
from engine.readings import Reading
from engine.seeds import numpy_generator

LARGE = 20_000_000
"""With more numbers a model's gradients and lens take seconds."""
MOST_PATCHED = 20_000_000_000
"""Patches for which more is to be multiplied take longer than some seconds."""
NOT_PATCHED = "The other sentence is left out: to patch it in would take minutes with a model and a text of this size."
NO_HEAD = "The files of this model have no head that tells symbols."
NO_NUMBERS = "What the model tells is no number: those of its files are too large to be computed with."
PART = "attention"
NAMES = {"gpt2": "GPT-2", "bert": "BERT"}


class Page(NamedTuple):
    """So many symbols of a text as are read at a time: ``symbols`` (1, T) int64, what each is called, the number of
    the page from 1 up, and of how many.
    """

    symbols: Tensor
    tokens: Sequence[str]
    number: int
    pages: int


class Looking:
    """Has texts read by a model that was ``opened``."""

    def __init__(self, opened: Opened) -> None:
        self._net, self._tokens, self._left_out = opened.net, opened.tokens, opened.left_out

    def page(self, text: str, number: int) -> Page:
        """Return a page of a text, or its last; raises DataError where nothing of it is a symbol."""
        symbols = self._tokens.encode(text)
        if not symbols:
            raise DataError("There is nothing to be read in this sentence: expected at least one symbol of the model.")
        window = min(WINDOW, self._net.config.places)
        pages = -(-len(symbols) // window)
        number = min(number, pages)
        here = symbols[(number - 1) * window : number * window]
        return Page(torch.tensor([here]), [self._tokens.shown(symbol) for symbol in here], number, pages)

    def look(self, text: str, live: PretrainedSpec, meanwhile: Callable[[], None]) -> Answer:
        """Return all that is seen of a text; raises DataError where it cannot be read."""
        page = self.page(text, live.page)
        config = self._net.config
        block, head = min(live.block, config.blocks - 1), min(live.head, config.heads - 1)
        place = self._asked(page, live.place)
        touch = transformer.without(PART, block, head) if live.knocked else None
        chosen = Chosen(PART, block, head, place, touch)
        touched = self._read(page.symbols, touch)
        meanwhile()
        sums = self._sums(touched, place)
        readings, words = self._choice(sums, live, page)
        seen = self._seen(page, touched, chosen, live, meanwhile)
        about = {"model": self._about(), "cut": _cut(page), "knocked": self._without(page, sums, chosen)}
        return Answer((*readings, *seen.readings), {**seen.words, **words, **about})

    def _asked(self, page: Page, place: int) -> int:
        """Return the place that is told of: of the first mask, or the one that was chosen."""
        read = page.symbols[0].tolist()
        return read.index(self._tokens.mask) if self._tokens.mask in read else min(place, len(read) - 1)

    def _read(self, symbols: Tensor, touch: Touch | None) -> Touched:
        touched = Touched()
        with looking(self._net):
            self._net.read(symbols, transformer.joined([touch, touched]))
        return touched

    def _sums(self, touched: Mapping[str, Tensor], place: int) -> np.ndarray | None:
        """Return the sums (V,) at a place; a model may have no head that tells."""
        if not self._net.tells:
            return None
        with looking(self._net):
            return self._net.tell(touched["normed"][0, place]).numpy()

    def _choice(self, sums: np.ndarray | None, live: PretrainedSpec, page: Page) -> tuple[tuple[Reading, ...], dict]:
        if sums is None or not np.isfinite(sums).all():
            nothing = np.zeros(0, np.float32)
            flags = np.zeros(0, np.uint8)
            said = NO_HEAD if sums is None else NO_NUMBERS
            return (language.Choice(nothing, nothing, flags, flags),), {"choices": "", "choice": said, "next": said}
        drawn = DecodingSpec(temperature=live.temperature, top_k=live.top_k, nucleus=live.nucleus)
        among = considered(sums, drawn, never=())
        chance = float(numpy_generator(live.seed, "pretrained", *page.symbols[0].tolist()).random())
        taken = choose(among, chance)
        choice, places = language.read_choice(among, taken)
        names = [self._tokens.shown(symbol) for symbol in places]
        best = int(choice.told.argmax())
        told = f"{names[best]} ({choice.told[best]:.1%})"
        words = {
            "choices": "\n".join(names),
            "choice": f"Likeliest: {told}. Drawn: {self._tokens.shown(taken)}, for chance fell on {chance:.3f}.",
            "next": f"{'Likeliest next' if self._net.causal else 'Likeliest there'}: {told}.",
        }
        return (choice,), words

    def _seen(
        self, page: Page, touched: Mapping[str, Tensor], chosen: Chosen, live: PretrainedSpec, meanwhile: Callable
    ) -> Answer:
        """Return who looks where and all else: also what takes long, where the model is small or it is wished for."""
        large = self._net.config.parameters > LARGE
        read = Read(page.symbols, page.tokens)
        if not self._net.tells:
            seen = look_quickly(touched, read, chosen)
            return Answer(
                seen.readings, {**seen.words, "logit": "Gradients and the lens are of symbols that are told."}
            )
        if large and not live.deep:
            return look_quickly(touched, read, chosen)
        other = self.page(live.other, 1).symbols if live.other else None
        affordable = self._patching(len(page.tokens)) <= MOST_PATCHED
        fits = other is not None and other.shape == page.symbols.shape and affordable
        seen = attending.look(
            self._net, read, other if fits else None, chosen, self._tokens.shown, len(read.tokens), meanwhile
        )
        if not fits:
            seen = Answer([_unpatched(one) for one in seen.readings], seen.words)
        if other is not None and not affordable:
            return Answer(seen.readings, {**seen.words, "patched": NOT_PATCHED})
        if other is not None and not fits:
            size, wanted = other.shape[1], page.symbols.shape[1]
            said = f"The other sentence has {size} symbols: expected {wanted}, as many as are read here."
            return Answer(seen.readings, {**seen.words, "patched": said})
        return seen

    def _patching(self, length: int) -> int:
        """Return about how much is multiplied where each place of each level is patched in by itself."""
        config = self._net.config
        one = config.parameters + 16 * config.blocks * config.heads * length
        return (config.blocks + 1) * length * length * one

    def _about(self) -> str:
        config, out = self._net.config, self._left_out
        some = ", ".join(map(short, out[:3]))
        more = f" No use was found for {some}{f' and {len(out) - 3} more' if len(out) > 3 else ''}."
        return (
            f"{NAMES[config.kind]}: {config.blocks} blocks of {config.heads} heads, {config.width:,} numbers at each "
            f"place, {config.vocabulary:,} symbols, {config.parameters:,} numbers learnt.{more if out else ''}"
        )

    def _without(self, page: Page, sums: np.ndarray | None, chosen: Chosen) -> str:
        """Return in words what a head that is knocked out has done for the likeliest symbol."""
        if chosen.touch is None or sums is None:
            return ""
        whole = self._sums(self._read(page.symbols, None), chosen.place)
        if whole is None or not np.isfinite([whole, sums]).all():
            return ""
        with_it, without = (np.exp(one - one.max()) / np.exp(one - one.max()).sum() for one in (whole, sums))
        first, now = int(with_it.argmax()), int(without.argmax())
        moved = f"{self._tokens.shown(first)} from {with_it[first]:.1%} to {without[first]:.1%}"
        then = "" if first == now else f"; the likeliest is now {self._tokens.shown(now)} with {without[now]:.1%}"
        return f"Without head {chosen.head} of block {chosen.block}: {moved}{then}."


def _unpatched(one: Reading) -> Reading:
    """Return a reading without patches, where there is nothing to be patched in."""
    return replace(one, restored=one.restored[:, :0]) if isinstance(one, Stream) else one


def _cut(page: Page) -> str:
    pages = f" Page {page.number} of {page.pages}." if page.pages > 1 else ""
    return f"Read in {len(page.tokens)} symbols: {' · '.join(page.tokens)}.{pages}"
