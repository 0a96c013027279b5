"""What the forecast page and the cards show, kept by edition and day: an edition never changes, so it is computed once."""

from datetime import date

import streamlit as st
from polars import DataFrame

from fundtrack.metrics.scenario import PRESETS, Scenario
from fundtrack.reports.backtest import BacktestReport, backtest_report
from fundtrack.reports.forecast import ForecastReport, forecast_report
from fundtrack.reports.plan import PlanReport, plan_report, scenario_report
from fundtrack.service.scope import Sight
from fundtrack.store.ledger import Ledger
from fundtrack.store.scenarios import saved_scenarios
from fundtrack.ui.context import View, kept, ledger_of


def forecast_of(seen: View) -> ForecastReport:
    """Where the targets will stand."""
    return kept(seen, forecast_report)


@st.cache_resource(max_entries=8, show_spinner=False)
def _backtest(data: Sight, edition: int, as_of: date) -> BacktestReport:
    return backtest_report(ledger_of(data, edition), as_of, data.store)


def backtest_of(seen: View) -> BacktestReport:
    """How such forecasts did before."""
    return _backtest(seen.sight, seen.edition, seen.as_of)


def plan_of(seen: View) -> PlanReport:
    """What closes the gap, and the money."""
    return kept(seen, plan_report)


def _scenario(ledger: Ledger, as_of: date, scenario: Scenario) -> DataFrame:
    return scenario_report(ledger, as_of, [scenario])


def scenario_of(seen: View, scenario: Scenario) -> DataFrame:
    """The measures of a scenario."""
    return kept(seen, _scenario, scenario)


def scenarios_of(seen: View) -> list[Scenario]:
    """The scenarios to choose from: the given ones, then those saved on this edition or before."""
    own = saved_scenarios(seen.sight.store.folders, seen.edition)
    kept = [
        Scenario(each.name, **each.factors) for each in own if set(each.factors) <= set(PRESETS[0].factors())
    ]
    return [*PRESETS, *kept]
