"""Which texts of one's own are learnt, and how they are read: the settings; light, as a form is made of them."""

from typing import Annotated

from pydantic import Field

from engine.data.sequences import reading
from engine.data.sequences.gathering import How
from engine.data.sequences.pack import Record
from engine.data.sequences.vocabulary import Unit
from engine.errors import DataError
from engine.keeping.encodings import ENCODINGS, Encoding
from engine.spec import Altered, Knob, Spec

OWN = "own"
MOST_STEPS = 150
"""Of what is read: a text is read up to there."""
MOST_COLUMN_CHARS = 60
_ALL: tuple[Altered, ...] = ("data", "weights")


def _columns(spec: "OwnSequencesSpec") -> tuple[str, ...]:
    """Return the columns of the table that is learnt from; nothing where there is none, or it is not known."""
    try:
        return reading.looked_at(spec.own_sequences, spec.own_encoding).columns if spec.own_sequences else ()
    except DataError:
        return ()


def _knob(label: str, help: str = "", **rest: object) -> Knob:
    return Knob(label, help, group="Sequences", alters=_ALL, when={"sequences": (OWN,)}, **rest)  # type: ignore[arg-type]


class OwnSequencesSpec(Spec):
    """Which texts of one's own are learnt, where there are any, and how they are read."""

    own_sequences: Annotated[str, Field(max_length=400), _knob("Your texts", hidden=True)] = ""
    """The id of texts that are kept here, see ``engine.data.sequences.own``; or ``server:PLACE/relative/path``."""
    own_text: Annotated[
        str,
        Field(max_length=MOST_COLUMN_CHARS),
        _knob(
            "Column of texts", "By itself one with many letters, in which hardly two cells are alike.", choices=_columns
        ),
    ] = ""
    own_label: Annotated[
        str,
        Field(max_length=MOST_COLUMN_CHARS),
        _knob("Column of classes", "By itself the one in which the fewest different words stand.", choices=_columns),
    ] = ""
    own_encoding: Annotated[
        Encoding,
        _knob(
            "Encoding",
            "How bytes stand for letters in your files. UTF-8 is usual; a mark of UTF-16 at the beginning is seen.",
            labels=ENCODINGS,
            advanced=True,
        ),
    ] = "utf-8"
    own_unit: Annotated[
        Unit,
        _knob(
            "Read",
            "Names are told apart by their letters; sentences by their words.",
            labels={"characters": "Letter by letter", "words": "Word by word"},
        ),
    ] = "characters"
    own_steps: Annotated[
        int,
        Field(ge=2, le=MOST_STEPS),
        _knob("Read up to (steps)", "So many letters or words of each text are read; the rest of a longer one is not."),
    ] = 40

    @property
    def how(self) -> How:
        """Return how the texts are to be read."""
        return How(self.own_encoding, self.own_text, self.own_label)

    def own_record(self) -> Record | None:
        """Return what is known of the texts; None until they are read. Raises DataError where they are not here."""
        return reading.kept(self.own_sequences, self.how)
