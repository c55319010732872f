"""numbers"""


class Numbers:
    """x."""
