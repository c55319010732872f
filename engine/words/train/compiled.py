"""numba, set up once: what it has compiled is kept in Learnscope's home; and a hint to memory that it has no word for.

Whoever imports this imports numba: never the web process.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

HOME = Path(os.environ.get("LEARNSCOPE_HOME") or ".learnscope")
os.environ.setdefault("NUMBA_CACHE_DIR", str(HOME.resolve() / "cache" / "numba"))

import numba  # noqa: E402 - it reads the environment when it is imported
from llvmlite import ir  # noqa: E402
from numba.core import cgutils, types  # noqa: E402
from numba.extending import intrinsic  # noqa: E402

TO_WRITE, KEEP, DATA = 1, 3, 1
"""Of LLVM's prefetch: it will be written, stays in all caches, and is no code."""


def compiled(fastmath: bool = False) -> Callable[[Any], Any]:
    """Compile a function for one thread that lets others run meanwhile: threads are Python's, work is dealt by hand.

    With ``fastmath`` sums are taken in any order and 1/sqrt by estimate and one step of Newton's: twice as fast.
    """
    return numba.njit(nogil=True, cache=True, error_model="numpy", fastmath=fastmath)


def _prefetch(_: Any, array: Any, index: Any) -> tuple[Any, Any]:
    """Ask for the element of an array at a tuple, so that it is in the cache once it is needed; nobody waits for it."""

    def write(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kind, places = signature.args
        view = context.make_array(kind)(context, builder, arguments[0])
        whole = [
            context.cast(builder, builder.extract_value(arguments[1], axis), place, types.intp)
            for axis, place in enumerate(places)
        ]
        pointer = cgutils.get_item_pointer(context, builder, kind, view, whole, wraparound=False)
        byte, number = ir.IntType(8).as_pointer(), ir.IntType(32)
        hint = cgutils.get_or_insert_function(
            builder.module, ir.FunctionType(ir.VoidType(), [byte, number, number, number]), "llvm.prefetch.p0"
        )
        builder.call(hint, [builder.bitcast(pointer, byte), number(TO_WRITE), number(KEEP), number(DATA)])
        return context.get_dummy_value()

    return types.void(array, index), write


prefetch: Any = intrinsic(_prefetch)
