"""What takes packages that the app does without, and how to get them."""

from dataclasses import dataclass
from importlib.util import find_spec

from engine.errors import RunError

INSTALL = "`pip install -r requirements-extras.txt`"


@dataclass(frozen=True, slots=True)
class Extra:
    """Something that takes a ``package``; ``what`` is what one does without it, in words and in the plural."""

    what: str
    package: str

    @property
    def here(self) -> bool:
        """Tell whether the package is installed."""
        return find_spec(self.package) is not None

    def require(self) -> None:
        """Raise RunError with a sentence about what to install, unless it is installed."""
        if not self.here:
            raise RunError(
                f"{self.what} take the package {self.package}, which this server does not have: {INSTALL} adds it."
            )


ONNX = Extra("ONNX files", "onnx")
TENSORBOARD = Extra("TensorBoard event files", "tensorboardX")
