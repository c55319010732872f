"""The numbers of the pictures of a kernel that slides, as tables: to be read in their place, or taken away."""

from engine.data.images.slid import Slid
from pages.ui.images.arrays_table import arrays_table


def numbers(slid: Slid, key: str) -> None:
    """Offer the numbers of all pictures."""
    some = {"Picture": slid.image, "Kernel": slid.kernel, "Output": slid.output}
    if slid.pools is not None:
        some["Pooled"] = slid.pools
    arrays_table(some, key, "kernel", "Output")
