"""Every metric that is shown: its names, formula, unit and source, in both languages."""

from dataclasses import dataclass
from typing import Final, Literal

from fundtrack.metrics.catalog_returns import RETURNS
from fundtrack.text.say import Lang, say

Kind = Literal["target", "ratio", "fund", "participation"]
_PLAN: Final = "杭州市科技工作计划（2017）"
_TERMS: Final = "参股协议；工商登记；合伙协议"
_GIPS: Final = "GIPS 2020；ILPA Reporting Template"
_LEDGER: Final = "参股协议；拨款与收款凭证"

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
    ("paid_in_fund", "fund", "money", "缴款通知；验资与银行回单"),
    ("paid_in_rate", "fund", "ratio", "缴款通知；验资与银行回单"),
    ("guidance_committed", "fund", "money", _LEDGER),
    ("guidance_paid_in", "fund", "money", _LEDGER),
    ("guidance_share", "fund", "ratio", "财企〔2007〕128号；参股协议"),
    ("fund_status", "fund", "text", _TERMS),
    ("paid_in", "participation", "money", _GIPS),
    ("distributed", "participation", "money", _GIPS),
    ("nav", "participation", "money", _GIPS),
    ("unfunded", "participation", "money", _GIPS),
    ("dpi", "participation", "ratio", _GIPS),
    ("rvpi", "participation", "ratio", _GIPS),
    ("tvpi", "participation", "ratio", _GIPS),
    ("pic", "participation", "ratio", _GIPS),
    ("irr", "participation", "ratio", "GIPS 2020；XIRR（实际天数/365）"),
    *RETURNS,
)


@dataclass(frozen=True, slots=True)
class Metric:
    """What a metric is.

    Attributes:
        id: its stable name, as in SQL and JSON.
        kind: what it is about.
        unit: `money` (of its currency), `ratio` (a fraction), `text`, or the word for what is counted.
        source: where its definition comes from.

    """

    id: str
    kind: Kind
    unit: str
    source: str

    def name(self, lang: Lang) -> str:
        """Name it."""
        return say(f"definition.{self.id}.name", lang)

    def formula(self, lang: Lang) -> str:
        """Write how it is computed, in words that a reader can check."""
        return say(f"definition.{self.id}.formula", lang)


CATALOG: Final[dict[str, Metric]] = {found[0]: Metric(*found) for found in _METRICS}
"""All metrics by id, in the order in which they are shown."""


def metric(name: str) -> Metric:
    """Find a metric by its id.

    >>> metric("dpi").name("zh"), metric("dpi").unit
    ('DPI（已分配倍数）', 'ratio')
    """
    return CATALOG[name]
