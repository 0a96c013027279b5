"""Read a workbook of any kind into a Book, in a child process that may fail without us."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl

from fundtrack.load.cells import Book, Sheet
from fundtrack.load.child import run
from fundtrack.load.limits import ReadLimits
from fundtrack.load.sniff import sniff

__all__ = ["ReadLimits", "read_book"]


def read_book(
    path: Path, limits: ReadLimits | None = None, *, progress: Callable[[float], None] | None = None
) -> Book:
    """Read every sheet of a file, cells at their true place.

    Args:
        path: the file; its name decides nothing.
        limits: how much it may ask of us.
        progress: told the share done, from 0 to 1.

    Raises:
        InputError: the file is refused; its code says why.

    """
    limits = limits or ReadLimits()
    form = sniff(path, limits)
    with tempfile.TemporaryDirectory(prefix="fundtrack-read-") as folder:
        told = run(path, Path(folder), form, limits, progress or (lambda _: None))
        return opened(form, Path(folder), told)


def opened(form: str, folder: Path, told: dict[str, Any]) -> Book:
    """Give the book whose sheets a child has left in a folder."""
    sheets = [_sheet(folder / f"{n}.arrow", about) for n, about in enumerate(told["sheets"])]
    return Book(form, tuple(sheets), tuple(told["notes"]))


def _sheet(path: Path, about: dict[str, Any]) -> Sheet:
    cells = pl.read_ipc(path) if path.exists() else pl.DataFrame()
    text = cells.select(name for name in cells.columns if name[0] == "c")
    kind = cells.select(pl.col(name).alias("c" + name[1:]) for name in cells.columns if name[0] == "k")
    return Sheet(
        about["name"],
        text,
        kind,
        visibility=about["visibility"],
        merged=tuple((a, b, c, d) for a, b, c, d in about["merged"]),
        hidden_rows=frozenset(about["hidden_rows"]),
        hidden_columns=frozenset(about["hidden_columns"]),
    )
