"""How returns look: figures with their verdict and the trust the NAV deserves, tables, the J-curve, the bridge."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial
from typing import Any, Final

from fundtrack.metrics.kept import COHORTS
from fundtrack.reports.returns import ReturnsReport
from fundtrack.text.numbers import day as day_words
from fundtrack.text.numbers import money, plain, unknown, wan
from fundtrack.ui import charts
from fundtrack.ui.address import pick
from fundtrack.ui.chart_data import Data
from fundtrack.ui.curve import curve
from fundtrack.ui.figures import (
    Row,
    aged,
    count_col,
    currency_col,
    currency_word,
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
    unit_name,
)
from fundtrack.ui.frame import narrowed
from fundtrack.ui.html import Col, empty, esc, facts, say_soft, show
from fundtrack.ui.language import lang, t
from fundtrack.ui.returns_fx import STEPS, draw_fx
from fundtrack.ui.returns_gross import draw_gross
from fundtrack.ui.traced import Asked, linked

_RANKED: Final = tuple(f"{name}_{rank}" for name in ("dpi", "tvpi", "irr") for rank in ("q1", "median", "q3"))
"""Ranks that a trace takes apart."""
_CURVE: Final = ("net_cash", "nav", "net_value")
_WAN: Final = 10_000
_NOT_ASKED: Final = "—"
"""Stands where a figure is not missing but has no meaning: too few to rank, nothing held yet."""


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


def draw_history(report: ReturnsReport) -> None:
    """The J-curve of each currency that has more than one point, and every quarter's figures."""
    for (currency,), rows in report.history.partition_by(
        "currency", as_dict=True, maintain_order=True
    ).items():
        if rows.height < 2:
            continue
        unit = unit_name(str(currency))
        lines = [(metric_name(name), [_in_wan(row, name) for row in rows.to_dicts()]) for name in _CURVE]
        finding, known = _finding(rows.to_dicts()[-1])
        show(f"<h3>{linked(finding, known)}</h3>", f'<p class="soft">{esc(unit)}</p>')
        days = rows["day"].to_list()
        cells = [[on, *values] for on, *values in zip(days, *(values for _, values in lines), strict=True)]
        whose = str(rows["group"][0])
        data = Data(
            (t("charts.day"), *(name for name, _ in lines)),
            cells,
            unit,
            partial(_asked, whose, str(currency)),
        )
        charts.draw(
            curve(days, lines, unit),
            key=f"curve_{currency}",
            alt=finding,
            title=_titled(str(currency)),
            data=data,
        )
    day = Col(t("returns.quarter_end"), lambda row: esc(row["day"]), "fix")
    sums = [
        money_col(metric_name(one), one, one, "day")
        for one in ("paid_in", "distributed", "net_cash", "nav", "net_value")
    ]
    columns = [day, currency_col(), count_col(t("returns.participations"), "participations", "participations", "day"), *sums,
               *[multiple_col(one, figure=one, day="day") for one in ("dpi", "rvpi", "tvpi")],
               irr_col(metric_name("irr"), figure=irr_figure, day="day"), share_col("known_share", figure="known_share", day="day")]  # fmt: skip
    table(report.history.reverse(), columns, t("returns.history"), tall=True)


def _titled(currency: str) -> str:
    return f"{t('returns.history')}{t('filters.colon')}{currency_word(currency)}"


def _asked(whose: str, currency: str, row: Sequence[Any], column: int) -> Asked:
    """Which figure a number of the curve is: of its quarter end."""
    return Asked(_CURVE[column - 1], "" if whose == "all" else whose, currency, row[0])


def _finding(row: Row) -> tuple[str, list[tuple[str, Asked]]]:
    """Where the curve stands at its end, in a sentence, and which figure each number of it is."""
    currency, whose = str(row["currency"]), "" if row["group"] == "all" else str(row["group"])
    words = {name: money(row[name], currency, lang()) for name in _CURVE}
    known = [(words[name], Asked(name, whose, currency, row["day"])) for name in _CURVE]
    told = t(
        "charts.curve_finding", currency=currency_word(currency), day=day_words(row["day"], lang()), **words
    )
    return told, known


def _in_wan(row: Row, name: str) -> float | None:
    """An amount for the curve; the sum of only the known NAVs would be no point of it."""
    unknown_nav = name == "nav" and row["nav_unknown"]
    return None if row[name] is None or unknown_nav else float(row[name]) / _WAN


@narrowed
def draw_vintages(report: ReturnsReport) -> None:
    """Cohorts: by year of the first call, of the agreement, or by kind of guidance fund; quartiles where four or more can be ranked."""
    by = pick("by", t("returns.cohort"), COHORTS, lambda name: t(f"returns.{name}"))
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
WHOLE: Final = ("vintages", "gross", "pme")
"""Sections that are about all guidance funds, whichever one is looked at."""
