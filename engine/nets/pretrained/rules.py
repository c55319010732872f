"""What a ``tokenizer.json`` may have done to a text: steps that every such file of GPT-2 and BERT is made of.

The library would run others: some cut by patterns that take for ever on some text, some make a text a million times as
long, some break off on numbers that do not fit. So what is not known here is refused before it is run.
"""

from collections.abc import Mapping
from typing import Any

from engine.errors import DataError

KNOWN_PATTERNS = (
    r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+",
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+"
    r"|\s+(?!\S)|\s+",
    r"\s+",
    r" {2,}",
)
"""Any other pattern may take for ever on some text, so it is not run."""
_KINDS: Mapping[str, tuple[str, ...]] = {
    "normalizer": ("BertNormalizer", "Lowercase", "NFC", "NFD", "NFKC", "NFKD", "Strip", "StripAccents"),
    "pre_tokenizer": (
        "BertPreTokenizer",
        "ByteLevel",
        "Digits",
        "Punctuation",
        "Split",
        "Whitespace",
        "WhitespaceSplit",
    ),
    "post_processor": ("BertProcessing", "ByteLevel", "RobertaProcessing", "TemplateProcessing"),
    "decoder": ("BPEDecoder", "ByteFallback", "ByteLevel", "Fuse", "WordPiece"),
    "model": ("BPE", "WordLevel", "WordPiece"),
}
"""The kinds of steps, by the entries in which they stand; several stand in a Sequence."""
_INSIDE = {
    "normalizer": "normalizers",
    "pre_tokenizer": "pretokenizers",
    "post_processor": "processors",
    "decoder": "decoders",
}
MOST_STEPS = 8
"""In one entry: ``ByteLevel`` may make a text twice as long each time."""
MOST_AROUND = 16
"""Symbols that stand around a text."""


def refuse_unknown(found: Mapping[str, Any], name: str) -> None:
    """Raise DataError where a ``tokenizer.json`` of this ``name`` would have steps done that are not known here."""
    for entry, kinds in _KINDS.items():
        steps = _steps(found.get(entry), entry)
        if len(steps) > MOST_STEPS:
            raise DataError(f"{name} has {len(steps):,} steps in its {entry}: expected at most {MOST_STEPS}.")
        for step in steps:
            _refuse(step, entry, kinds, name)


def _steps(one: Any, entry: str) -> list[Any]:
    """Return the steps of an entry: those of a sequence, itself, or none."""
    if isinstance(one, dict) and one.get("type") == "Sequence" and isinstance(one.get(_INSIDE.get(entry)), list):
        return one[_INSIDE[entry]]
    return [] if one is None else [one]


def _refuse(step: Any, entry: str, kinds: tuple[str, ...], name: str) -> None:
    kind = step.get("type") if isinstance(step, dict) else step
    if entry == "model" and isinstance(step, dict) and "type" not in step and isinstance(step.get("vocab"), dict):
        return  # files of some years ago do not say what kind it is; those with a dict are of the kinds known
    if kind not in kinds:
        told, known = str(kind)[:40], ", ".join(kinds)
        raise DataError(f"{name}: a {entry} of the kind {told!r} is not known here: expected one of {known}.")
    if kind == "Split":
        _refuse_pattern(step.get("pattern"), name)
    if kind == "TemplateProcessing" and not _is_short(step):
        raise DataError(f"{name} puts too much around a text: expected at most {MOST_AROUND} symbols.")


def _refuse_pattern(pattern: Any, name: str) -> None:
    """Raise DataError where a pattern is to be run that is none of those known."""
    match pattern:
        case {"Regex": str(text), **rest} if not rest and text in KNOWN_PATTERNS:
            return
        case {"String": str(text), **rest} if not rest and text:
            return
    told = next(iter(pattern.values()), "") if isinstance(pattern, dict) else pattern
    raise DataError(f"{name} cuts by the pattern {str(told)[:60]!r}, which is none of those known here.")


def _is_short(step: Mapping[str, Any]) -> bool:
    """Tell whether a template puts few symbols around a text."""
    single, special = step.get("single"), step.get("special_tokens")
    if not isinstance(single, list) or not isinstance(special, dict) or max(len(single), len(special)) > MOST_AROUND:
        return False
    ids = [one.get("ids") for one in special.values() if isinstance(one, dict)]
    return all(isinstance(one, list) and len(one) <= MOST_AROUND for one in ids)
