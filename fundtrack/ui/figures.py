"""Figures as pages of money show them: amounts in ten thousands, multiples, shares, an IRR with its verdict, the age of a NAV."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from polars import DataFrame

from fundtrack.metrics.catalog import metric
from fundtrack.reports.return_lines import irr_words
from fundtrack.text.numbers import currency_name, percent, plain, unknown, wan
from fundtrack.ui.html import Col, empty, esc, grid, show
from fundtrack.ui.language import lang, t
from fundtrack.ui.traced import Asked, traced

Row = Mapping[str, Any]
_WHOSE: Final = ("group", "participation_id", "partner_fund_id", "company")
"""The columns that say whose a row is, the first that is there."""
Figure = str | Callable[[Row], str]
"""Which figure a number of a row is, so that it leads to its trace; empty: it leads nowhere."""


def leads(row: Row, figure: Figure, text: str, day: str = "") -> str:
    """A number of a row as HTML, linked to its trace: of the row's group, fund or participation, in its currency.

    Args:
        row: what stands in the line.
        figure: which figure it is.
        text: the number in words.
        day: the column that holds the day, where it is not the page's.
    """
    name = figure if isinstance(figure, str) else figure(row)
    asked = asked_of(row, name, day)
    return traced(text, asked.figure, asked.of, asked.currency, asked.as_of) if name else esc(text)


def asked_of(row: Row, figure: str, day: str = "") -> Asked:
    """A figure of a row's group, participation, fund or company, in its currency."""
    of = next((row[key] for key in _WHOSE if row.get(key)), "")
    return Asked(
        figure, "" if of == "all" else str(of), str(row.get("currency") or ""), row[day] if day else None
    )


def irr_figure(row: Row, annual: str = "irr") -> str:
    """The metric that is shown of an IRR: under one year the return of the period."""
    return "period_return" if row["irr_status"] == "not_annualised" else annual


def metric_name(name: str) -> str:
    """A metric's name in the language to speak."""
    return metric(name).name(lang())


def currency_word(currency: str) -> str:
    """Name a currency where it stands alone: 人民币, not 元."""
    return t("returns.cny") if currency == "CNY" else currency_name(currency, lang())


def unit_name(currency: str) -> str:
    """Name the unit that tables and charts show a currency in: 万元, 万美元."""
    return t("returns.wan", currency=currency_name(currency, lang()))


def in_unit(currency: str) -> str:
    """A currency with that unit, as a heading."""
    return t("returns.in_unit", currency=currency_word(currency), unit=unit_name(currency))


def times_text(value: float | None) -> str:
    """A multiple."""
    return unknown(lang()) if value is None else plain(value, lang(), 2, fixed=True) + "×"


def share_text(value: float | None, places: int = 1) -> str:
    """A fraction in percent."""
    return unknown(lang()) if value is None else percent(value, lang(), places)


def irr_text(row: Mapping[str, Any], name: str = "irr") -> str:
    """An IRR as its verdict allows."""
    return irr_words(row, lang(), name)


def aged(nav_on: date | None, as_of: date | None) -> str:
    """A NAV's day and how long ago it was."""
    if nav_on is None or as_of is None:
        return unknown(lang())
    return t("returns.age", day=f"{nav_on:%Y-%m-%d}", days=(as_of - nav_on).days)


def money_col(title: str, name: str, figure: Figure = "", day: str = "") -> Col:
    """A column of amounts in ten thousands of the row's currency."""
    return Col(title, lambda row: leads(row, figure, wan(row[name], lang()), day), "num")


def multiple_col(name: str, title: str = "", figure: Figure = "", day: str = "", *, none: str = "") -> Col:
    """A column of multiples, named as the catalogue names them; `none` stands for what is not missing but means nothing."""
    return Col(
        title or metric_name(name),
        lambda row: leads(row, figure, none if none and row[name] is None else times_text(row[name]), day),
        "num",
    )


def share_col(
    name: str, title: str = "", figure: Figure = "", day: str = "", *, none: str = "", places: int = 1
) -> Col:
    """A column of fractions in percent; `none` as in `multiple_col`."""
    return Col(
        title or metric_name(name),
        lambda row: leads(
            row, figure, none if none and row[name] is None else share_text(row[name], places), day
        ),
        "num",
    )


def count_col(title: str, name: str, figure: Figure = "", day: str = "") -> Col:
    """A column of counts."""
    return Col(title, lambda row: leads(row, figure, "" if row[name] is None else str(row[name]), day), "num")


def irr_col(title: str, name: str = "irr", figure: Figure = "", day: str = "") -> Col:
    """A column of IRRs with their verdicts."""
    return Col(title, lambda row: leads(row, figure, irr_text(row, name), day), "num said")


def currency_col() -> Col:
    """The column that says in which currency a row is."""
    return Col(t("returns.currency"), lambda row: esc(currency_word(row["currency"])), "fix")


def trust_cols(as_of: date | None, *, linked: bool = True) -> list[Col]:
    """How far the NAV of a row can be trusted: its oldest day and age, what is rolled forward, what is stale; a dash where nothing is held."""
    oldest = Col(t("returns.oldest"), lambda row: esc(aged(row["oldest_nav_on"], as_of)), "fix")
    shares = [
        share_col(name, figure=name if linked else "", none="—") for name in ("rolled_share", "stale_share")
    ]
    return [oldest, *shares]


def table(frame: DataFrame, columns: list[Col], label: str, *, none: str = "", tall: bool = False) -> None:
    """Draw a table, or say that there is nothing.

    Args:
        frame: the rows.
        columns: what is shown of each.
        label: of the table, for those who hear it.
        none: said where there is no row.
        tall: it scrolls within itself.
    """
    rows = frame.to_dicts()
    show(grid(rows, columns, label=label, tall=tall) if rows else empty(none or t("returns.none")))
