"""Files of word vectors, read row by row and never trusted: word2vec, GloVe and fastText, plain or gz."""
