"""The generation lab's presets: what is worth seeing first, and nets that are broken, each in one way."""

from engine.labs.preset import Preset, Question

PRESETS = (
    Preset(
        "quotes",
        "A unit for quotation marks",
        "An LSTM reads a story in which people speak. One number of its cell comes to tell whether somebody does.",
        {"net": "lstm", "watched": "quotes"},
        Question(
            "The net is never told what a quotation mark is for. Why should a unit keep count of it?",
            (
                "By chance: some unit has to",
                "Because what follows differs inside and outside",
                "Because its weights begin so",
            ),
            1,
            "Inside a quotation the mark that ends it may come, and after it somebody who said so: who remembers that "
            "it is open tells the next symbol better, and the gradient finds that.",
        ),
    ),
    Preset(
        "bengio",
        "The model of 2003, with words on a map",
        "Each word has a vector, and three of them tell the fourth. Words that can stand for each other come together.",
        {"net": "nplm", "symbols": "words", "context": 3, "most_words": 500, "dimensions": 16, "chunk": 16},
    ),
    Preset(
        "names",
        "Names to order",
        "Each line is a language and a name. Who begins a line with a language gets a name of it.",
        {"text": "surnames", "prompt": "\\nFinnish: ", "temperature": 0.8},
    ),
    Preset(
        "code",
        "Brackets that close",
        "A small transformer learns small programs. It has no state: it looks back at every bracket that is open.",
        {"net": "transformer", "text": "code", "watched": "brackets"},
    ),
    Preset(
        "forgetful",
        "A net that cannot count",
        "Its net sees two symbols and no more: it tells no better than who counts threes, and no unit knows of "
        "quotation marks.",
        {"net": "nplm", "context": 2},
        cure={"context": 12},
    ),
    Preset(
        "boring",
        "The same words for ever",
        "It always takes the likeliest symbol, and soon walks in a circle.",
        {"strategy": "greedy"},
        cure={"strategy": "sample"},
    ),
)
