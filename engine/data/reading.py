"""Tables that people upload, read in quarantine: ``engine.data.table`` is what reads them there.

What is read by itself on a command line, or in a test of the reader, may call that directly; a server never does.
"""

from engine import quarantine
from engine.data import table
from engine.data.table import Table
from engine.quarantined import Parsed


def read_table(data: bytes, name: str, target: str = "") -> Table:
    """Read a table as ``engine.data.table.read_table`` does, within the limits of a file; raises DataError."""
    plain, arrays = quarantine.read("engine.data.reading:parse_table", data, name, target)
    return Table(
        tuple(plain["columns"]),
        arrays["numbers"],
        plain["target"],
        arrays["targets"],
        tuple(plain["classes"]),
        tuple(plain["warnings"]),
    )


def read_header(data: bytes, name: str) -> tuple[str, ...]:
    """Return the names of a table's columns, of the header alone; raises DataError."""
    plain, _ = quarantine.read("engine.data.reading:parse_header", data, name)
    return tuple(plain["columns"])


def parse_table(data: bytes, name: str, target: str) -> Parsed:
    """Read a table in quarantine."""
    found = table.read_table(data, name, target)
    plain = {"columns": found.columns, "target": found.target, "classes": found.classes, "warnings": found.warnings}
    return plain, {"numbers": found.numbers, "targets": found.targets}


def parse_header(data: bytes, name: str) -> Parsed:
    """Read a table's header in quarantine."""
    return {"columns": table.header(data, name)}, {}
