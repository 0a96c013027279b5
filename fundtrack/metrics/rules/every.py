"""All rules on one day: what each examined, found and by what limit, reviewed; and what an edition keeps of it."""

from collections.abc import Callable
from datetime import date
from typing import Final

import polars as pl

from fundtrack.metrics.members import Tables
from fundtrack.metrics.once import Once, once
from fundtrack.metrics.rules import idle, stake
from fundtrack.metrics.rules.finding import EVIDENCE, FINDING, Examined, Findings, as_findings
from fundtrack.metrics.rules.reviews import reviewed

Rule = Callable[[Tables, date], Examined]

RULES: Final[dict[str, Rule]] = {
    "OVER_CAP": stake.over_cap,
    "LARGEST_LP": stake.largest_lp,
    "NOT_SETUP_1Y": idle.not_setup,
    "IDLE_1Y": idle.idle_year,
    "IDLE_RATIO": idle.idle_ratio,
}
"""Every rule by its id, in the order in which they are shown."""


@once
def findings(tables: Tables, as_of: date) -> Findings:
    """Show what every rule says of a ledger on a day, reviewed as of that day.

    `first_seen_edition` is null here: only the store knows which edition first showed a finding.
    """
    known = tables if isinstance(tables, Once) else Once(tables)
    said = [as_findings(rule_id, rule(known, as_of), as_of) for rule_id, rule in RULES.items()]
    found = pl.concat([pl.DataFrame(schema=FINDING), *[one.findings for one in said]])
    behind = pl.concat([pl.DataFrame(schema=EVIDENCE), *[one.evidence for one in said]])
    ordered = reviewed(known, found, as_of).sort("rule_id", "entity_table", "entity", "occurrence")
    return Findings(ordered, behind.sort("finding_id", "ordinal"))
