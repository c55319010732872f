"""Opens a model from its files: its size first, then its symbols, then tensor by tensor, each where it belongs."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from engine.errors import DataError
from engine.keeping import size_in_words
from engine.nets.pretrained import names
from engine.nets.pretrained.bert import BERT
from engine.nets.pretrained.config import CONFIG, MOST_CONFIG_BYTES, Config, read_config
from engine.nets.pretrained.gpt2 import GPT2
from engine.nets.pretrained.model import Pretrained
from engine.nets.pretrained.names import Place
from engine.nets.pretrained.tokens import Tokens, tokens_of
from engine.nets.pretrained.tying import untangled
from engine.nets.pretrained.weights import Files, Stored, stored

TOLD = 5
"""So many tensors that do not fit are named; of more how many they are."""


@dataclass(frozen=True, slots=True, eq=False)
class Opened:
    """A model, in evaluation mode, with its symbols; ``left_out`` are tensors of its files that it has no place for."""

    net: Pretrained
    tokens: Tokens
    left_out: tuple[str, ...] = ()


def files_in(folder: Path) -> Files:
    """Return the files right in a folder, links to others left out, by name."""
    return {path.name: path for path in sorted(folder.iterdir()) if path.is_file() and not path.is_symlink()}


def config_of(files: Files) -> Config:
    """Return what the ``config.json`` among files says; raises DataError."""
    if CONFIG not in files:
        raise DataError(f"There is no {CONFIG}, which says what kind of model this is and how large.")
    with files[CONFIG].open("rb") as file:
        return read_config(file.read(MOST_CONFIG_BYTES + 1), CONFIG)


def open_model(files: Files, most: int, meanwhile: Callable[[], None] = lambda: None) -> Opened:
    """Open the model whose ``files`` these are, in ``most`` bytes of memory; ``meanwhile`` is called at each tensor.

    Raises DataError, which names what is missing, or has another shape than the config says.
    """
    config = config_of(files)
    needed = 4 * config.parameters
    if needed > most:
        raise DataError(
            f"This model has {config.parameters:,} numbers, which take {size_in_words(needed)} of memory: expected at "
            f"most {size_in_words(most)}."
        )
    tokens = tokens_of(files, config)
    with stored(files) as found:
        config, theirs = untangled(config, _called(found, config), found)
        headed = config.kind == "bert" and "cls.predictions.transform.dense.weight" in theirs
        places = names.places(config, headed=headed)
        _check(places, theirs, found)
        net = empty_net(config, headed=headed, separator=tokens.separator)
        for name, place in places.items():
            meanwhile()
            _put(net, place, found.read(theirs[name]))
        extra = (theirs[name] for name in theirs if name not in places and not names.is_passed_over(name))
        return Opened(net.eval(), tokens, tuple(sorted(extra)))


def empty_net(config: Config, *, headed: bool = True, separator: int | None = None) -> Pretrained:
    """Return a net of this size whose parameters take no memory yet, and do not learn; the last two are BERT's."""
    with torch.device("meta"):
        net = GPT2(config) if config.kind == "gpt2" else BERT(config, headed=headed, separator=separator)
    return net.requires_grad_(False)


def _called(found: Stored, config: Config) -> dict[str, str]:
    """Return the names of tensors by their usual ones; raises DataError where two are of one."""
    theirs: dict[str, str] = {}
    for name in found:
        usual = names.usual(name, config)
        if usual in theirs:
            raise DataError(f"The weights hold {theirs[usual]} and {name}, which are the same: expected one of them.")
        theirs[usual] = name
    return theirs


def _check(places: Mapping[str, Place], theirs: Mapping[str, str], found: Stored) -> None:
    """Raise DataError where tensors are missing or of another shape, which it names."""
    missing = [name for name in places if name not in theirs]
    if missing:
        raise DataError(f"The weights are not those of {CONFIG}: {_listed(missing)} missing.")
    wrong = [
        f"{theirs[name]} is {_shape(shape)} and has to be {_shape(place.shape)}"
        for name, place in places.items()
        if (shape := found.shape(theirs[name])) != place.shape
    ]
    if wrong:
        more = f", and {len(wrong) - TOLD} more" if len(wrong) > TOLD else ""
        raise DataError(f"The weights are not those of {CONFIG}: {'; '.join(wrong[:TOLD])}{more}.")


def _listed(missing: Sequence[str]) -> str:
    more = f" and {len(missing) - TOLD} more" if len(missing) > TOLD else ""
    return f"{', '.join(missing[:TOLD])}{more} {'is' if len(missing) == 1 else 'are'}"


def _shape(shape: Sequence[int]) -> str:
    return " × ".join(map(str, shape)) or "one number"


def _put(net: Pretrained, place: Place, tensor: Tensor) -> None:
    """Put a tensor of a file where it belongs."""
    pieces: Iterable[Tensor] = tensor.chunk(len(place.ours), dim=-1)
    for name, piece in zip(place.ours, pieces, strict=True):
        module, _, parameter = name.rpartition(".")
        value = (piece.T if place.turned else piece).contiguous()
        net.get_submodule(module).register_parameter(parameter, nn.Parameter(value, requires_grad=False))
