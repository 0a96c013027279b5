"""How returns look: pooled with the trust the NAV deserves, step by step, against an index; the page's sections in order."""

from collections.abc import Callable
from decimal import Decimal
from typing import Final

from fundtrack.reports.returns import ReturnsReport
from fundtrack.text.numbers import plain, wan
from fundtrack.ui.drawn import drawn_once
from fundtrack.ui.figures import (
    Row,
    aged,
    count_col,
    currency_col,
    in_unit,
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
    times_text,
    trust_cols,
)
from fundtrack.ui.html import Col, empty, esc, facts, say_soft, show
from fundtrack.ui.language import lang, t
from fundtrack.ui.returns_cohorts import draw_horizons, draw_vintages
from fundtrack.ui.returns_fx import STEPS, draw_fx
from fundtrack.ui.returns_gross import draw_gross
from fundtrack.ui.returns_history import draw_history
from fundtrack.ui.traced import Asked, linked


@drawn_once
def draw_pooled(report: ReturnsReport) -> None:
    """Each currency's total with how far its NAV can be trusted, then the guidance funds one by one."""
    for row in report.pooled.to_dicts():
        show(f"<h3>{esc(in_unit(row['currency']))}</h3>")
        sums = ("commitment", "paid_in", "distributed", "recallable", "fees_outside", "nav", "unfunded")
        amounts = [
            (
                t("returns.commitment") if name == "commitment" else metric_name(name),
                leads(row, name, wan(row[name], lang())),
            )
            for name in sums
        ]
        ratios = [
            (metric_name(name), leads(row, name, times_text(row[name])) + esc(_basis(row, name)))
            for name in ("dpi", "rvpi", "tvpi")
        ]
        pic = (metric_name("pic"), leads(row, "pic", share_text(row["pic"])))
        show(
            facts([*amounts, *ratios, pic, (metric_name("irr"), leads(row, irr_figure(row), irr_text(row)))])
        )
        shares = [
            (metric_name(name), leads(row, name, share_text(row[name])))
            for name in ("known_share", "rolled_share", "stale_share", "report_share", "book_share")
        ]
        show(
            facts(
                [
                    (
                        t("returns.oldest"),
                        linked(
                            aged(row["oldest_nav_on"], report.as_of),
                            [],
                            Asked("nav", "" if row["group"] == "all" else row["group"], str(row["currency"])),
                        ),
                    ),
                    *shares,
                ]
            )
        )
    if report.pooled.is_empty():
        show(empty(t("returns.none")))
        return
    name = Col(t("returns.guidance_fund"), lambda row: esc(row["name"] or row["group"]))
    sums_of = [money_col(metric_name(one), one, one) for one in ("paid_in", "distributed", "nav", "unfunded")]
    columns = [name, currency_col(), count_col(t("returns.participations"), "participations", "participations"), *sums_of, multiple_col("dpi", figure="dpi"),
               multiple_col("rvpi", figure="rvpi"), multiple_col("tvpi", figure="tvpi"), share_col("pic", figure="pic"),
               irr_col(metric_name("irr"), figure=irr_figure), *trust_cols(report.as_of)]  # fmt: skip
    table(report.guidance, columns, t("returns.by_guidance"))


def _basis(row: Row, name: str) -> str:
    """What a multiple that holds a NAV stands on, where that is book net assets."""
    if name == "dpi" or not row["book_share"]:
        return ""
    return " " + t("returns.on_book" if row["book_share"] == 1 else "returns.partly_on_book")


@drawn_once
def draw_bridge(report: ReturnsReport) -> None:
    """NAV of a year before to NAV of the day: each guidance fund in its own currencies, then each currency's total."""
    total = t("returns.total_of_currency")
    name = Col(
        t("returns.guidance_fund"),
        lambda row: total if row["group"] == "all" else esc(row["name"] or row["group"]),
    )
    steps = [money_col(t(f"returns.step_{step}"), step, step) for step in STEPS]
    check = Col(t("returns.check"), lambda row: leads(row, "bridge_check", _check(row["check"])), "num")
    ends = [
        Col(t(f"returns.oldest_{end}"), lambda row, end=end: esc(row[f"oldest_{end}"]), "fix")  # type: ignore[misc]
        for end in ("start", "end")
    ]
    missing = count_col(t("returns.unknown_navs"), "unknown", "bridge_unknown")
    table(
        report.bridge.vstack(report.bridge_total),
        [name, currency_col(), *steps, check, missing, *ends],
        t("returns.bridge"),
    )


def _check(left: Decimal | None) -> str:
    return plain(left, lang(), 2, fixed=True)


@drawn_once
def draw_pme(report: ReturnsReport) -> None:
    """Against the index that is loaded; without one, what to load."""
    if report.pme.is_empty():
        say_soft(t("returns.no_index"))
        return
    index = Col(t("returns.index"), lambda row: esc(f"{row['code']} {row['source']}"))
    rates = [share_col(name, figure=name) for name in ("ln_pme", "pme_plus", "direct_alpha")]
    table(
        report.pme, [currency_col(), index, multiple_col("ks_pme", figure="ks_pme"), *rates], t("returns.pme")
    )


SECTIONS: Final[dict[str, Callable[[ReturnsReport], None]]] = {
    "pooled": draw_pooled,
    "history": draw_history,
    "vintages": draw_vintages,
    "horizons": draw_horizons,
    "bridge": draw_bridge,
    "gross": draw_gross,
    "fx": draw_fx,
    "pme": draw_pme,
}
"""The page's sections in order; each has a title and a note of its name."""
LIVE: Final = ("history", "vintages", "gross")
"""Sections of several elements, how many depends on what is looked at; each of the others is one."""
WHOLE: Final = ("vintages", "gross", "pme")
"""Sections that are about all guidance funds, whichever one is looked at."""
