"""A teacher's link: a task to be read, and controls of the lab that are hidden or locked; all of it in the address.

It guides, and it guards nothing: whoever knows how an address is made can take any part out of it, and the page offers
to leave the task. So nothing is kept from anybody here, and nothing that must be kept may rely on it.

A setting that is hidden or locked stays as the link brought it: at the value that the link names, or that of the run
that it names, or else at its default; whatever else sets the lab up (a note's step, an example) leaves it alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from engine.errors import SpecError
from engine.figures.panel import Panel, fill_rows
from engine.labs.lab import Lab
from engine.spec import Setting, Spec, knobs, settings_by_name
from pages.ui.links import named
from pages.ui.note_text import explorers

S = TypeVar("S", bound=Spec)

TASK, HIDE, LOCK, PANELS = "task", "hide", "lock", "panels"
LESSON = (TASK, HIDE, LOCK, PANELS)
"""What a lesson is called by in an address."""
EXAMPLES, COMPARE, TAKE, OPEN, NOTE = "examples", "compare", "take", "open", "note"
LAYERS, WHY = "layer-table", "why"
PARTS: Mapping[str, str] = {
    EXAMPLES: "Examples",
    COMPARE: "Compare",
    TAKE: "Take away",
    OPEN: "Open a run from a file",
    NOTE: "The note",
}
"""What of any lab's page can be hidden beside its settings."""
OF_TRAINING = (COMPARE, TAKE, OPEN)
"""Those that a lab does not have in which nothing learns."""
LAYERS_TITLE = "The net, layer by layer"
"""The part of the page that a lab with tables of layers has."""
EXPLORERS: Mapping[str, str] = {
    "kernel": "A kernel that slides",
    "language": "Write with it, weigh with it",
    "softmax": "The softmax, by hand",
    "text": "The text",
    "transfer": "What one half teaches about the other",
    "xor-grid": "Depth against width",
}
"""What the explorers of notes are called: as the section that each stands in. Each can be hidden by itself."""
FOLLOW = "follow"
SECTIONS: Mapping[str, Mapping[str, str]] = {"vision": {FOLLOW: "Follow one number"}}
"""What of one lab's page can be hidden besides, by the name of the lab."""
STANDING = frozenset({"text"})
"""Those that can do without the note: where it is hidden they stay, unless they are hidden too."""
SETTINGS = "Settings"
"""The group of those that name none."""
MOST_TASK = 800
MOST_LIST = 2_000
BETWEEN = "."
"""Between the names of a list: no setting, group or panel has it in its name, and a browser leaves it as it is."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a teacher's link asks for. ``hidden`` and ``locked`` name settings, or groups of them by ``group_word``;
    ``hidden`` parts of the page too. ``panels`` are the only ones shown, all where there is none.
    """

    task: str = ""
    hidden: tuple[str, ...] = ()
    locked: tuple[str, ...] = ()
    panels: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.task or self.hidden or self.locked or self.panels)

    def hides(self, what: Setting | str) -> bool:
        """Tell whether a setting, or a part of the page, is hidden."""
        return _names(self.hidden, what)

    def fixes(self, setting: Setting) -> bool:
        """Tell whether a setting stays as it is, hidden or locked."""
        return self.hides(setting) or _names(self.locked, setting)

    def fixed(self, spec: type[Spec]) -> frozenset[str]:
        """Return the names of all settings that stay as they are."""
        return frozenset(setting.name for setting in knobs(spec) if self.fixes(setting))

    def keep(self, wanted: S, now: S) -> tuple[S, str]:
        """Return ``wanted`` with what stays as it is ``now``, and a notice of it, which is empty where all came.

        Raises SpecError where the two do not fit together.
        """
        kept = [name for name in wanted.differences(now) if name in self.fixed(type(now))]
        if not kept:
            return wanted, ""
        labels = named([settings_by_name(type(now))[name].knob.label for name in kept])
        try:
            return wanted.replace(**{name: getattr(now, name) for name in kept}), f"The task keeps as it was: {labels}."
        except SpecError as error:
            raise SpecError(f"That does not fit what the task keeps as it is: {labels}.") from error

    def shown(self, panels: Sequence[Panel]) -> Sequence[Panel]:
        """Return those of ``panels`` that are shown; all of them where none would be."""
        chosen = [panel for panel in panels if panel.id in self.panels]
        return fill_rows(chosen) if chosen else panels

    def to_link(self) -> dict[str, str]:
        """Return this as parameters of a link; ``read_lesson`` undoes it."""
        lists = {HIDE: self.hidden, LOCK: self.locked, PANELS: self.panels}
        parts = {TASK: self.task} | {name: BETWEEN.join(found) for name, found in lists.items()}
        return {name: text for name, text in parts.items() if text}


