"""Which sequences are learnt, and what is asked of them: the settings; light, so that a form can be made of them."""

from typing import Annotated, Literal

from pydantic import Field

from engine.data.catalogue import Kind, Problem
from engine.data.sequences.memory import SYMBOLS
from engine.data.sequences.names import LANGUAGES
from engine.data.sequences.own_spec import MOST_STEPS, OWN, OwnSequencesSpec
from engine.data.sequences.sentences import FEELINGS
from engine.data.sequences.waves import Wave
from engine.spec import Altered, Knob, Spec

Sequences = Literal["names", "sentiment", "sine", "mixed", "sawtooth", "unrolled", "adding", "copying", "own"]
FORECASTS: tuple[Wave, ...] = ("sine", "mixed", "sawtooth")
TEXTS: tuple[Sequences, ...] = ("names", "sentiment", OWN)
UNROLLED: Sequences = "unrolled"
ADDING: Sequences = "adding"
COPYING: Sequences = "copying"
LETTERS = "ABCDEFGH"
SIGNS = (*LETTERS, "·", "!")
"""What stands for the symbols of the copy task: those to be copied, the blank, and the sign to begin."""
_ALL: tuple[Altered, ...] = ("data", "weights")
"""Of texts also the weights: what symbols there are decides how large their table is."""


def _knob(label: str, alters: tuple[Altered, ...] = ("data",), **rest: object) -> Knob:
    return Knob(label, group="Sequences", alters=alters, **rest)  # type: ignore[arg-type]


class _WhichSpec(Spec):
    """Which sequences are learnt: what a form begins with."""

    sequences: Annotated[
        Sequences,
        _knob(
            "What is learnt",
            _ALL,
            labels={
                "names": "Names: which language?",
                "sentiment": "Sentences: liked or not?",
                "sine": "A sine: how does it go on?",
                "mixed": "Three sines mixed: how do they go on?",
                "sawtooth": "A sawtooth: how does it go on?",
                UNROLLED: "One number: draw the whole wave",
                ADDING: "Adding: the sum of two marked numbers",
                COPYING: "Copying: say again what you read",
                OWN: "Texts of yours: which class?",
            },
            help="Names and sentences are made up by rules of ours. Adding and copying need a memory.",
        ),
    ] = "names"


class SequencesDataSpec(OwnSequencesSpec, _WhichSpec):
    """Which sequences are learnt, and which of them are held out."""

    samples: Annotated[
        int,
        Field(ge=100, le=20_000),
        _knob(
            "How many",
            _ALL,
            log=True,
            help="Training and validation together; of names and of your texts no more than there are.",
        ),
    ] = 2_000
    length: Annotated[
        int,
        Field(ge=8, le=MOST_STEPS),
        _knob(
            "Length (steps)",
            when={"sequences": (*FORECASTS, UNROLLED, ADDING)},
            help="How many numbers are read. The longer, the farther back is what counts.",
        ),
    ] = 50
    copied: Annotated[
        int,
        Field(ge=1, le=10),
        _knob("Letters to be copied", when={"sequences": (COPYING,)}, help="Each is one of eight."),
    ] = 3
    delay: Annotated[
        int,
        Field(ge=1, le=120),
        _knob("Delay (steps)", when={"sequences": (COPYING,)}, help="Steps between the letters and the sign to begin."),
    ] = 10
    noise: Annotated[
        float,
        Field(ge=0, le=0.5),
        _knob(
            "Noise",
            step=0.01,
            when={"sequences": FORECASTS},
            help="The standard deviation of the error of each measurement: no forecast can be better than that.",
        ),
    ] = 0.05
    train_share: Annotated[
        float, Field(ge=0.1, le=0.9), _knob("Share for training", _ALL, step=0.05, help="The rest is for validation.")
    ] = 0.75
    data_seed: Annotated[
        int,
        Field(ge=0, le=999_999),
        _knob("Seed of the sequences", _ALL, help="What is made up, and which of it is for validation."),
    ] = 1

    @property
    def forecasts(self) -> bool:
        """Tell whether a wave is to be told ahead."""
        return self.sequences in FORECASTS

    @property
    def reads_text(self) -> bool:
        """Tell whether texts are read, symbol by symbol, and their class is asked for."""
        return self.sequences in TEXTS


def problem_of(spec: SequencesDataSpec) -> Problem:
    """Return what is asked of a net; raises DataError where texts of one's own are not here."""
    match spec.sequences:
        case "own":
            record = spec.own_record()
            classes = record.classes if record else ("0", "1")  # nobody knows them yet, and there is no run of them
            return Problem(OWN, "texts", "classes", classes, target="class")
        case "names":
            return Problem("names", "Names", "classes", tuple(LANGUAGES), target="language")
        case "sentiment":
            return Problem("sentiment", "Sentences", "classes", FEELINGS, target="feeling")
        case "copying":
            return Problem("copying", "Letters to be copied", "classes", SIGNS[:SYMBOLS], target="letter")
        case "adding":
            return Problem("adding", "Numbers to be added", "regression", target="sum")
        case wave:
            return Problem(wave, "Waves", "regression", target="next number")


def kind_of(spec: SequencesDataSpec) -> Kind:
    """Return whether classes are asked for or numbers: that is known before any texts are read."""
    return "classes" if spec.reads_text else problem_of(spec).kind


def steps_of(spec: SequencesDataSpec) -> int:
    """Return how many steps the sequences have; of texts how many are read at most."""
    if spec.sequences == COPYING:
        return 2 * spec.copied + spec.delay
    return {"names": 24, "sentiment": 40, OWN: spec.own_steps}.get(spec.sequences, spec.length)
