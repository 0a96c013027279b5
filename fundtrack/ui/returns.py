"""How returns look: figures with their verdict and the trust the NAV deserves, tables, the J-curve."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from polars import DataFrame

from fundtrack.metrics.catalog import metric
from fundtrack.reports.returns import ReturnsReport
from fundtrack.text.numbers import currency_name, percent, plain, unknown, wan
from fundtrack.ui import charts
from fundtrack.ui.curve import curve
from fundtrack.ui.html import Col, empty, esc, facts, grid, say_soft, show
from fundtrack.ui.language import lang, t
from fundtrack.ui.traced import Asked, linked, traced

_STEPS: Final = ("nav_start", "calls", "distributions", "valuation_change", "fx_effect", "nav_end")
_WAN: Final = 10_000
Row = Mapping[str, Any]


def _named(currency: str) -> str:
    """Name a currency where it stands alone: 人民币, not 元."""
    return t("returns.cny") if currency == "CNY" else currency_name(currency, lang())


def irr_text(row: Mapping[str, Any], name: str = "irr") -> str:
    """An IRR as its verdict allows: under one year the return of the period, with several roots a warning."""
    status = row["irr_status"]
    if status is None:
        return unknown(lang())
    if status == "ok":
        return percent(row[name], lang())
    value = row["period_return"] if status == "not_annualised" else row[name]
    words = t(f"returns.verdict_{status}")
    return words if value is None else f"{percent(value, lang())} · {words}"


def _name(title: str) -> str:
    return metric(title).name(lang())


def _times(value: float | None) -> str:
    return unknown(lang()) if value is None else plain(value, lang(), 2, fixed=True) + "×"


def _share(value: float | None) -> str:
    return unknown(lang()) if value is None else percent(value, lang())


def _of(row: Row, figure: str, text: str, day: date | None = None) -> str:
    """A number of a row, linked to its trace: of the row's group, fund or participation, in its currency."""
    name = row.get("group") or row.get("partner_fund_id") or row.get("participation_id") or ""
    return traced(text, figure, "" if name == "all" else name, row.get("currency"), day)


def _money(title: str, name: str, figure: Callable[[Row], str] | None = None) -> Col:
    made = figure or (lambda _row: name)
    return Col(title, lambda row: _of(row, made(row), wan(row[name], lang())), "num")


def _multiple(name: str, day: str | None = None) -> Col:
    return Col(_name(name), lambda row: _of(row, name, _times(row[name]), row[day] if day else None), "num")


def irr_figure(row: Row, annual: str = "irr") -> str:
    """The metric that is shown of an IRR: under one year the return of the period."""
    return "period_return" if row["irr_status"] == "not_annualised" and annual == "irr" else annual


def _irr(title: str, name: str = "irr") -> Col:
    return Col(title, lambda row: _of(row, irr_figure(row), irr_text(row, name)), "num")


def _horizon(what: str) -> Callable[[Row], str]:
    """The name of a horizon's figure, its years at the end."""
    return lambda row: f"horizon_{what}_{row['years']}"


def _currency() -> Col:
    return Col(t("returns.currency"), lambda row: esc(_named(row["currency"])), "fix")


def _table(frame: DataFrame, columns: list[Col], label: str, none: str, *, tall: bool = False) -> None:
    rows = frame.to_dicts()
    show(grid(rows, columns, label=label, tall=tall) if rows else empty(none))


def draw_pooled(report: ReturnsReport) -> None:
    """Each currency's total, then how old its NAV is, how much of it is rolled forward, stale or on book values."""
    for row in report.pooled.to_dicts():
        show(f"<h3>{esc(_named(row['currency']))}</h3>")
        money = [
            (_name(name), _of(row, name, wan(row[name], lang())))
            for name in ("paid_in", "distributed", "nav", "unfunded")
        ]
        ratios = [(_name(name), _of(row, name, _times(row[name]))) for name in ("dpi", "rvpi", "tvpi")]
        show(facts([*money, *ratios, (_name("irr"), _of(row, irr_figure(row), irr_text(row)))]))
        oldest: date | None = row["oldest_nav_on"]
        shares = [
            (_name(name), _of(row, name, _share(row[name])))
            for name in ("known_share", "rolled_share", "stale_share", "report_share", "book_share")
        ]
        age = None if oldest is None or report.as_of is None else (report.as_of - oldest).days
        aged = unknown(lang()) if age is None else t("returns.age", day=f"{oldest:%Y-%m-%d}", days=age)
        nav = Asked("nav", "", str(row["currency"]))
        show(facts([(t("returns.oldest"), linked(aged, [], nav)), *shares]))
    if report.pooled.is_empty():
        show(empty(t("returns.none")))


def draw_history(report: ReturnsReport) -> None:
    """The J-curve of each currency that has more than one point."""
    for (currency,), rows in report.history.partition_by(
        "currency", as_dict=True, maintain_order=True
    ).items():
        if rows.height < 2:
            continue
        unit = t("returns.wan", currency=_named(str(currency)))
        lines = [
            (_name(name), [None if value is None else float(value) / _WAN for value in rows[name]])
            for name in ("net_cash", "nav", "net_value")
        ]
        show(f'<p class="soft">{esc(unit)}</p>')
        charts.draw(
            curve(rows["day"].to_list(), lines, unit), key=f"curve_{currency}", alt=t("returns.history_help")
        )


