"""The trainers' budgets, each beside its reference in the same minutes, on the same text, settings and threads.

train.word2vec     words a second through our trainer, chunk by chunk; one call of gensim's own
train.fasttext     the same of fastText
train.glove_count  seconds from a text to its counts on disk; Stanford's cooccur            (<= 1/2, the same counts)
train.glove        seconds for the epochs, our shuffling among them; Stanford's glove alone  (<= 1/2, an equal cost)

The text is of novels where ``LEARNSCOPE_DATA`` names a folder with ``novels24.txt.gz``, else made up.
The first two take its beginning. Without ``STANFORD_GLOVE_DIR`` GloVe's lines have no reference.
"""

from collections.abc import Iterator

from tests.bench import train_gensim, train_glove


def run() -> Iterator[str]:
    """Yield one JSON line per budget."""
    yield from train_gensim.run()
    yield from train_glove.run()
