"""Counts which words of a text stand near each other, in a process of its own; see ``counting``."""

import json
from collections.abc import Generator, Mapping
from typing import Any

from engine.jobs import Progress
from engine.words import retention
from engine.words.corpus.cutting import drained
from engine.words.opening import cache_folder
from engine.words.texts import cutting
from engine.words.train.glove_counts import counts_of
from engine.words.train.glove_spec import GloveSpec


def count(arguments: Mapping[str, Any]) -> Generator[Progress, None, Mapping[str, Any]]:
    """Count a text, see ``counting.order``; the result tells how many ``pairs`` of words stand near each other.

    Raises DataError where none do, or the text is not here. It is cut again where others needed its room meanwhile.
    """
    source, how = cutting.asked(json.loads(arguments["cut"]))
    spec = GloveSpec.model_validate(arguments["counted"])
    text = drained(cutting.encoding(source, how))
    counts = yield from counts_of(text, spec, text.kept(spec.min_count, spec.max_words))
    retention.evict([cache_folder()], but=text.folder)
    return {"pairs": len(counts)}
