"""One page of a text on its way through a model, and what is said of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from engine.asking import Answer
from engine.errors import DataError
from engine.explanation import percent
from engine.keeping import short
from engine.labs.pretrained import WINDOW, PretrainedSpec
from engine.language.decoding import choose, considered
from engine.language.decoding_spec import DecodingSpec
from engine.nets.attention.touch import Touch, Touched
from engine.nets.pretrained.bert import BERT
from engine.nets.pretrained.opening import Opened
from engine.nets.pretrained.paged import Paged
from engine.probes import attending, language, transformer
from engine.probes.attending import Beyond, Chosen, Head, Read, Rollout, Stream
from engine.probes.attending_quickly import look_quickly
from engine.probes.looking import looking
from engine.probes.transformer import over_blocks
from engine.readings import Reading
from engine.seeds import numpy_generator

LARGE = 20_000_000
"""With more numbers a model's gradients and lens take seconds."""
MOST_PATCHED = 20_000_000_000
"""Patches for which more is to be multiplied take longer than some seconds."""
NOT_PATCHED = "The other sentence is left out: to patch it in would take minutes with a model and a text of this size."
NO_HEAD = "The files of this model have no head that tells symbols."
NO_NUMBERS = "What the model tells is no number: those of its files are too large to be computed with."
MOST_AT_ONCE = 1_024
"""So many symbols are read at once, if the model has as many places."""
MOST_DEEP = 256
"""So many symbols a large model may read for its gradients: of more they take gigabytes."""
TOO_LONG = "Gradients and lens are left out: the model reads {:,} symbols, and for them " + f"{MOST_DEEP} at most."
ONE_PAGE = "Patches are made in texts of one page."
PART = "attention"
NAMES = {"gpt2": "GPT-2", "bert": "BERT"}


class Page(NamedTuple):
    """So many symbols of a text as are seen at a time: ``symbols`` (1, T) int64, what each is called, the number of
    the page from 1 up, and of how many.

    The model reads ``before`` (1, F) ahead of them, and ``after`` (1, L) behind, of a text whose place ``begins`` is
    the first that it reads.
    """

    symbols: Tensor
    tokens: Sequence[str]
    number: int
    pages: int
    before: Tensor
    after: Tensor
    begins: int

    @property
    def is_all(self) -> bool:
        """Tell whether the page has all that the model reads."""
        return not self.before.numel() and not self.after.numel()

    @property
    def read(self) -> Tensor:
        """Return all that the model reads, (1, F + T + L)."""
        return torch.cat([self.before, self.symbols, self.after], dim=1)


