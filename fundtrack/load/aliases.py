"""Other words for headers: `seeds/aliases.csv`, which anybody may edit."""

import csv
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from fundtrack.errors import InputError
from fundtrack.model.rows import COLUMNS
from fundtrack.settings import settings_now

HEADER: Final = ("table", "field", "alias", "lang", "source")
EVERY: Final = "*"
"""As a table: every table that has the field."""
_LARGEST: Final = 2_000_000


class Stamp(NamedTuple):
    """Which aliases: the file, when it was changed, how large it is."""

    path: Path
    changed: int
    size: int


def stamp() -> Stamp | None:
    """The file of aliases as it is now; None where there is none."""
    path = settings_now().seeds / "aliases.csv"
    try:
        about = path.stat()
    except OSError:
        return None
    return Stamp(path, about.st_mtime_ns, about.st_size)


@lru_cache(maxsize=4)
def read_aliases(of: Stamp) -> dict[str, tuple[tuple[str, str], ...]]:
    """By table, pairs of an alias as written and the field it names.

    Raises:
        InputError: `aliases_wrong` with the line, where the file cannot be used.

    """
    path = of.path
    if of.size > _LARGEST:
        raise InputError("aliases_wrong", file=path.name, line=0, seen=f"{of.size} bytes")
    found: dict[str, list[tuple[str, str]]] = {}
    try:
        lines = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError("aliases_wrong", file=path.name, line=0, seen=type(error).__name__) from error
    if not lines or tuple(name.strip() for name in lines[0]) != HEADER:
        raise InputError("aliases_wrong", file=path.name, line=1, seen=",".join(lines[0]) if lines else "")
    for number, line in enumerate(lines[1:], start=2):
        if not any(cell.strip() for cell in line):
            continue
        if len(line) < 3 or not line[2].strip():
            raise InputError("aliases_wrong", file=path.name, line=number, seen=",".join(line))
        table, field, alias = (cell.strip() for cell in line[:3])
        tables = [
            name
            for name in COLUMNS
            if table in {name, EVERY} and any(column.name == field for column in COLUMNS[name])
        ]
        if not tables:
            raise InputError("aliases_wrong", file=path.name, line=number, seen=f"{table}.{field}")
        for name in tables:
            found.setdefault(name, []).append((alias, field))
    return {name: tuple(pairs) for name, pairs in found.items()}
