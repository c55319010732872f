"""The table of layers of each net for images, without torch: its way is gone through with shapes alone.

A test holds every table to the net that it is of, and that to what torch itself counts.
"""

from collections.abc import Callable

from engine.nets.images.layer import Layer
from engine.nets.images.sketch import Made, Shape, Sketch
from engine.nets.images.spec import ImageNetSpec, Net
from engine.nets.images.told import Told, told_net

Way = Callable[[Sketch, Made, int], Made]
"""Goes through a net from an image on; the last number is that of the classes."""
LENET_PIXELS = 32
ALEXNET: tuple[Shape, int] = ((3, 227, 227), 1_000)
"""The images and the classes of its paper."""


def table(spec: ImageNetSpec, shape: Shape, classes: int) -> list[Layer]:
    """Return the layers of the net of ``spec`` for images of a shape, in the order in which they are gone through.

    Raises SpecError where a layer of a net of one's own does not fit.
    """
    if spec.net == "own":
        return _own(told_net(spec.layers, shape, classes), shape, classes)
    return _rows(WAYS[spec.net], shape, classes)


def alexnet() -> list[Layer]:
    """Return the layers of AlexNet in the shape of its paper, see ``engine.nets.images.alexnet``."""
    return _rows(_alexnet, *ALEXNET)


def _rows(way: Way, shape: Shape, classes: int) -> list[Layer]:
    sketch = Sketch()
    way(sketch, Made(shape), classes)
    return sketch.rows


def _own(told: list[Told], shape: Shape, classes: int) -> list[Layer]:
    sketch, x = Sketch(), Made(shape)
    for number, layer in enumerate(told):
        x = _told(sketch, x, layer, f"layers.{number}")
    sketch.dense(sketch.flatten(x, "flatten"), "head", classes)
    return sketch.rows


def _told(sketch: Sketch, x: Made, layer: Told, name: str) -> Made:
    match layer.kind:
        case "conv":
            outputs, kernel, stride, pad = layer.numbers
            return sketch.conv(x, name, outputs, kernel, stride, pad=(pad, pad))
        case "pool":
            return sketch.pool(x, name, *layer.numbers)
        case "norm":
            return sketch.norm(x, name)
        case "dense" if len(layer.before) == 3:
            return sketch.dense(sketch.flatten(x, f"{name}.0"), f"{name}.1", *layer.numbers)
        case "dense":
            return sketch.dense(x, name, *layer.numbers)
    return sketch.each(x, name, {"relu": "ReLU", "tanh": "Tanh", "dropout": "Dropout"}[layer.kind])


def _softmax(sketch: Sketch, x: Made, classes: int) -> Made:
    return sketch.dense(sketch.flatten(x, "flatten"), "head", classes)


def _dense(sketch: Sketch, x: Made, classes: int) -> Made:
    x = sketch.flatten(x, "flatten")
    for place, units in ((0, 128), (2, 64)):
        x = sketch.each(sketch.dense(x, f"hidden.{place}", units), f"hidden.{place + 1}")
    return sketch.dense(x, "head", classes)


