"""The translation lab's presets: what is worth seeing first, and nets that are broken, each in one way."""

from engine.labs.preset import Preset, Question

PRESETS = (
    Preset(
        "german",
        "One and twenty",
        "German says the ones ahead of the tens, and all in one word. The net reads letters, and looks back and forth.",
        {"language": "german", "symbols": "characters", "most": 9_999},
        Question(
            "In einundzwanzig the ones come first. How will the alignment look?",
            ("A straight line", "It crosses over for the last two digits", "The same for all digits"),
            1,
            "The net writes the tens first, and has to look at zwanzig for them, which stands behind; then it goes "
            "back to ein.",
        ),
    ),
    Preset(
        "reverse",
        "Reversed",
        "The last letter is to be written first. Nothing but looking from the end to the beginning will do.",
        {"pairs": "reverse", "symbols": "characters"},
        Question(
            "Which way will the bright cells of the alignment lie?",
            ("From the top left to the bottom right", "From the top right to the bottom left", "All in one column"),
            1,
            "The first letter written is the last one read, and so on: the line is that of copying, mirrored.",
        ),
    ),
    Preset(
        "forgetful",
        "All in one vector",
        "The net has to press the whole source into one vector before it begins to write. What is long gets lost.",
        {"net": "last_state", "pairs": "copy", "symbols": "characters", "longest": 20},
        Question(
            "Short texts are right soon, long ones are not. What would mend that?",
            ("A smaller learning rate", "Letting it look back at what it reads", "Fewer pairs"),
            1,
            "A vector of some numbers holds only so much, however long one learns. With attention the net takes what "
            "it needs when it needs it, and has to keep no more than where it is.",
        ),
        cure={"net": "bahdanau"},
    ),
)
