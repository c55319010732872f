"""With what the net of a written-out run of Vision begins: what it has learnt before, and which layers hold still."""

from torch import nn

from engine.data.images.prepared import Prepared
from engine.labs.script_text import LINE
from engine.nets.images.freezing import NORMS, parts_of
from engine.training.settings import TrainingSpec
from engine.training.transfer_spec import TransferSpec, head, held_still

STILL = """
# These parts of the net hold still: they have no gradient, so nothing moves them.
STILL = {names}
still = [net.get_submodule(name) for name in STILL]
for part in still:
    part.requires_grad_(False)
learning = [parameter for parameter in net.parameters() if parameter.requires_grad]
"""
LEARN = '''

def learn() -> None:
    """Have the net learn, but for what holds still: norms there do not measure batches, and keep their averages."""
    net.train()
    for part in still:
        part.eval()


learn()
'''
BEFORE = '''

# What the net has learnt before: the other half of the classes. The last layer is for those that it learns now.


def learnt_before() -> dict[str, Tensor]:
    """Return all tensors of a net that has learnt the other half of the classes."""
    earlier = new_net({classes})
    images, labels = torch.from_numpy(other_pixels), torch.from_numpy(other_told)
    optimizer = torch.optim.Adam(earlier.parameters(), {rate}, fused=True)
    for epoch, batch in batches(len(labels), {size}):
        optimizer.zero_grad()
        value = functional.cross_entropy(earlier(inputs_of(images[batch])), labels[batch])
        if epoch.is_integer():
            print(f"the other half, epoch {{epoch:.0f}} of {epochs}: loss {{value.item():.2g}}", file=sys.stderr)
        if epoch >= {epochs}:{measured}
            return earlier.state_dict()
        value.backward()
        optimizer.step()


known = {{name: tensor for name, tensor in learnt_before().items() if not name.startswith("{head}.")}}
net.load_state_dict(known, strict=False)  # not strict: the last layer stays as it is
'''

MEASURED = "  # no update any more, but norms have measured this batch, too"


def takes_over(spec: TransferSpec, net: nn.Module) -> bool:
    """Tell whether ``net`` begins with something learnt before: there must be more of it than its last layer."""
    return spec.transfers and any(not name.startswith(f"{head(spec)}.") for name in net.state_dict())


def still_text(spec: TransferSpec, net: nn.Module) -> str:
    """Return the lines that hold layers of ``net``, the script's ``net``, still."""
    still = parts_of(net, held_still(spec))
    if not still:
        return ""
    names = [name for name, part in net.named_modules() if part in still]
    return STILL.format(names=_listed(names)) + (LEARN if keeps_averages(spec, net) else "")


def keeps_averages(spec: TransferSpec, net: nn.Module) -> bool:
    """Tell whether some norm of ``net`` holds still."""
    return any(isinstance(part, NORMS) for part in parts_of(net, held_still(spec)))


def before_text(spec: TransferSpec, before: Prepared, net: nn.Module) -> str:
    """Return the lines that learn ``before`` what the net is to begin with, as ``engine.training.pretrained`` does."""
    usual = TrainingSpec()
    return BEFORE.format(
        classes=len(before.images.classes),
        rate=usual.learning_rate,
        size=usual.batch_size,
        epochs=spec.pretrain_epochs,
        head=head(spec),
        measured=MEASURED if any(isinstance(part, NORMS) for part in net.modules()) else "",
    )


def _listed(names: list[str]) -> str:
    line = "[" + ", ".join(f'"{name}"' for name in names) + "]"
    if len(line) < LINE:
        return line
    return "[\n" + "".join(f'    "{name}",\n' for name in names) + "]"
