"""What a file would change: new, changed and unchanged rows by key; what a file does not say stays as it was."""

from dataclasses import dataclass, field

import polars as pl

from fundtrack.model.frames import find_column, key_fields, row_key, schema
from fundtrack.model.rows import COLUMNS
from fundtrack.store.batches import draft_schema


@dataclass(frozen=True)
class TableDiff:
    """The difference that one file makes to one table.

    Attributes:
        table: its name.
        new: rows whose keys the ledger does not have: `schema(table)` with `sheet`, `row_number`.
        changed: rows that differ, as they would be.
        before: the same keys as they are, in the same order.
        unchanged: how many rows say what the ledger says.
        keys: of all rows of the file: `row_key`.
        missing: rows as they stand that the same sender put last and that none of its files has: `schema(table)`.
        removes: the file is complete for the table, so that what is missing is deleted; else it is kept.
    """

    table: str
    new: pl.DataFrame
    changed: pl.DataFrame
    before: pl.DataFrame
    unchanged: int
    keys: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema={"row_key": pl.String}))
    missing: pl.DataFrame = field(default_factory=pl.DataFrame)
    removes: bool = False

    @property
    def removed(self) -> int:
        """How many rows would be deleted."""
        return self.missing.height if self.removes else 0

    @property
    def deletes(self) -> pl.DataFrame:
        """The rows that say of each missing one that it is no more, as the log has them."""
        wanted = draft_schema(self.table)
        if not self.removed:
            return pl.DataFrame(schema=wanted)
        nothing = [
            pl.lit(None, dtype=dtype).alias(name)
            for name, dtype in wanted.items()
            if name not in {"row_key", "op"}
        ]
        return (
            self.missing.select("row_key", pl.lit("delete").alias("op"), *nothing)
            .select(list(wanted))
            .sort("row_key")
        )

    @property
    def puts(self) -> pl.DataFrame:
        """The rows to write, in the file's order."""
        return pl.concat([self.new, self.changed]).sort("sheet", "row_number")

    @property
    def counts(self) -> dict[str, int]:
        """How many of each; deleted ones only where there are any."""
        found = {"new": self.new.height, "changed": self.changed.height, "unchanged": self.unchanged}
        return found | ({"deleted": self.removed} if self.removed else {})

    def changes(self) -> pl.DataFrame:
        """Each changed field: row_key, field, old, new (as texts), sheet, row_number."""
        names = [name for name in schema(self.table) if name != "row_key"]
        parts = []
        for name in names:
            old, new = self.before[name], self.changed[name]
            differs = old.ne_missing(new)
            if differs.any():
                told = {
                    "row_key": self.changed["row_key"],
                    "field": pl.repeat(name, old.len(), dtype=pl.String, eager=True),
                    "old": old.cast(pl.String),
                    "new": new.cast(pl.String),
                    "sheet": self.changed["sheet"],
                    "row_number": self.changed["row_number"],
                }
                parts.append(pl.DataFrame(told).filter(differs))
        empty = pl.DataFrame(
            schema={
                "row_key": pl.String,
                "field": pl.String,
                "old": pl.String,
                "new": pl.String,
                "sheet": pl.String,
                "row_number": pl.Int64,
            }
        )
        return pl.concat([empty, *parts]).sort("sheet", "row_number", "field")


def complete(rows: pl.DataFrame, table: str, current: pl.DataFrame) -> pl.DataFrame:
    """Give every row its key and all columns of its table; a column that the file does not have keeps its earlier value."""
    wanted = schema(table)
    keys = [name for name in key_fields(table) if name not in rows.columns]
    rows = rows.with_columns(pl.lit(None, dtype=wanted[name]).alias(name) for name in keys).with_columns(
        row_key(table)
    )
    absent = [name for name in wanted if name not in rows.columns]
    if absent:
        kept = current.select("row_key", *absent)
        rows = rows.join(kept, on="row_key", how="left", maintain_order="left", validate="m:1")
    return rows.select(*(pl.col(name).cast(dtype) for name, dtype in wanted.items()), "sheet", "row_number")


def diff(rows: pl.DataFrame, table: str, current: pl.DataFrame) -> TableDiff:
    """Compare complete rows of distinct keys with the current ones."""
    names = list(schema(table))
    old = current.select(names).with_columns(pl.lit(value=True).alias("_known"))
    both = rows.join(old, on="row_key", how="left", suffix="_old", maintain_order="left", validate="1:1")
    known = pl.col("_known").is_not_null()
    compared = [name for name in names if name != "row_key"]
    differs = pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"{name}_old")) for name in compared)
    new, changed = both.filter(~known), both.filter(known & differs)
    own = [*names, "sheet", "row_number"]
    before = changed.select("row_key", *(pl.col(f"{name}_old").alias(name) for name in compared))
    return TableDiff(
        table, new.select(own), changed.select(own), before, both.height - new.height - changed.height,
        rows.select("row_key"),
    )  # fmt: skip


def required_absent(
    rows: pl.DataFrame, table: str, mapped: frozenset[str], current: pl.DataFrame
) -> list[str]:
    """Required fields that the file has no column for and that some new row would therefore lack."""
    fresh = rows.join(current.select("row_key"), on="row_key", how="anti")
    return [
        column.name
        for column in COLUMNS[table]
        if column.required
        and column.name not in mapped
        and find_column(table, column.name).kind != "currency"
        and fresh[column.name].null_count()
    ]
