"""How returns look by cohort and by horizon: quartiles where there are enough to rank, years back where anything is so old."""

from collections.abc import Callable
from typing import Final

from fundtrack.metrics.kept import COHORTS
from fundtrack.reports.returns import ReturnsReport
from fundtrack.text.numbers import unknown, wan
from fundtrack.ui.address import pick
from fundtrack.ui.drawn import drawn_once
from fundtrack.ui.figures import (
    Row,
    count_col,
    currency_col,
    irr_col,
    irr_figure,
    irr_text,
    leads,
    metric_name,
    money_col,
    multiple_col,
    share_col,
    share_text,
    table,
    trust_cols,
)
from fundtrack.ui.frame import narrowed
from fundtrack.ui.html import Col, esc
from fundtrack.ui.language import lang, t
from fundtrack.ui.traced import Asked, linked

_RANKED: Final = tuple(f"{name}_{rank}" for name in ("dpi", "tvpi", "irr") for rank in ("q1", "median", "q3"))
"""Ranks that a trace takes apart."""
_NOT_ASKED: Final = "—"
"""Stands where a figure is not missing but has no meaning: too few to rank, nothing held yet."""


@narrowed
def draw_vintages(report: ReturnsReport) -> None:
    """Cohorts: by year of the first call, of the agreement, or by kind of guidance fund; quartiles where four or more can be ranked."""
    _draw_cohorts(report, pick("by", t("returns.cohort"), COHORTS, lambda name: t(f"returns.{name}")))


@drawn_once
def _draw_cohorts(report: ReturnsReport, by: str) -> None:
    own = by == "vintage"  # the others are no entities of a trace

    def ranked(name: str, rank: str) -> Col:
        make, figure = (share_col if name == "irr" else multiple_col), f"{name}_{rank}"
        title = t("returns.rank", metric=name.upper(), rank=t(f"returns.{rank}"))
        return make(figure, title, figure if own and figure in _RANKED else "", none=_NOT_ASKED)

    def led(name: str) -> str:
        return name if own else ""

    basis = Col(
        metric_name("nav_basis"), lambda row: esc(t(f"returns.basis_{row['nav_basis'] or 'unknown'}")), "fix"
    )
    group = Col(t(f"returns.{by}"), lambda row: esc(_group(by, row["group"])), "fix")
    count = count_col(t("returns.participations"), "participations", led("participations"))
    sums = [money_col(metric_name(one), one, led(one)) for one in ("paid_in", "nav")]
    multiples = [multiple_col(one, figure=led(one)) for one in ("dpi", "tvpi")]
    rate = irr_col(metric_name("irr"), figure=irr_figure if own else "")
    spread = [ranked(name, rank) for name in ("dpi", "tvpi", "irr") for rank in ("q1", "median", "q3")]
    columns = [
        group,
        currency_col(),
        count,
        *sums,
        *multiples,
        rate,
        *spread,
        basis,
        *trust_cols(report.as_of, linked=own),
    ]
    table(report.cohorts.filter(by=by), columns, t("returns.vintages"), tall=True)


def _group(by: str, group: str | None) -> str:
    if group is None:
        return unknown(lang())
    return t(f"returns.kind_{group}") if by == "guidance_kind" else group


@drawn_once
def draw_horizons(report: ReturnsReport) -> None:
    """Returns over 1, 3, 5 and 10 years; where a NAV is unknown, that of the part that is known, with its size."""
    known = {(row["currency"], row["years"]): row for row in report.horizons_known.to_dicts()}

    def young(row: Row) -> bool:
        return bool(row["first_on"] > row["start_on"])

    def part(row: Row) -> str:
        other = known.get((row["currency"], row["years"]))
        if other is None or row["irr_status"] is not None or other["irr_status"] is None:
            return ""
        return esc(t("returns.of_known", irr=irr_text(other), share=share_text(other["known_share"])))

    def whole(row: Row) -> str:
        if young(row):
            return linked(
                t("returns.younger", years=row["years"]),
                [],
                Asked(
                    f"horizon_irr_{row['years']}",
                    "" if row["group"] == "all" else row["group"],
                    str(row["currency"]),
                ),
            )
        return leads(row, f"horizon_irr_{row['years']}", irr_text(row))

    def held(title: str, name: str) -> Col:
        def cell(row: Row) -> str:
            return (
                _NOT_ASKED
                if young(row)
                else leads(row, f"horizon_{name}_{row['years']}", wan(row[name], lang()))
            )

        return Col(title, cell, "num")

    years = Col(t("returns.years"), lambda row: esc(row["years"]), "fix")
    start = Col(t("returns.start"), lambda row: esc(row["start_on"]), "fix")
    columns = [currency_col(), years, start, held(t("returns.step_nav_start"), "nav_start"), money_col(metric_name("paid_in"), "paid_in", _over("paid_in")),
               money_col(metric_name("distributed"), "distributed", _over("distributed")), money_col(t("returns.step_nav_end"), "nav_end", "nav"),
               held(t("returns.gain"), "gain"), Col(metric_name("horizon_irr"), whole, "num"), Col(t("returns.known_part"), part, "fix")]  # fmt: skip
    table(report.horizons, columns, t("returns.horizons"))


def _over(what: str) -> Callable[[Row], str]:
    """The name of a horizon's figure, its years at the end."""
    return lambda row: f"horizon_{what}_{row['years']}"
