"""A text in pieces that a transformer goes on with, or fills in."""

import numpy as np

from engine.data.symbols.made import Made, masked_out
from engine.seeds import numpy_generator


def pieces(written: str, length: int, *, masked: bool, seed: int) -> Made:
    """Return a text in pieces of ``length`` characters; asked is each next one, or with ``masked`` those left out."""
    symbols = tuple(sorted(set(written)))
    numbers = {symbol: number for number, symbol in enumerate(symbols)}
    whole = np.array([numbers[symbol] for symbol in written], np.int64)
    count = (len(whole) - 1) // length
    read, following = (whole[at : at + count * length].reshape(count, length) for at in (0, 1))
    return masked_out(symbols, read, numpy_generator(seed, "masked")) if masked else Made(symbols, read, following)
