"""Checks across the fields and rows of one table: what must hold together."""

from typing import Final, NamedTuple

import polars as pl

from fundtrack.errors import Severity
from fundtrack.model.frames import find_column, precision_of

IN_ORDER: Final[tuple[tuple[str, str, str, Severity], ...]] = (
    ("partner_fund", "established_on", "investment_end", "error"),
    ("partner_fund", "established_on", "term_end", "error"),
    ("partner_fund", "investment_end", "term_end", "error"),
    ("participation", "applied_on", "approved_on", "error"),
    ("participation", "approved_on", "dropped_on", "error"),
    ("participation", "signed_on", "dropped_on", "error"),
    ("participation", "approved_on", "signed_on", "warning"),
    ("fund_report", "period", "filed_on", "warning"),
    ("rule", "in_force_from", "in_force_to", "error"),
    ("district", "valid_from", "valid_to", "error"),
    ("target", "starts_on", "due_on", "error"),
)
"""Table, earlier date, later date, and how bad it is where they are not in order."""


class Order(NamedTuple):
    """Two dates of a row that must not be the wrong way round, and how bad it is where they are."""

    earlier: str
    later: str
    severity: Severity
    fails: pl.Expr


class Check(NamedTuple):
    """A check that rows can fail: the problem's code, the two fields it is about, how bad it is, where it fails.

    It is shown at the first of the two fields that is blank, else at the first.
    """

    code: str
    field: str
    other: str
    severity: Severity
    fails: pl.Expr


def orders(table: str) -> list[Order]:
    """The dates of a table that must be in order; one known to the month or year may be as early as its first day."""
    return [
        Order(earlier, later, severity, _begins(table, earlier) > pl.col(later))
        for name, earlier, later, severity in IN_ORDER
        if name == table
    ]


def _begins(table: str, name: str) -> pl.Expr:
    if find_column(table, name).kind == "period":
        year, part = (
            pl.col(name).str.slice(0, 4).cast(pl.Int32),
            pl.col(name).str.slice(5, 1).cast(pl.Int32, strict=False),
        )
        months = pl.when(pl.col(name).str.slice(4, 1) == "Q").then(part * 3).otherwise(part * 6).fill_null(12)
        return pl.date(year, months, 1).dt.month_end()
    precise = pl.col(precision_of(name))
    return (
        pl.when(precise == "month").then(pl.col(name).dt.month_start())
        .when(precise == "year").then(pl.date(pl.col(name).dt.year(), 1, 1))
        .otherwise(pl.col(name))
    )  # fmt: skip


def _null(*names: str) -> pl.Expr:
    return pl.all_horizontal(pl.col(name).is_null() for name in names)


def _both(first: str, second: str) -> pl.Expr:
    return pl.col(first).is_null() != pl.col(second).is_null()


def _parts() -> pl.Expr:
    parts = pl.col("principal") + pl.col("income")
    return (parts != pl.col("amount")).fill_null(value=False)


def _due_and_paid(day: str) -> list[Check]:
    paid, due = (day, "amount"), ("due_on", "due_amount")
    return [
        Check("nothing_paid_or_due", "amount", "due_amount", "error", _null(*paid, *due)),
        Check("together_or_not", *paid, "error", _both(*paid)),
        Check("due_needs_amount", *due, "error", _null(*paid) & _both(*due)),
    ]


def row_checks(table: str) -> list[Check]:
    """The other checks within a row of a table."""
    if table == "participation":
        return [
            Check("together_or_not", "commitment", "signed_on", "error", _both("commitment", "signed_on"))
        ]
    if table == "cash_flow":
        return [
            *_due_and_paid("occurred_on"),
            Check("parts_differ", "amount", "principal", "warning", _parts()),
        ]
    if table == "fund_paid_in":
        return _due_and_paid("paid_on")
    if table == "investor_commitment":
        undated = pl.col("effective_on").is_null() & (pl.col("reason") != "initial")
        return [Check("missing_value", "effective_on", "reason", "error", undated)]
    return []


SAME_DAY: Final[dict[str, tuple[str, ...]]] = {
    "cash_flow": ("participation_id", "occurred_on", "amount"),
    "guidance_flow": ("guidance_fund_id", "kind", "occurred_on", "amount"),
    "fund_paid_in": ("partner_fund_id", "investor", "paid_on", "amount"),
    "investment_exit": ("investment_id", "exited_on", "proceeds"),
}
"""Flows that look like one booked twice: alike in these fields and yet under two keys."""
