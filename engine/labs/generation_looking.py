"""What is looked at of a language model: a text held out, or one of a person's own, and how the net goes on."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import torch
from torch import Tensor

from engine.asking import Answer
from engine.data.language.styles import STYLES
from engine.figures.language import MOST_TYPED
from engine.figures.style import written
from engine.labs.generation import MOST_SAMPLE, GenerationSpec
from engine.language.decoding import Considered, Fate
from engine.language.going_on import MOST_IN_BEAM, GoneOn, affordable, go_on
from engine.language.kinds import kind_titles, on_map
from engine.language.properties import TITLES, Property, how_well, properties
from engine.language.text import Text
from engine.language.vocabulary import cut, named, shown
from engine.nets.language.model import LanguageModel, States
from engine.nets.language.names import layer_names, layer_title
from engine.probes import language
from engine.probes import symbols as near
from engine.probes.language import Best, Over
from engine.probes.looking import looking
from engine.readings import Reading
from engine.seeds import numpy_generator
from engine.words.texts.spec import OWN

LOOKED = 4_096
"""Symbols of each half whose loss is told at every look."""
STREAMS = 8
"""Where a state is kept, as many places of a half are read on from at once."""
MOST_UNITS = 48
"""Units that are drawn over a text."""
SEARCHED = (8, 160)
"""Streams and symbols of the text held out in which units that keep count are sought."""
AHEAD = 2_000
"""Symbols ahead of those, by which it is known what is still open where they begin."""
WARM = 300
"""Symbols that a net with a state has read ahead of a text held out: what is open there, it can know."""
AMONG = 2_000
"""Symbols, the most frequent, among which the nearest of one on the map are sought."""
TOLD = 30
UNKNOWN_TOLD = 5
"""Symbols that the net does not know of which so many are told."""
NO_NUMBERS = "What the net tells is no number any more, so which symbol is taken means nothing."
SLOW = ", for {} symbols only, as a net so large takes long for each"
_LINE_ENDS = ("\\n", "⏎")


@dataclass(frozen=True, slots=True, eq=False)
class Beginning(Reading):
    """The first symbols that are ``learnt``, by their numbers, (n,) int32; the ``kinds`` of those on the map, (w,)
    int32.
    """

    name: ClassVar[str] = "text"
    learnt: np.ndarray
    kinds: np.ndarray


class Looking:
    """Looks at nets that learn ``text``. It remembers how the map lay, so that it turns no more than it has to."""

    def __init__(self, text: Text, spec: GenerationSpec) -> None:
        self.text, self._spec = text, spec
        counts = np.bincount(text.learnt, minlength=len(text.vocabulary))
        self._on_map, self._kinds = on_map(spec, text.vocabulary, counts)
        self._among = np.sort(np.argsort(-counts, kind="stable")[: min(AMONG, int((counts > 0).sum()))])
        self._has_kinds = bool(kind_titles(spec))
        names = [text.vocabulary.symbols[symbol] for symbol in self._on_map]
        # Of words it goes without saying that a blank stands before them.
        self.named = "\n".join(
            written(shown(name.strip() or name if spec.symbols == "words" else name)) for name in names
        )
        self._whole = np.concatenate([text.learnt[-AHEAD:], text.held_out])
        self._searched = self._streams(spec)
        symbols = [text.vocabulary.symbols[symbol] for symbol in self._whole[: self._searched.max() + 1]]
        self._properties: Mapping[Property, np.ndarray] = {
            name: values[self._searched[:, -self._told_of :]].ravel() for name, values in properties(symbols).items()
        }
        self._before: np.ndarray | None = None

    def beginning(self) -> Beginning:
        """Return the first symbols that are learnt."""
        return Beginning(self.text.learnt[:1_000].astype(np.int32), self._kinds.astype(np.int32))

    def frame(self, net: LanguageModel, live: GenerationSpec, step: int, meanwhile: Callable[[], None]) -> Answer:
        """Return all that is seen of a net at a step, of the text held out and of the prompt."""
        held_out = self.text.held_out
        start = live.place % max(1, len(held_out) - MOST_TYPED)
        found = self.found(net)
        meanwhile()
        first = len(self._whole) - len(held_out) + start
        with looking(net):
            states = net.tell(self._before_each([first])).states if net.reach is None else None
        over = self._over(net, held_out[start : start + MOST_TYPED], live, found, states)
        meanwhile()
        going = self.going_on(net, self.prompt(live), live, step, meanwhile)
        vectors = net.get_parameter("embedding.weight").detach().numpy()
        places = near.read_map(vectors, self._on_map, self._among, self._before)
        self._before = np.stack([places.x, places.y], axis=1)
        told = {"found": self._found_words(found), "near": self._near_words(vectors[self._on_map])}
        return Answer((*over.readings, *going.readings, places), {**over.words, **going.words, **told})

    def typed(self, net: LanguageModel, text: str, live: GenerationSpec, meanwhile: Callable[[], None]) -> Answer:
        """Return what a net makes of a text of a person's own, and how it goes on with it."""
        numbers = self.encoded(text)
        over = self._over(net, numbers[-MOST_TYPED:], live, self.found(net))
        going = self.going_on(net, numbers, live, 0, meanwhile)
        told = " ".join(filter(None, (going.words["next"], self._unknown(text))))
        return Answer((*over.readings, *going.readings), {**over.words, **going.words, "next": told})

    def prompt(self, live: GenerationSpec) -> np.ndarray:
        """Return the prompt in numbers: that of the settings, or a usual beginning of this text."""
        usual = "" if live.text == OWN else STYLES[live.text].prompt
        return self.encoded(live.prompt or usual)

    def encoded(self, text: str) -> np.ndarray:
        """Return a text in numbers, its line ends as they are typed; of no text a line end, ahead of all.

        Where symbols are words, blanks at the end belong to the word that is to come.
        """
        return self.text.vocabulary.encode(self._as_read(text))

    def going_on(
        self, net: LanguageModel, prompt: np.ndarray, live: GenerationSpec, draw: int, meanwhile: Callable[[], None]
    ) -> Answer:
        """Return how a net goes on with a prompt, and what it chose from at first; ``draw`` names the chances."""
        chances = numpy_generator(live.seed, "sample", draw)
        with looking(net):
            wanted = min(live.sample_length, MOST_IN_BEAM) if live.strategy == "beam" else live.sample_length
            length = affordable(net, len(prompt), wanted, live)
            going = go_on(net, prompt.tolist(), length, live, chances, meanwhile=meanwhile)
        first = going.symbols[0]
        choice, places = language.read_choice(going.among[0], first)
        surprise = self._surprise(net, prompt, going)
        known = self.text.vocabulary.symbols
        names = [shown(known[place]) for place in places]
        likeliest = int(choice.told.argmax())
        words = {
            "prompt": f"Behind {self.quoted(prompt)} it writes{'' if length == wanted else SLOW.format(length)}:",
            "sample": "\n".join(shown(known[symbol]) for symbol in going.symbols),
            "choices": "\n".join(names),
            "choice": self.explained(going, live),
            "next": f"Likeliest next: {named(known[places[likeliest]])} ({choice.told[likeliest]:.0%}); "
            f"taken: {named(known[first])}.",
        }
        return Answer((language.Sample(_padded(surprise, MOST_SAMPLE)), choice), words)

    def explained(self, going: GoneOn, live: GenerationSpec) -> str:
        """Return in words why the first symbol was taken."""
        first, among = going.symbols[0], going.among[0]
        if not np.isfinite(among.told).all():
            return NO_NUMBERS
        name, told, drawn = named(self.text.vocabulary.symbols[first]), among.told[first], among.drawn[first]
        rank = int((among.told > told).sum()) + 1
        likely = f"the net gives it {told:.1%}" + (", more than any other" if rank == 1 else f", rank {rank}")
        match live.strategy:
            case "greedy":
                return f"Greedy takes {name}: {likely}."
            case "beam" if going.search is not None:
                best = going.search.best
                return (
                    f"Beam search takes {name}: the likeliest of the {live.beams} beginnings of {len(best.symbols)} "
                    f"symbols that were kept begins with it (log-probability {_signed(best.log_probability)}, so score "
                    f"{_signed(best.score)}); by itself {likely}."
                )
            case _:
                ways = [f"temperature {live.temperature:g}"] if live.temperature != 1 else []
                ways += [f"top {live.top_k}"] if live.top_k else []
                ways += [f"nucleus {live.nucleus:g}"] if live.nucleus < 1 else []
                behind = f"; behind {', '.join(ways)} it is {drawn:.1%}" if ways else ""
                left = int((among.fates == Fate.KEPT).sum())
                start = _drawn_before(among, first)
                return (
                    f"Drawn: {name}, for {likely}{behind}. Of {left} symbols that can be taken, side by side from the "
                    f"likeliest, it has the stretch from {start:.3f} to {start + drawn:.3f}, and chance fell on "
                    f"{going.chances[0]:.3f}."
                )

    def found(self, net: LanguageModel) -> dict[Property, Best]:
        """Return the units that keep count best, on the beginning of the text held out."""
        with looking(net):
            states = net.tell(self._before_each(self._searched[:, 0])).states if net.reach is None else None
            seen = net.look(torch.from_numpy(self._whole[self._searched]), states)
        layers = {
            name: seen.layers[name][:, -self._told_of :].flatten(0, 1).numpy() for name in layer_names(self._spec)
        }
        return language.best_units(layers, self._properties)

    def read_over(self, net: LanguageModel, symbols: np.ndarray, states: States | None = None) -> Over:
        """Return what a net makes of a text, read on from ``states``."""
        window = self._spec.chunk if self._spec.net == "transformer" else None
        return language.read_over(net, symbols, window, states)

    def quoted(self, symbols: Sequence[int] | np.ndarray) -> str:
        """Return the end of a text as it stands in a sentence."""
        text = "".join(shown(self.text.vocabulary.symbols[symbol]) for symbol in symbols).replace("␣", " ")
        return f"«{text if len(text) <= TOLD else '…' + text[-TOLD:]}»"

    @property
    def _sought(self) -> str:
        """Return in words where units that keep count are sought."""
        return f"the first {len(self._searched) * self._told_of:,} symbols held out"

    def _found_words(self, found: Mapping[Property, Best]) -> str:
        """Return which units keep count of what, and how well."""
        told = [
            f"{TITLES[name]}, unit {best.unit} of the {layer_title(best.layer)} tells {how_well(best.r)} "
            f"(r = {_signed(best.r)})"
            for name, best in found.items()
        ]
        return f"Over {self._sought}: {'; '.join(told)}." if told else ""

    def _near_words(self, vectors: np.ndarray) -> str:
        """Return in words how much of who is near whom is to be seen; ``vectors`` are those of the symbols drawn."""
        flat = near.share_in_plane(vectors)
        seen = f"The map shows {flat:.0%} of how the vectors differ." if np.isfinite(flat) else ""
        same, chance = near.alike(vectors, self._kinds)
        if not (self._has_kinds and np.isfinite(same)):
            return f"{seen} Click a point for its nearest.".strip()
        return (
            f"Of the {near.COMPARED} nearest of each symbol on the map {same:.0%} are of its own kind; by chance it "
            f"would be {chance:.0%}. {seen} Click a point for its nearest."
        )

    def _as_read(self, text: str) -> str:
        for sign in _LINE_ENDS:
            text = text.replace(sign, "\n")
        return (text.rstrip(" ") if self.text.vocabulary.kind == "words" else text) or "\n"

    def _unknown(self, text: str) -> str:
        """Return which symbols of a text the net does not know; nothing where it knows all."""
        vocabulary = self.text.vocabulary
        parts = cut(self._as_read(text), vocabulary.kind)
        numbers = vocabulary.encode(self._as_read(text))
        unknown = list(dict.fromkeys(part for part, number in zip(parts, numbers, strict=True) if number == 0))
        some = ", ".join(named(part if len(part) <= TOLD else f"{part[:TOLD]}…") for part in unknown[:UNKNOWN_TOLD])
        more = f" and {len(unknown) - UNKNOWN_TOLD:,} more" if len(unknown) > UNKNOWN_TOLD else ""
        return f"Not known to the net, so read as the unknown symbol: {some}{more}." if unknown else ""

    def _streams(self, spec: GenerationSpec) -> np.ndarray:
        """Return the places (streams, symbols) in the text at which units that keep count are sought.

        A transformer sees no more than a piece, and at its beginning nothing: of each the second half is told of.
        """
        streams, length = SEARCHED
        if spec.net == "transformer":
            streams, length = streams * length // spec.chunk, spec.chunk
        here = len(self.text.held_out)
        length = min(length, here)
        streams = max(1, min(streams, here // length))
        self._told_of = length // 2 if spec.net == "transformer" else length
        first = len(self._whole) - here
        return first + np.arange(streams * length).reshape(streams, length)

    def _before_each(self, places: Sequence[int] | np.ndarray) -> Tensor:
        """Return what stands ahead of some places of the text, (n, ``WARM``) at most."""
        size = min(WARM, int(min(places)))
        return torch.from_numpy(np.stack([self._whole[place - size : place] for place in places]))

    def _over(
        self,
        net: LanguageModel,
        symbols: np.ndarray,
        live: GenerationSpec,
        found: Mapping[Property, Best],
        states: States | None = None,
    ) -> Answer:
        """Return what a net makes of a text of at most ``MOST_TYPED`` symbols, read on from ``states``, and what the
        unit looked at does there.
        """
        over = self.read_over(net, symbols, states)
        layer, unit, why = self._watched(live, found, over)
        units = over.layers[layer][:, :MOST_UNITS].T.numpy()
        heat = np.full((units.shape[0], MOST_TYPED), np.nan, np.float32)
        heat[:, : len(symbols)] = units
        surprise = language.surprises(over.sums, symbols)
        activation = over.layers[layer][:, unit].numpy()
        readings = (
            language.Excerpt(_padded(activation, MOST_TYPED), _padded(surprise, MOST_TYPED)),
            language.Units(heat),
        )
        mean = float(surprise[1:].mean()) if len(surprise) > 1 else float("nan")
        words = {
            "excerpt": "\n".join(shown(self.text.vocabulary.symbols[symbol]) for symbol in symbols),
            "unit": f"Unit {unit} of the {layer_title(layer)}{why}.",
            "surprise": f"On average {mean:.2f} bits for a symbol of this text." if np.isfinite(mean) else "",
        }
        return Answer(readings, words)

    def _watched(self, live: GenerationSpec, found: Mapping[Property, Best], over: Over) -> tuple[str, int, str]:
        """Return the layer and the unit looked at, and in words why."""
        if live.watched != "chosen" and (best := found.get(live.watched)) is not None:
            why = f", the best at {TITLES[live.watched]}: it tells it {how_well(best.r)}"
            return best.layer, best.unit, f"{why} (r = {_signed(best.r)}, over {self._sought})"
        layer = live.layer or layer_names(self._spec)[-1]
        why = "" if live.watched == "chosen" else f", for nothing in this text changes {TITLES[live.watched]}"
        return layer, live.unit % over.layers[layer].shape[1], why

    def _surprise(self, net: LanguageModel, prompt: np.ndarray, going: GoneOn) -> np.ndarray:
        """Return by how many bits each symbol that was taken was a surprise to the net."""
        if going.search is None:
            return np.array(
                [-np.log2(among.told[symbol]) for among, symbol in zip(going.among, going.symbols, strict=True)]
            )
        beginning = prompt[-(MOST_IN_BEAM * 2) :]
        whole = np.array([*beginning, *going.symbols])
        return language.surprises(self.read_over(net, whole).sums, whole)[len(beginning) :]


def _drawn_before(among: Considered, symbol: int) -> float:
    """Return what those have together that stand ahead of a symbol."""
    place = int(np.flatnonzero(among.order == symbol)[0])
    return float(among.drawn[among.order[:place]].sum())


def _padded(values: np.ndarray, size: int) -> np.ndarray:
    found = np.full(size, np.nan, np.float32)
    found[: len(values)] = values
    return found


def _signed(number: float) -> str:
    return f"{number:.2f}".replace("-", "−")
