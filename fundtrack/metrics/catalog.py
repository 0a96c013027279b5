"""Every metric that is shown: its names, formula, unit and source, in both languages."""

from dataclasses import dataclass
from typing import Final, Literal

from fundtrack.metrics.catalog_returns import RETURNS
from fundtrack.metrics.catalog_trail import TRAIL
from fundtrack.text.say import Lang, say

Kind = Literal["target", "ratio", "fund", "participation"]
_PLAN: Final = "plan"
_TERMS: Final = "terms"
_GIPS: Final = "gips"
_LEDGER: Final = "ledger"

# id, kind, unit (money: the currency's own unit; ratio: a fraction), source
_METRICS: Final[tuple[tuple[str, Kind, str, str], ...]] = (
    ("new_managers", "target", "家", _PLAN),
    ("partner_funds", "target", "只", _PLAN),
    ("fund_scale", "target", "money", _PLAN),
    ("cross_border", "target", "money", _PLAN),
    ("hightech_value_added", "target", "money", _PLAN),
    ("new_hightech_firms", "target", "家", _PLAN),
    ("new_tech_smes", "target", "家", _PLAN),
    ("major_projects", "target", "项", _PLAN),
    ("invention_patents", "target", "件", _PLAN),
    ("completion", "ratio", "ratio", _PLAN),
    ("year_completion", "ratio", "ratio", _PLAN),
    ("elapsed", "ratio", "ratio", _PLAN),
    ("lead", "ratio", "ratio", _PLAN),
    ("status", "ratio", "text", _PLAN),
    ("pipeline", "target", "只", _TERMS),
    ("committed_size", "fund", "money", _TERMS),
    ("paid_in_fund", "fund", "money", "calls"),
    ("paid_in_rate", "fund", "ratio", "calls"),
    ("guidance_committed", "fund", "money", _LEDGER),
    ("guidance_paid_in", "fund", "money", _LEDGER),
    ("guidance_share", "fund", "ratio", "cap"),
    ("fund_status", "fund", "text", _TERMS),
    ("paid_in", "participation", "money", _GIPS),
    ("distributed", "participation", "money", _GIPS),
    ("nav", "participation", "money", _GIPS),
    ("unfunded", "participation", "money", _GIPS),
    ("dpi", "participation", "ratio", _GIPS),
    ("rvpi", "participation", "ratio", _GIPS),
    ("tvpi", "participation", "ratio", _GIPS),
    ("pic", "participation", "ratio", _GIPS),
    ("irr", "participation", "ratio", "xirr"),
    *RETURNS,
    *TRAIL,
)


@dataclass(frozen=True, slots=True)
class Metric:
    """What a metric is.

    Attributes:
        id: its stable name, as in SQL and JSON.
        kind: what it is about.
        unit: `money` (of its currency), `ratio` (a fraction), `text`, or the word for what is counted.
        source_key: where its definition comes from, under `source.` in the texts.

    """

    id: str
    kind: Kind
    unit: str
    source_key: str

    def name(self, lang: Lang) -> str:
        """Name it."""
        return say(f"definition.{self.id}.name", lang)

    def formula(self, lang: Lang) -> str:
        """Write how it is computed, in words that a reader can check."""
        return say(f"definition.{self.id}.formula", lang)

    def source(self, lang: Lang) -> str:
        """Say where its definition comes from."""
        return say(f"source.{self.source_key}", lang)


CATALOG: Final[dict[str, Metric]] = {found[0]: Metric(*found) for found in _METRICS}
"""All metrics by id, in the order in which they are shown."""


def metric(name: str) -> Metric:
    """Find a metric by its id.

    >>> metric("dpi").name("zh"), metric("dpi").unit
    ('DPI（已分配倍数）', 'ratio')
    """
    return CATALOG[name]
