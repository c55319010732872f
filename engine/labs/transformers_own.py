"""A text of one's own as what a transformer learns: its settings, and the text itself; light."""

from typing import Annotated

from pydantic import Field

from engine.data.symbols.spec import OWN, SymbolsSpec
from engine.keeping.encodings import Encoding
from engine.language.own import numbered, own_characters
from engine.language.vocabulary import UNKNOWN, Vocabulary
from engine.spec import Spec
from engine.words.texts.spec import MOST_COLUMN_CHARS, MOST_ID, column_knob, columns_of, encoding_knob, own_knob

_OWN = {"sequences": ("text",), "style": (OWN,)}


class OwnTextSpec(Spec):
    """Which text of one's own is learnt, where ``SymbolsSpec`` says that one is."""

    own: Annotated[str, Field(max_length=MOST_ID), own_knob(_OWN)] = ""
    column: Annotated[str, Field(max_length=MOST_COLUMN_CHARS), column_knob(_OWN, columns_of)] = ""
    encoding: Annotated[Encoding, encoding_knob(_OWN)] = "utf-8"


class LearntSpec(OwnTextSpec, SymbolsSpec):
    """Which sequences are learnt, made by rules or out of a text of one's own."""

    @property
    def learns_own(self) -> bool:
        """Tell whether a text of one's own is learnt."""
        return self.sequences == "text" and self.style == OWN


def own_text(spec: LearntSpec) -> tuple[str, str]:
    """Return the title of one's own text, and as many characters from its beginning as are learnt, the rarest of them
    as the unknown symbol where there are very many. Raises DataError where it cannot be learnt.
    """
    title, text = own_characters(spec, spec.column, spec.samples * spec.length + 1)
    known = Vocabulary.of(text, "characters")
    numbered(title, text, known)
    among = set(known.symbols)
    return title, "".join(letter if letter in among else UNKNOWN for letter in text)
