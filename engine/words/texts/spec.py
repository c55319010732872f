"""Which text is learnt from: one of the app's own, or one that a person has brought."""

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from engine.errors import DataError
from engine.keeping.encodings import ENCODINGS, Encoding
from engine.spec import Knob, Spec
from engine.words.corpora import CORPORA

if TYPE_CHECKING:
    from engine.words.texts.looking import Look

CorpusName = Literal["world", "packaged:lee", "packaged:encyclopedia", "packaged:descriptions", "own"]
OWN = "own"
MOST_COLUMN_CHARS = 200
_OWN = {"corpus": (OWN,)}


def _columns(spec: "SourceSpec") -> tuple[str, ...]:
    """Return the columns of the table that is learnt from; nothing where there is none, or it is not known."""
    try:
        return looked_at(spec).columns if spec.corpus == OWN and spec.own else ()
    except DataError:
        return ()


class SourceSpec(Spec):
    """Which text is learnt from."""

    corpus: Annotated[
        CorpusName,
        Knob(
            "Text",
            "What is learnt from. Of the made-up world it is known which analogies are right.",
            group="Text",
            labels={**{name: text.title for name, text in CORPORA.items()}, OWN: "A text of yours"},
            alters=("data", "weights"),
        ),
    ] = "world"
    own: Annotated[
        str,
        Field(max_length=400),
        Knob("Your text", group="Text", hidden=True, when=_OWN, alters=("data", "weights")),
    ] = ""
    """The id of a text that is kept here, see ``engine.words.texts.own``, or ``server:PLACE/relative/path``."""
    column: Annotated[
        str,
        Field(max_length=MOST_COLUMN_CHARS),
        Knob(
            "Column",
            "Of a table, the column whose cells are the text. By itself it is the one with the most letters.",
            group="Text",
            choices=_columns,
            when=_OWN,
            alters=("data", "weights"),
        ),
    ] = ""
    encoding: Annotated[
        Encoding,
        Knob(
            "Encoding",
            "How bytes stand for letters in your file. UTF-8 is usual; a mark of UTF-16 at its beginning is seen.",
            group="Text",
            labels=ENCODINGS,
            when=_OWN,
            alters=("data", "weights"),
        ),
    ] = "utf-8"


def looked_at(spec: SourceSpec) -> "Look":
    """Return what is seen at the beginning of the text that a person has brought; raises DataError."""
    from engine.words.texts.bringing import brought
    from engine.words.texts.looking import look

    return look(brought(spec.own), spec.encoding)
