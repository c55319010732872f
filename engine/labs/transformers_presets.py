"""The transformer lab's presets: what is worth seeing first, and nets that are broken, each in one way."""

from engine.labs.preset import Preset, Question

PRESETS = (
    Preset(
        "induction",
        "Heads that look up what came behind",
        "Letters by chance come again. In two hundred steps a head of the second block finds out where to look.",
        {"heads": 2},
        Question(
            "The net has to tell the next letter of a sequence that it has never seen. How can it?",
            (
                "It learns the sequences by heart",
                "It finds where the same letter stood before, and tells the one behind it",
                "It cannot: the letters are by chance",
            ),
            1,
            "The letters are by chance, but what comes again is not: a head in the first block tells each place what "
            "stood before it, and one in the second looks for the place whose predecessor is the letter of now.",
        ),
    ),
)
