"""A finding as a figure: its status, and the rows that are its evidence."""

from datetime import date
from decimal import Decimal

import polars as pl

from fundtrack.metrics.lineage.figure import Figure, Part, Value, money
from fundtrack.metrics.members import Tables
from fundtrack.metrics.rules.every import findings
from fundtrack.model.frames import key_fields


def finding(tables: Tables, name: str, as_of: date) -> Figure | None:
    """Give the finding of an id on a day; None where no rule says anything of that id.

    The value and the limit of the rule stand as sides; a row of evidence without a field of its own is named by its key.
    """
    said = findings(tables, as_of)
    rows = said.findings.filter(pl.col("finding_id") == name)
    if rows.is_empty():
        return None
    row = rows.row(0, named=True)
    shown = said.evidence.filter(pl.col("finding_id") == name).sort("ordinal")
    parts = tuple(
        Part(table, key, field or key_fields(table)[0], role="evidence" if role is None else role)
        for table, key, field, role in shown.select("table_name", "row_key", "field", "role").iter_rows()
    )

    def side(metric: str, value: Value, currency: str | None = None) -> tuple[str, Figure]:
        return metric, Figure(metric, row["entity_table"], row["entity"], value, "given", currency)

    kind = "_share" if row["unit"] == "share" else ""
    shown_in = row["currency"] if row["unit"] == "money" else None
    sides = [
        (word, side(f"rule_{word}{kind}", _exact(row[column], row["unit"]), shown_in)[1])
        for word, column in (("found", "value"), ("limit", "limit_value"))
    ]
    if row["amount"] is not None:
        sides.append(side("at_stake", row["amount"], row["currency"]))
    return Figure(
        "finding", row["entity_table"], row["entity"], row["status"], "given", None, parts, tuple(sides)
    )


def _exact(value: float | None, unit: str | None) -> Value:
    """A value or limit of a rule in its unit: money to the cent, a share as it is, days and counts whole."""
    if value is None or unit == "share":
        return value
    exact = Decimal(repr(value))
    return (
        money(round(exact, 2))
        if unit == "money" or exact != exact.to_integral_value()
        else Decimal(int(exact))
    )
