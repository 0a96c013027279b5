"""The Overview's lower row: what to coordinate and to watch, growth over the years, where the money went."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any, Final

from fundtrack.metrics.forecast.targets import Forecast
from fundtrack.metrics.money_trail import ORIGIN
from fundtrack.periods import month_end
from fundtrack.reports.coordination import CoordinationReport, obstacle
from fundtrack.reports.findings import FindingsReport
from fundtrack.reports.forecast import span
from fundtrack.reports.growth import GrowthReport
from fundtrack.reports.money_trail import TrailReport
from fundtrack.reports.progress import ProgressReport
from fundtrack.reports.words import amount
from fundtrack.text.numbers import YI, day, month, plain, scaled
from fundtrack.ui import charts
from fundtrack.ui.address import KEPT, given
from fundtrack.ui.chart_data import Cell, Data, draw_below
from fundtrack.ui.findings import summary
from fundtrack.ui.html import Col, empty, esc, grid, link, show
from fundtrack.ui.language import lang, t
from fundtrack.ui.overview_charts import Ahead, Point, Step, growth, trail
from fundtrack.ui.traced import Asked, linked, traced

Row = Mapping[str, Any]
GROWING: Final = ("partner_funds", "fund_scale")
MOST: Final = 5
"""So many funds to coordinate are named; the rest are counted."""
FIGURES: Final = {
    "budgeted": "trail_budgeted", "received": "trail_received", "paid_to_funds": "paid_to_funds", "in_companies": "guidance_invested",
    "money_back": "money_back", "remitted": "trail_remitted",
}  # fmt: skip
"""The figure that each station is, so that it leads to its trace."""


def draw_coordination(report: CoordinationReport, findings: FindingsReport) -> None:
    """Funds to be pushed: stage, obstacle, owner, date; then what the rules found, in one sentence."""
    kept = {name: given(name) for name in KEPT}
    rows = report.rows.head(MOST).to_dicts()
    show(
        f"<h2>{esc(t('coordination.title'))}</h2>",
        coordination_table(rows) if rows else empty(t("coordination.none")),
    )
    if report.rows.height > MOST:
        show(
            f'<p class="soft">{link(t("coordination.more", n=report.rows.height - MOST), "targets", **kept)}</p>'
        )
    onward = link(t("overview.to_findings"), "findings", **kept)
    show(f"<h2>{esc(t('overview.concerns'))}</h2>", f'<p class="says">{summary(findings)} {onward}</p>')


def coordination_table(rows: list[dict[str, Any]]) -> str:
    """Funds to be pushed, one a line; a name leads to its fund."""
    kept = {name: given(name) for name in KEPT}
    columns = [
        Col(t("coordination.fund"), lambda row: link(str(row["name"]), "funds", fund=row["partner_fund_id"], **kept), "text"),
        Col(t("coordination.stage"), lambda row: esc(row["stage_now"] or t("coordination.unknown"))),
        Col(t("coordination.obstacle"), lambda row: esc(obstacle(row, lang()))),
        Col(t("coordination.owner"), lambda row: esc(row["owner"] or t("coordination.unknown"))),
        Col(t("coordination.expected"), lambda row: esc(row["expected_on"] or t("coordination.unknown")), "fix"),
    ]  # fmt: skip
    return f'<div class="dense" title="{esc(t("coordination.owner_help"))}">{grid(rows, columns, label=t("coordination.title"))}</div>'


def draw_growth(report: GrowthReport, progress: ProgressReport, foreseen: Mapping[str, Forecast]) -> None:
    """Number of funds and scale over the years, one above the other, with plan line and forecast."""
    rows = {row["code"]: row for row in progress.targets.iter_rows(named=True)}
    show(f"<h2>{esc(t('overview.growth'))}</h2>")
    for code in GROWING:
        if code in rows:
            _draw_one(report, rows[code], foreseen.get(code))


def _draw_one(report: GrowthReport, row: Row, found: Forecast | None) -> None:
    code = row["code"]
    known = [year for year in report.years.filter(code=code).to_dicts() if year["value"] is not None]
    if not known:
        name = row["name"] if lang() == "zh" else t(f"target.{code}")
        show(f"<h3>{esc(name)}</h3>", empty(t("overview.no_growth")))
        return
    last = known[-1]
    finding = t(
        f"overview.finding_{code}", first=known[0]["day"].year, value=amount(last["value"], row, lang()), year=last["day"].year,
        added=amount(last["added"], row, lang()), added_number=plain(last["added"], lang()), goal=amount(row["target"], row, lang(), fixed=False),
    )  # fmt: skip
    points = [Point(_label(year["day"]), float(year["value"]), _short(year["value"], code)) for year in known]
    ahead = _ahead(row, found)
    show(f"<h3>{linked(finding, [], Asked(code))}</h3>")
    alt = t("growth_chart.alt", finding=finding, forecast=ahead.text)
    charts.draw(
        charts.once(growth, tuple(points), ahead), key=f"growth_{code}", alt=alt, title=finding, below=False
    )
    points_of = " · ".join(traced(_period(year["day"]), code, as_of=year["day"]) for year in known)
    show(more(t(f"overview.unit_{code}"), points_of))


def _ahead(row: Row, found: Forecast | None) -> Ahead:
    """The end of the plan: its target, and the forecast where there is one and it is wanted."""
    label = t("growth_chart.forecast_at", due=row["due_on"].year)
    goal = (
        float(row["target"]),
        t("overview.goal_line", value=_short(row["target"], row["code"], fixed=False)),
    )
    start = None if row["start_value"] is None else float(row["start_value"])
    if found is None or found.expected is None or found.low is None or found.high is None:
        return Ahead(
            label if found is not None else t("growth_chart.plan_at", due=row["due_on"].year), goal, start
        )
    said = t("growth_chart.range", span=span(found, lang()))
    return Ahead(label, goal, start, float(found.low), float(found.expected), float(found.high), said)


def _period(last: date) -> str:
    """The name of a year; of one that has not ended, with its last month."""
    return str(last.year) if last == month_end(last.year, 12) else month(last, lang())


def _label(last: date) -> str:
    """The same in two lines, as it stands under a bar."""
    if last == month_end(last.year, 12):
        return str(last.year)
    return t("growth_chart.until", year=last.year, month=t(f"growth_chart.month_{last.month}"))


def _short(value: Decimal, code: str, *, fixed: bool = True) -> str:
    """A value as it stands on a bar, in the chart's unit."""
    if code != "fund_scale":
        return plain(value, lang())
    power, places = (YI, 1) if lang() == "zh" else (YI + 1, 2)
    return scaled(value, lang(), power, places, fixed=fixed)


