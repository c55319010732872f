"""The training of a written-out run: the learning rate, the order of the batches, the loop, and when it is enough."""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.data.catalogue import Kind
from engine.labs.script_text import source
from engine.training import schedules
from engine.training.edits import is_edit
from engine.training.experiment import Change
from engine.training.settings import TrainingSpec

SCORES: dict[Kind, str] = {
    "binary": "int(((outputs[:, 0] > 0) == targets).sum()) / len(targets)",
    "classes": "int((outputs.argmax(dim=1) == targets).sum()) / len(targets)",
    "regression": "1 - ((outputs[:, 0] - targets) ** 2).sum().item() / ((targets - targets.mean()) ** 2).sum().item()",
}
"""Accuracy, or R², as ``engine.training.task`` has them."""
RATE = '''

def rate_at(step: int, epoch: float) -> float:
    """Return the learning rate of the update made at a step."""
    base = {rate}{changes}
    factor = {factor}{warm_up}
    return base * factor
'''
BATCHES = '''

def batches(count: int, size: int = {batch_size}):
    """Yield the epoch and the places of the {what} of each batch, each epoch in an order of its own."""
    starts = list(range(0, count, size))
    if len(starts) > 1 and count - starts[-1] == 1 and size > 1:
        starts.pop()  # a single one left over joins the batch before it
    epoch = 0
    while True:
        order = torch.randperm(count, generator=torch.Generator().manual_seed(derive(SEED, "order", epoch)))
        for start, end in zip(starts, [*starts[1:], count], strict=True):
            yield epoch + start / count, order[start:end]
        epoch += 1
'''
ANSWERS = '''

def outputs_of(inputs: Tensor) -> Tensor:
    """Return what the net says where it does not learn."""
    net.eval()
    with torch.no_grad():
        outputs = {outputs}
    {learn}
    return outputs
'''
ENOUGH = '''

best = {{"loss": math.inf, "epoch": 0.0}}


def is_enough(epoch: float, inputs: Tensor, targets: Tensor) -> bool:
    """Tell after each whole epoch, by what is held out, whether the training ends here."""
    if not epoch.is_integer():
        return False
    outputs = outputs_of(inputs)
    value = loss(outputs, targets).item()
    if value < best["loss"]:
        best.update(loss=value, epoch=epoch)
{conditions}
'''
MAIN = """

def main() -> None:
{setup}
    weights = [parameter for parameter in {learning} if parameter.dim() > 1]
    others = [parameter for parameter in {learning} if parameter.dim() <= 1]
    groups = [{{"params": weights{decay}}}, {{"params": others}}]
    optimizer = {optimizer}
    for step, (epoch, batch) in enumerate(batches(len(targets))):
        optimizer.zero_grad()
        value = loss(net({inputs}), targets[batch])
        value.backward()
{by_hand}        print(step, repr(value.item())){penalties}
        if step == STEPS or epoch >= {max_epochs}{enough}:
            break
{before_update}        for group in optimizer.param_groups:
            group["lr"] = rate_at(step, epoch)
        optimizer.step()
{ending}"""
ENDING = """    print("training loss", loss(outputs_of(inputs), targets).item())
    print("validation loss", loss(outputs_of(held_out), held_out_targets).item())
"""
CLIP = '''

def clip_at(step: int) -> float:
    """Return how long the gradient of the update made at a step may be; 0: as long as it is."""
    most = {clip}{changes}
    return most
'''
CLIPPED = """        if most := clip_at(step):
            nn.utils.clip_grad_norm_(net.parameters(), most)
"""
# Lines of the loop, between backward and what follows.
PUTTING_IN = """        for tensor, index, number in BY_HAND.get(step, []):
            with torch.no_grad():
                tensor[index] = number
            optimizer.zero_grad()
            value = loss(net({inputs}), targets[batch])  # the batch passes once more
            value.backward()
"""


@dataclass(frozen=True, slots=True)
class Loop:
    """What sets the loop of one lab off from that of another, as lines and expressions of its script.

    ``what`` is learnt from, of one ``kind``; ``setup`` makes ``inputs``, ``targets``, ``held_out`` and
    ``held_out_targets``; the net is given ``inputs`` for a batch, and ``outputs`` says what it makes of all ``inputs``.
    ``learning`` are the parameters that learn, and ``learn`` has the net learn on after it was asked;
    ``before_update`` stands between the gradients and the update. ``score`` is the score of ``outputs``
    against ``targets`` where it is not that of the kind. ``batches`` is the function that yields the epoch and the
    places of each batch where their order is not one by chance; ``ending`` are the lines that tell how it has ended.
    """

    what: str
    kind: Kind
    setup: str
    inputs: str
    outputs: str
    learning: str = "net.parameters()"
    learn: str = "net.train()"
    before_update: str = ""
    score: str = ""
    batches: str = ""
    ending: str = ENDING


