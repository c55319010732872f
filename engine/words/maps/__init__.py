"""Maps of words: laid out by UMAP, t-SNE or PCA in a process of their own, and honest about what they do not keep."""

from engine.words.maps.spec import MapSpec, map_key, map_order, maps_folder, wobble_order

__all__ = ["MapSpec", "map_key", "map_order", "maps_folder", "wobble_order"]
