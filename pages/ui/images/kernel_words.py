"""A kernel that slides, in words and formulas."""

from collections.abc import Sequence

from engine.data.images.kernel_spec import POOL, KernelSpec
from engine.data.images.slid import Place, Slid
from engine.figures.kernel import output_range


def number(value: float) -> str:
    """Return a number as one reads it: whole ones whole, others with four digits, with a minus that is one."""
    near = round(value, 6) + 0.0
    if near == int(near):
        return f"{near:,.0f}".replace("-", "−")
    return (f"{near:,.1f}" if abs(near) >= 1_000 else f"{near:.4g}").replace("-", "−")


def weights(spec: KernelSpec) -> tuple[list[list[str]], str]:
    """Return the numbers of the kernel as they are laid on the picture, and what all of them are divided by, or
    nothing.
    """
    whole = spec.whole()
    divisor = whole.divisor if whole else 1
    rows = [[number(one) for one in row] for row in (spec.kernel_as_laid() * divisor).tolist()]
    return rows, str(divisor) if divisor != 1 else ""


def sizes(shape: Sequence[int]) -> str:
    """Return how large a thing of this shape is."""
    return f"{shape[0]} × {shape[1]}"


def formula(slid: Slid) -> list[str]:
    """Return how large the output is, in letters and worked out: for each side, where they differ."""
    k, how = len(slid.kernel), slid.sliding
    general = r"\left\lfloor\frac{n + 2p - d\,(k-1) - 1}{s}\right\rfloor + 1"
    sides = dict.fromkeys(zip(slid.image.shape, slid.output.shape, strict=True))
    p, d, s = how.padding, how.dilation, how.stride
    worked = [
        rf"\left\lfloor\frac{{{n} + 2\cdot{p} - {d}\cdot({k}-1) - 1}}{{{s}}}\right\rfloor + 1 = {found}"
        for n, found in sides
    ]
    return [f"${one}$" for one in (general, *worked)]


def colours(slid: Slid) -> str:
    """Return what the colours of the output mean."""
    low, high = (number(one) for one in output_range(slid))
    if slid.like_a_picture:
        return f"Black is {low}, white {high}."
    if slid.output.min() >= 0:
        return f"Orange: above zero, to {high}. Zero has no colour."
    return f"Blue: below zero, to {low}. Orange: above, to {high}. Zero has no colour."


def sees(slid: Slid) -> str:
    """Return how much of the picture one number sees."""
    one = f"One number of the output sees {slid.reach} × {slid.reach} pixels: its receptive field."
    if slid.pools is None:
        return one
    return f"{one} One that was pooled sees {slid.pooled_reach} × {slid.pooled_reach}."


def steps(slid: Slid, place: Place, divisor: float) -> str:
    """Return what becomes of the products of a place, which are those of whole numbers where there is a divisor."""
    told = [f"The {len(place.terms)} products add up to **{number(place.total * divisor)}**."]
    if divisor != 1:
        told.append(f"Divided by {number(divisor)} that is **{number(place.total)}**.")
    if slid.bias:
        told.append(f"With the bias of {number(slid.bias)} that is **{number(place.with_bias)}**.")
    if slid.relu:
        kept = "leaves it as it is" if place.with_bias >= 0 else "makes **0** of it, for it is below zero"
        told.append(f"ReLU {kept}.")
    told.append(_pooled(slid, place))
    return " ".join(filter(None, told))


def _pooled(slid: Slid, place: Place) -> str:
    if slid.pools is None:
        return ""
    if place.pool is None or place.pooled is None:
        return f"It is left over at the rim, where there is no whole pool of {POOL} × {POOL}."
    others = ", ".join(number(float(one)) for one in place.pool.ravel())
    what = "The largest" if slid.pooling == "largest" else "The mean"
    return f"{what} of its pool ({others}) is **{number(place.pooled)}**."
