"""Stations of the money trail as the catalogue lists them: id, kind, unit, source."""

from typing import Final, Literal

TRAIL: Final[tuple[tuple[str, Literal["fund"], str, str], ...]] = (
    ("trail_budgeted", "fund", "money", "guidance_flows"),
    ("trail_received", "fund", "money", "guidance_flows"),
    ("trail_interest", "fund", "money", "guidance_flows"),
    ("trail_fees", "fund", "money", "guidance_flows"),
    ("trail_other", "fund", "money", "guidance_flows"),
    ("paid_to_funds", "fund", "money", "stake_flows"),
    ("money_back", "fund", "money", "stake_flows"),
    ("trail_remitted", "fund", "money", "remittance"),
    ("trail_balance", "fund", "money", "guidance_flows"),
)
"""Names and formulas are in text/*_money_trail.toml under `definition.<id>`."""
