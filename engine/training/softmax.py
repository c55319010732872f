"""The softmax in single precision, naive and cured: where powers overflow, and why subtracting the largest helps.

Light: numpy alone, so that a page can show it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.errors import SpecError


@dataclass(frozen=True, slots=True, eq=False)
class Softmax:
    """One softmax, step by step; all arrays (k,) float32.

    ``exponents`` are the numbers that e is raised to, whatever the base; ``powers`` may be infinite, and ``naive``,
    their shares, then no numbers (NaN); where their sum alone is infinite, all of these are 0. ``cured`` are the shares
    after the largest exponent was subtracted. ``naive_log_sum`` and ``log_sum`` are the logarithm of the sum of powers,
    computed both ways.
    """

    exponents: np.ndarray
    powers: np.ndarray
    naive: np.ndarray
    cured: np.ndarray
    naive_log_sum: float
    log_sum: float

    @property
    def broken(self) -> bool:
        """Tell whether the naive way ends without a share for each class: the sum of powers is 0, or infinite."""
        return not math.isfinite(self.naive_log_sum)


def softmax(sums: Sequence[float], base: float = np.e, temperature: float = 1.0, scale: float = 1.0) -> Softmax:
    """Return the softmax ``base ** (scale * z / temperature)``, shared out, of ``sums`` z (k,).

    Raises SpecError for no sums at all, and for a base, temperature or scale with which there is no softmax.
    """
    if not sums or base <= 1 or temperature <= 0 or scale <= 0:
        raise SpecError("A softmax takes one sum or more, a base above 1, a temperature and a scale above 0.")
    z = np.asarray(sums, np.float32)
    exponents = z * np.float32(scale * np.log(base) / temperature)  # (k,)
    with np.errstate(all="ignore"):  # what overflows is what is to be seen
        powers = np.exp(exponents)
        total = powers.sum()
        naive, naive_log_sum = powers / total, np.log(total)
        largest = exponents.max()
        shifted = np.exp(exponents - largest)  # (k,), none above 1
        cured, log_sum = shifted / shifted.sum(), largest + np.log(shifted.sum())
    return Softmax(exponents, powers, naive, cured, float(naive_log_sum), float(log_sum))
