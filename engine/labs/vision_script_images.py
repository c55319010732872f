"""The images of a written-out run of Vision: where they come from, how they are split, and how they are changed."""

from engine.data.images import taking
from engine.data.images.digits import LEVELS
from engine.data.images.digits import SIDE as DIGIT
from engine.data.images.halves import few
from engine.data.images.names import ALPHABETS
from engine.data.images.prepared import WRITTEN_SIDE, Prepared, whole
from engine.data.images.spec import MOST, SIDE, ImagesSpec
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
'''
TOLD_OF = '''

def told_of(train: np.ndarray) -> np.ndarray:
    """Return the labels that the net is told: some of the training images' were dealt out anew among them."""
    dealer = np.random.default_rng(derive(DATA_SEED, "images", "labels"))
    wrong = dealer.permutation(train)[: round(len(train) * {share})]
    told = labels.copy()
    told[wrong] = labels[dealer.permutation(wrong)]
    return told
'''
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
        return _handwritten(spec) + MEASURED + _narrowed(spec, before)
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


def _handwritten(spec: ImagesSpec) -> str:
    """Return the lines that load all handwritten digits, and split them."""
    first = (SIDE - WRITTEN_SIDE) // 2
    return HANDWRITTEN.format(
        side=SIDE,
        digit=DIGIT,
        levels=LEVELS,
        written=WRITTEN_SIDE,
        first=first,
        last=first + WRITTEN_SIDE,
        data_seed=spec.data_seed,
        cut=len(whole(spec).train),
    )


def _narrowed(spec: ImagesSpec, before: Prepared | None) -> str:
    """Return the lines that choose what is learnt of the handwritten digits, and say what the net is told of it."""
    middle = (len(ALPHABETS["digits"]) + 1) // 2
    here, there = ("<", ">=") if spec.classes == "first_half" else (">=", "<")
    from_0 = {"<": "", ">=": f" - {middle}" if spec.classes != "all" else ""}
    labels_of = "told_of({})" if spec.wrong_labels else "labels"
    functions, lines = "", []
    if spec.classes != "all":
        lines.append(f"# Only the digits {here} {middle} are learnt; all nets count their classes from 0.")
        lines += [f"before = train[labels[train] {there} {middle}]"] if before else []
        lines.append(f"train, validation = (rows[labels[rows] {here} {middle}] for rows in (train, validation))")
    if spec.train_images < MOST:
        functions += source(few)
        chance = 'np.random.default_rng(derive(DATA_SEED, "images", "examples"))'
        lines.append(f"train = few(labels, train, {spec.train_images}, {chance})")
    if spec.wrong_labels:
        functions += TOLD_OF.format(share=spec.wrong_labels)
    lines.append(f"told = {labels_of.format('train')}{from_0[here]}")
    if before:
        other_told = f"{labels_of.format('before')}[before]{from_0[there]}"
        lines.append(f"other_pixels, other_told = pixels[before], {other_told}  # what the net has learnt before")
    return f"{functions}\n\n" * bool(functions) + "\n".join([*lines, ""])