def _lenet(sketch: Sketch, x: Made, classes: int) -> Made:
    down, across = (max(0, LENET_PIXELS - side) // 2 for side in x.shape[1:])
    x = sketch.each(sketch.conv(x, "features.c1", 6, 5, pad=(down, across)), "features.relu1")
    x = sketch.pool(x, "features.s2", 2)
    x = sketch.each(sketch.conv(x, "features.c3", 16, 5, pad=(0, 0)), "features.relu3")
    x = sketch.flatten(sketch.pool(x, "features.s4", 2), "flatten")
    x = sketch.each(sketch.dense(x, "c5", 120), "relu5")
    x = sketch.each(sketch.dense(x, "f6", 84), "relu6")
    return sketch.dense(x, "head", classes)


def _vgg(sketch: Sketch, x: Made, classes: int) -> Made:
    for number, width in enumerate((16, 32, 64), 1):
        block = f"features.block{number}"
        x = sketch.block(sketch.block(x, f"{block}.first", width, 3), f"{block}.second", width, 3)
        x = sketch.pool(x, f"{block}.pool", 2)
    x = sketch.each(sketch.dense(sketch.flatten(x, "flatten"), "hidden", 64), "relu")
    return sketch.dense(x, "head", classes)


def _resnet(*, shortcut: bool) -> Way:
    def through(sketch: Sketch, x: Made, classes: int) -> Made:
        x = sketch.block(x, "stem", 16, 3)
        for stage, width in enumerate((16, 32, 64), 1):
            for block in (1, 2):
                stride = 2 if stage > 1 and block == 1 else 1
                x = _residual(sketch, x, f"stages.stage{stage}.block{block}", width, stride, shortcut=shortcut)
        return sketch.dense(sketch.flatten(sketch.mean(x, "mean"), "flatten"), "head", classes)

    return through


def _residual(sketch: Sketch, x: Made, name: str, width: int, stride: int, *, shortcut: bool) -> Made:
    inside = sketch.block(x, f"{name}.first", width, 3, stride=stride)
    inside = sketch.block(inside, f"{name}.second", width, 3, bent=False)
    if shortcut:
        same = x.shape == inside.shape
        around = (
            sketch.each(x, f"{name}.around", "Identity")
            if same
            else sketch.block(x, f"{name}.around", width, 1, stride=stride, bent=False)
        )
        inside = sketch.add(f"{name}.add", inside, around)
    return sketch.each(inside, f"{name}.relu")


def _network_in_network(sketch: Sketch, x: Made, classes: int) -> Made:
    for number, (width, kernel) in enumerate(((32, 5), (64, 3)), 1):
        block = f"features.block{number}"
        x = sketch.block(x, f"{block}.spatial", width, kernel)
        x = sketch.block(sketch.block(x, f"{block}.mix1", width, 1), f"{block}.mix2", width, 1)
        x = sketch.pool(x, f"{block}.pool", 2)
    return sketch.flatten(sketch.mean(sketch.conv(x, "head", classes, 1), "mean"), "flatten")


def _inception(sketch: Sketch, x: Made, classes: int) -> Made:
    x = sketch.pool(sketch.block(x, "stem", 16, 3), "pool1", 2)
    x = _paths(sketch, x, "inception1", 8, 16, 8, 8)
    x = _paths(sketch, sketch.pool(x, "pool2", 2), "inception2", 16, 32, 16, 16)
    return sketch.dense(sketch.flatten(sketch.mean(x, "mean"), "flatten"), "head", classes)


def _paths(sketch: Sketch, x: Made, name: str, one: int, three: int, five: int, pooled: int) -> Made:
    ways = [
        sketch.block(x, f"{name}.one", one, 1),
        sketch.block(sketch.block(x, f"{name}.three.reduce", three // 2, 1), f"{name}.three.spatial", three, 3),
        sketch.block(sketch.block(x, f"{name}.five.reduce", five // 2, 1), f"{name}.five.spatial", five, 5),
        sketch.block(sketch.pool(x, f"{name}.pooled.pool", 3, 1, 1), f"{name}.pooled.mix", pooled, 1),
    ]
    return sketch.join(f"{name}.join", *ways)


def _squeezenet(sketch: Sketch, x: Made, classes: int) -> Made:
    x = sketch.pool(sketch.each(sketch.conv(x, "stem", 32, 3), "relu"), "pool1", 2)
    x = _fire(sketch, _fire(sketch, x, "fire1", 8, 32), "fire2", 8, 32)
    x = _fire(sketch, sketch.pool(x, "pool2", 2), "fire3", 16, 64)
    return sketch.flatten(sketch.mean(sketch.conv(x, "head", classes, 1), "mean"), "flatten")


def _fire(sketch: Sketch, x: Made, name: str, squeezed: int, outputs: int) -> Made:
    x = sketch.each(sketch.conv(x, f"{name}.squeeze", squeezed, 1), f"{name}.relu")
    one = sketch.each(sketch.conv(x, f"{name}.expand1", outputs // 2, 1), f"{name}.relu1")
    three = sketch.each(sketch.conv(x, f"{name}.expand3", outputs // 2, 3), f"{name}.relu3")
    return sketch.join(f"{name}.join", one, three)


def _alexnet(sketch: Sketch, x: Made, classes: int) -> Made:
    none, norm = (0, 0), "LocalResponseNorm"
    x = sketch.each(sketch.conv(x, "features.conv1", 96, 11, 4, pad=none), "features.relu1")
    x = sketch.pool(sketch.each(x, "features.norm1", norm), "features.pool1", 3, 2)
    x = sketch.each(sketch.conv(x, "features.conv2", 256, 5, groups=2), "features.relu2")
    x = sketch.pool(sketch.each(x, "features.norm2", norm), "features.pool2", 3, 2)
    for number, channels, groups in ((3, 384, 1), (4, 384, 2), (5, 256, 2)):
        x = sketch.conv(x, f"features.conv{number}", channels, 3, groups=groups)
        x = sketch.each(x, f"features.relu{number}")
    x = sketch.flatten(sketch.pool(x, "features.pool5", 3, 2), "flatten")
    for number in (6, 7):
        x = sketch.each(sketch.dense(x, f"fc{number}", 4096), f"relu{number}")
    return sketch.dense(x, "head", classes)


WAYS: dict[Net, Way] = {
    "softmax": _softmax,
    "dense": _dense,
    "lenet": _lenet,
    "vgg": _vgg,
    "resnet": _resnet(shortcut=True),
    "plain": _resnet(shortcut=False),
    "network_in_network": _network_in_network,
    "inception": _inception,
    "squeezenet": _squeezenet,
}
