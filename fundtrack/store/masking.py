"""What leaves the house: contacts never do, natural persons go under numbers.

The numbers follow the persons' names in order, so that the same edition gives the same ones; they stand wherever the name
or the key of a row that holds it would stand.
"""

import json
from dataclasses import dataclass
from typing import Final, Self

import polars as pl

from fundtrack.model.rows import COLUMNS
from fundtrack.store.ledger import Ledger

PERSONAL: Final = "investor"
"""The one masked column that stays: only natural persons among its values are masked."""
WITHHELD: Final = "（不导出）"
HIDDEN: Final[dict[str, list[str]]] = {
    table: [column.name for column in columns if column.masked and column.name != PERSONAL]
    for table, columns in COLUMNS.items()
    if any(column.masked and column.name != PERSONAL for column in columns)
}
"""Columns that are not exported, by table."""
_HELD_BY: Final = ("investor_commitment", "fund_paid_in")


@dataclass(frozen=True)
class Masking:
    """What stands for what: names of natural persons, and keys of rows that hold one."""

    names: dict[str, str]
    keys: dict[str, str]

    @classmethod
    def of(cls, ledger: Ledger) -> Self:
        """The masks of an edition."""
        logs = {table: ledger.log(table) for table in _HELD_BY}
        persons = logs["investor_commitment"].filter(pl.col("kind") == "natural_person")[PERSONAL]
        ordered = sorted(persons.drop_nulls().unique().to_list())
        names = {name: f"自然人{place:04d}" for place, name in enumerate(ordered, 1)}
        keys = {}
        for log in logs.values():
            for key in log["row_key"].unique().to_list():
                parts = key.split("|")
                if len(parts) > 1 and parts[1] in names:
                    keys[key] = "|".join([parts[0], names[parts[1]], *parts[2:]])
        return cls(names, keys)

    def applied(self, name: str, frame: pl.DataFrame) -> pl.DataFrame:
        """A table or view as it may leave the house.

        Args:
            name: of the table, log or view.
            frame: its rows.
        """
        table = name.removesuffix("_log")
        out = frame.drop([column for column in HIDDEN.get(table, []) if column in frame.columns])
        texts = [column for column, dtype in out.schema.items() if dtype == pl.String]
        masks = self.names | self.keys
        if masks:
            out = out.with_columns(pl.col(texts).replace(masks))
        if {"table_name", "field", "old_value", "new_value"} <= set(out.columns):
            out = out.with_columns(
                pl.when(_withheld() & pl.col(value).is_not_null())
                .then(pl.lit(WITHHELD))
                .otherwise(value)
                .alias(value)
                for value in ("old_value", "new_value")
            )
        if name == "batch":
            out = out.with_columns(pl.col("cover").map_elements(_cover, return_dtype=pl.String))
        return out


def _withheld() -> pl.Expr:
    """A change in a column that is not exported."""
    hidden = [f"{table}.{column}" for table, columns in HIDDEN.items() for column in columns]
    return pl.concat_str("table_name", "field", separator=".").is_in(hidden)


def _cover(text: str) -> str:
    """A cover's JSON without what is not exported.

    >>> _cover('{"sender":"示例","prepared_by":"张三"}')
    '{"sender":"示例"}'
    """
    kept = {name: value for name, value in json.loads(text).items() if name not in HIDDEN.get("cover", [])}
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))
