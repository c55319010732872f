"""Presets of the sequences lab."""

from engine.labs.preset import Preset

PRESETS: tuple[Preset, ...] = ()
