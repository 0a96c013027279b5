"""How the plan looks: what closes the gap, budget requests, the cash of guidance funds, calls and distributions to come."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from polars import col

from fundtrack.reports import plan as told
from fundtrack.reports.forecast import between
from fundtrack.reports.plan import PlanReport
from fundtrack.reports.plan_words import alone_words, constraints, gap_words, money, pace_words, rough
from fundtrack.text.numbers import WAN, currency_name, day, plain
from fundtrack.ui import charts
from fundtrack.ui.chart_data import Cell
from fundtrack.ui.figures import unit_name
from fundtrack.ui.forecast_charts import Fan, fan_chart, fan_data
from fundtrack.ui.html import Col, empty, esc, grid, plain_col, say_soft, show
from fundtrack.ui.language import lang, t
from fundtrack.ui.traced import Asked, linked, traced


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
    gap = report.plan.gap
    known = [
        (plain(gap.funds, lang()), Asked("remaining", "partner_funds")),
        (money(gap.scale, "CNY", lang()), Asked("remaining", "fund_scale")),
        (plain(gap.houses, lang()), Asked("remaining", "new_managers")),
    ]
    choice = Asked("plan:choice")
    show(
        f'<p class="lead">{linked(lines[0], known if gap else [])}</p>',
        *(f"<p>{linked(line, [], choice)}</p>" for line in lines[1:] if line),
    )
    if report.plan.gap:
        say_soft(constraints(report.plan, lang()))
    if report.requests and report.plan.gap:
        show(f"<h3>{esc(t('foresee.plan_calls'))}</h3>")
        say_soft(t("foresee.plan_calls_help"))
        columns = [
            Col(t("foresee.year"), lambda row: esc(row["year"]), "fix"),
            Col(t("foresee.plan_chosen"), _chosen, "num"),
            Col(t("foresee.plan_further"), _span, "num"),
        ]
        rows = [
            {"year": each.year, "chosen": each.chosen, "low": each.further, "high": each.further_capped}
            for each in report.requests
        ]
        show(grid(rows, columns, label=t("foresee.plan_calls")))


def _chosen(row: Mapping[str, Any]) -> str:
    return traced(rough(row["chosen"], lang()), f"plan:calls:{row['year']}:chosen")


def _span(row: Mapping[str, Any]) -> str:
    ends = [(rough(row[end], lang()), Asked(f"plan:calls:{row['year']}:{name}"))
            for end, name in (("low", "further"), ("high", "further_capped"))]  # fmt: skip
    return linked(between(ends[0][0], ends[1][0], lang()), ends, ends[0][1])


def draw_requests(report: PlanReport) -> None:
    """Budget requests by guidance fund and year."""
    if report.liquidity is None:
        return
    show(f"<h2>{esc(t('foresee.requests'))}</h2>")
    say_soft(t("foresee.requests_help", made=day(report.as_of, lang())))
    rows = report.liquidity.requests.to_dicts()

    def ranged(row: Mapping[str, Any], middle: str, low: str, high: str) -> str:
        ends = between(rough(row[low], lang()), rough(row[high], lang()), lang())
        asked = Asked(f"plan:request:{row['year']}:{middle}", row["guidance_fund_id"])
        return linked(t("plan.with_range", expected=rough(row[middle], lang()), span=ends), [], asked)

    def fee(row: Mapping[str, Any]) -> str:
        return traced(rough(row["fee"], lang()), f"plan:request:{row['year']}:fee", row["guidance_fund_id"])

    columns = [
        Col(
            t("foresee.guidance_fund"),
            lambda row: esc(report.guidance.get(row["guidance_fund_id"], row["guidance_fund_id"])),
            "wide",
        ),
        Col(t("returns.currency"), lambda row: esc(_named(row["currency"])), "fix"),
        Col(t("foresee.year"), lambda row: esc(row["year"]), "fix"),
        Col(t("foresee.calls"), lambda row: ranged(row, "calls", "calls_low", "calls_high"), "num"),
        Col(t("foresee.fee"), fee, "num"),
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
        show(
            f"<h3>{esc(name)}</h3>",
            f"<p>{linked(line, [], Asked(f'plan:cash:{report.as_of}', row['guidance_fund_id']))}</p>",
        )
        mine = col("guidance_fund_id") == row["guidance_fund_id"]
        past = report.liquidity.past.filter(mine).tail(12)
        ahead = report.liquidity.ahead.filter(mine & (col("item") == "cash"))
        if past.is_empty():
            continue
        unit = unit_name(row["currency"])
        fan = Fan(
            tuple((on, _scaled(cash)) for on, cash in past.select("quarter", "cash").rows()),
            tuple((on, *(_scaled(value) for value in marks)) for on, *marks in ahead.select("quarter", "low", "expected", "high").rows()),
            f" {unit}", words,
        )  # fmt: skip
        say_soft(unit)
        charts.draw(
            charts.once(fan_chart, fan, None, None, t("foresee.short_line")),
            key=f"cash_{row['guidance_fund_id']}",
            title=name,
            data=fan_data(fan, partial(_asked, row["guidance_fund_id"])),
            alt=t("foresee.cash_alt", name=name, line=line),
        )


def _asked(fund: str, row: Sequence[Cell], column: int) -> Asked | None:
    """Which figure a number of a fund's cash is: of past days its flows, of days to come the projection."""
    if row[column] is None:
        return None
    mark = {2: ":low", 4: ":high"}.get(column, "")
    return Asked(f"plan:cash:{row[0]}{mark}", fund)


def _scaled(value: Any) -> float:
    return round(float(value.scaleb(-WAN)))


def _projected(currency: str, name: str, row: Mapping[str, Any]) -> str:
    return linked(row[name], [], Asked(f"plan:pacing:{row['year']}:{name}", "", currency))


def draw_pacing(report: PlanReport) -> None:
    """Calls, distributions and NAV of each currency by year, and by which parameters."""
    if report.liquidity is None:
        return
    show(f"<h2>{esc(t('foresee.pacing'))}</h2>")
    say_soft(t("foresee.pacing_help", made=day(report.as_of, lang())))
    for currency, made in report.liquidity.projections.items():
        show(f"<h3>{esc(_named(currency))}</h3>")
        columns = [plain_col(t("foresee.year"), "year", "fix")]
        columns += [
            Col(t(f"foresee.{name}"), partial(_projected, currency, name), "num")
            for name in ("calls", "returns", "nav")
        ]
        show(grid(told.year_rows(report.liquidity, currency, lang()), columns, label=t("foresee.pacing")))
        unvalued = t("foresee.unvalued", count=plain(made.unvalued, lang())) if made.unvalued else ""
        say_soft(f"{pace_words(currency, made.pace, lang())} {unvalued}".strip())