def draw_vintages(report: ReturnsReport) -> None:
    """Vintage years, with quartiles where four or more can be ranked."""
    spread = [
        Col(t(f"returns.{rank}"), lambda row, name=f"tvpi_{rank}": _of(row, name, _times(row[name])), "num")  # type: ignore[misc]
        for rank in ("q1", "median", "q3")
    ]
    basis = Col(
        _name("nav_basis"), lambda row: esc(t(f"returns.basis_{row['nav_basis'] or 'unknown'}")), "fix"
    )
    year = Col(t("returns.vintage"), lambda row: esc(row["group"] or unknown(lang())), "fix")
    count = Col(
        t("returns.participations"), lambda row: _of(row, "participations", str(row["participations"])), "num"
    )
    columns = [year, _currency(), count, _money(_name("paid_in"), "paid_in"), _multiple("dpi"), _multiple("tvpi"),
               _irr(_name("irr")), *spread, _irr_median(), basis]  # fmt: skip
    _table(report.vintages, columns, t("returns.vintages"), t("returns.none"))


def _irr_median() -> Col:
    return Col(_name("irr_median"), lambda row: _of(row, "irr_median", _share(row["irr_median"])), "num")


def draw_horizons(report: ReturnsReport) -> None:
    """Returns over 1, 3, 5 and 10 years."""
    years = Col(t("returns.years"), lambda row: esc(row["years"]), "fix")
    start = Col(t("returns.start"), lambda row: esc(row["start_on"]), "fix")
    columns = [_currency(), years, start, _money(t("returns.step_nav_start"), "nav_start", _horizon("nav_start")),
               _money(t("returns.gain"), "gain", _horizon("gain")),
               Col(_name("horizon_irr"), lambda row: _of(row, f"horizon_irr_{row['years']}", irr_text(row)), "num")]  # fmt: skip
    _table(report.horizons, columns, t("returns.horizons"), t("returns.none"))


def draw_bridge(report: ReturnsReport) -> None:
    """NAV of a year before to NAV of the day, guidance fund by guidance fund, in the funds' own currencies."""
    name = Col(t("returns.guidance_fund"), lambda row: esc(row["name"] or row["group"]))
    steps = [_money(t(f"returns.step_{step}"), step) for step in _STEPS]
    missing = Col(
        t("returns.unknown_navs"), lambda row: _of(row, "bridge_unknown", str(row["unknown"])), "num"
    )
    _table(report.bridge, [name, _currency(), *steps, missing], t("returns.bridge"), t("returns.none"))


def draw_gross(report: ReturnsReport) -> None:
    """What managers report beside what their investments give."""
    shown = {"irr_status": None, "period_return": None}
    rows = report.gross.to_dicts()
    columns = [
        Col(t("returns.fund"), lambda row: esc(row["name"])),
        Col(t("returns.reported_on"), lambda row: esc(row["reported_on"]), "fix"),
        _multiple("multiple_reported"), _multiple("moic", "reported_on"),
        Col(_name("multiple_difference"), lambda row: _of(row, "multiple_difference", _signed(row["multiple_difference"])), "num"),
        *[Col(_name(name), lambda row, name=name: _of(row, name, _share(row[name]), row["reported_on"] if name == "irr_gross" else None), "num")  # type: ignore[misc]
          for name in ("irr_reported", "irr_gross", "irr_difference")],
    ]  # fmt: skip
    show(
        grid([shown | row for row in rows], columns, label=t("returns.gross"), tall=True)
        if rows
        else empty(t("returns.none"))
    )


def _signed(value: float | None) -> str:
    return unknown(lang()) if value is None else f"{value:+.2f}"


def draw_fx(report: ReturnsReport) -> None:
    """The cross-border fund in its own currency and in yuan, with the rate, its day and its source."""
    if report.fx.is_empty():
        show(empty(t("returns.no_fx")))
    for row in report.fx.to_dicts():
        show(f"<h3>{esc(row['participation_id'])}</h3>")
        own, other = (_named(row[name]) for name in ("currency", "into"))
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
            _money(own, "own", lambda line: str(line["figure"])),
            _money(other, "other", lambda line: f"{line['figure']}_converted"),
        ]
        show(grid(sides, columns, label=t("returns.fx")))
        parts = [
            (_name(name), _of(row, name, _exact(row[name])))
            for name in ("return_local", "return_fx", "return_cross")
        ]
        rate = _rate(row)
        show(
            facts(
                [
                    *parts,
                    (t("returns.total"), _of(row, "return_total", _exact(row["return_total"]))),
                    (_name("fx_rate"), linked(rate, [], Asked("fx_rate", str(row["participation_id"])))),
                ]
            )
        )


def _rate(row: Mapping[str, Any]) -> str:
    """The rate of the day, its own day and its source."""
    if row["nav_rate"] is None:
        return t("returns.no_rate")
    return t(
        "returns.rate", rate=f"{row['nav_rate']:.4f}", day=row["nav_rate_on"], source=row["nav_rate_source"]
    )


def _exact(value: float | None) -> str:
    return unknown(lang()) if value is None else percent(value, lang(), 2)


def draw_pme(report: ReturnsReport) -> None:
    """Against the index that is loaded; without one, what to load."""
    if report.pme.is_empty():
        say_soft(t("returns.no_index"))
        return
    index = Col(t("returns.index"), lambda row: esc(f"{row['code']} {row['source']}"))
    rates = [
        Col(_name(name), lambda row, name=name: _of(row, name, _share(row[name])), "num")  # type: ignore[misc]
        for name in ("ln_pme", "pme_plus", "direct_alpha")
    ]
    _table(report.pme, [_currency(), index, _multiple("ks_pme"), *rates], t("returns.pme"), t("returns.none"))


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
