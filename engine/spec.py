"""Specs: the settings of a run as a frozen value, each with its bounds written once.

A lab's spec is the sum of its parts, by inheritance: ``class PlaygroundSpec(PointsSpec, MLPSpec, TrainingSpec)``. A
function asks for the part that it needs (``def points(spec: PointsSpec)``) and takes the whole. So all settings of a
lab lie flat side by side under plain names, and one spelling serves the form, the command line, the link and the file:
``learning_rate=0.03``, ``units=8,8``.

The annotation of a field holds everything that is known about it::

    learning_rate: Annotated[float, Field(ge=1e-5, le=10), Knob("Learning rate", log=True, live=True)] = 0.03

``knobs(PlaygroundSpec)`` reads it back for the form, the validation messages and the tests.
"""

import difflib
import json
import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any, Literal, Self, get_args, get_origin

from annotated_types import Ge, Le, MaxLen, MinLen
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.fields import FieldInfo

from engine.errors import SpecError

MAX_JSON_CHARS = 65_536
MAX_VALUE_CHARS = 2_000
# Python and pydantic also read 1_000, full-width digits and blanks around; a link or a person means digits.
_WHOLE = re.compile(r"[+-]?[0-9]+")
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")


Altered = Literal["data", "weights", "tensors"]
"""What of a run's beginning a setting may alter: the data that are learnt, the initial weights, or which tensors the
net has at all, while those that it has in either case begin alike.
"""


@dataclass(frozen=True, slots=True)
class Knob:
    """How a setting is shown to a person; goes into the field's ``Annotated``.

    ``when`` maps names of other settings to the values under which this one matters; ``log`` asks for a slider in
    decades; ``live`` marks a setting that may change while the run goes on, ``looks`` one of these that nothing
    depends on that is learnt: what is looked at, how a text is gone on with; ``labels`` are the words for the
    values of a choice; ``advanced`` settings start folded away; ``choices`` gives the choices that fit the rest of
    the settings, nothing where that is not known: one of them for a choice or a text, some of them for choices;
    ``most`` gives the largest number that fits them, None where that is not known: a larger one counts as that.
    ``alters`` says what else becomes another with this setting, so that two runs that differ in it cannot be
    compared by it alone.
    """

    label: str
    help: str = ""
    group: str = ""
    log: bool = False
    live: bool = False
    looks: bool = False
    advanced: bool = False
    step: float | None = None
    labels: Mapping[Any, str] | None = None
    when: Mapping[str, tuple[Any, ...]] | None = None
    choices: Callable[[Any], Sequence[Any]] | None = None
    most: Callable[[Any], int | None] | None = None
    hidden: bool = False
    alters: tuple[Altered, ...] = ()


Kind = Literal["choice", "choices", "integer", "number", "switch", "integers", "text"]


@dataclass(frozen=True, slots=True)
class Setting:
    """One field of a spec, read back from its annotation."""

    name: str
    kind: Kind
    default: Any
    knob: Knob
    low: float | None = None
    high: float | None = None
    options: tuple[Any, ...] = ()
    min_length: int | None = None
    max_length: int | None = None

    def expected(self, labels: bool = False) -> str:
        """Return in words what values this setting takes: as they are written, or by their labels in the form."""
        options = ", ".join(self.word(option) if labels else str(option) for option in self.options)
        bounds = f" from {self.low:g} to {self.high:g}" if self.low is not None and self.high is not None else ""
        sizes = f"{self.min_length or 0} to {self.max_length} " if self.max_length is not None else ""
        match self.kind:
            case "choice":
                return f"one of {options}"
            case "choices":
                return f"some of {options}"
            case "integer":
                return f"a whole number{bounds}"
            case "number":
                return f"a number{bounds}"
            case "switch":
                return "true or false"
            case "integers":
                return f"{sizes}whole numbers{bounds} with commas between them"
            case "text":
                return f"text of at most {self.max_length} characters"

    def word(self, value: Any) -> str:
        """Return how a value is called in the form."""
        if isinstance(value, tuple | list):
            return ", ".join(map(self.word, value)) or "none"
        return str((self.knob.labels or {}).get(value, value)) if isinstance(value, Hashable) else str(value)

    def highest(self, spec: "Spec") -> float | None:
        """Return the largest number that this setting takes beside the other settings of ``spec``."""
        most = self.knob.most(spec) if self.knob.most else None
        return self.high if most is None else most if self.high is None else min(self.high, most)

    def applies(self, spec: "Spec") -> bool:
        """Tell whether this setting matters under the other settings of ``spec``; those that it does not have do not
        count.
        """
        conditions = (self.knob.when or {}).items()
        return all(getattr(spec, other) in values for other, values in conditions if other in type(spec).model_fields)


