"""What people decided about findings (处置), as of a day, and when a decision no longer holds.

An action names a rule and its object: a finding's id, or the entity's code, then it stands for every finding of that rule at
the entity, of dated events for those that had occurred by the action's day. The latest by its day counts, of one day the one that names the finding.
`review` is that action, unless it no longer holds; then it is `reopened`:

    worse    the value is farther beyond its limit than it was when the action was taken (处置时数值 `value_seen`; not for
             values in days, which grow by themselves)
    overdue  整改中 whose 期限 `due_on` is over

What is clear or was never acted on has no review.
"""

from datetime import date
from typing import Final

import polars as pl

from fundtrack.metrics.members import Tables
from fundtrack.money import RATE

REOPENED: Final = "reopened"
OPEN: Final = (None, "confirmed", "rectifying", REOPENED)
"""Reviews of a finding that still asks for something; dismissed, waived and rectified ones do not."""


def undone() -> pl.Expr:
    """True of a finding that still asks for something."""
    return pl.col("review").is_null() | pl.col("review").is_in([word for word in OPEN if word])


def acted(tables: Tables, findings: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """List every action on each finding up to a day, oldest first: finding_id, the columns of finding_action."""
    actions = tables["finding_action"].filter(pl.col("acted_on") <= as_of)
    if actions.is_empty():
        return actions.with_columns(finding_id=pl.lit(None, dtype=pl.String), direct=pl.lit(value=False))
    known = findings.select("finding_id", "rule_id", "entity", "occurrence", "occurred_on")
    named = known.join(
        actions.rename({"entity": "named"}), left_on=["rule_id", "finding_id"], right_on=["rule_id", "named"]
    ).with_columns(direct=pl.lit(value=True))
    whole = known.join(actions, on=["rule_id", "entity"]).with_columns(direct=pl.lit(value=False))
    by_then = (pl.col("occurred_on") <= pl.col("acted_on")).fill_null(value=True)
    whole = whole.filter((pl.col("occurrence") == "") | by_then)
    columns = ["finding_id", "direct", *[name for name in actions.columns if name != "entity"]]
    return pl.concat([named.select(columns), whole.select(columns)]).sort("finding_id", "acted_on", "direct")


def reviewed(tables: Tables, findings: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Put the review beside each finding that is not clear."""
    done = acted(tables, findings, as_of)
    if done.is_empty():
        return findings
    latest = done.unique("finding_id", keep="last", maintain_order=True)
    rows = findings.join(
        latest.select("finding_id", "action", "value_seen", "due_on"),
        on="finding_id",
        how="left",
        validate="1:1",
        maintain_order="left",
    )
    limit = pl.col("limit_value").fill_null(0.0)
    now, then = (pl.col("value") - limit).abs(), (pl.col("value_seen").cast(pl.Float64) - limit).abs()
    step = 10.0**-RATE.scale
    worse = (pl.col("unit") != "days") & (now > then * (1 + 1e-9) + step)
    overdue = (pl.col("action") == "rectifying") & (pl.col("due_on") < as_of)
    again = worse.fill_null(value=False) | overdue.fill_null(value=False)
    open_ = pl.col("status") != "clear"
    review = (
        pl.when(open_ & pl.col("action").is_not_null() & again)
        .then(pl.lit(REOPENED))
        .when(open_)
        .then("action")
    )
    return rows.with_columns(review=review).select(findings.columns)
