"""Checks across the fields and rows of one table: what must hold together."""

from dataclasses import dataclass
from typing import Final

import polars as pl

from fundtrack.errors import Severity

IN_ORDER: Final[tuple[tuple[str, str, str, Severity], ...]] = (
    ("partner_fund", "established_on", "investment_end", "error"),
    ("partner_fund", "established_on", "term_end", "error"),
    ("partner_fund", "investment_end", "term_end", "error"),
    ("participation", "applied_on", "approved_on", "error"),
    ("participation", "approved_on", "dropped_on", "error"),
    ("participation", "signed_on", "dropped_on", "error"),
    ("participation", "approved_on", "signed_on", "warning"),
    ("fund_report", "period_end", "filed_on", "warning"),
    ("rule", "in_force_from", "in_force_to", "error"),
    ("district", "valid_from", "valid_to", "error"),
    ("target", "starts_on", "due_on", "error"),
)
"""Table, earlier date, later date, and how bad it is where they are not in order."""


@dataclass(frozen=True, slots=True)
class Check:
    """A check that rows can fail: the problem's code, the field it is shown at, the other field, where it fails."""

    code: str
    field: str
    other: str
    severity: Severity
    fails: pl.Expr


def _null(*names: str) -> pl.Expr:
    return pl.all_horizontal(pl.col(name).is_null() for name in names)


def _both(first: str, second: str) -> pl.Expr:
    return pl.col(first).is_null() != pl.col(second).is_null()


def _parts() -> pl.Expr:
    parts = pl.col("principal").fill_null(0) + pl.col("income").fill_null(0)
    given = pl.col("principal").is_not_null() & pl.col("income").is_not_null() & pl.col("amount").is_not_null()
    return given & (parts != pl.col("amount"))


def row_checks(table: str) -> list[Check]:
    """The checks within a row of a table."""
    found = [
        Check("dates_out_of_order", later, earlier, severity, pl.col(earlier) > pl.col(later))
        for name, earlier, later, severity in IN_ORDER
        if name == table and earlier != "period_end"
    ]
    if table == "participation":
        found.append(Check("together_or_not", "commitment", "signed_on", "error", _both("commitment", "signed_on")))
    if table == "cash_flow":
        paid, due = ("occurred_on", "amount"), ("due_on", "due_amount")
        found += [
            Check("nothing_paid_or_due", "amount", "due_amount", "error", _null(*paid, *due)),
            Check("together_or_not", "occurred_on", "amount", "error", _both(*paid)),
            Check("due_needs_amount", "due_amount", "due_on", "error", _null(*paid) & _both(*due)),
            Check("parts_differ", "amount", "principal", "warning", _parts()),
        ]
    if table == "fund_paid_in":
        paid, due = ("paid_on", "amount"), ("due_on", "due_amount")
        found += [
            Check("nothing_paid_or_due", "amount", "due_amount", "error", _null(*paid, *due)),
            Check("together_or_not", "paid_on", "amount", "error", _both(*paid)),
            Check("due_needs_amount", "due_amount", "due_on", "error", _null(*paid) & _both(*due)),
        ]
    return found


SAME_DAY: Final[dict[str, tuple[str, ...]]] = {
    "cash_flow": ("participation_id", "occurred_on", "amount"),
    "guidance_flow": ("guidance_fund_id", "kind", "occurred_on", "amount"),
    "fund_paid_in": ("partner_fund_id", "investor", "paid_on", "amount"),
    "investment_exit": ("investment_id", "exited_on", "proceeds"),
}
"""Flows that look like one booked twice: alike in these fields and yet under two keys."""
