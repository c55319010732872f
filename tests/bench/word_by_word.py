"""What translation is without a net: each word is looked up in a dictionary, and written where it stood.

The dictionary is learnt from the same pairs as the nets learn from, by IBM's model 1 (Brown et al. 1993, ACL J93-2003):
every symbol of a target was written because of one of its source's, or of none, and how often each is written because
of each, t(f | e), is counted again and again, by as much as the last count says:

    count(f | e) = sum over pairs, over their f and e, of t(f | e) / sum over all e' of the pair of t(f | e')
    t(f | e)     = count(f | e) / sum over all f' of count(f' | e)
"""

from collections.abc import Mapping, Sequence

import numpy as np

from engine.translation.vocabulary import cut

ROUNDS = 10
NOBODY = ""
"""What symbols of the target are written because of that nothing in the source stands for: articles, say."""


def dictionary(pairs: Sequence[tuple[str, str]], rounds: int = ROUNDS) -> Mapping[str, str]:
    """Return for each symbol of the sources the one that t(f | e) is largest for."""
    read: dict[str, int] = {}
    written: dict[str, int] = {}
    of_read, of_written, of_place, places = [], [], [], 0
    for source, target in pairs:
        es = np.array([read.setdefault(e, len(read)) for e in (NOBODY, *cut(source, "words"))])
        fs = np.array([written.setdefault(f, len(written)) for f in cut(target, "words")])
        of_read.append(np.tile(es, len(fs)))
        of_written.append(np.repeat(fs, len(es)))
        of_place.append(np.repeat(np.arange(places, places + len(fs)), len(es)))
        places += len(fs)
    key = np.concatenate(of_read) * len(written) + np.concatenate(of_written)
    place = np.concatenate(of_place)
    links, link = np.unique(key, return_inverse=True)  # (links,), and the link of each row
    e_of, f_of = links // len(written), links % len(written)
    likely = np.full(len(links), 1 / len(written))
    for _ in range(rounds):
        shares = likely[link] / np.bincount(place, likely[link])[place]
        count = np.bincount(link, shares)
        likely = count / np.bincount(e_of, count)[e_of]
    names = list(written), list(read)
    best = {}
    for at in np.lexsort((f_of, -likely))[::-1]:  # the likeliest last, so that it stays
        best[names[1][e_of[at]]] = names[0][f_of[at]]
    return best


def translated(source: str, known: Mapping[str, str]) -> list[str]:
    """Return the symbols of a source, each replaced by its own; one that is not known stays, as a name would."""
    return [known.get(e, e) for e in cut(source, "words")]
