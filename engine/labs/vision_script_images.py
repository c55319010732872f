"""The images of a written-out run of Vision: where they come from, how they are split, and how they are changed."""

from engine.data.images import taking
from engine.data.images.digits import LEVELS
from engine.data.images.digits import SIDE as DIGIT
from engine.data.images.prepared import WRITTEN_SIDE, Prepared
from engine.data.images.spec import SIDE, ImagesSpec
from engine.labs.script_text import source
from engine.training import augmentation
from engine.training.augmentation_spec import AugmentationSpec

HANDWRITTEN = '''

# The images: scikit-learn's handwritten digits, in the middle of dark images.


def handwritten() -> tuple[np.ndarray, np.ndarray]:
    """Return the images (n, 1, {side}, {side}) as bytes, 0 is dark, and the digits that they are (n,)."""
    digits = load_digits()
    pixels = np.zeros((len(digits.images), 1, {side}, {side}), np.uint8)
    for digit, image in zip(digits.images, pixels[:, 0], strict=True):  # ({digit}, {digit}) from 0 to {levels}
        small = Image.fromarray(np.rint(digit * (255 / {levels})).astype(np.uint8))
        image[{first}:{last}, {first}:{last}] = small.resize(({written}, {written}), Image.Resampling.BILINEAR)
    return pixels, digits.target


DATA_SEED = {data_seed}
pixels, labels = handwritten()
order = np.random.default_rng(derive(DATA_SEED, "images", "split")).permutation(len(pixels))
train, validation = np.sort(order[:{cut}]), np.sort(order[{cut}:])
told = labels.copy()
'''
WRONG = """# Some of the training images have labels that were dealt out anew among them.
dealer = np.random.default_rng(derive(DATA_SEED, "images", "labels"))
wrong = dealer.permutation(train)[:{wrong}]
told[wrong] = labels[dealer.permutation(wrong)]
"""
FROM_FILE = """

# The images: bytes (n, channels, height, width), the labels that the net is told, and which are learnt and held out.
FILE = Path(__file__).with_name("{name}")
if not FILE.exists():
    sys.exit(f"{{FILE.name}} is not here: Learnscope gives it (Take away, Images); lay it beside this script.")
with np.load(FILE) as file:
    pixels, told, train, validation = (file[name] for name in {used}){more}
digest = hashlib.sha256()
for part in (pixels, told, train, validation{others}):
    digest.update(part)
if digest.hexdigest() != "{digest}":
    sys.exit(f"{{FILE.name}} holds other images than those that the run learnt from.")
"""
OTHER_HALF = """
    other_pixels, other_told = file["other_pixels"], file["other_told"]  # the other half of the classes"""
KNOWN = """
# Measured on the training images of all classes, of which only some are learnt here.
MEAN, DEVIATION = (torch.tensor(measure)[:, None, None] for measure in ({mean}, {deviation}))
"""
MEASURED = """
learnt = pixels[train].astype(np.float32) / 255
MEAN, DEVIATION = (
    torch.from_numpy(measure(learnt, axis=(0, 2, 3)).astype(np.float32))[:, None, None] for measure in (np.mean, np.std)
)
"""
DARK = "DEVIATION[DEVIATION == 0] = 1  # where all pixels are alike\n"
INPUTS = '''

def inputs_of(images: Tensor) -> Tensor:
    """Return what the net takes of images: numbers around 0."""
    return (images.float() / 255 - MEAN) / DEVIATION
'''
CHANGED_INPUTS = '''

def inputs_of(images: Tensor, step: int | None = None) -> Tensor:
    """Return what the net takes of images: numbers around 0. What is learnt from at a step is changed before."""
    seen = images.float() / 255
    if step is not None:
        seen = changed(seen, step)
    return (seen - MEAN) / DEVIATION


def changed(images: Tensor, step: int) -> Tensor:
    """Return images changed each in a way of its own, anew in every step."""
    generator = torch.Generator().manual_seed(derive(SEED, "augmentation", step))
    chances = torch.rand(len(images), {chances}, generator=generator)
{lines}
    return images.clamp(0, 1)
'''


def images_text(spec: ImagesSpec, prepared: Prepared, before: Prepared | None = None) -> str:
    """Return the lines that load and split the images of a run, with those that the net has learnt ``before``."""
    if not taking.needs_file(spec):
        text = _handwritten(spec, prepared)
    else:
        text = FROM_FILE.format(
            name=taking.file_name(spec),
            digest=taking.digest(prepared, before),
            used=str(taking.USED).replace("'", '"'),
            more=OTHER_HALF if before else "",
            others=", other_pixels, other_told" if before else "",
        )
    if spec.narrows:
        return text + KNOWN.format(mean=prepared.mean.tolist(), deviation=prepared.deviation.tolist())
    # No image from 0 to 1 deviates that much: it was none at all.
    return text + MEASURED + (DARK if (prepared.deviation == 1).any() else "")


def inputs_text(spec: AugmentationSpec, channels: int) -> str:
    """Return the functions that make inputs of images, changed as ``spec`` says."""
    if not spec.augments:
        return INPUTS
    light = 5 + 2 + channels
    lines, used = [], []
    if spec.erase:
        lines.append("noise = torch.rand(images.shape, generator=generator)")
    if spec.moves:
        settings = f"flip={spec.flip}, rotate={spec.rotate}, shift={spec.shift}, crop={spec.crop}"
        lines.append(f"images = moved(images, chances[:, :5], {settings})")
        used.append(augmentation.moved)
    if spec.colour:
        lines.append(f"images = lit(images, chances[:, 5:{light}], {spec.colour})")
        used.append(augmentation.lit)
    if spec.erase:
        lines.append(f"images = covered(images, chances[:, {light}:], {spec.erase}, noise)")
        used.append(augmentation.covered)
    text = CHANGED_INPUTS.format(chances=light + 4, lines="\n".join(f"    {line}" for line in lines))
    return text + "".join(map(source, used))


def _handwritten(spec: ImagesSpec, prepared: Prepared) -> str:
    first = (SIDE - WRITTEN_SIDE) // 2
    wrong = round(len(prepared.train) * spec.wrong_labels)
    text = HANDWRITTEN.format(
        side=SIDE,
        digit=DIGIT,
        levels=LEVELS,
        written=WRITTEN_SIDE,
        first=first,
        last=first + WRITTEN_SIDE,
        data_seed=spec.data_seed,
        cut=len(prepared.train),
    )
    return text + (WRONG.format(wrong=wrong) if wrong else "")
