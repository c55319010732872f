"""What has to be done before a run learns texts of one's own: they are read."""

from engine.data.sequences import reading
from engine.data.sequences.own_spec import OWN
from engine.data.sequences.spec import SequencesDataSpec
from engine.labs.lab import Preparation


def prepares(spec: SequencesDataSpec) -> Preparation | None:
    """Return what is to be done with the texts of a run; None where that was done, or there is nothing to do.

    Raises DataError where the texts are not here.
    """
    if spec.sequences != OWN or spec.own_record() is not None:
        return None
    return Preparation(
        reading.order(spec.own_sequences, spec.how),
        "Reading the texts",
        "Reading these texts was called off, here or by preparing others in another tab.",
        "Read the texts",
    )
