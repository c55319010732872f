"""Losses: how wrong outputs (B, O) are about targets (B,), as the mean over a batch.

Those on two classes take one logit z and a label of 0 or 1; those on k classes take k logits and the index of a class.
"""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional

from engine.data.catalogue import Kind


def logistic(outputs: Tensor, targets: Tensor) -> Tensor:
    """Cross-entropy of sigmoid(z) with the label."""
    return functional.binary_cross_entropy_with_logits(outputs[:, 0], targets)


def hinge(outputs: Tensor, targets: Tensor) -> Tensor:
    """max(0, 1 - z) for label 1 and max(0, 1 + z) for label 0 (Cortes & Vapnik 1995)."""
    return (1 - (2 * targets - 1) * outputs[:, 0]).clamp(min=0).mean()


def probability_mse(outputs: Tensor, targets: Tensor) -> Tensor:
    """Squared error of sigmoid(z): not convex in the weights, and flat where the net is sure and wrong."""
    return functional.mse_loss(torch.sigmoid(outputs[:, 0]), targets)


def cross_entropy(outputs: Tensor, targets: Tensor) -> Tensor:
    """Cross-entropy of softmax(outputs) with the class."""
    return functional.cross_entropy(outputs, targets)


def class_hinge(outputs: Tensor, targets: Tensor) -> Tensor:
    """max(0, 1 + the best wrong output - the right one) (Crammer & Singer 2001)."""
    right = outputs.gather(1, targets[:, None])  # (B, 1)
    wrong = outputs.scatter(1, targets[:, None], float("-inf")).amax(dim=1)  # (B,)
    return (1 + wrong - right[:, 0]).clamp(min=0).mean()


def class_mse(outputs: Tensor, targets: Tensor) -> Tensor:
    """Squared distance of softmax(outputs) from the one-hot class (Brier 1950), the mean over classes too."""
    hot = functional.one_hot(targets, outputs.shape[1]).to(outputs.dtype)  # (B, O)
    return functional.mse_loss(functional.softmax(outputs, dim=1), hot)


def mse(outputs: Tensor, targets: Tensor) -> Tensor:
    """Squared error."""
    return functional.mse_loss(outputs[:, 0], targets)


def mae(outputs: Tensor, targets: Tensor) -> Tensor:
    """Absolute error."""
    return functional.l1_loss(outputs[:, 0], targets)


def huber(outputs: Tensor, targets: Tensor) -> Tensor:
    """Half the squared error up to an error of 1, linear beyond (Huber 1964)."""
    return functional.huber_loss(outputs[:, 0], targets)


LOSSES: dict[Kind, dict[str, Callable[[Tensor, Tensor], Tensor]]] = {
    "binary": {"logistic": logistic, "hinge": hinge, "mse": probability_mse},
    "classes": {"cross_entropy": cross_entropy, "hinge": class_hinge, "mse": class_mse},
    "regression": {"mse": mse, "mae": mae, "huber": huber},
}
