"""Recipes: what was listed above is used below, so that who goes on has to remember it over many lines."""

from collections.abc import Iterator

from engine.data.language.grammar import Dice, Grammar, words

AMOUNTS = {
    "flour": ("g", 100, 500),
    "sugar": ("g", 20, 200),
    "butter": ("g", 50, 250),
    "milk": ("ml", 100, 500),
    "rice": ("g", 150, 400),
    "beans": ("g", 200, 500),
    "cream": ("ml", 100, 300),
    "stock": ("ml", 200, 900),
    "cheese": ("g", 50, 250),
    "walnuts": ("g", 50, 150),
}
COUNTED = words("eggs onions carrots apples lemons tomatoes potatoes leeks pears mushrooms")
DISHES = words("soup pie cake stew bread salad pudding dumplings tart pancakes")
KINDS = words("farmer's winter summer sunday quick simple grandmother's sweet")
RULES = Grammar(
    {
        "cut": ("Peel and cut the", "Wash and slice the", "Chop the", "Dice the"),
        "mix": ("Mix the", "Stir the", "Beat the", "Whisk the"),
        "pot": ("in a large pot", "in a bowl", "in a hot pan", "in a dish with a little oil"),
        "heat": ("over a low heat", "over a high heat", "with the lid on", "without stirring"),
        "until": ("until it is golden", "until it is soft", "until nothing sticks", "until it boils"),
        "end": ("Serve at once.", "Serve with bread.", "Let it cool before you serve it.", "Keep it warm."),
    }
)


def paragraphs(dice: Dice) -> Iterator[str]:
    """Yield recipes: a title, a list of what is needed, steps with numbers that use just that."""
    while True:
        measured, counted = dice.some(tuple(AMOUNTS), 3), dice.some(COUNTED, 2)
        lines = [f"{dice.one(KINDS).capitalize()} {dice.one(DISHES)} with {counted[0]} and {measured[0]}\n"]
        for name in measured:
            unit, low, high = AMOUNTS[name]
            lines.append(f"- {dice.number(low // 10, high // 10) * 10} {unit} {name}\n")
        lines += [f"- {dice.number(2, 9)} {name}\n" for name in counted]
        minutes = dice.number(2, 12) * 5
        steps = [
            f"{RULES.say('cut', dice)} {counted[0]} and the {counted[1]}.",
            f"{RULES.say('mix', dice)} {measured[0]} with the {measured[1]} {RULES.say('pot', dice)}.",
            f"Add the {counted[dice.number(0, 1)]} and the {measured[2]} and cook for {minutes} minutes "
            f"{RULES.say('heat', dice)}, {RULES.say('until', dice)}.",
            RULES.say("end", dice),
        ]
        lines += [f"{number}. {step}\n" for number, step in enumerate(steps, 1)]
        yield "".join(lines) + "\n"