class Looking:
    """Has texts read by a model that was ``opened``."""

    def __init__(self, opened: Opened) -> None:
        self._net, self._tokens, self._left_out = opened.net, opened.tokens, opened.left_out

    def page(self, text: str, number: int) -> Page:
        """Return a page of a text, or its last; raises DataError where nothing of it is a symbol."""
        symbols = self._tokens.encode(text)
        if not symbols:
            raise DataError("There is nothing to be read in this sentence: expected at least one symbol of the model.")
        places = self._net.config.places
        window = min(WINDOW, places)
        pages = -(-len(symbols) // window)
        number = min(number, pages)
        first, last = (number - 1) * window, min(number * window, len(symbols))
        at_once = min(places, MOST_AT_ONCE) // window * window
        begins = first // at_once * at_once
        ends = last if self._net.causal else min(begins + at_once, len(symbols))  # what is behind it counts for BERT
        before, here, after = (
            torch.tensor([part], dtype=torch.int64)
            for part in (symbols[begins:first], symbols[first:last], symbols[last:ends])
        )
        tokens = [self._tokens.shown(symbol) for symbol in symbols[first:last]]
        return Page(here, tokens, number, pages, before, after, begins)

    def look(self, text: str, live: PretrainedSpec, meanwhile: Callable[[], None]) -> Answer:
        """Return all that is seen of a text; raises DataError where it cannot be read."""
        page = self.page(text, live.page)
        config = self._net.config
        block, head = min(live.block, config.blocks - 1), min(live.head, config.heads - 1)
        place = self._asked(page, live.place)
        touch = transformer.without(PART, block, head) if live.knocked else None
        net = self._paged(page, touch, meanwhile)
        chosen = Chosen(PART, block, head, place)
        touched = self._read(net, page)
        sums = self._sums(touched, place)
        readings, words = self._choice(sums, live, page)
        beyond, told = self._beyond(net, page, touched, chosen)
        seen = self._seen(net, page, touched, chosen, live, meanwhile)
        if not page.is_all:
            seen = _of_all(seen, net, page, chosen, beyond)
        knocked = self._without(page, sums, chosen, meanwhile) if live.knocked else ""
        about = {"model": self._about(), "cut": _cut(page, self._second(page)), "beyond": told, "knocked": knocked}
        return Answer((*readings, beyond, *seen.readings), {**seen.words, **words, **about})

    def _paged(self, page: Page, touch: Touch | None, meanwhile: Callable[[], None]) -> Paged:
        """Return the model as it reads a page, with ``touch`` done to all of it."""

        def going_on(name: str, value: Tensor) -> Tensor:
            if name.endswith(".stream"):
                meanwhile()
            return value

        return Paged(self._net, page.before, page.after, transformer.joined([touch, going_on]))

    def _beyond(self, net: Paged, page: Page, touched: Mapping[str, Tensor], chosen: Chosen) -> tuple[Beyond, str]:
        """Return what of the attention is not seen on a page, and words of that."""
        if page.is_all:
            return Beyond(np.zeros(0, np.float32)), ""
        sums = net.sums[chosen.block, chosen.head].numpy()
        share = 1 - float(over_blocks(touched, chosen.part, "pattern").sum(dim=-1).mean())
        first = page.begins + page.before.shape[1]
        places = f"{first:,} to {first + len(page.tokens) - 1:,}"
        size = page.read.shape[1]
        lost = f" What stands ahead of place {page.begins:,} it does not read with them." if page.begins else ""
        return Beyond(sums), (
            f"These are the places {places} of the text, counted here from 0; the model reads {size:,} symbols with "
            f"them. On average they give {share:.0%} of their attention to other pages: rows here add up to less than "
            f"1.{lost}"
        )

    def _asked(self, page: Page, place: int) -> int:
        """Return the place that is told of: of the first mask, or the one that was chosen."""
        read = page.symbols[0].tolist()
        return read.index(self._tokens.mask) if self._tokens.mask in read else min(place, len(read) - 1)

    def _read(self, net: Paged, page: Page) -> Touched:
        touched = Touched()
        with looking(net):
            net.read(page.symbols, touched)
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
        told = f"{names[best]} ({percent(choice.told[best])})"
        words = {
            "choices": "\n".join(names),
            "choice": f"Likeliest: {told}. Drawn: {self._tokens.shown(taken)}, for chance fell on {chance:.3f}.",
            "next": f"{'Likeliest next' if self._net.causal else 'Likeliest there'}: {told}.",
        }
        return (choice,), words

    def _seen(
        self,
        net: Paged,
        page: Page,
        touched: Mapping[str, Tensor],
        chosen: Chosen,
        live: PretrainedSpec,
        meanwhile: Callable[[], None],
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
        if large and page.read.shape[1] > MOST_DEEP:
            seen = look_quickly(touched, read, chosen)
            return Answer(seen.readings, {**seen.words, "logit": TOO_LONG.format(page.read.shape[1])})
        other = self.page(live.other, 1).symbols if live.other and page.is_all else None
        affordable = self._patching(len(page.tokens)) <= MOST_PATCHED
        fits = other is not None and other.shape == page.symbols.shape and affordable
        seen = attending.look(
            net, read, other if fits else None, chosen, self._tokens.shown, len(read.tokens), meanwhile
        )
        if live.other and not page.is_all:
            seen = Answer(seen.readings, {**seen.words, "patched": ONE_PAGE})
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
            f"place, {config.vocabulary:,} symbols, {config.parameters:,} parameters.{more if out else ''}"
        )

    def _second(self, page: Page) -> int:
        """Return how many symbols of a page are of a second sentence, which BERT tells apart."""
        if not isinstance(self._net, BERT):
            return 0
        start = page.before.shape[1]
        return int(self._net.sentences(page.read)[:, start : start + len(page.tokens)].sum())

    def _without(self, page: Page, sums: np.ndarray | None, chosen: Chosen, meanwhile: Callable[[], None]) -> str:
        """Return in words what a head that is knocked out has done for the likeliest symbol."""
        whole = self._sums(self._read(self._paged(page, None, meanwhile), page), chosen.place)
        if sums is None or whole is None or not np.isfinite([whole, sums]).all():
            return ""
        with_it, without = (np.exp(one - one.max()) / np.exp(one - one.max()).sum() for one in (whole, sums))
        first, now = int(with_it.argmax()), int(without.argmax())
        moved = f"{self._tokens.shown(first)} from {percent(with_it[first])} to {percent(without[first])}"
        then = "" if first == now else f"; the likeliest is now {self._tokens.shown(now)} with {percent(without[now])}"
        return f"Without head {chosen.head} of block {chosen.block}: {moved}{then}."


def _of_all(seen: Answer, net: Paged, page: Page, chosen: Chosen, beyond: Beyond) -> Answer:
    """Return what is seen of a page with that put right which has to be reckoned over the whole text."""
    start = page.before.shape[1]
    here = slice(start, start + len(page.tokens))
    followed = transformer.rollout(net.means[:, None])[here, here].numpy()
    readings = [Rollout({"all": followed}) if isinstance(one, Rollout) else one for one in seen.readings]
    head = next(one for one in readings if isinstance(one, Head))
    told = attending.written_out(head, chosen, page.tokens, page.tokens, beyond.sums)
    return Answer(readings, {**seen.words, "token": told})


def _unpatched(one: Reading) -> Reading:
    """Return a reading without patches, where there is nothing to be patched in."""
    return replace(one, restored=one.restored[:, :0]) if isinstance(one, Stream) else one


def _cut(page: Page, second: int) -> str:
    """Return how a text is cut, and how many of its symbols are of a ``second`` sentence."""
    pages = f" Page {page.number} of {page.pages}." if page.pages > 1 else ""
    told = f" The last {second} of them are the second sentence." if second else ""
    many = f"{len(page.tokens)} symbol{'s' if len(page.tokens) > 1 else ''}"
    return f"Read in {many}: {' · '.join(page.tokens)}.{told}{pages}"
