"""How a run becomes a text in Python: functions of ours as they stand in our files, and a head with what it imports."""

import ast
import base64
import inspect
import re
import textwrap
import zlib
from collections.abc import Callable, Mapping, Sequence
from types import ModuleType
from typing import Any

import numpy as np

from engine import seeds
from engine.training.edits import is_edit, read_edit
from engine.training.experiment import Change

LINE = 110
HEAD = '''"""{title}, as a run of Learnscope trained it, written out.

Needs Python 3.11, {needs}.
Prints the loss of each batch, up to the step given: python script.py 1000
On the machine and the release of torch that made the run the numbers are the same to the last bit.
{about}"""

{imports}

STEPS = int(sys.argv[1]) if len(sys.argv) > 1 else {steps}
SEED = {seed}
SEED_BITS = {bits}
torch.set_num_threads(1)  # sums over several threads would depend on the machine
'''
PUT_IN = """

# The numbers that were put into the net by hand, by the steps at which that was.
BY_HAND = {{
{lines}
}}
"""
STANDARD = {
    f"import {name}": rf"\b{name}\." for name in ("base64", "hashlib", "math", "re", "sys", "textwrap", "zlib")
} | {
    "from collections import Counter": r"\bCounter\(",
    **{
        f"from collections.abc import {name}": rf"\b{name}\["
        for name in ("Callable", "Iterable", "Iterator", "Mapping", "Sequence")
    },
    "from dataclasses import dataclass": r"@dataclass\b",
    "from dataclasses import field": r"\bfield\(default",
    "from functools import cached_property": r"@cached_property\b",
    "from functools import partial": r"\bpartial\(",
    "from itertools import pairwise": r"\bpairwise\(",
    "from pathlib import Path": r"\bPath\(",
    "from types import MappingProxyType": r"\bMappingProxyType\(",
    **{
        f"from typing import {name}": use
        for name, use in {
            "ClassVar": r"\bClassVar\[",
            "Literal": r"\bLiteral\[",
            "NamedTuple": r"\(NamedTuple\)",
            "TypeVar": r"\bTypeVar\(",
        }.items()
    },
}
OTHERS = {
    "import numpy as np": r"\bnp\.",
    "import torch": r"\btorch\.",
    "from PIL import Image": r"\bImage\.",
    "from sklearn.datasets import load_digits": r"\bload_digits\(",
    "from torch import Tensor, nn": r"\bTensor\b",
    "from torch.nn import functional": r"\bfunctional\.",
    **{
        f"from torch.nn.utils.rnn import {name}": rf"\b{name}\("
        for name in ("PackedSequence", "pack_padded_sequence", "pad_packed_sequence")
    },
}
PACKAGES = {
    "import torch": "torch",
    "import numpy as np": "numpy",
    "from PIL": "Pillow",
    "from sklearn": "scikit-learn",
}


def written(title: str, body: str, *, steps: int, seed: int, about: str = "") -> str:
    """Return a script: its head, with the imports that ``body`` needs, then ``body``, which ends by calling ``main``.

    ``about`` are lines that its docstring ends with.
    """
    text = source(seeds.derive) + body
    standard, others = (
        [line for line, use in table.items() if re.search(use, HEAD + text)] for table in (STANDARD, OTHERS)
    )
    needed = [name for line, name in PACKAGES.items() if any(one.startswith(line) for one in others)]
    head = HEAD.format(
        title=title,
        needs=f"{', '.join(needed[:-1])} and {needed[-1]}",
        about=about,
        imports="\n".join([*_joined(standard), "", *_joined(others)]),
        steps=steps,
        seed=seed,
        bits=seeds.SEED_BITS,
    )
    return head + text


def _joined(lines: Sequence[str]) -> list[str]:
    """Return imports of which those from one module, one after the other, are one line."""
    found: list[str] = []
    for line in lines:
        start, sign, name = line.partition(" import ")
        if found and sign and found[-1].startswith(f"{start} import "):
            found[-1] += f", {name}"
        else:
            found.append(line)
    return found


def source(thing: Callable[..., Any], name: str = "") -> str:
    """Return a function or a class of ours as it stands in our file, under another ``name`` if there is one."""
    text = textwrap.dedent(inspect.getsource(thing))
    return "\n\n" + (text.replace(f"def {thing.__name__}(", f"def {name}(", 1) if name else text)


def module_source(module: ModuleType) -> tuple[str, str, Mapping[str, Any]]:
    """Return what a module of ours says of itself, its text behind its imports, and what it imports of ours by name."""
    text = inspect.getsource(module)
    tree = ast.parse(text)
    imports = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    ours = [node for node in imports if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("engine.")]
    names = [one.name for node in ours for one in node.names]
    behind = max(node.end_lineno or 0 for node in imports)
    rest = "\n".join(text.splitlines()[behind:]).strip("\n")
    return ast.get_docstring(tree) or "", f"\n\n{rest}\n", {name: getattr(module, name) for name in names}


def module_text(module: ModuleType) -> str:
    """Return the text of a module of ours, with what it says of itself ahead as a comment."""
    about, text, _ = module_source(module)
    return comment(about) + text


def comment(text: str) -> str:
    """Return paragraphs as lines of a comment."""
    parts = [textwrap.fill(part, LINE, initial_indent="# ", subsequent_indent="# ") for part in text.split("\n\n")]
    return "\n\n" + "\n#\n".join(parts) + "\n"


def put_in(changes: Sequence[Change], tensor: Callable[[str], str]) -> str:
    """Return what was put into the net by hand: by step, in order, the tensor, the place in it and the number.

    ``tensor`` returns the expression for a parameter of ours in the script's net.
    """
    by_step: dict[int, list[str]] = {}
    for step, name, value in changes:
        if is_edit(name):
            edit = read_edit(name, value)
            by_step.setdefault(step, []).append(f"({tensor(edit.tensor)}, {edit.index}, {edit.value!r})")
    return PUT_IN.format(lines="\n".join(_entry(*one) for one in by_step.items())) if by_step else ""


def _entry(step: int, those: list[str]) -> str:
    line = f"    {step}: [{', '.join(those)}],"
    if len(line) <= LINE:
        return line
    return "\n".join([f"    {step}: [", *(f"        {one}," for one in those), "    ],"])


def packed(array: np.ndarray) -> str:
    """Return numbers as text in lines: 32 bits each, compressed."""
    raw = np.ascontiguousarray(array, "<f4").tobytes()
    # Base 85 has neither quotes nor backslashes.
    return "\n".join(textwrap.wrap(base64.b85encode(zlib.compress(raw, 9)).decode(), LINE))
