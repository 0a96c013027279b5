"""Reports narrowed to a currency: nothing is computed anew, rows of other currencies are left out."""

from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

import polars as pl

Report = TypeVar("Report")


def in_currency(report: Report, currency: str) -> Report:
    """Keep the rows of one currency in every frame of a report that names one; other frames stay as they are.

    Of what is converted, the rows' own currency (`own`) decides, not the one they are shown in.

    Currencies are never added, so what is left is what stood there before.
    """
    if not is_dataclass(report) or isinstance(report, type):
        raise TypeError(report)
    kept: dict[str, Any] = {}
    for each in fields(report):
        frame = getattr(report, each.name)
        if isinstance(frame, pl.DataFrame) and "currency" in frame.columns:
            decides = "own" if "own" in frame.columns else "currency"
            kept[each.name] = frame.filter(pl.col(decides) == currency)
    made: Report = replace(report, **kept)
    return made
