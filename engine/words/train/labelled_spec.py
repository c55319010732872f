"""Which texts with labels are learnt from: sentences of the made-up world, or what a person has brought; light."""

from typing import Annotated, Literal

from pydantic import Field

from engine.errors import DataError
from engine.keeping.encodings import ENCODINGS, Encoding
from engine.spec import Knob, Spec
from engine.words.texts.bringing import brought
from engine.words.texts.looking import Look, look
from engine.words.texts.spec import MOST_COLUMN_CHARS, OWN

Labelled = Literal["world", "own"]
_OWN = {"labelled": (OWN,)}


def _columns(spec: "LabelledSpec") -> tuple[str, ...]:
    try:
        return looked_at(spec).columns
    except DataError:
        return ()


class LabelledSpec(Spec):
    """Which texts with labels are learnt from."""

    labelled: Annotated[
        Labelled, Knob("Texts with labels", labels={"world": "The made-up world", OWN: "Texts of yours"})
    ] = "world"
    own: Annotated[str, Field(max_length=400), Knob("Your texts", hidden=True, when=_OWN)] = ""
    """The id of a text that is kept here, see ``engine.words.texts.own``, or ``server:PLACE/relative/path``."""
    column: Annotated[
        str,
        Field(max_length=MOST_COLUMN_CHARS),
        Knob(
            "Column of texts",
            "By itself it is the one with the most letters.",
            choices=_columns,
            when=_OWN,
        ),
    ] = ""
    label: Annotated[
        str,
        Field(max_length=MOST_COLUMN_CHARS),
        Knob(
            "Column of labels",
            "Of a table of two columns it is by itself the one that holds no texts.",
            choices=_columns,
            when=_OWN,
        ),
    ] = ""
    encoding: Annotated[
        Encoding,
        Knob("Encoding", "How bytes stand for letters in your file. UTF-8 is usual.", labels=ENCODINGS, when=_OWN),
    ] = "utf-8"


def looked_at(spec: LabelledSpec) -> Look:
    """Return what is seen at the beginning of the texts that a person has brought; raises DataError."""
    return look(brought(spec.own), spec.encoding)


def settled(spec: LabelledSpec) -> LabelledSpec:
    """Return the settings with the columns that hold by themselves, and without what does not matter.

    Raises DataError where the texts are not here, or it is not said which column has the labels.
    """
    if spec.labelled != OWN:
        return LabelledSpec()
    own: dict[str, str] = {"labelled": OWN, "own": spec.own, "encoding": spec.encoding}
    if not brought(spec.own).table:
        return LabelledSpec.model_validate(own)
    seen = looked_at(spec)
    column = spec.column or (_other(seen, spec.label) if spec.label == seen.wordiest else seen.wordiest)
    label = spec.label or _other(seen, column)
    if not (column and label):
        raise DataError("Choose the column that has the labels, and the one that has the texts.")
    if label == column:
        raise DataError(f"The column {label[:60]!r} is chosen for the texts and for the labels: expected two columns.")
    return LabelledSpec.model_validate({**own, "column": column, "label": label})


def _other(seen: Look, column: str) -> str:
    """Return the other one of two columns; nothing where there are not two."""
    rest = [one for one in seen.columns if one != column]
    return rest[0] if len(rest) == 1 else ""
