"""How the plan looks: what closes the gap, budget requests, the cash of guidance funds, calls and distributions to come."""

from collections.abc import Mapping
from typing import Any

from polars import col

from fundtrack.reports import plan as told
from fundtrack.reports.forecast import between
from fundtrack.reports.plan import PlanReport
from fundtrack.reports.plan_words import alone_words, constraints, gap_words, pace_words, rough
from fundtrack.text.numbers import WAN, currency_name, day, plain
from fundtrack.ui import charts
from fundtrack.ui.figures import unit_name
from fundtrack.ui.forecast_charts import Fan, fan_chart, fan_data
from fundtrack.ui.html import Col, empty, esc, grid, plain_col, say_soft, show
from fundtrack.ui.language import lang, t


def _named(currency: str) -> str:
    return t("plan.cny") if currency == "CNY" else currency_name(currency, lang())


def draw_plan(report: PlanReport) -> None:
    """What closes the gap, in sentences, with its constraints."""
    show(f"<h2>{esc(t('foresee.plan'))}</h2>")
    if report.plan is None:
        return
    lines = [gap_words(report.plan, lang())]
    if report.plan.gap:
        lines += [told.choice_words(report, lang()), alone_words(report.plan, lang())]
    show(f'<p class="lead">{esc(lines[0])}</p>', *(f"<p>{esc(line)}</p>" for line in lines[1:] if line))
    if report.plan.gap:
        say_soft(constraints(report.plan, lang()))
    if report.requests and report.plan.gap:
        show(f"<h3>{esc(t('foresee.plan_calls'))}</h3>")
        say_soft(t("foresee.plan_calls_help"))
        columns = [
            Col(t("foresee.year"), lambda row: esc(row["year"]), "fix"),
            Col(t("foresee.plan_chosen"), lambda row: esc(rough(row["chosen"], lang())), "num"),
            Col(t("foresee.plan_further"), _span, "num"),
        ]
        rows = [
            {"year": each.year, "chosen": each.chosen, "low": each.further, "high": each.further_capped}
            for each in report.requests
        ]
        show(grid(rows, columns, label=t("foresee.plan_calls")))


def _span(row: Mapping[str, Any]) -> str:
    return esc(between(rough(row["low"], lang()), rough(row["high"], lang()), lang()))


def draw_requests(report: PlanReport) -> None:
    """Budget requests by guidance fund and year."""
    if report.liquidity is None:
        return
    show(f"<h2>{esc(t('foresee.requests'))}</h2>")
    say_soft(t("foresee.requests_help", made=day(report.as_of, lang())))
    rows = report.liquidity.requests.to_dicts()

    def ranged(row: Mapping[str, Any], middle: str, low: str, high: str) -> str:
        ends = between(rough(row[low], lang()), rough(row[high], lang()), lang())
        return esc(t("plan.with_range", expected=rough(row[middle], lang()), span=ends))

    columns = [
        Col(
            t("foresee.guidance_fund"),
            lambda row: esc(report.guidance.get(row["guidance_fund_id"], row["guidance_fund_id"])),
            "wide",
        ),
        Col(t("returns.currency"), lambda row: esc(_named(row["currency"])), "fix"),
        Col(t("foresee.year"), lambda row: esc(row["year"]), "fix"),
        Col(t("foresee.calls"), lambda row: ranged(row, "calls", "calls_low", "calls_high"), "num"),
        Col(t("foresee.fee"), lambda row: esc(rough(row["fee"], lang())), "num"),
        Col(t("foresee.request"), lambda row: ranged(row, "expected", "low", "high"), "num"),
    ]
    show(grid(rows, columns, label=t("foresee.requests")) if rows else empty(t("returns.none")))


def draw_liquidity(report: PlanReport) -> None:
    """The cash of each guidance fund: sentence and chart."""
    if report.liquidity is None:
        return
    show(f"<h2>{esc(t('foresee.liquidity'))}</h2>")
    say_soft(t("foresee.liquidity_help", made=day(report.as_of, lang())))
    words = (
        t("foresee.history"),
        t("foresee.ahead"),
        t("foresee.range"),
        t("foresee.made_mark", day=day(report.as_of, lang())),
    )
    for row in report.liquidity.short.to_dicts():
        name, line = (
            report.guidance.get(row["guidance_fund_id"], row["guidance_fund_id"]),
            told.short_words(report, row, lang()),
        )
        show(f"<h3>{esc(name)}</h3>", f"<p>{esc(line)}</p>")
        mine = col("guidance_fund_id") == row["guidance_fund_id"]
        past = report.liquidity.past.filter(mine).tail(12)
        ahead = report.liquidity.ahead.filter(mine & (col("item") == "cash"))
        if past.is_empty():
            continue
        unit = unit_name(row["currency"])
        fan = Fan(
            [(on, _scaled(cash)) for on, cash in past.select("quarter", "cash").rows()],
            [(on, *(_scaled(value) for value in marks)) for on, *marks in ahead.select("quarter", "low", "expected", "high").rows()],
            f" {unit}", words,
        )  # fmt: skip
        say_soft(unit)
        charts.draw(
            fan_chart(fan, zero=t("foresee.short_line")),
            key=f"cash_{row['guidance_fund_id']}",
            title=name,
            data=fan_data(fan),
            alt=t("foresee.cash_alt", name=name, line=line),
        )


def _scaled(value: Any) -> float:
    return round(float(value.scaleb(-WAN)))


def draw_pacing(report: PlanReport) -> None:
    """Calls, distributions and NAV of each currency by year, and by which parameters."""
    if report.liquidity is None:
        return
    show(f"<h2>{esc(t('foresee.pacing'))}</h2>")
    say_soft(t("foresee.pacing_help", made=day(report.as_of, lang())))
    for currency, made in report.liquidity.projections.items():
        show(f"<h3>{esc(_named(currency))}</h3>")
        columns = [plain_col(t("foresee.year"), "year", "fix")]
        columns += [plain_col(t(f"foresee.{name}"), name, "num") for name in ("calls", "returns", "nav")]
        show(grid(told.year_rows(report.liquidity, currency, lang()), columns, label=t("foresee.pacing")))
        unvalued = t("foresee.unvalued", count=plain(made.unvalued, lang())) if made.unvalued else ""
        say_soft(f"{pace_words(currency, made.pace, lang())} {unvalued}".strip())
