"""Presets of the sequences lab: what a memory is good for, and two ways in which a net does not get one."""

from engine.labs.preset import Preset, Question

PRESETS: tuple[Preset, ...] = (
    Preset(
        "letter-by-letter",
        "Names, letter by letter",
        "With each letter the net is surer of the language. Type a name of your own, and watch it change its mind.",
        {"units": 32},
        Question(
            "Which letters of a name tell a net most about its language?",
            ("The first ones", "Those in the middle", "The last ones"),
            2,
            "Languages differ most in how names end: -ski, -nen, -ini. A first guess is often given up at them.",
        ),
    ),
    Preset(
        "not-bad",
        "Sentences where the order decides",
        "Not bad is good, and not good is bad: who only counts words has to guess. A net that reads does not.",
        {"sequences": "sentiment", "samples": 4_000},
        Question(
            "What does the net predict when it has read: the film was not?",
            ("Positive, surely", "Negative, surely", "It is undecided"),
            2,
            "Only the next word tells: bad makes it positive, good negative. That not was there it has to remember.",
        ),
    ),
    Preset(
        "no-memory",
        "A gradient that is lost on its way back",
        "Three letters are to be said again ten steps later. The plain cell does not learn it: look how small the "
        "gradient has become when it comes to the letters.",
        {"sequences": "copying", "cell": "rnn_tanh", "learning_rate": 0.01},
        Question(
            "The loss stays where it is at 0.39. What does this net predict?",
            ("Always the blank", "The blank, and then letters at random", "The letters, in another order"),
            1,
            "When to speak is said by the sign, so that is learnt at once. What to say would have to be remembered: "
            "a guess among eight letters costs ln 8, for three of sixteen steps.",
        ),
        {"cell": "lstm"},
    ),
    Preset(
        "identity",
        "A plain cell that remembers",
        "ReLU, and the identity between states at first: the state stays as it is until something is learnt. Two "
        "numbers are added, some 25 steps apart.",
        {
            "sequences": "adding",
            "cell": "rnn_relu",
            "beginning": "identity",
            "clip": 1.0,
        },
        Question(
            "How does the gradient through time look here at step 0?",
            ("It vanishes towards the beginning", "It is about the same at every step", "It jumps up and down"),
            1,
            "The identity hands it back as it is; ReLU lets it pass or stops it, unit by unit. With tanh it shrinks.",
        ),
    ),
    Preset(
        "explosion",
        "An explosion",
        "A plain cell with ReLU on a sine. Press Step a few times: each update makes the loss many times as large, and "
        "soon it is no number any more.",
        {
            "sequences": "sine",
            "cell": "rnn_relu",
            "optimizer": "sgd",
            "learning_rate": 0.8,
        },
        Question(
            "What helps, without a smaller learning rate?",
            ("More units", "A shorter gradient", "Fewer waves"),
            1,
            "A cliff in the loss throws the weights far away in a single step. Clipping keeps the way and bounds how "
            "far one goes along it.",
        ),
        {"clip": 0.1},
    ),
    Preset(
        "one-to-many",
        "A whole wave from one number",
        "One number is read, and then nothing: the state alone goes on, and draws a sine.",
        {"sequences": "unrolled", "learning_rate": 0.01},
        Question(
            "Fifty steps are learnt. Where does the net need to look to know how far it is?",
            ("At the number it has read", "At its own state, which turns", "At the clock of the steps"),
            1,
            "There is no clock: two units that turn like a pointer are one, and the first number sets it.",
        ),
    ),
)
