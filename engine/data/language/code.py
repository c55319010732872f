"""Small programs that look like Python: brackets that close, blocks that are indented, names that were said before."""

from collections.abc import Iterator

from engine.data.language.grammar import Dice, words

VERBS = words("count find sort merge read sum split join check print")
NOUNS = words("rows words names items lines cells points pages")
NAMES = words("total first last left right best value size limit index")
OPERATORS = words("+ - * // %")
COMPARES = words("< > == != <= >=")


def paragraphs(dice: Dice) -> Iterator[str]:
    """Yield functions, two empty lines behind each."""
    while True:
        rows, known = dice.one(NOUNS), dice.some(NAMES, 3)
        lines = [f"def {dice.one(VERBS)}_{rows}({rows}, {known[0]}={dice.number(0, 9)}):\n"]
        if dice.share() < 0.5:
            lines.append(f'    """{dice.one(VERBS).capitalize()} the {rows}, and return the {known[1]} one."""\n')
        lines.append(f"    {known[1]} = {_value(dice, known[:1], 2)}\n")
        lines.append(f"    for {known[2]} in {rows}:\n")
        for _ in range(dice.number(1, 3)):
            lines += _statement(dice, known, 2)
        lines.append(f"    return {dice.one((known[1], f'{known[1]}, {known[0]}', f'[{known[1]}]'))}\n")
        yield "".join(lines) + "\n\n"


def _statement(dice: Dice, known: list[str], depth: int) -> list[str]:
    indent = "    " * depth
    if depth < 4 and dice.share() < 0.4:
        test = f"{dice.one(known)} {dice.one(COMPARES)} {_value(dice, known, 1)}"
        return [f"{indent}if {test}:\n", *_statement(dice, known, depth + 1)]
    return [f"{indent}{known[1]} {dice.one(('=', '+='))} {_value(dice, known, 2)}\n"]


def _value(dice: Dice, known: list[str], depth: int) -> str:
    kind = dice.share()
    if depth == 0 or kind < 0.3:
        return dice.one(known) if dice.share() < 0.7 else str(dice.number(0, 99))
    if kind < 0.7:
        return f"({_value(dice, known, depth - 1)} {dice.one(OPERATORS)} {_value(dice, known, depth - 1)})"
    return f"{dice.one(('max', 'min', 'abs', 'len'))}({_value(dice, known, depth - 1)})"
