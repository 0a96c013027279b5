"""Corrected rows as senders who have not heard of the correction still know them."""

from typing import Any, Final

import polars as pl

from fundtrack.load.state import State
from fundtrack.model.fields import name_key
from fundtrack.model.frames import precision_of, schema

_KNOWN_BY: Final = ("name_key", "amac_code", "amac_no", "uscc")
"""By what an entity is found; a wrong one that another entity rightly bears does not lead to this one."""


def as_sent(state: State, table: str) -> pl.DataFrame:
    """Corrected rows as senders may still know them: each with one uncorrected value, and with the oldest of all.

    A name or a code that another entity rightly bears is left out.
    """
    names = list(schema(table))
    corrected = state.corrected(table)
    current = state[table]
    if not corrected:
        return current.clear()
    rows = current.filter(pl.col("row_key").is_in(list(corrected)))
    taken: dict[str, set[Any]] = {
        name: set(current[name].drop_nulls()) for name in _KNOWN_BY if name in names
    }
    found = []
    for row in rows.iter_rows(named=True):
        own = corrected[row["row_key"]]
        found += [_with(row, {each.field: value}, taken) for each in own for value in each.uncorrected]
        oldest = {each.field: each.uncorrected[0] for each in own if each.uncorrected}
        if len(oldest) > 1:
            found.append(_with(row, oldest, taken))
    return pl.DataFrame(found, schema=schema(table), orient="row")


def _with(row: dict[str, Any], values: dict[str, Any], taken: dict[str, set[Any]]) -> dict[str, Any]:
    """A row with these values in place of its own."""
    made = dict(row)
    for field, value in values.items():
        if precision_of(field) in row:
            made[field], made[precision_of(field)] = value or (None, None)
        elif value is None or value not in taken.get(field, ()):
            made[field] = value
        if field == "name" and "name_key" in row and value is not None:
            other = name_key(value)
            made["name_key"] = row["name_key"] if other in taken["name_key"] else other
    return made
