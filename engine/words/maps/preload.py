"""What the making of any map needs, imported once by a forge: all but UMAP."""

import faiss
import openTSNE
import sklearn.cluster

from engine.words.maps import tsne_layout, wobbling, work

__all__ = ["faiss", "openTSNE", "sklearn", "tsne_layout", "wobbling", "work"]
