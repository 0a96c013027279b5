"""Reference tables that come with the program: loaded as batches like everything else, and never over what people loaded."""

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Final

import polars as pl

from fundtrack.errors import InputError
from fundtrack.load.cells import Book, Kind, Sheet
from fundtrack.load.checked import Checked, ReadFile
from fundtrack.load.cover import CoverRead
from fundtrack.load.diff import TableDiff
from fundtrack.load.intake import check_file
from fundtrack.load.layout import find_tables
from fundtrack.load.parse import parse_table
from fundtrack.load.state import State
from fundtrack.store.ledger import Ledger

SEED_TABLES: Final = {
    "targets": "target",
    "policies": "policy",
    "districts": "district",
    "industries": "industry",
    "rules": "rule",
    "fx_rates": "market_rate",
    "lending_rates": "market_rate",
}
"""CSV files of seeds/ and the tables they fill."""


def read_seed(path: Path) -> ReadFile:
    """Read a CSV of seeds/; it came with the program, so it needs no process of its own.

    Raises:
        InputError: somebody has made it unreadable.
    """
    try:
        cells = pl.read_csv(path, has_header=False, infer_schema=False)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise InputError("file_damaged", file=path.name) from error
    text = cells.rename({name: f"c{n}" for n, name in enumerate(cells.columns)})
    kind = text.select(pl.all().is_not_null().cast(pl.UInt8) * Kind.TEXT.value)
    found = find_tables(Book("csv", (Sheet(SEED_TABLES[path.stem], text, kind),)), path.name, None)
    cover = CoverRead(None, {}, {}, None, None, (), ())
    parsed = tuple(parse_table(raw) for raw in found.tables)
    return ReadFile(path, path.name, _sha256(path), cover, found, kind="seed", parsed=parsed)


def take_seeds(folder: Path, ledger: Ledger | None, state: State) -> tuple[list[Checked], State]:
    """The reference tables that say anything new, and the state with them in.

    A file that was loaded to the byte is not read again, not even after its reversal, which was somebody's decision. Of a
    file that has changed, a row counts only where it is new or still the program's own: what people loaded, corrected or
    took back stands.

    Raises:
        InputError: `seeds_missing` where the folder has no targets; `seed_refused` where a file is wrong, since figures
            stand on it.
    """
    files = [path for stem in SEED_TABLES if (path := folder / f"{stem}.csv").is_file()]
    if ledger is None and not any(path.stem == "targets" for path in files):
        raise InputError("seeds_missing", folder=folder)
    loaded = _loaded(ledger)
    taken: list[Checked] = []
    for path in files:
        if loaded.get(path.name) == _sha256(path):
            continue
        checked = check_file(read_seed(path), state)
        wrong = next((problem for problem in checked.problems if problem.severity == "error"), None)
        if wrong is not None:
            raise InputError(
                "seed_refused", file=wrong.file, cell=wrong.cell or wrong.row or "", value=wrong.value or ""
            )
        diffs = tuple(_ours(item, ledger) for item in checked.diffs)
        for item in diffs:
            state = state.put(item.table, item.puts)
        kept = replace(checked, diffs=diffs, state=state)
        if kept.news:
            taken.append(kept)
    return taken, state


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _loaded(ledger: Ledger | None) -> dict[str, str]:
    """The newest content of each reference table that was ever loaded, by file name."""
    if ledger is None:
        return {}
    seeds = ledger.batches().filter(pl.col("kind") == "seed")
    return dict(seeds.select("file_name", "file_sha256").iter_rows())


def _ours(item: TableDiff, ledger: Ledger | None) -> TableDiff:
    """A difference without the rows that people have put, changed or taken back."""
    if ledger is None:
        return item
    own = ledger.batches().filter(pl.col("kind") == "seed")["batch_id"].implode()
    ours = ledger.placed(item.table).filter(pl.col("batch_id").is_in(own))["row_key"]
    touched = ledger.keys_ever(item.table) - set(ours)
    free = ~pl.col("row_key").is_in(list(touched))
    new, changed, before = item.new.filter(free), item.changed.filter(free), item.before.filter(free)
    held = item.new.height + item.changed.height - new.height - changed.height
    return TableDiff(item.table, new, changed, before, item.unchanged + held)
