"""Which text is learnt from: one of the app's own, or one that a person has brought."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal, Protocol

from pydantic import Field

from engine.errors import DataError
from engine.keeping.encodings import ENCODINGS, Encoding
from engine.spec import Knob, Spec
from engine.words.corpora import CORPORA

if TYPE_CHECKING:
    from engine.words.texts.looking import Look

CorpusName = Literal["world", "packaged:lee", "packaged:encyclopedia", "packaged:descriptions", "own"]
OWN = "own"
MOST_ID, MOST_COLUMN_CHARS = 400, 200
When = Mapping[str, tuple[str, ...]]


class Brought(Protocol):
    """Settings that name a text of one's own: its id, and how its bytes stand for letters."""

    @property
    def own(self) -> str:
        """Return the id of a text that is kept here, see ``engine.words.texts.own``, or ``server:PLACE/path``."""
        ...

    @property
    def encoding(self) -> Encoding:
        """Return how its bytes stand for letters."""
        ...


def own_knob(when: When) -> Knob:
    """Return how the id of a text of one's own is shown, where it matters."""
    return Knob("Your text", group="Text", hidden=True, when=when, alters=("data", "weights"))


def column_knob(when: When, columns: Callable[[Any], Sequence[str]]) -> Knob:
    """Return how the column of a table is shown, of those that ``columns`` returns for a spec."""
    return Knob(
        "Column",
        "Of a table, the column whose cells are the text. By itself it is the one with the most letters.",
        group="Text",
        choices=columns,
        when=when,
        alters=("data", "weights"),
    )


def encoding_knob(when: When) -> Knob:
    """Return how the encoding of a text of one's own is shown."""
    return Knob(
        "Encoding",
        "How bytes stand for letters in your file. UTF-8 is usual; a mark of UTF-16 at its beginning is seen.",
        group="Text",
        labels=ENCODINGS,
        when=when,
        alters=("data", "weights"),
    )


def columns_of(spec: Brought) -> tuple[str, ...]:
    """Return the columns of the table that is learnt from; nothing where there is none, or it is not known."""
    try:
        return looked_at(spec).columns if spec.own else ()
    except DataError:
        return ()


def looked_at(spec: Brought) -> "Look":
    """Return what is seen at the beginning of the text that a person has brought; raises DataError."""
    from engine.words.texts.bringing import brought
    from engine.words.texts.looking import look

    return look(brought(spec.own), spec.encoding)


_OWN = {"corpus": (OWN,)}


def _columns(spec: "SourceSpec") -> tuple[str, ...]:
    return columns_of(spec) if spec.corpus == OWN else ()


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
    own: Annotated[str, Field(max_length=MOST_ID), own_knob(_OWN)] = ""
    column: Annotated[str, Field(max_length=MOST_COLUMN_CHARS), column_knob(_OWN, _columns)] = ""
    encoding: Annotated[Encoding, encoding_knob(_OWN)] = "utf-8"
