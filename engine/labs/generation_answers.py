"""What a language model answers to questions: about a text that a person types, how it goes on with one, which of two
sentences it finds likelier.
"""

import json
from collections.abc import Callable
from typing import Any

import numpy as np

from engine.asking import Answer, Question
from engine.errors import RunError, SpecError
from engine.labs.generation import GenerationSpec
from engine.labs.generation_looking import NO_NUMBERS, Looking
from engine.language.decoding_spec import DecodingSpec
from engine.language.going_on import go_on
from engine.language.vocabulary import shown
from engine.nets.language.model import LanguageModel
from engine.probes import language
from engine.probes.looking import looking
from engine.seeds import numpy_generator

MOST_TEXT = 2_000
"""Characters of a text that one asks about."""
MOST_LENGTH = 400
SHOWN = 2
"""Branches that a beam search dropped, for each that it kept, that are told."""
ASKED = ("look", "continue", "compare")


def answer(
    net: LanguageModel, looking_at: Looking, live: GenerationSpec, question: Question, meanwhile: Callable[[], None]
) -> Answer:
    """Return what a net answers; raises RunError where that is no question to it.

    ``look``: what it makes of the text in the values. ``continue``: in the word ``told``, as JSON, how it goes on with
    the setting ``prompt`` under the decoding settings given, and the branches of a beam search. ``compare``: the same
    way, how many bits each symbol of the settings ``first`` and ``second`` costs.
    """
    match question.what:
        case "look":
            text = question.values.decode(errors="replace")
            if not text:
                raise RunError("There is no text to be looked at: expected at least one character.")
            return looking_at.typed(net, text[:MOST_TEXT], live, meanwhile)
        case "continue":
            return _told(_continued(net, looking_at, live, question, meanwhile))
        case "compare":
            texts = [_text(question, name) for name in ("first", "second")]
            return _told([_cost(net, looking_at, text) for text in texts])
    raise RunError(f"A language model is asked one of {', '.join(ASKED)}, not {question.what[:40]!r}.")


def _continued(
    net: LanguageModel, looking_at: Looking, live: GenerationSpec, question: Question, meanwhile: Callable[[], None]
) -> dict[str, Any]:
    settings = question.settings
    decoding = {name: settings[name] for name in DecodingSpec.model_fields if name in settings}
    length, seed = settings.get("length", live.sample_length), settings.get("draw", 0)
    if not (type(length) is int and 1 <= length <= MOST_LENGTH and isinstance(seed, int)):
        raise RunError(f"How far to go on: expected a whole number from 1 to {MOST_LENGTH}, received {length!r:.40}.")
    try:
        spec = live.replace(**decoding)
    except SpecError as error:
        raise RunError(str(error)) from None
    prompt = looking_at.encoded(_text(question, "prompt"))
    chances = numpy_generator(live.seed, "asked", seed)
    vocabulary = looking_at.text.vocabulary
    end = int(vocabulary.encode("\n")[0]) if settings.get("line") else 0
    with looking(net):
        going = go_on(net, prompt.tolist(), length, spec, chances, end=end or None, meanwhile=meanwhile, shown=SHOWN)
    if not np.isfinite(going.among[0].told).all():
        raise RunError(f"{NO_NUMBERS} Go back to a step before that.")
    steps = going.search.steps if going.search else ()
    return {
        "text": vocabulary.decode(going.symbols),
        "why": looking_at.explained(going, spec),
        "beams": [
            [
                {
                    "text": "".join(shown(vocabulary.symbols[symbol]) for symbol in branch.symbols),
                    "log": branch.log_probability,
                    "score": branch.score,
                    "kept": branch.kept,
                    "ended": branch.ended,
                }
                for branch in step
            ]
            for step in steps
        ],
    }


def _cost(net: LanguageModel, looking_at: Looking, text: str) -> dict[str, Any]:
    """Return the symbols of a text, and how many bits each costs behind a line end and those before it."""
    symbols = np.concatenate([looking_at.encoded("\n"), looking_at.encoded(text)])
    bits = language.surprises(looking_at.read_over(net, symbols).sums, symbols)[1:]
    if not np.isfinite(bits).all():
        raise RunError("The net tells no number of a sentence any more: go back to a step before that.")
    names = [shown(looking_at.text.vocabulary.symbols[symbol]) for symbol in symbols[1:]]
    return {"symbols": names, "bits": bits.astype(float).tolist()}


def _text(question: Question, name: str) -> str:
    text = question.settings.get(name, "")
    if not isinstance(text, str) or len(text) > MOST_TEXT:
        raise RunError(f"The text that is asked about: expected at most {MOST_TEXT:,} characters.")
    return text


def _told(what: Any) -> Answer:
    return Answer((), {"told": json.dumps(what, allow_nan=False)})
