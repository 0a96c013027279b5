"""What SQL states a second time of the rules: those that are plain arithmetic, in the columns of its views."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Final

import polars as pl

from fundtrack.metrics.members import Tables
from fundtrack.metrics.rules.every import findings

Stated = dict[str, tuple[str, ...]]

VIEWS: Final[dict[str, Stated]] = {
    "finding_check": {
        "OVER_CAP": ("",), "LARGEST_LP": ("",), "NOT_SETUP_1Y": ("",), "IDLE_1Y": ("",), "IDLE_RATIO": ("",), "STALE_NAV": ("",),
        "REMIT_LATE": ("",), "LATE_CALL": ("call|",),
    },
    "check_return_gap": {"RETURN_GAP": ("",)},
    "check_early_short": {"EARLY_SHORT": ("",)},
    "check_concentration": {"CONCENTRATION": ("",)},
    "check_fee_over": {"FEE_OVER": ("",)},
    "check_double_count": {"DOUBLE_COUNT": ("",)},
    "check_sum_mismatch": {"SUM_MISMATCH": ("investors", "parts|", "books", "balance|", "jump|")},
}  # fmt: skip
"""Each view with its rules, and how the occurrences begin that it states: all of them, but of late calls those of one call (not the order
among investors), and of sums what can be computed (not a missing exchange rate)."""

KEY: Final = ("rule_id", "entity", "occurrence")
COLUMNS: Final = (*KEY, "status", "value", "limit_value", "amount", "bound_by")


def finding_twin(tables: Tables, as_of: date, stated: Stated) -> pl.DataFrame:
    """List what was examined by some rules as their view does."""
    rows = findings(tables, as_of).findings.filter(pl.col("rule_id").is_in(list(stated)))
    begins = [
        (pl.col("rule_id") == rule) & pl.col("occurrence").str.starts_with(word)
        for rule, words in stated.items()
        for word in words
    ]
    return rows.filter(pl.any_horizontal(begins)).select(COLUMNS).sort(KEY)


FINDING_TWIN: Final[dict[str, tuple[Callable[[Tables, date], pl.DataFrame], tuple[str, ...]]]] = {
    view: (partial(finding_twin, stated=stated), KEY) for view, stated in VIEWS.items()
}
"""Each view with what computes the same in Polars, and the key of its rows."""
