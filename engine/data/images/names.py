"""What alphabets of drawn glyphs are called, and what is in them."""

from collections.abc import Mapping
from typing import Literal

Alphabet = Literal["digits", "letters"]
ALPHABETS: Mapping[Alphabet, str] = {"digits": "0123456789", "letters": "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
