"""The last days of many reporting periods at once."""

import polars as pl

from fundtrack.periods import period_end


def period_ends(periods: pl.Series) -> pl.Series:
    """The last days of many periods, each distinct one worked out once.

    >>> period_ends(pl.Series(["2017Q3", None, "2017"])).to_list()
    [datetime.date(2017, 9, 30), None, datetime.date(2017, 12, 31)]
    """
    known = periods.unique().drop_nulls().to_list()
    ends = pl.Series([period_end(period) for period in known], dtype=pl.Date)
    return periods.replace_strict(pl.Series(known, dtype=pl.String), ends, default=None, return_dtype=pl.Date)
