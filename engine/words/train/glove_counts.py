"""How often the words of a text stand near each other, counted once and kept with the text."""

from collections.abc import Generator

from engine.jobs import Progress
from engine.keeping import drafts
from engine.words.corpus import EncodedText
from engine.words.train.glove_kept import folder_of, kept_counts
from engine.words.train.glove_spec import GloveSpec
from engine.words.train.matrix import Cooccurrences


def counts_of(text: EncodedText, spec: GloveSpec, kept: int) -> Generator[Progress, None, Cooccurrences]:
    """Return how often the first ``kept`` words stand near each other; yield while they are counted.

    Raises DataError where no two of them do, or the disk is full.
    """
    found = kept_counts(text, spec, kept)
    if found is not None:
        return found
    from engine.words.train.cooccurrence import counting

    drafts.tidy(text.folder)  # of those that were killed
    total = int(text.counts[:kept].sum()) + text.record.sentences
    folder = folder_of(text, spec, kept)
    return (yield from counting(text.chunks(kept), kept, folder, spec.window, spec.symmetric, total))
