"""The forms in which vectors are written for other programs, and the ending that a file of each has."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

Form = Literal["word2vec", "word2vec-text", "glove", "fasttext", "fasttext-vec", "safetensors"]
ENDINGS: Mapping[Form, str] = MappingProxyType(
    {
        "word2vec": ".bin",
        "word2vec-text": ".txt",
        "glove": ".txt",
        "fasttext": ".bin",
        "fasttext-vec": ".vec",
        "safetensors": ".safetensors",
    }
)
