"""A pool that outlives the hubs that use it: what its zygote imports, it imports once for all of them."""

from engine.runs.pool import Pool


class LastingPool(Pool):
    """Is closed by who made it, and not by a hub."""

    def close(self) -> None:
        """Stay as it is when a hub ends."""

    def end(self) -> None:
        """Close it, at last."""
        super().close()
