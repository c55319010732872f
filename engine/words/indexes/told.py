"""Measured numbers as a person reads them: three digits that count, and a unit; light."""

HOUR, MINUTE = 3_600.0, 60.0


def milliseconds(value: float) -> str:
    """Return a time given in milliseconds."""
    return f"{digits(value)} ms" if value < 1_000 else seconds(value / 1_000)


def size(value: float) -> str:
    """Return a number of bytes."""
    return f"{digits(value / 1e9)} GB" if value >= 1e9 else f"{digits(value / 1e6)} MB"


def seconds(value: float) -> str:
    """Return a time given in seconds."""
    if value < 0.1:
        return milliseconds(1_000 * value)
    if value >= 2 * HOUR:
        return f"{digits(value / HOUR)} hours"
    return f"{digits(value / MINUTE)} minutes" if value >= 2 * MINUTE else f"{digits(value)} s"


def share(value: float) -> str:
    """Return a share from 0 to 1; one that is not whole is never told as 100%."""
    return "100%" if value == 1 else f"{min(value, 0.999):.1%}"


def digits(value: float) -> str:
    """Return a number of three digits that count, never with an exponent."""
    rounded = float(f"{value:.3g}")
    if rounded >= 100:
        return f"{rounded:,.0f}"
    return f"{rounded:.7f}".rstrip("0").rstrip(".")