def draw_trail(report: TrailReport) -> None:
    """The money from the budget to the companies and back, in CNY, each station with its trace."""
    show(f"<h2>{esc(t('trail.title'))}</h2>")
    rows = report.of("CNY")
    if not rows:
        show(empty(t("trail.none")))
        return
    steps = [_step(row) for row in rows]
    known = [
        (_written(row["value"]), Asked(FIGURES[row["stage"]], "", "CNY"))
        for row in rows
        if row["value"] is not None
    ]
    finding = report.finding(lang())
    show(f"<h3>{linked(finding, known, Asked('paid_to_funds', '', 'CNY'))}</h3>")
    charts.draw(charts.once(trail, tuple(steps)), key="trail", alt=finding, title=finding, below=False)
    cells = " · ".join(
        f"{esc(t('trail.' + row['stage']))} {traced(_written(row['value']), FIGURES[row['stage']], '', 'CNY')}"
        for row in rows
    )
    notes = f"{esc(t('trail.help', day=day(report.as_of, lang())))} {esc(t('trail.in_companies_help'))}"
    show(more(t("trail.unit"), f"{cells}<br>{notes}"))


def draw_numbers(growth_of: GrowthReport, progress: ProgressReport, followed: TrailReport) -> None:
    """The numbers of the charts above, each as a table to take away."""
    rows = {row["code"]: row for row in progress.targets.iter_rows(named=True) if row["code"] in GROWING}
    for code, row in rows.items():
        name = row["name"] if lang() == "zh" else t(f"target.{code}")
        years = growth_of.years.filter(code=code)
        rows_of = years.select("day", "value", "added").rows()
        cells = [(_period(day_), value, added) for day_, value, added in rows_of]
        ends = {_period(day_): day_ for day_, _, _ in rows_of}
        heads = (t("growth_chart.year"), t("growth_chart.value"), t("growth_chart.added"))
        draw_below(
            Data(heads, cells, str(row["unit"]), partial(_grown, code, ends)),
            key=f"growth_{code}",
            title=name,
            says=name,
        )
    trail_rows = followed.of("CNY")
    lines = [(t(f"trail.{row['stage']}"), row["value"], row["before"]) for row in trail_rows]
    stages = {t(f"trail.{row['stage']}"): row["stage"] for row in trail_rows}
    heads = (t("trail.station"), t("trail.value"), t("trail.before"))
    says = followed.finding(lang())
    draw_below(
        Data(heads, lines, t("trail.in_yuan"), partial(_station, stages)),
        key="trail",
        title=t("trail.title"),
        says=says,
    )


def _grown(code: str, ends: Mapping[str, date], row: Sequence[Cell], column: int) -> Asked | None:
    """Which figure a number of the growth table is: the target's value at the period's end, or what the period added to it."""
    day_ = ends[str(row[0])]
    return Asked(code, as_of=day_) if column == 1 else Asked("added", code, as_of=day_)


def _station(stages: Mapping[str, str], row: Sequence[Cell], column: int) -> Asked | None:
    """Which figure a number of the trail is: a station, or the one that its money came from."""
    stage = stages[str(row[0])]
    return (
        Asked(FIGURES[stage if column == 1 else ORIGIN[stage]], "", "CNY")
        if row[column] is not None
        else None
    )


def more(title: str, body: str) -> str:
    """What is seen on a click: a line, and the HTML beneath it."""
    return f'<details class="more"><summary>{esc(title)}</summary><p class="soft">{body}</p></details>'


def _written(value: Decimal | None) -> str:
    """An amount of the trail, with its unit."""
    return amount(value, {"currency": "CNY"}, lang())


def _step(row: Row) -> Step:
    value, before = row["value"], row["before"]
    missing = before - value if value is not None and before is not None else None
    return Step(
        t(f"trail.{row['stage']}"), None if value is None else float(value), _written(value),
        None if before is None else float(before), t("trail.gap", amount=_written(missing)) if missing is not None and missing > 0 else "",
    )  # fmt: skip
