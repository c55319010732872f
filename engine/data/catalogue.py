"""What each data set is about, without making it: light, so that a form and a figure know the problem ahead of the
data.
"""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["binary", "classes", "regression"]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is asked of a net: ``binary`` (one of two classes), ``classes`` (one of k) or ``regression`` (a number).

    ``dimension`` counts the coordinates (1 or 2), ``axes`` names them; ``columns`` are what a table offers as
    coordinates; ``target`` names what is to be told.
    """

    name: str
    title: str
    kind: Kind
    classes: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    axes: tuple[str, ...] = ("x", "y")
    target: str = "class"

    @property
    def dimension(self) -> int:
        """Return the number of coordinates."""
        return len(self.axes)

    @property
    def outputs(self) -> int:
        """Return how many outputs a net needs: one, or one for each of three or more classes."""
        return len(self.classes) if self.kind == "classes" else 1

    @property
    def has_distances(self) -> bool:
        """Tell whether both axes have one unit, as all but two columns of a table have: a circle is then a circle."""
        return not set(self.axes) & set(self.columns)


TWO = ("class 0", "class 1")

IRIS_COLUMNS = ("sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)")
WINE_COLUMNS = (
    "alcohol",
    "malic_acid",
    "ash",
    "alcalinity_of_ash",
    "magnesium",
    "total_phenols",
    "flavanoids",
    "nonflavanoid_phenols",
    "proanthocyanins",
    "color_intensity",
    "hue",
    "od280/od315_of_diluted_wines",
    "proline",
)
_MEASURES = (
    "radius",
    "texture",
    "perimeter",
    "area",
    "smoothness",
    "compactness",
    "concavity",
    "concave points",
    "symmetry",
    "fractal dimension",
)
BREAST_CANCER_COLUMNS = (
    *(f"mean {name}" for name in _MEASURES),
    *(f"{name} error" for name in _MEASURES),
    *(f"worst {name}" for name in _MEASURES),
)

PROBLEMS: dict[str, Problem] = {
    problem.name: problem
    for problem in (
        Problem("circle", "Circle in a ring", "binary", TWO),
        Problem("xor", "XOR", "binary", TWO),
        Problem("gaussians", "Two Gaussians", "binary", TWO),
        Problem("spiral", "Two spirals", "binary", TWO),
        Problem("moons", "Two moons", "binary", TWO),
        Problem("blobs", "Blobs", "classes", tuple(f"class {k}" for k in range(8))),
        Problem("plane", "Tilted plane", "regression", target="value"),
        Problem("bumps", "Gaussian bumps", "regression", target="value"),
        Problem("line", "Line y = 2x - 1", "regression", axes=("x",), target="y"),
        Problem("iris", "Iris", "classes", ("setosa", "versicolor", "virginica"), IRIS_COLUMNS),
        Problem("wine", "Wine", "classes", ("class_0", "class_1", "class_2"), WINE_COLUMNS),
        Problem("breast_cancer", "Breast cancer", "binary", ("malignant", "benign"), BREAST_CANCER_COLUMNS),
    )
}
REAL = ("iris", "wine", "breast_cancer")
TABLES = (*REAL, "csv")
MADE = tuple(name for name in PROBLEMS if name not in REAL)
