"""One seed, many independent streams of random numbers.

Everything random (points, noise, split; initial weights, the order of batches, dropout) draws from a stream of its own,
named by a path below a seed of the spec, so that changing one thing (more noise, say) leaves every other stream as it
was: this is what makes a fair comparison of two runs possible.
"""

import hashlib

import numpy as np

SEED_BITS = 63


def derive(seed: int, *path: str | int) -> int:
    """Return a seed in [0, 2**63) for the stream named ``path`` below ``seed``; the same on every machine."""
    name = "/".join(str(part) for part in (seed, *path)).encode()
    return int.from_bytes(hashlib.blake2b(name, digest_size=8).digest(), "little") >> (64 - SEED_BITS)


def numpy_generator(seed: int, *path: str | int) -> np.random.Generator:
    """Return numpy's generator for the stream named ``path`` below ``seed``."""
    return np.random.default_rng(derive(seed, *path))
