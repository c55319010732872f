"""The order to learn the labels of texts in a process of its own, see ``classifier_work``; light."""

from engine.errors import DataError
from engine.jobs import Order
from engine.words.texts.bringing import brought
from engine.words.texts.spec import OWN
from engine.words.train.classifier_spec import ClassifierSpec
from engine.words.train.labelled_spec import LabelledSpec, settled


def order(spec: ClassifierSpec, texts: LabelledSpec, ask: str) -> Order:
    """Return the order to learn the labels of texts, and to tell that of another one.

    Raises DataError where the texts are not here, or it is not said where their labels are.
    """
    chosen = settled(texts)
    return Order.of(
        "engine.words.train.classifier_work:learn",
        spec=spec.to_json(),
        texts=chosen.to_json(),
        state=_state(chosen),
        ask=ask,
    )


def _state(texts: LabelledSpec) -> list[int]:
    """Return what tells a file on the server that was changed from what it was; what is kept here never changes."""
    if texts.labelled != OWN or not (one := brought(texts.own)).exactly:
        return []
    try:
        status = one.path.stat()
    except OSError:
        raise DataError(f"{one.name} is not on this server any more: choose other texts.") from None
    return [status.st_size, status.st_mtime_ns]
