"""The transformer lab's presets: what is worth seeing first, and nets that are broken, each in one way."""

from collections.abc import Mapping
from typing import Any

from engine.labs.preset import Preset, Question

_SUMS: Mapping[str, Any] = {
    "sequences": "modular",
    "train_share": 0.4,
    "blocks": 1,
    "bend": "relu",
    "batch_size": 512,
    "max_epochs": 5_000,
}
PRESETS = (
    Preset(
        "induction",
        "Heads that look up what came behind",
        "Letters by chance come again. In two hundred steps heads of the second block find out where to look.",
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
    Preset(
        "grokking",
        "Sums: by heart first, understood later",
        "After two hundred steps all sums that are learnt are known, and none of the others. Wait for step 3,000.",
        {**_SUMS, "l2": 0.5},
        Question(
            "The net tells all sums that it learns, and of those held out none. What if it goes on for long?",
            (
                "It stays so: nothing is left to be learnt",
                "Suddenly it tells the others too",
                "It forgets those that it knew",
            ),
            1,
            "Weights decay a little with each step. To know by heart takes large ones; waves that add up angles do "
            "with small ones. So the net moves from one to the other, and its curve falls behind by thousands of "
            "steps.",
        ),
    ),
    Preset(
        "turned",
        "Reversed, from one side to the other",
        "An encoder reads eight letters, a decoder writes them from the end: who asks whom stands across.",
        {"sequences": "reverse", "shape": "both", "length": 8, "letters": 10, "part": "crossed"},
        Question(
            "Look at the attention of the decoder to the encoder. What shape will it have?",
            ("A stripe that falls to the right", "A stripe that rises to the right", "None"),
            1,
            "To write the first letter it has to look at the last one that was read, and so on: row by row the place "
            "that is asked moves to the left.",
        ),
    ),
    Preset(
        "filled",
        "Fill in what is missing",
        "An encoder reads a text in which letters are left out, and looks to both sides to tell them.",
        {"sequences": "text", "shape": "encoder", "places": "rotary"},
        Question(
            "Which letters will it find the hardest?",
            ("Those inside of words", "Those at the beginning of a rare name", "Blanks"),
            1,
            "Inside of a word what stands on both sides leaves little choice, and a blank is likely wherever a word "
            "may end. Who comes next in a story nobody knows.",
        ),
    ),
    Preset(
        "one-block",
        "One block too few",
        "The same letters that come again, and a net that does not get it, however long it learns.",
        {"blocks": 1},
        Question(
            "It has four heads and all the time in the world. What is it lacking?",
            ("Letters to learn from", "A block below, that tells each place what stood before it", "Width"),
            1,
            "Attention compares what stands at two places. To find the place behind the same letter, that place has to "
            "know what stood before it, and only a block below can have told it.",
        ),
        cure={"blocks": 2},
    ),
    Preset(
        "no-places",
        "A net that knows no order",
        "An encoder is to reverse letters. It learns, a little, and then nothing more.",
        {"sequences": "reverse", "shape": "encoder", "length": 8, "letters": 10, "places": "none"},
        Question(
            "What can it tell at all?",
            ("The letters in the middle", "Which letters there are, and how often", "The first letter"),
            1,
            "To attention any order is the same. Without places it sees a bag of letters, and guesses one of those "
            "that are in it.",
        ),
        cure={"places": "learnt"},
    ),
    Preset(
        "by-heart",
        "Known by heart, for ever",
        "The sums again. All that are learnt are known soon, but those held out never come.",
        _SUMS,
        Question(
            "The net with the other sums came to understand them. What is different here?",
            ("It is too small", "Nothing makes its weights smaller", "It learns too slowly"),
            1,
            "What is known by heart has no loss left, so nothing pulls the net away from it. Only decay of the weights "
            "makes it dear to know by heart.",
        ),
        cure={"l2": 0.5},
    ),
)