def training(spec: TrainingSpec, changes: Sequence[Change], loop: Loop) -> str:
    """Return the training with ``spec``; ``changes`` (step, name, value) were made to it while it went on."""
    stops = spec.target_score or spec.patience
    main = MAIN.format(
        setup=loop.setup.rstrip("\n"),
        learning=loop.learning,
        decay=f', "weight_decay": {spec.l2}' if spec.optimizer == "adamw" else "",
        optimizer=_optimizer(spec),
        inputs=loop.inputs,
        by_hand=PUTTING_IN.format(inputs=loop.inputs) if any(is_edit(name) for _, name, _ in changes) else "",
        penalties=_penalties(spec),
        max_epochs=spec.max_epochs,
        enough=" or is_enough(epoch, held_out, held_out_targets)" if stops else "",
        before_update=loop.before_update,
        ending=loop.ending,
    )
    parts = [
        _schedule(spec),
        _rate(spec, changes),
        loop.batches or BATCHES.format(what=loop.what, batch_size=spec.batch_size),
        ANSWERS.format(outputs=loop.outputs, learn=loop.learn),
        ENOUGH.format(conditions=_conditions(spec, loop.score or SCORES[loop.kind])) if stops else "",
        main,
    ]
    return "".join(parts)


def clipping(clip: float, changes: Sequence[Change]) -> tuple[str, str]:
    """Return the function that says how long a gradient may be, and the lines that shorten it before the update, of a
    run that began with ``clip``; nothing of either where none is ever shortened.
    """
    changed = [(step, float(value)) for step, name, value in changes if name == "clip"]
    if not clip and not changed:
        return "", ""
    lines = "".join(f"\n    if step >= {step}:\n        most = {value!r}" for step, value in changed)
    return CLIP.format(clip=repr(clip), changes=lines), CLIPPED


def _schedule(spec: TrainingSpec) -> str:
    """Return the function of the schedule, with what it calls."""
    if spec.schedule == "constant":
        return ""
    text = source(schedules.SCHEDULES[spec.schedule], "schedule")
    constants = {name: getattr(schedules, name) for name in ("CYCLE_CLIMB", "CYCLE_FROM", "CYCLE_TO")}
    used = "".join(f"\n{name} = {value!r}" for name, value in constants.items() if name in text)
    ease = source(schedules._ease) if "_ease(" in text else ""
    return (f"\n{used}\n" if used else "") + ease + text


def _rate(spec: TrainingSpec, changes: Sequence[Change]) -> str:
    changed = "".join(
        f"\n    if step >= {step}:\n        base = {float(value)!r}"
        for step, name, value in changes
        if name == "learning_rate"
    )
    warm_up = ""
    if spec.warm_up_epochs:
        start = schedules.WARM_UP_FROM
        climb = f"factor *= {start} + (1 - {start}) * epoch / {spec.warm_up_epochs}"
        warm_up = f"\n    if epoch < {spec.warm_up_epochs}:\n        {climb}"
    factor = "1.0" if spec.schedule == "constant" else f"schedule(epoch, {spec.horizon})"
    return RATE.format(rate=repr(spec.learning_rate), changes=changed, factor=factor, warm_up=warm_up)


def _conditions(spec: TrainingSpec, score: str) -> str:
    """Return the lines that tell whether it is enough, by the expression of the score."""
    lines, told = [], []
    if spec.target_score:
        lines.append(f"    score = {score}")
        told.append(f"score >= {spec.target_score}")
    if spec.patience:
        told.append(f'epoch - best["epoch"] >= {spec.patience}')
    return "\n".join([*lines, f"    return {' or '.join(told)}"])


def _optimizer(spec: TrainingSpec) -> str:
    match spec.optimizer:
        case "momentum":
            return f"torch.optim.SGD(groups, momentum={spec.momentum}, fused=True)"
        case "nesterov" if spec.momentum:
            return f"torch.optim.SGD(groups, momentum={spec.momentum}, nesterov=True, fused=True)"
        case "sgd" | "nesterov":
            return "torch.optim.SGD(groups, fused=True)"
        case "adagrad":
            return "torch.optim.Adagrad(groups, fused=True)"
        case "rmsprop":
            return "torch.optim.RMSprop(groups, alpha=0.9)"
        case "adam":
            return "torch.optim.Adam(groups, fused=True)"
        case "adamw":
            return "torch.optim.AdamW(groups, weight_decay=0.0, fused=True)"


def _penalties(spec: TrainingSpec) -> str:
    l2 = 0.0 if spec.optimizer == "adamw" else spec.l2
    terms = [
        *([f"weight.grad.add_(weight.detach().sign(), alpha={spec.l1})"] if spec.l1 else []),
        *([f"weight.grad.add_(weight.detach(), alpha={l2})"] if l2 else []),
    ]
    return "".join(["\n        for weight in weights:", *(f"\n            {term}" for term in terms)]) if terms else ""
