"""The figures of the briefing: targets on their day, the funds' business on the day of the funds' data."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

import polars as pl

from fundtrack.metrics.exact import added
from fundtrack.metrics.exposure import look_through
from fundtrack.metrics.money_back import money_back
from fundtrack.metrics.nav import nav_since, nav_totals
from fundtrack.metrics.once import Once
from fundtrack.metrics.ratios import total_ratios
from fundtrack.metrics.reinvest import agreed
from fundtrack.periods import day_before
from fundtrack.reports.findings import FindingsReport, findings_report
from fundtrack.reports.imprint import Imprint, imprint
from fundtrack.reports.plan import PlanReport, plan_report
from fundtrack.reports.progress import ProgressReport, progress_report
from fundtrack.reports.words import found
from fundtrack.settings import Settings
from fundtrack.store.ledger import Ledger

Row = dict[str, Any]
HOME: Final = "CNY"
"""The currency of the funds' business; any other is shown beside it, never added."""
_QUARTER: Final = 3


@dataclass(frozen=True, slots=True)
class Business:
    """What the partner funds did until a day, in CNY; others apart.

    Attributes:
        day: the day of the funds' data.
        paid_in, paid_in_rate, paid_in_unknown: of the funds that count: paid in, over committed size as the target counts it,
            and funds whose payments are unknown.
        leverage: paid-in of the funds / guidance paid-in, of the funds that know both.
        early_share: seed and start-up money / invested.
        total: a row of `look_through` over everything; None where nothing was invested.
        local: the same of the companies registered in the city; None where there is none.
        recognised, required: reinvestment recognised, and required where that is known.
        nav: a row of `nav_totals`, with recent_share; None where no guidance money was paid.
        since: from which day NAVs are recent.
        back: a row of `money_back`.
        others: `nav_totals` of the other currencies.

    """

    day: date
    paid_in: Decimal | None
    paid_in_rate: float | None
    paid_in_unknown: int
    leverage: float | None
    early_share: float | None
    total: Row | None
    local: Row | None
    recognised: Decimal | None
    required: Decimal | None
    nav: Row | None
    since: date
    back: Row | None
    others: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the briefing speaks of.

    Attributes:
        imprint: where the figures come from.
        operator: who runs the guidance funds; None where nobody is named.
        progress: the targets.
        business: the funds.
        findings: what the rules find on the targets' day.
        plan: what closes the gap, and the money.

    """

    imprint: Imprint
    operator: str | None
    progress: ProgressReport
    business: Business
    findings: FindingsReport
    plan: PlanReport

    @property
    def targets(self) -> list[Row]:
        """The targets counted from the ledger."""
        return self.progress.computed.to_dicts()


def facts(ledger: Ledger, as_of: date | None, settings: Settings) -> Facts:
    """Gather the figures of the briefing.

    Raises:
        InputError: `no_edition`.
    """
    source = imprint(ledger, as_of)
    report = progress_report(ledger, source.as_of, settings.band_early, settings.band_late)
    then = report
    if source.funds_on != source.as_of:
        then = progress_report(ledger, source.funds_on, settings.band_early, settings.band_late)
    names = ledger["guidance_fund"]["operator"].drop_nulls()
    return Facts(
        source,
        names.value_counts(sort=True).sort("count", "operator", descending=[True, False])["operator"][0]
        if names.len()
        else None,
        report,
        business(ledger, source.funds_on, then, settings.city),
        findings_report(ledger, source.as_of),
        plan_report(ledger, source.as_of),
    )


def business(ledger: Ledger, day: date, report: ProgressReport, city: str) -> Business:
    """Add up what the funds did until a day.

    Args:
        ledger: what is known.
        day: of the funds' data.
        report: the targets of that day.
        city: code of the city whose companies are local.
    """
    tables: Any = Once(ledger)
    scale = next((row for row in report.targets.to_dicts() if row["code"] == "fund_scale"), None)
    paid_in = found(report.beside, "fund_scale", "paid_in")
    size = scale["actual"] if scale else None
    since = quarter_before(day)
    ratios = _own(total_ratios(tables, day)) or {}
    navs = nav_totals(tables, day).join(
        nav_since(tables, day, since), on="currency", how="left", validate="1:1"
    )
    of_city = look_through(tables, day, "city")
    terms = agreed(tables, day).filter(pl.col("currency") == HOME)
    known = terms.filter(pl.col("required").is_not_null())
    return Business(
        day,
        paid_in,
        float(paid_in / size) if paid_in is not None and size else None,
        int(found(report.beside, "fund_scale", "paid_in_unknown") or 0),
        ratios.get("leverage_paid_in"),
        ratios.get("early_of_invested"),
        _own(look_through(tables, day, "all")),
        _own(of_city.filter(pl.col("group") == city)),
        terms.select(added(pl.col("recognised"))).item() if terms.height else None,
        known.select(added(pl.col("required"))).item() if known.height else None,
        _own(navs),
        since,
        _own(money_back(tables, day)),
        tuple(navs.filter(pl.col("currency") != HOME).sort("currency").to_dicts()),
    )


def quarter_before(day: date) -> date:
    """The last day of the quarter before the one that ends on a day.

    >>> quarter_before(date(2017, 9, 30)), quarter_before(date(2017, 2, 10))
    (datetime.date(2017, 6, 30), datetime.date(2016, 12, 31))
    """
    return day_before(date(day.year, (day.month - 1) // _QUARTER * _QUARTER + 1, 1))


def _own(rows: pl.DataFrame) -> Row | None:
    """The row in CNY."""
    own = rows.filter(pl.col("currency") == HOME)
    return own.row(0, named=True) if own.height else None
