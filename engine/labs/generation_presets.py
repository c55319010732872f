"""The generation lab's presets: what is worth seeing first, and nets that are broken, each in one way."""

from engine.labs.preset import Preset, Question

PRESETS = (
    Preset(
        "quotes",
        "A unit for quotation marks?",
        "An LSTM reads a story in which people speak. Does one number of its cell come to tell whether somebody does? "
        "The panels say how well: a little.",
        {"units": 128, "batch_size": 16},
        Question(
            "The net is never told what a quotation mark is for. Why should a unit keep count of it?",
            (
                "By chance: some unit has to",
                "Because what follows differs inside and outside",
                "Because its weights begin so",
            ),
            1,
            "Inside a quotation people say what is, outside it is told what was, and only inside may the mark come "
            "that ends it: who remembers that it is open tells the next symbol better, and the gradient finds that.",
        ),
    ),
    Preset(
        "bengio",
        "The model of 2003, with words on a map",
        "Each word has a vector, and three of them tell the fourth. Words that can stand for each other come together.",
        {
            "net": "nplm",
            "symbols": "words",
            "context": 3,
            "most_words": 500,
            "dimensions": 16,
            "chunk": 16,
            "first_vectors": 0.1,
        },
        Question(
            "Nobody tells the net which words are names. Which will come to lie near Anton on the map?",
            ("Words that stand beside it in the text", "Other names", "Words with the same letters"),
            1,
            "What comes behind Anton comes behind Emil too: to tell it in both places, the net does best to give both "
            "names nearly the same vector. Of letters it sees nothing.",
        ),
    ),
    Preset(
        "names",
        "Names to order",
        "Each line is a language and a name. Who begins a line with a language gets a name of it.",
        {"net": "gru", "text": "surnames", "prompt": "\\nFinnish: ", "temperature": 0.8},
        Question(
            "How does the net learn that the language goes with the name?",
            (
                "It is built for two inputs",
                "It is part of the text, and helps to tell what follows",
                "It learns a net for each language",
            ),
            1,
            "A condition can be just more text ahead. Behind Finnish the ending nen is likely, behind Polish it is "
            "not: whoever remembers the beginning of the line needs fewer bits.",
        ),
    ),
    Preset(
        "code",
        "Brackets that close",
        "A small transformer learns small programs. It has no state: it looks back at every bracket that is open.",
        {"net": "transformer", "text": "code", "watched": "brackets"},
        Question(
            "It sees 64 symbols at most. What will it get wrong?",
            ("Brackets within a line", "Names of a function's beginning, far above", "Indents"),
            1,
            "Brackets close within a line, and an indent hangs on the line above. A name that was said more than 64 "
            "symbols ago is out of its sight.",
        ),
    ),
    Preset(
        "forgetful",
        "A net that cannot count",
        "Its net sees two symbols and no more. Something keeps it from doing any better than who counts threes.",
        {"net": "nplm", "context": 2},
        Question(
            "Its bits per character come to a line and stay there. Which line is it?",
            ("That of the counted trigrams, more or less", "Zero", "That of guessing blindly"),
            0,
            "Two symbols seen and one told are three: whatever it does with them, it knows what the counted model "
            "does. The cure is to let it see more.",
        ),
        cure={"context": 12},
    ),
    Preset(
        "boring",
        "The same words for ever",
        "The net learns well, and yet writes the same over and over.",
        {"strategy": "greedy"},
        Question(
            "It always takes the likeliest symbol. Why does it walk in a circle?",
            (
                "It has not learnt enough",
                "From the same state the same follows, and likely words lead back to likely words",
                "The text repeats itself",
            ),
            1,
            "Nothing is left to chance, so what led back once leads back again. The text itself is not made of the "
            "likeliest symbols: now and then an unlikely one has to come, and by chance it does.",
        ),
        cure={"strategy": "sample"},
    ),
)
