"""What an edition keeps of its findings: those of its default date, their evidence, and since when each has been seen.

Of events that were always clear it keeps each entity's newest of each sort (`told`); all of them are what `findings` gives,
on any day, and the SQL view `finding_check` lists them for the rules that are plain arithmetic.
"""

from datetime import date
from typing import Final

import polars as pl

from fundtrack.metrics.members import Tables
from fundtrack.metrics.rules.every import findings
from fundtrack.metrics.rules.finding import EVIDENCE, FINDING

SEEN: Final[dict[str, pl.DataType]] = {"finding_id": pl.String(), "first_seen_edition": pl.Int32()}
"""The columns of `finding_seen`."""


def stored_findings(
    tables: Tables, as_of: date | None, before: pl.DataFrame, edition: int
) -> dict[str, pl.DataFrame]:
    """Show the tables that an edition keeps, by name.

    Args:
        tables: the ledger.
        as_of: its default date; None where nothing has been loaded.
        before: every finding that earlier editions showed at their default dates, with the columns of SEEN.
        edition: the edition that is being made.

    """
    if as_of is None:
        empty = {"finding": FINDING, "finding_evidence": EVIDENCE}
        return {name: pl.DataFrame(schema=schema) for name, schema in empty.items()} | {
            "finding_seen": _cast(before)
        }
    found = findings(tables, as_of)
    dated, seen = first_seen(found.findings, before, edition)
    return {"finding": told(dated), "finding_evidence": found.evidence, "finding_seen": seen}


def told(dated: pl.DataFrame) -> pl.DataFrame:
    """Leave out what nobody has ever had to look at: of events that were always clear, all but the newest of each entity.

    A hundred thousand payments in time would be as many rows, to be written, proven and carried on by every edition, that
    say nothing. An event has a date and an occurrence, whose first part says of what sort it is.
    """
    event = (pl.col("status") == "clear") & pl.col("first_seen_edition").is_null()
    event &= pl.col("occurred_on").is_not_null() & (pl.col("occurrence") != "")
    quiet = dated.with_row_index("_place").filter(event)
    sort = pl.col("occurrence").str.split_exact("|", 1).struct.field("field_0")
    newest = quiet.group_by("rule_id", "entity_table", "entity", sort.alias("_sort")).agg(
        pl.col("_place").sort_by("occurred_on", "_place").last()
    )
    dropped = quiet.join(newest, on="_place", how="anti")["_place"]
    if dropped.is_empty():
        return dated
    return (
        dated.with_row_index("_place")
        .join(dropped.to_frame(), on="_place", how="anti", maintain_order="left")
        .drop("_place")
    )


def first_seen(found: pl.DataFrame, before: pl.DataFrame, edition: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Say since which edition each finding has been seen; null where it is clear and always was.

    The earliest edition whose own default date showed it as anything but clear, gaps or not: each edition hands on what all
    before it saw.

    Returns:
        The findings with first_seen_edition, and `before` with those that are new.

    """
    shown = found.filter(pl.col("status") != "clear")
    now = shown.select("finding_id", first_seen_edition=pl.lit(edition, dtype=pl.Int32))
    seen = pl.concat([_cast(before), now]).group_by("finding_id").agg(pl.col("first_seen_edition").min())
    seen = seen.sort("finding_id")
    return with_seen(found, seen), seen


def with_seen(found: pl.DataFrame, seen: pl.DataFrame) -> pl.DataFrame:
    """Put beside each finding the edition that first showed it."""
    if seen.is_empty():
        return found.with_columns(first_seen_edition=pl.lit(None, dtype=pl.Int32)).select(*FINDING)
    rows = found.drop("first_seen_edition").join(
        _cast(seen), on="finding_id", how="left", validate="1:1", maintain_order="left"
    )
    return rows.select(*FINDING)


def _cast(seen: pl.DataFrame) -> pl.DataFrame:
    return seen.select(pl.col(name).cast(dtype) for name, dtype in SEEN.items())