@dataclass(frozen=True, slots=True)
class Ignored:
    """A parameter of a link that was not used: its name or value is ``unknown``, or does not fit ``together``."""

    name: str
    why: Literal["unknown", "together"]


class Misfit(ValueError):
    """Raised in a spec's validator where values are fine each for itself, but not together.

    ``str()`` is the sentence in the names of links and of the command line, ``words`` in the labels of the form.
    """

    def __init__(self, sentence: str, words: str) -> None:
        super().__init__(sentence)
        self.words = words


class Spec(BaseModel):
    """Base of all specs: frozen, no unknown names, no NaN, no infinity."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, validate_default=True)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read a spec from a JSON object, strictly.

        Raises SpecError on anything that is not exactly a spec: a bad value, an unknown name, a name given twice.
        """
        values = _json_object(text)
        _refuse_unknown(cls, values)
        try:
            return cls.model_validate_json(json.dumps(values, ensure_ascii=False).encode(), strict=True)
        except UnicodeEncodeError:
            raise SpecError("The spec holds half a character (a lone surrogate): expected whole ones.") from None
        except ValidationError as error:
            raise _refusal(cls, error) from None

    @classmethod
    def from_strings(cls, strings: Mapping[str, str], base: Self | None = None) -> Self:
        """Read a spec from ``name=value`` pairs as they are typed; names left out are as in ``base``, or the default.

        Raises SpecError with one sentence on the first bad name or value.
        """
        _refuse_unknown(cls, strings)
        values = base.model_dump() if base else {}
        try:
            return cls.model_validate(values | {name: _typed(cls, name, text) for name, text in strings.items()})
        except ValidationError as error:
            raise _refusal(cls, error) from None

    @classmethod
    def from_link(cls, strings: Mapping[str, str]) -> tuple[Self, tuple[Ignored, ...]]:
        """Read a spec from a link's parameters, never failing: what cannot be used falls back to its default.

        Returns the spec and what was ignored.
        """
        good = {name: text for name, text in strings.items() if _usable(cls, name, text)}
        ignored = [Ignored(name, "unknown") for name in strings if name not in good]
        try:
            return cls.from_strings(good), tuple(ignored)
        except SpecError:
            # Each is fine for itself. One of the quarrel has to go, and which is not for us to say: all of it goes.
            rest = [{name: text for name, text in good.items() if name != other} for other in good]
            quarrel = [name for name, others in zip(good, rest, strict=True) if _usable_all(cls, others)] or list(good)
        ignored += [Ignored(name, "together") for name in quarrel]
        return cls.from_strings({n: text for n, text in good.items() if n not in quarrel}), tuple(ignored)

    def with_live(self, name: str, value: str) -> Self:
        """Return a copy with a live setting changed; raises SpecError for any other setting or a bad value."""
        setting = settings_by_name(type(self)).get(name)
        if setting is None or not setting.knob.live:
            live = [one.name for one in knobs(type(self)) if one.knob.live]
            among = f"one of {', '.join(live)}" if len(live) > 1 else "".join(live) or "nothing"
            raise SpecError(f"{name[:40]!r} cannot change during a run: expected {among}.")
        return self.from_strings({name: value}, base=self)

    def to_link(self) -> dict[str, str]:
        """Return the settings that differ from their defaults as ``name -> value`` strings; ``from_link`` undoes it."""
        return {
            setting.name: self.text_of(setting.name)
            for setting in knobs(type(self))
            if getattr(self, setting.name) != setting.default
        }

    def text_of(self, name: str) -> str:
        """Return the value of a setting as it is typed; ``from_strings`` takes it."""
        return _plain(getattr(self, name))

    def to_json(self) -> str:
        """Return all settings as a JSON object; ``from_json`` undoes it."""
        return self.model_dump_json()

    def replace(self, **changes: Any) -> Self:
        """Return a copy with some settings changed, validated; raises SpecError."""
        _refuse_unknown(type(self), changes)
        try:
            return type(self).model_validate(self.model_dump() | changes)
        except ValidationError as error:
            raise _refusal(type(self), error) from None

    def differences(self, other: Self) -> tuple[str, ...]:
        """Return the names of the settings in which two specs differ, in the order of the form."""
        return tuple(s.name for s in knobs(type(self)) if getattr(self, s.name) != getattr(other, s.name))