def read_lesson(lab: Lab, panels: Sequence[Panel] | None, address: Mapping[str, str]) -> tuple[Lesson, str]:
    """Return the lesson of an address, and a notice of what of it cannot be used.

    Where ``panels`` are not known, for a table is not here, those that the link names are taken at its word.
    """
    settings = set(settable(lab.spec))
    words = settings | set(groups(lab.spec))
    known = {panel.id for panel in panels} if panels is not None else None
    strange: list[str] = []

    def read(name: str, wanted: set[str] | None) -> tuple[str, ...]:
        found = tuple(dict.fromkeys(address.get(name, "")[:MOST_LIST].split(BETWEEN))) if name in address else ()
        strange.extend(f"{name} {word}".rstrip() for word in found if wanted is not None and word not in wanted)
        return tuple(word for word in found if word and (wanted is None or word in wanted))

    task, told = _read_task(address.get(TASK, ""))
    lesson = Lesson(task, read(HIDE, words | set(page_parts(lab))), read(LOCK, words), read(PANELS, known))
    if strange:
        told = f"{told} Ignored in this link, for this lab has no such controls or panels: {named(strange)}.".strip()
    return lesson, told


def groups(spec: type[Spec]) -> dict[str, str]:
    """Return the groups of the form, by how a link calls them: with capital letters, so that none is a setting."""
    return {group_word(setting): setting.knob.group or SETTINGS for setting in knobs(spec)}


def page_parts(lab: Lab) -> dict[str, str]:
    """Return what of the page of ``lab`` can be hidden, by how a link calls it, as the form calls it."""
    own = ({LAYERS: LAYERS_TITLE} if lab.layers else {}) | ({WHY: "Why"} if lab.why else {})
    sections = SECTIONS.get(lab.name, {})
    explored = {explorer_word(name): f"Explorer: {EXPLORERS[name]}" for name in explorers(lab.name)}
    parts = {part: title for part, title in PARTS.items() if lab.learns or part not in OF_TRAINING}
    return {**parts, **own, **sections, **explored}


def explorer_word(name: str) -> str:
    """Return how a link calls an explorer: none is called like a setting."""
    return f"explore-{name}"


def settable(spec: type[Spec]) -> dict[str, Setting]:
    """Return the settings that can be hidden or locked each by itself."""
    return {setting.name: setting for setting in knobs(spec) if not setting.knob.hidden}


def group_word(setting: Setting) -> str:
    """Return how a link calls the group of a setting."""
    word = "".join(letter if letter.isalnum() else "-" for letter in setting.knob.group or SETTINGS)
    return word[:1].upper() + word[1:]


def _read_task(text: str) -> tuple[str, str]:
    """Return a task with nothing but letters that can be seen, in lines, and a notice where it is too long for one."""
    if len(text) > MOST_TASK:
        return "", f"The task of this link was left out: expected at most {MOST_TASK} characters, received {len(text)}."
    lines = ("".join(letter if letter.isprintable() else " " for letter in line) for line in text.splitlines())
    return "\n".join(line.rstrip() for line in lines).strip(), ""


def _names(words: Sequence[str], what: Setting | str) -> bool:
    if isinstance(what, str):
        return what in words
    return what.name in words or group_word(what) in words
