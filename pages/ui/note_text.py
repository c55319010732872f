"""A lab's note as it is written: what one sees, why, and what to try, from ``assets/notes``.

A note is Markdown with three additions. A heading of a panel's section names the panel, ``### Loss {#loss}``: the
panel's own help leads there. And a fenced block ``try`` is a step that sets the lab up when it is clicked: a line of
words for its button, then settings as a link has them, on top of an example (``preset = xor``) or of those with which
the lab opens; where nothing that is learnt depends on them, on top of those of the run shown, which goes on::

    ```try
    XOR with two hidden units
    dataset = xor
    units = 2
    ```

A fenced block ``explore`` puts the explorer that it names there, see ``pages/ui/explorers.py``.
"""

import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.errors import SpecError
from engine.labs.lab import Lab
from engine.spec import Spec, settings_by_name
from pages.ui.places import ASSETS

PRESET = "preset"
_PARTS = re.compile(
    r"^```try\n(?P<step>.*?)^```$"
    r"|^```explore\n(?P<explorer>[a-z-]+)\n```$"
    r"|^### (?P<title>[^\n]+?) \{#(?P<panel>[a-z0-9-]+)\}$",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of the section on one panel."""

    title: str
    panel: str


@dataclass(frozen=True, slots=True)
class Step:
    """Something to try: the words on its button, the example that it begins with if any, and settings as text."""

    words: str
    preset: str
    settings: Mapping[str, str]

    def spec(self, lab: Lab) -> Spec:
        """Return the settings of this step; raises SpecError where the lab does not have them."""
        preset = lab.preset(self.preset)
        if self.preset and preset is None:
            raise SpecError(f"{PRESET}: expected one of {_names(lab)}; received {self.preset!r}.")
        return lab.spec.from_strings(self.settings, preset.spec(lab.spec) if preset else lab.spec())

    def only_looks(self, lab: Lab) -> bool:
        """Tell whether nothing depends on these settings that a net learns: they can be tried on any that there is."""
        known = settings_by_name(lab.spec)
        return not self.preset and all(name in known and known[name].knob.looks for name in self.settings)


@dataclass(frozen=True, slots=True)
class Explorer:
    """A small thing to play with in the text, by its name."""

    name: str


Part = str | Heading | Step | Explorer


@functools.cache
def parts(text: str) -> tuple[Part, ...]:
    """Return the parts of a note, in their order; raises ValueError for a step that cannot be read."""
    return tuple(_parts(text))


def _parts(text: str) -> Iterator[Part]:
    end = 0
    for found in _PARTS.finditer(text):
        yield from _markdown(text[end : found.start()])
        yield _read(found)
        end = found.end()
    yield from _markdown(text[end:])


def _markdown(text: str) -> Iterator[str]:
    if text.strip():
        yield text.strip()


def _read(found: re.Match[str]) -> Part:
    if found["step"] is not None:
        return _read_step(found["step"])
    return Explorer(found["explorer"]) if found["explorer"] else Heading(found["title"], found["panel"])


def _read_step(text: str) -> Step:
    words, *lines = text.strip().splitlines()
    settings = {}
    for line in lines:
        name, equals, value = line.partition("=")
        if not equals or name.strip() in settings:
            raise ValueError(f"A step of a note has the line {line!r}: expected `setting = value`, each setting once.")
        settings[name.strip()] = value.strip()
    return Step(words, settings.pop(PRESET, ""), settings)


def _names(lab: Lab) -> str:
    return ", ".join(preset.name for preset in lab.presets)


@functools.cache
def explorers(lab: str) -> tuple[str, ...]:
    """Return the names of the explorers in the note of the lab that is called so, in their order."""
    return tuple(part.name for part in parts(text_of(lab)) if isinstance(part, Explorer))


@functools.cache
def text_of(lab: str) -> str:
    """Return the note of the lab that is called so, as it is written."""
    return (ASSETS / "notes" / f"{lab}.md").read_text(encoding="utf-8")