@cache
def knobs(spec: type[Spec]) -> tuple[Setting, ...]:
    """Return every setting of a spec class, in the order in which its parts declare them."""
    return tuple(_setting(name, field) for name, field in spec.model_fields.items())


def assigned(texts: Sequence[str], option: str) -> dict[str, str]:
    """Return ``key=value`` pairs of the command line, as ``Spec.from_strings`` takes them; raises SpecError."""
    strings: dict[str, str] = {}
    for text in texts:
        key, sign, value = text.partition("=")
        if not sign:
            raise SpecError(f"{option} takes key=value, received {text[:60]!r}.")
        if key in strings:
            raise SpecError(f"{option} names {key[:60]!r} twice: expected each setting once.")
        strings[key] = value
    return strings


@cache
def settings_by_name(spec: type[Spec]) -> Mapping[str, Setting]:
    """Return the settings of a spec class by name."""
    return MappingProxyType({setting.name: setting for setting in knobs(spec)})


def _setting(name: str, field: FieldInfo) -> Setting:
    kind, options = _kind(field.annotation)
    metadata = [*field.metadata, *_item_metadata(field.annotation)]

    def bound(kind_of_bound: type, attribute: str) -> Any:
        return next((getattr(m, attribute) for m in metadata if isinstance(m, kind_of_bound)), None)

    knob = next((m for m in metadata if isinstance(m, Knob)), Knob(name.replace("_", " ").capitalize()))
    return Setting(
        name=name,
        kind=kind,
        default=field.default,
        knob=knob,
        low=bound(Ge, "ge"),
        high=bound(Le, "le"),
        options=options,
        min_length=bound(MinLen, "min_length"),
        max_length=bound(MaxLen, "max_length"),
    )


def _item_metadata(annotation: Any) -> list[Any]:
    """Return the metadata of a tuple's items: the bounds in ``tuple[Annotated[int, Field(ge=1)], ...]``."""
    if get_origin(annotation) is not tuple:
        return []
    item = get_args(annotation)[0]
    found: list[Any] = []
    for extra in getattr(item, "__metadata__", ()):
        found += extra.metadata if isinstance(extra, FieldInfo) else [extra]
    return found


def _kind(annotation: Any) -> tuple[Kind, tuple[Any, ...]]:
    if get_origin(annotation) is Literal:
        return "choice", get_args(annotation)
    if get_origin(annotation) is tuple:
        item = get_args(annotation)[0]
        return ("choices", get_args(item)) if get_origin(item) is Literal else ("integers", ())
    plain: dict[Any, Kind] = {bool: "switch", int: "integer", float: "number", str: "text"}
    if annotation not in plain:
        raise TypeError(f"a spec's field is a Literal, a tuple, bool, int, float or str, not {annotation!r}")
    return plain[annotation], ()


