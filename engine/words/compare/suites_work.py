"""The work behind scores: suites asked of several spaces, of one cut to ever fewer dimensions, and relations."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from engine.errors import DataError
from engine.jobs import Progress
from engine.jobs.job import Work
from engine.words.commands import suite_file
from engine.words.compare.cutting import SIZES, Cut, sizes
from engine.words.compare.directions import Directions, directions
from engine.words.compare.intervals import spearman_interval, wilson
from engine.words.compare.scores import closer, difference
from engine.words.compare.work import each_two, opened, plain
from engine.words.evaluate import Answered, Judged, Section, answered, correlations, judged
from engine.words.scoring import analogies_of, has_judged_pairs
from engine.words.suites import judged_pairs

RESTRICT = 100_000


def score(arguments: Mapping[str, Any]) -> Work:
    """Ask a ``suite`` of all spaces, and tell what each two differ in.

    A finding for each space: the ``sections`` of a suite of analogies, at last their total, with Wilson's intervals; or
    ``spearman`` with Fisher's, and ``pairs``. The result has them all as ``spaces``, and the ``differences`` of each
    two: a list for analogies, section by section, else one; None where there are too few pairs.
    """
    spaces, suite = opened(arguments), arguments["suite"]
    pairs = judged_pairs(suite_file(suite)) if has_judged_pairs(suite) else None
    questions = None if pairs is not None else analogies_of(suite)
    answers, told = [], []
    for place, space in enumerate(spaces):
        yield Progress(place / (len(spaces) + 1), f"Asking {len(space):,} words")
        found = answered(space, questions) if questions else judged(space, pairs or [])
        answers.append(found)
        told.append(_told(found))
        yield told[-1]
    yield Progress(len(spaces) / (len(spaces) + 1), "Drawing anew what was asked, to see what is chance")
    differences = [
        {"first": first, "second": second, "found": _difference(answers[first], answers[second])}
        for first, second in each_two(spaces)
    ]
    return {"spaces": told, "differences": differences}


def by_dimension(arguments: Mapping[str, Any]) -> Work:
    """Ask a ``suite`` of each space, cut to its first 2, 3, 5 ... principal components: a finding for each, which are
    the place of the ``space``, ``dimensions``, ``score`` and its ``interval``, and the number ``asked``. The result has
    those of each space.
    """
    spaces, suite = opened(arguments), arguments["suite"]
    pairs = judged_pairs(suite_file(suite)) if has_judged_pairs(suite) else None
    questions = None if pairs is not None else analogies_of(suite)
    found: list[list[dict[str, Any]]] = [[] for _ in spaces]
    for place, space in enumerate(spaces):
        restrict = min(arguments.get("restrict", RESTRICT), len(space))
        yield Progress(place / len(spaces), f"Turning {restrict:,} words")
        cut, wanted = Cut(space, restrict), sizes(space, arguments.get("sizes", SIZES))
        for number, dimensions in enumerate(wanted):
            share = (place + number / len(wanted)) / len(spaces)
            yield Progress(share, f"Asking {restrict:,} words in {dimensions} dimensions")
            small = cut.at(dimensions)
            one = _told(answered(small, questions) if questions else judged(small, pairs or []))
            found[place].append({"space": place, "dimensions": dimensions, **_whole(one)})
            yield found[place][-1]
    return {"spaces": found}


def relations(arguments: Mapping[str, Any]) -> Work:
    """Tell how parallel the steps of each relation of a ``suite`` of analogies are in each space: a finding for each
    that the space knows two pairs of, the place of the ``space``, its ``relation`` and what ``Directions`` tells. The
    result has those of each space.
    """
    spaces = opened(arguments)
    asked = analogies_of(arguments["suite"]).relations()
    found: list[list[dict[str, Any]]] = [[] for _ in spaces]
    for place, space in enumerate(spaces):
        for number, (name, pairs) in enumerate(asked.items()):
            yield Progress((place + number / len(asked)) / len(spaces), f"Looking at {name}")
            try:
                found[place].append({"space": place, "relation": name, **_directions(directions(space, pairs))})
            except DataError:  # too few of its pairs are known
                continue
            yield found[place][-1]
    if not any(found):
        whose = "the space knows" if len(spaces) == 1 else "these spaces know"
        raise DataError(f"Of the {len(asked)} relations of this suite {whose} no two pairs of words.")
    return {"spaces": found}


def _whole(one: Mapping[str, Any]) -> dict[str, Any]:
    """Return the score of a whole suite, from 0 to 1 or from -1, with its interval and the number asked."""
    if "sections" in one:
        total = one["sections"][-1]
        return {"score": total["accuracy"], "interval": total["interval"], "asked": total["asked"]}
    return {"score": one["spearman"], "interval": one["interval"], "asked": one["pairs"]}


def _directions(found: Directions) -> dict[str, Any]:
    return plain(
        {name: getattr(found, name) for name in ("pairs", "left_out", "parallel", "angles", "lengths", "chance", "p")}
    )


def _told(found: Answered | Judged) -> dict[str, Any]:
    if isinstance(found, Judged):
        known = int(found.known.sum())
        spearman = correlations(found)[0] if known > 1 else float("nan")
        return plain(
            {
                "spearman": spearman,
                "interval": spearman_interval(spearman, known),
                "pairs": known,
                "unknown": len(found.judged) - known,
            }
        )
    accuracy = found.accuracy
    return {"sections": [_section(one) for one in (*accuracy.sections, accuracy.total)]}


def _section(one: Section) -> dict[str, Any]:
    return plain({**asdict(one), "accuracy": one.accuracy, "interval": wilson(one.correct, one.asked)})


def _difference(a: Answered | Judged, b: Answered | Judged) -> Any:
    if isinstance(a, Judged) and isinstance(b, Judged):
        if (a.known & b.known).sum() < 4:
            return None
        found = closer(a, b)
        return plain({**asdict(found), "beyond_chance": found.beyond_chance})
    if isinstance(a, Answered) and isinstance(b, Answered):
        return [plain({**asdict(one), "beyond_chance": one.beyond_chance}) for one in difference(a, b)]
    raise TypeError("both are answers to one suite")
