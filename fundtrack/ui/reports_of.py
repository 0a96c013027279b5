"""The reports that pages show, each of what is looked at and kept by it."""

from datetime import date

import streamlit as st

from fundtrack.reports.companies import CompaniesReport, companies_report
from fundtrack.reports.coordination import CoordinationReport, coordination_report
from fundtrack.reports.findings import FindingsReport, findings_report
from fundtrack.reports.fund_page import FundPage, fund_page
from fundtrack.reports.funds import FundsReport, funds_report
from fundtrack.reports.growth import GrowthReport, growth_report
from fundtrack.reports.imprint import Imprint, imprint
from fundtrack.reports.indicators import IndicatorReport, indicator_report
from fundtrack.reports.money_trail import TrailReport, trail_report
from fundtrack.reports.progress import ProgressReport, progress_report
from fundtrack.reports.published import Published, published_report
from fundtrack.reports.received import Received, reports_received
from fundtrack.reports.returns import ReturnsReport, of_guidance, returns_report
from fundtrack.service.scope import Sight
from fundtrack.settings import settings_now
from fundtrack.store.ledger import Ledger
from fundtrack.ui.context import View, kept, ledger_of


def _progress(ledger: Ledger, as_of: date) -> ProgressReport:
    settings = settings_now()
    return progress_report(ledger, as_of, settings.band_early, settings.band_late)


def progress_of(seen: View) -> ProgressReport:
    """Where the targets stand."""
    return kept(seen, _progress)


def growth_of(seen: View) -> GrowthReport:
    """How the programme grew."""
    return kept(seen, growth_report)


def received_of(seen: View) -> Received | None:
    """Which reports have come."""
    return kept(seen, reports_received)


def funds_of(seen: View) -> FundsReport:
    """Partner funds and participations."""
    return kept(seen, funds_report)


@st.cache_resource(max_entries=16, show_spinner=False)
def _narrowed(data: Sight, edition: int, as_of: date, guidance: str, unit: str,  # noqa: ARG001 - the day tells one from another
              _whole: ReturnsReport) -> ReturnsReport:  # fmt: skip
    found = of_guidance(_whole, ledger_of(data, edition), guidance) if guidance else _whole
    return found.only(unit) if unit else found


def returns_of(seen: View) -> ReturnsReport:
    """Returns of the guidance funds, or of the one that is looked at."""
    found = kept(seen, returns_report)
    if not seen.guidance and not seen.unit:
        return found
    return _narrowed(seen.sight, seen.edition, seen.as_of, seen.guidance, seen.unit, found)


def findings_of(seen: View) -> FindingsReport:
    """What the rules find."""
    return kept(seen, findings_report)


def funds_in(seen: View) -> frozenset[str]:
    """The partner funds in which the guidance fund that is looked at has a participation."""
    stakes = seen.ledger["participation"]
    own = stakes.filter(stakes["guidance_fund_id"] == seen.guidance)
    return frozenset(own["partner_fund_id"].to_list())


@st.cache_resource(max_entries=8, show_spinner=False)
def _in_unit(data: Sight, edition: int, as_of: date, unit: str,  # noqa: ARG001 - these tell one report from another
             _whole: CompaniesReport) -> CompaniesReport:  # fmt: skip
    return _whole.only(unit)


def companies_of(seen: View) -> CompaniesReport:
    """Look-through to the companies, in the currency that is looked at."""
    found = kept(seen, companies_report)
    return _in_unit(seen.sight, seen.edition, seen.as_of, seen.unit, found) if seen.unit else found


def trail_of(seen: View) -> TrailReport:
    """Where the guidance funds' money went."""
    return kept(seen, trail_report)


def coordination_of(seen: View) -> CoordinationReport:
    """What somebody must push."""
    return kept(seen, coordination_report)


def _fund_page(ledger: Ledger, as_of: date, fund: str) -> FundPage:
    return fund_page(ledger, fund, as_of)


def fund_page_of(seen: View, fund: str) -> FundPage:
    """What a partner fund's page shows beside its rows."""
    return kept(seen, _fund_page, fund)


def imprint_of(seen: View) -> Imprint:
    """What a printed page says of its data."""
    return kept(seen, imprint)


def indicators_of(seen: View) -> IndicatorReport:
    """Indicators of the city and of the guidance funds."""
    return kept(seen, indicator_report)


def published_of(seen: View) -> tuple[Published, ...]:
    """Published figures beside ours."""
    return kept(seen, published_report)
