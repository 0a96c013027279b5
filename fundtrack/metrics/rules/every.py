"""All rules on one day: what each examined, found and by what limit, reviewed; and what an edition keeps of it."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Final

import polars as pl

from fundtrack.metrics.members import Tables
from fundtrack.metrics.once import Once, once
from fundtrack.metrics.rules import (
    calls,
    deals,
    filing,
    idle,
    leaving,
    parting,
    reinvesting,
    reporting,
    stake,
    sums,
)
from fundtrack.metrics.rules.finding import Examined, Findings, of_rule
from fundtrack.metrics.rules.reviews import reviewed

Rule = Callable[[Tables, date], Examined]

RULES: Final[dict[str, Rule]] = {
    "OVER_CAP": stake.over_cap,
    "LARGEST_LP": stake.largest_lp,
    "NOT_SETUP_1Y": idle.not_setup,
    "IDLE_1Y": idle.idle_year,
    "IDLE_RATIO": idle.idle_ratio,
    "LATE_CALL": calls.late_call,
    "RETURN_GAP": reinvesting.return_gap,
    "RETURN_DUP": reinvesting.return_dup,
    "EARLY_SHORT": reinvesting.early_short,
    "NOT_STARTUP": deals.not_startup,
    "NEGATIVE_LIST": deals.negative_list,
    "DEBT_LIKE": deals.debt_like,
    "CONCENTRATION": deals.concentration,
    "OVERDUE_EXIT": leaving.overdue_exit,
    "EXIT_PRICE": leaving.exit_price,
    "EXIT_ORDER": parting.exit_order,
    "REMIT_LATE": parting.remit_late,
    "FEE_OVER": reporting.fee_over,
    "RELATED_PARTY": deals.related_party,
    "UNFILED": filing.unfiled,
    "LATE_REPORT": reporting.late_report,
    "SUM_MISMATCH": sums.sum_mismatch,
    "DOUBLE_COUNT": filing.double_count,
    "STALE_NAV": reporting.stale_nav,
    "SUSPECT_DUPLICATE": filing.suspect_duplicate,
    "BAD_CODE": filing.bad_code,
}
"""Every rule by its id, in the order in which they are shown."""


@once
def findings(tables: Tables, as_of: date) -> Findings:
    """Show what every rule says of a ledger on a day, reviewed as of that day; by rule, entity and occurrence.

    `first_seen_edition` is null here: only the store knows which edition first showed a finding.
    """
    return findings_of(tables if isinstance(tables, Once) else Once(tables), RULES, as_of)


def findings_of(tables: Tables, rules: Iterable[str], as_of: date, *, clear: bool = True) -> Findings:
    """Show what some rules say of a ledger on a day, in the same order; without `clear` those that are clear are counted only."""
    every = [of_rule(rule_id, RULES[rule_id](tables, as_of), as_of, clear=clear) for rule_id in sorted(rules)]
    rows = pl.concat([one.findings for one in every])
    behind, cleared = pl.concat([one.evidence for one in every]), pl.concat([one.cleared for one in every])
    return Findings(reviewed(tables, rows, as_of), behind, cleared)
