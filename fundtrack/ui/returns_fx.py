"""How returns look in two currencies: own and converted, flow by flow with rate, day and source."""

from typing import Final

from fundtrack.reports.own_sources import source_name
from fundtrack.reports.returns import ReturnsReport
from fundtrack.text.numbers import plain
from fundtrack.ui.drawn import drawn_once
from fundtrack.ui.figures import (
    Row,
    count_col,
    currency_col,
    currency_word,
    leads,
    metric_name,
    money_col,
    share_text,
    table,
)
from fundtrack.ui.html import Col, empty, esc, facts, grid, say_soft, show
from fundtrack.ui.language import lang, t
from fundtrack.ui.traced import Asked, linked

STEPS: Final = ("nav_start", "calls", "distributions", "valuation_change", "fx_effect", "nav_end")
"""The steps of a value bridge, from the NAV at its start to that at its end."""


@drawn_once
def draw_fx(report: ReturnsReport) -> None:
    """The cross-border fund in its own currency and in yuan: each rate with its day and source, and what the rate did to the NAV."""
    if report.fx.is_empty():
        show(empty(t("returns.no_fx")))
        return
    for row in report.fx.to_dicts():
        show(f"<h3>{esc(row['name'] or '')} {esc(row['participation_id'])}</h3>")
        own, other = (t("cross.in_wan", currency=currency_word(row[name])) for name in ("currency", "into"))
        sides = [
            {
                "name": t(f"returns.fx_{name}"),
                "figure": name,
                "participation_id": row["participation_id"],
                "own": row[name],
                "other": row[f"{name}_converted"],
            }
            for name in ("paid_in", "value", "gain")
        ]
        columns = [
            Col(t("returns.amount"), lambda line: esc(line["name"])),
            money_col(own, "own", lambda line: str(line["figure"])),
            money_col(other, "other", lambda line: f"{line['figure']}_converted"),
        ]
        show(grid(sides, columns, label=t("returns.fx")))
        parts = [
            (metric_name(name), leads(row, name, share_text(row[name], 2)))
            for name in ("return_local", "return_fx", "return_cross")
        ]
        rates = [
            (t(f"returns.{name}"), esc(plain(row[name], lang(), 4, fixed=True)))
            for name in ("rate_in", "rate_out")
        ]
        show(
            facts(
                [
                    *parts,
                    (t("returns.total"), leads(row, "return_total", share_text(row["return_total"], 2))),
                    *rates,
                    (
                        metric_name("fx_rate"),
                        linked(_rate(row, "nav_rate"), [], Asked("fx_rate", str(row["participation_id"]))),
                    ),
                ]
            )
        )
    _fx_tables(report)


def _fx_tables(report: ReturnsReport) -> None:
    """What lies below: the value bridge in yuan, each flow's rate, missing rates, and what was paid in yuan."""
    stake = Col(t("returns.participation"), lambda row: esc(row["participation_id"]), "fix")
    steps = [money_col(t(f"returns.step_{step}"), step) for step in STEPS]
    ends = [_rate_col(t(f"returns.rate_{end}"), f"rate_{end}") for end in ("start", "end")]
    show(f"<h3>{esc(t('returns.bridge_cny'))}</h3>")
    say_soft(t("ui.unit_line"))
    table(report.bridge_cny, [stake, *steps, *ends], t("returns.bridge_cny"))
    show(f"<h3>{esc(t('returns.fx_flows'))}</h3>")
    say_soft(t("ui.unit_line"))
    day = Col(t("returns.day"), lambda row: esc(row["day"]), "fix")
    paid = [
        money_col(t("returns.fx_paid_in"), "paid_in"),
        money_col(metric_name("distributed"), "distributed"),
    ]
    in_cny = [
        money_col(t("returns.in_cny", what=column.title), f"{name}_converted")
        for column, name in zip(paid, ("paid_in", "distributed"), strict=True)
    ]
    table(
        report.fx_flows,
        [stake, day, *paid, *in_cny, _rate_col(metric_name("fx_rate"), "rate")],
        t("returns.fx_flows"),
        tall=True,
    )
    for row in report.fx_missing.to_dicts():
        say_soft(
            t(
                "returns.missing_rate",
                entity=row["entity"],
                day=row["day"],
                currency=row["currency"],
                into=row["into"],
            )
        )
    show(f"<h3>{esc(metric_name('cny_paid'))}</h3>")
    say_soft(t("returns.fiscal_help"))
    stated = [count_col(t("returns.stated"), "stated"), count_col(t("returns.unstated"), "unstated")]
    fiscal = [
        stake,
        currency_col(),
        money_col(t("returns.fx_paid_in"), "paid_in"),
        money_col(metric_name("cny_paid"), "cny_paid"),
        *stated,
    ]
    table(report.fiscal, fiscal, metric_name("cny_paid"))


def _rate_col(title: str, name: str) -> Col:
    return Col(title, lambda row: esc(_rate(row, name)))


def _rate(row: Row, name: str) -> str:
    """A rate with its own day and its source."""
    if row[name] is None:
        return t("returns.no_rate")
    return t(
        "returns.rate",
        rate=plain(row[name], lang(), 4, fixed=True),
        day=row[f"{name}_on"],
        source=source_name(row[f"{name}_source"], lang()),
    )
