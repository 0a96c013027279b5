"""Pacing after Takahashi and Alexander: contributions, distributions and value, year by year."""

from collections.abc import Iterable

import polars as pl

from fundtrack.errors import InputError


def takahashi_alexander(
    commitment: float,
    contribution_rates: Iterable[float],
    life: int,
    bow: float,
    growth: float,
    yield_rate: float,
    *,
    last_investment_year: int | None = None,
) -> pl.DataFrame:
    """Project one commitment over its life, in its own unit; numbers may be int, float or Decimal.

    With PICᵧ the contributions before year y:

        contributionᵧ = rateᵧ · (commitment - PICᵧ)
        rate of distributionᵧ = max(yield_rate, (y / life)^bow)
        distributionᵧ = rate of distributionᵧ · navᵧ₋₁ · (1 + growth)
        navᵧ = navᵧ₋₁ · (1 + growth) + contributionᵧ - distributionᵧ

    Contributions fall at the end of a year and so grow from the next; in the last year everything held is
    distributed, and only that year's own contribution is left. The IRR of the result equals `growth`.

    Source: D. Takahashi, S. Alexander, "Illiquid Alternative Asset Fund Modeling", Yale 2001; Journal of
    Portfolio Management 28(2) 2002.

    Args:
        commitment: capital committed, in any unit of money.
        contribution_rates: share of the *remaining* commitment called in each year (a list, array or Series);
            the last one repeats.
        life: years of the fund.
        bow: how late distributions come; 1 is a straight line.
        growth: annual growth of the value held, a fraction.
        yield_rate: least share of the value distributed each year, a fraction.
        last_investment_year: nothing is called after this year; None calls over the whole life.

    Returns:
        One row per year: year (from 1), contribution, distribution, nav (at the year's end).

    """
    rates = [float(rate) for rate in contribution_rates]
    if life < 1 or life != int(life) or not rates or not all(0 <= rate <= 1 for rate in rates):
        raise InputError("pacing_parameters", life=life, contribution_rates=rates)
    last_year = life if last_investment_year is None else last_investment_year
    bow, growth, yield_rate = float(bow), float(growth), float(yield_rate)
    rows, remaining, nav = [], float(commitment), 0.0
    for year in range(1, int(life) + 1):
        rate = rates[min(year, len(rates)) - 1]
        contribution = rate * remaining if year <= last_year else 0.0
        grown = nav * (1 + growth)
        distribution = max(yield_rate, (year / int(life)) ** bow) * grown
        remaining -= contribution
        nav = grown + contribution - distribution
        rows.append((year, contribution, distribution, nav))
    schema = {"year": pl.Int32, "contribution": pl.Float64, "distribution": pl.Float64, "nav": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")
