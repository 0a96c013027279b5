"""What the SQL view `finding_check` states a second time: the rules that are plain arithmetic, in its columns."""

from collections.abc import Callable
from datetime import date
from typing import Final

import polars as pl

from fundtrack.metrics.members import Tables
from fundtrack.metrics.rules.every import findings

WHOLE: Final = ("OVER_CAP", "LARGEST_LP", "NOT_SETUP_1Y", "IDLE_1Y", "IDLE_RATIO", "STALE_NAV", "REMIT_LATE")
"""Rules that SQL states as a whole."""
PARTS: Final = {"LATE_CALL": "call|"}
"""Rules that it states for occurrences that begin so."""
KEY: Final = ("rule_id", "entity", "occurrence")
COLUMNS: Final = (*KEY, "status", "value", "limit_value", "amount", "bound_by")


def finding_twin(tables: Tables, as_of: date) -> pl.DataFrame:
    """List what was examined by these rules as the view does."""
    rows = findings(tables, as_of).findings
    rule = pl.col("rule_id")
    stated = rule.is_in(WHOLE)
    for name, begins in PARTS.items():
        stated |= (rule == name) & pl.col("occurrence").str.starts_with(begins)
    return rows.filter(stated).select(COLUMNS).sort(KEY)


FINDING_TWIN: Final[dict[str, tuple[Callable[[Tables, date], pl.DataFrame], tuple[str, ...]]]] = {
    "finding_check": (finding_twin, KEY),
}
"""The view with what computes the same in Polars, and the key of its rows."""
