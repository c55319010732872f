"""What the contracts run over: for every setting of a spec, values at its default, its bounds and its options."""

from collections.abc import Iterator
from typing import Any

from engine.errors import SpecError
from engine.spec import Setting, Spec, knobs


def corners(setting: Setting) -> list[Any]:
    """Return the values of a setting that tests should try: its bounds and all of its options."""
    match setting.kind:
        case "choice":
            return list(setting.options)
        case "choices":
            return [(option,) for option in setting.options] + [setting.options]
        case "switch":
            return [False, True]
        case "integer":
            return [int(setting.low), int(setting.high)]
        case "number":
            return [setting.low, setting.high]
        case "integers":
            low, high = int(setting.low), int(setting.high)
            return [(low,) * setting.max_length, (high,) * setting.max_length, ()]
    return []


def corner_specs(spec: type[Spec], **base: Any) -> Iterator[tuple[str, Spec]]:
    """Yield (name, spec) for each corner of each setting, all others at their defaults.

    Those that do not fit together are left out.
    """
    start = spec().replace(**base)
    for setting in knobs(spec):
        for value in corners(setting):
            try:
                yield f"{setting.name}={value}", start.replace(**{setting.name: value})
            except SpecError:
                continue
