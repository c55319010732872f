"""Scikit-learn's three small classics: iris (Fisher, 1936), wine (Aeberhard et al., 1992), breast cancer (Street et
al., 1993).

They come with scikit-learn itself, so nothing is downloaded. Scikit-learn is imported on the first use, in the worker
alone.
"""

import numpy as np


def table(name: str) -> tuple[np.ndarray, np.ndarray]:
    """Return all columns (n, C) float64 and the labels (n,) of ``iris``, ``wine`` or ``breast_cancer``."""
    from sklearn import datasets

    loaders = {"iris": datasets.load_iris, "wine": datasets.load_wine, "breast_cancer": datasets.load_breast_cancer}
    columns, labels = loaders[name](return_X_y=True)
    return np.asarray(columns, dtype=np.float64), np.asarray(labels, dtype=np.int64)