def _json_object(text: str) -> dict[str, Any]:
    if len(text) > MAX_JSON_CHARS:
        raise SpecError(f"The spec is too long: expected at most {MAX_JSON_CHARS} characters, received {len(text)}.")

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _ in items]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise SpecError(f"The spec names {_quoted(twice)} twice: expected each setting once.")
        return dict(items)

    try:
        values = json.loads(text, object_pairs_hook=pairs)
    except (ValueError, RecursionError):
        raise SpecError('The spec is not JSON: expected an object such as {"seed": 1}.') from None
    if not isinstance(values, dict):
        raise SpecError(f'The spec is no JSON object: expected one such as {{"seed": 1}}, received {_quoted(values)}.')
    return values


def _refuse_unknown(spec: type[Spec], names: Mapping[str, Any]) -> None:
    for name in names:
        if name not in spec.model_fields:
            near = difflib.get_close_matches(name, spec.model_fields, n=1)
            hint = f"did you mean {near[0]}?" if near else "expected one of " + ", ".join(spec.model_fields) + "."
            raise SpecError(f"There is no setting {_quoted(name)}: {hint}")


def unfitting(spec: Spec) -> tuple[Setting, ...]:
    """Return the settings that matter and whose value is not among the choices that fit the rest of ``spec``."""
    found: list[Setting] = []
    for setting in knobs(type(spec)):
        value = getattr(spec, setting.name)
        if setting.knob.choices is None or value == setting.default or not setting.applies(spec):
            continue
        if setting.kind == "choices":
            continue  # of several, those that fit are used: the others come back with what they fit
        fitting = setting.knob.choices(spec)
        if fitting and value not in fitting:
            found.append(setting)
    return tuple(found)


def _usable(spec: type[Spec], name: str, text: str) -> bool:
    """Tell whether a setting has this name and takes this text, whatever the others are."""
    try:
        _refuse_unknown(spec, {name: text})
        spec.model_validate({name: _typed(spec, name, text)})
    except SpecError:
        return False
    except ValidationError as error:
        return not any(part["loc"] for part in error.errors())
    return True


def _usable_all(spec: type[Spec], strings: Mapping[str, str]) -> bool:
    try:
        spec.from_strings(strings)
    except SpecError:
        return False
    return True


def _typed(spec: type[Spec], name: str, text: str) -> Any:
    """Turn what a person typed into what pydantic's lax mode takes for this field."""
    if len(text) > MAX_VALUE_CHARS:
        raise SpecError(f"{name} is too long: expected at most {MAX_VALUE_CHARS} characters, received {len(text)}.")
    setting = settings_by_name(spec)[name]
    many = setting.kind in ("choices", "integers")
    parts = tuple(part.strip() for part in text.split(",") if part.strip()) if many else (text,)
    form = {"integer": _WHOLE, "integers": _WHOLE, "number": _NUMBER}.get(setting.kind)
    if form and not all(form.fullmatch(part) for part in parts):
        raise SpecError(f"{name}: expected {setting.expected()}, received {_quoted(text)}.")
    return parts if many else text


def _plain(value: Any) -> str:
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def _refusal(spec: type[Spec], error: ValidationError) -> SpecError:
    """Put the first of pydantic's complaints into one sentence for a person, in names and in the form's labels."""
    first = error.errors()[0]
    if not first["loc"]:
        cause = first.get("ctx", {}).get("error")
        sentence = str(first["msg"]).removeprefix("Value error, ")
        return SpecError(sentence, cause.words if isinstance(cause, Misfit) else "")
    setting, value = settings_by_name(spec)[str(first["loc"][0])], first["input"]
    words = f"{setting.knob.label}: expected {setting.expected(labels=True)}, received {_cut(setting.word(value))}."
    return SpecError(f"{setting.name}: expected {setting.expected()}, received {_quoted(value)}.", words)


def _quoted(value: Any) -> str:
    return _cut(repr(value))


def _cut(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."
