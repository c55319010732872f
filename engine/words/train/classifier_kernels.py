"""The loop of learning to tell labels, compiled."""

import numpy as np

from engine.words.train.compiled import compiled


@compiled()
def learn(features, ends, labels, order, vectors, outputs, rate, fall):  # type: ignore[no-untyped-def]
    """Go over texts in an order by stochastic gradient descent, one at a time, and return their mean loss.

    Text t has the ``features`` (m,) from ``ends[t]`` up to ``ends[t + 1]``, at least one, and the label ``labels[t]``.
    ``vectors`` (features, d) and ``outputs`` (labels, d) are changed; the rate falls by ``fall`` after each text.
    """
    shares, hidden, back = np.empty(len(outputs)), np.empty(vectors.shape[1]), np.empty(vectors.shape[1])
    total = 0.0
    for text in order:
        own = features[ends[text] : ends[text + 1]]
        hidden[:] = 0
        for one in own:
            hidden += vectors[one]
        hidden /= len(own)
        for label in range(len(outputs)):
            shares[label] = (hidden * outputs[label]).sum()
        shares[:] = np.exp(shares - shares.max())
        shares /= shares.sum()
        total -= np.log(shares[labels[text]])
        back[:] = 0
        for label in range(len(outputs)):
            wrong = shares[label] - (1.0 if label == labels[text] else 0.0)
            back += wrong * outputs[label]
            outputs[label] -= rate * wrong * hidden
        for one in own:
            vectors[one] -= rate / len(own) * back
        rate -= fall
    return total / len(order)
