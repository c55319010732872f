"""What GloVe learns from is counted before a run opens, where the text is long: whether it is to be, and the order."""

from engine.jobs import Order
from engine.words.corpus import EncodedText, TextSpec
from engine.words.texts import cutting
from engine.words.texts.spec import SourceSpec
from engine.words.train.glove_kept import kept_counts
from engine.words.train.glove_spec import GloveSpec

LONG = 1_000_000
"""Tokens: a shorter text is counted within the second in which a run opens."""


def to_be_counted(text: EncodedText, spec: GloveSpec) -> bool:
    """Tell whether a text is long and has not been counted yet; one with too few words is not, for no run learns it."""
    kept = text.kept(spec.min_count, spec.max_words)
    return text.record.tokens >= LONG and kept >= 2 and kept_counts(text, spec, kept) is None


def order(source: SourceSpec, text: TextSpec, spec: GloveSpec) -> Order:
    """Return the order to count a text: the same for all who count it so. Raises DataError where it is not here."""
    cut = cutting.order(source, text)
    counted = {name: getattr(spec, name) for name in ("window", "symmetric", "min_count", "max_words")}
    return Order.of("engine.words.texts.counting_work:count", cut=cut.arguments, counted=counted)
