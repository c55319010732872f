"""The numbers of a search and of BLEU explained: each as the sum, the quotient or the mean that it is."""

import math

import numpy as np

from engine.explanation import Cell, Explanation, factor, word
from engine.figures.translation_decoding import ORDERS
from engine.readings import Arrays

COUNTS = ("written", "written that are in their reference", "that count, none more often than its reference has it")

PLAIN = {
    "step": "which symbol of the text this branch adds",
    "parent": "the place of the branch that it goes on, −1 for none",
    "fate": "what became of the branch: 0 dropped, 1 kept, 2 over",
    "found": "1 on the way to what was found",
    "penalty": "the length penalty of the scores",
}


def explain_beams(arrays: Arrays, name: str, cell: Cell, value: float) -> Explanation | None:
    """Return how a number of the tree of a search came about; None of an array that it does not have."""
    if name in PLAIN:
        return Explanation(PLAIN[name], value)
    at = cell.index[0]
    costs = _costs(arrays, at)
    size = len(costs)
    match name:
        case "cost":
            before = value if size == 1 else float(arrays["beams.total"][int(arrays["beams.parent"][at])])
            line = f"log of {word(math.exp(value))}, the probability of this symbol behind what is written before it"
            more = (
                () if size == 1 else (f"{word(float(arrays['beams.total'][at]))} − {factor(before)} = {word(value)}",)
            )
            return Explanation("the log-probability of one symbol", value, (line, *more))
        case "total":
            told = " + ".join(map(factor, costs))
            lines = (
                f"{told} = {word(value)}",
                f"e^{factor(value)} = {word(math.exp(value))}, the probability of it all",
            )
            return Explanation(f"the log-probability of a beginning of {_symbols(size)}", value, lines)
        case "score":
            penalty, total = float(arrays["beams.penalty"][0]), float(arrays["beams.total"][at])
            line = f"{word(total)} / ((5 + {size}) / 6)^{word(penalty)} = {word(value)}"
            return Explanation(f"the score of a beginning of {_symbols(size)}", value, (line,))
    return None


def explain_bleu(arrays: Arrays, name: str, cell: Cell, value: float) -> Explanation | None:
    """Return how a part of BLEU came about; None of an array that it does not have."""
    if name == "lengths":
        return Explanation(f"the symbols {('written', 'of the references')[cell.index[0]]}", value)
    if name == "brevity":
        return Explanation("the brevity", value, (_brevity(arrays),))
    if name == "counts":
        order, which = cell.index
        what = (
            f"{ORDERS[order]}: how many were {COUNTS[which]}"
            if which < 2
            else f"{ORDERS[order]}: how many {COUNTS[which]}"
        )
        return Explanation(what, value)
    if name == "precision":
        order = cell.index[0]
        counts = arrays["bleu.counts"]
        written, counted = int(counts[order, 0]), int(counts[order, 2])
        if not written or not counts[:, 2].any():
            line = "nothing of this length was written" if not written else "nothing at all counts"
        elif counted:
            line = f"{counted:,} that count / {written:,} written = {word(value)}"
        else:
            share = 0.5 ** int((counts[: order + 1, 2] == 0).sum())
            line = f"none counts, for which {word(share)} is taken; {word(share)} / {written:,} written = {word(value)}"
        return Explanation(f"{ORDERS[order]}: the precision", value, (line,))
    return None


def explain_score(arrays: Arrays, value: float) -> Explanation:
    """Return how BLEU came about of its parts."""
    brevity, precisions = float(arrays["bleu.brevity"][0]), arrays["bleu.precision"].astype(np.float64).tolist()
    used = max(1, int((arrays["bleu.counts"][:, 0] > 0).sum()))
    shares = " · ".join(map(word, precisions[:used]))
    second = f"100 · {word(brevity)} · ({shares})^(1/{used}) = {word(value)}"
    return Explanation("BLEU of the pairs held out that are looked at", value, (f"brevity: {_brevity(arrays)}", second))


def _brevity(arrays: Arrays) -> str:
    written, references = (int(one) for one in arrays["bleu.lengths"])
    if not written:
        return "nothing was written, so 0"
    short = f"{written:,} symbols written, {references:,} in the references, so "
    brevity = word(float(arrays["bleu.brevity"][0]))
    return short + ("1" if written >= references else f"e^(1 − {references:,} / {written:,}) = {brevity}")


def _costs(arrays: Arrays, at: int) -> list[float]:
    """Return what the symbols of a beginning cost, the first one first."""
    costs: list[float] = []
    while at >= 0:
        costs.append(float(arrays["beams.cost"][at]))
        at = int(arrays["beams.parent"][at])
    return costs[::-1]


def _symbols(count: int) -> str:
    return "1 symbol" if count == 1 else f"{count} symbols"
