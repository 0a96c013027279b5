"""How many cities look: targets of the region, the ranking, what cities share, whose editions these are, and how a figure is made up."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from fundtrack.metrics.catalog import CATALOG
from fundtrack.metrics.regions import COUNTRY, province
from fundtrack.reports.lake_lines import status, title, value
from fundtrack.reports.rollup import Rollup, shared_words
from fundtrack.text.numbers import percent, plain, signed, unknown
from fundtrack.text.say import sentences
from fundtrack.ui import charts
from fundtrack.ui.address import pick
from fundtrack.ui.chart_data import Data
from fundtrack.ui.html import Col, empty, esc, grid, plain_col, say_soft, show
from fundtrack.ui.language import lang, t
from fundtrack.ui.provinces import Asked, to
from fundtrack.ui.ranked import ranked

Row = Mapping[str, Any]
_BARS = 20
_HASH = 12


def city_link(report: Rollup, code: str) -> str:
    """A city's name, which leads to its own part of the page."""
    return f'<a href="{esc(to(city=code))}">{esc(report.place(code, lang()))}</a> <span class="soft">{esc(code)}</span>'


def target_name(row: Row) -> str:
    """What a target is called across cities, each of which may call it otherwise."""
    key = f"target.{row['code']}"
    return t(key) if key in sentences(lang()) else title(row, lang())


def _amount(name: str, figure: bool = False) -> Any:
    """A cell with an amount or count; a region's figure leads to how it is made up."""

    def cell(row: Row) -> str:
        words = value(row[name], row["currency"] or row["unit"], lang())
        if not figure or row[name] is None:
            return esc(words)
        link = to(figure=row["code"], of=row["region"], plan=f"{row['due_on']}")
        return f'<a class="tr" href="{esc(link)}">{esc(words)}</a>'

    return cell


def _share(name: str) -> Any:
    return lambda row: esc(unknown(lang()) if row[name] is None else percent(row[name], lang()))


def draw_regions(report: Rollup) -> None:
    """Each region's targets, what cities share counted once."""
    rows = report.regions.to_dicts()
    if not rows:
        show(empty(t("province.no_targets")))
        return
    columns = [
        Col(t("province.region"), lambda row: esc(report.place(row["region"], lang())), "fix"),
        Col(t("lake.target"), lambda row: esc(target_name(row)), "text"),
        Col(t("lake.cities"), lambda row: esc(f"{row['known']}/{row['cities']}"), "num"),
        Col(t("province.sum_of_cities"), _amount("sum_of_cities"), "num"),
        Col(t("lake.counted_twice"), _amount("counted_twice"), "num"),
        Col(t("lake.actual"), _amount("actual", figure=True), "num"),
        Col(t("lake.goal"), _amount("target"), "num"),
        Col(t("lake.completion"), _share("completion"), "num"),
        Col(t("province.year_completion"), _share("year_completion"), "num"),
        Col(t("lake.status"), _status, "fix"),
        plain_col(t("province.due_on"), "due_on", "fix"),
    ]
    show(grid(rows, columns, label=t("province.regions"), tall=True))


def _status(row: Row) -> str:
    return f'<span class="st {esc(row["status"])}">{esc(status(row["status"], lang()))}</span>'


def draw_ranking(report: Rollup) -> None:
    """One target's cities: bars of the completion, then each with rank, places gained and value."""
    rows = report.cities.to_dicts()
    titles = {row["code"]: target_name(row) for row in rows}
    if not titles:
        return
    code = pick("target", t("lake.target"), tuple(titles), lambda each: titles[each])
    own = sorted((row for row in rows if row["code"] == code), key=_order)
    known = [row for row in own if row["completion"] is not None]
    days = {"day": report.since_known or report.since, "since": report.since}
    against = t(f"province.compared_{'push' if report.since_known else 'day'}", **days)
    if len(known) > 1:
        _bars(report, known, titles[code])
    say_soft(t("province.rank_help", against=against))
    columns = [
        Col(t("lake.rank"), lambda row: esc(unknown(lang()) if row["rank"] is None else row["rank"]), "num"),
        Col(t("province.rank_before"), lambda row: esc(unknown(lang()) if row["rank_before"] is None else row["rank_before"]), "num"),
        Col(t("lake.rank_change"), lambda row: esc(moved(row["rank_change"])), "num"),
        Col(t("lake.city"), lambda row: city_link(report, row["jurisdiction"]), "fix"),
        Col(t("lake.actual"), _amount("actual"), "num"),
        Col(t("lake.goal"), _amount("target"), "num"),
        Col(t("lake.completion"), _share("completion"), "num"),
        Col(t("province.lead"), lambda row: esc(unknown(lang()) if row["lead"] is None else signed(100 * row["lead"], lang(), 1)), "num"),
        Col(t("lake.status"), _status, "fix"),
        Col(t("lake.as_of"), lambda row: esc(report.data_as_of.get(row["jurisdiction"]) or unknown(lang())), "fix"),
    ]  # fmt: skip
    show(grid(own, columns, label=t("province.ranking"), tall=True))


def _order(row: Row) -> tuple[bool, int, str]:
    return row["rank"] is None, row["rank"] or 0, row["jurisdiction"]


def _bars(report: Rollup, known: Sequence[Row], target: str) -> None:
    top = known[:_BARS]
    labels = [f"{row['rank']}. {report.place(row['jurisdiction'], lang())}" for row in top]
    texts = [" ".join(filter(None, [percent(row["completion"], lang()), moved(row["rank_change"], quiet=True)])) for row in top]  # fmt: skip
    first = top[0]
    finding = t("province.finding", target=target, city=report.place(first["jurisdiction"], lang()),
                share=percent(first["completion"], lang()), behind=sum(row["completion"] < 1 for row in known), cities=len(known))  # fmt: skip
    show(f"<h3>{esc(finding)}</h3>")
    heads = (t("lake.city"), t("lake.completion"), t("lake.rank"), t("lake.rank_change"))
    cells = [
        [label, percent(row["completion"], lang()), row["rank"], moved(row["rank_change"])]
        for label, row in zip(labels, top, strict=True)
    ]
    values = [100 * float(row["completion"]) for row in top]
    named = t("lake.completion") + t("filters.colon") + target
    charts.draw(
        ranked(labels, values, texts), key="province_bars", alt=finding, title=named, data=Data(heads, cells)
    )


def moved(places: int | None, *, quiet: bool = False) -> str:
    """How many places a city has gained, with a shape; where quiet, nothing for none or unknown."""
    if places is None:
        return "" if quiet else unknown(lang())
    if places == 0:
        return "" if quiet else "—"
    return ("▲" if places > 0 else "▼") + plain(abs(places), lang())


def draw_shared(report: Rollup) -> None:
    """What stands in several cities, in sentences and row by row."""
    words = shared_words(report, lang())
    if not words:
        show(empty(t("province.none_shared")))
        return
    items = "".join(f"<li>{esc(each)}</li>" for each in words)
    show(f"<ul>{items}</ul>")
    draw_shared_funds(report, report.shared.to_dicts())


def draw_shared_funds(report: Rollup, rows: Sequence[Row]) -> None:
    """The rows of funds that cities share, and which of them counts."""
    if not rows:
        return
    columns = [
        Col(t("province.fund"), lambda row: esc(row["name"]), "wide"),
        Col(t("lake.city"), lambda row: city_link(report, row["jurisdiction"]), "fix"),
        Col(t("province.id"), lambda row: esc(row["partner_fund_id"]), "fix"),
        plain_col(t("province.uscc"), "uscc", "fix"),
        plain_col(t("province.amac"), "amac_code", "fix"),
        Col(
            t("province.size"), lambda row: esc(value(row["committed_size"], row["currency"], lang())), "num"
        ),
        Col(t("province.counts"), lambda row: esc(t(f"province.counts_{_counts(row)}")), "text"),
    ]
    show(grid(rows, columns, label=t("province.shared_funds"), tall=True))


def _counts(row: Row) -> str:
    if row["by"] == "name":
        return "apart"
    return "yes" if row["speaks"] else "no"


def draw_sources(report: Rollup) -> None:
    """Each city's edition, head hash, how far its data go and when it pushed."""
    rows = [{"one": one} for one in report.sources]
    columns = [
        Col(t("lake.city"), lambda row: city_link(report, row["one"].jurisdiction), "fix"),
        Col(t("lake.edition"), lambda row: esc(row["one"].edition), "num"),
        Col(t("province.hash"), lambda row: esc(row["one"].edition_hash[:_HASH]), "fix"),
        Col(t("lake.as_of"), lambda row: esc(row["one"].as_of or unknown(lang())), "fix"),
        Col(t("province.pushed_at"), lambda row: esc(row["one"].pushed_at.replace("T", " ")[:16]), "fix"),
    ]
    show(grid(rows, columns, label=t("province.sources"), tall=True))


def draw_definitions(_report: Rollup) -> None:
    """How a province is counted, in sentences."""
    items = "".join(f"<li>{esc(t(f'province.rule_{n}'))}</li>" for n in range(1, 7))
    show(f"<ol>{items}</ol>")


def draw_figure(report: Rollup, code: str, region: str, plan: str, asked: Asked) -> None:
    """How a region's figure is made up: each city's part with its edition, their sum, what counting once takes off."""
    lines = [
        row
        for row in report.regions.iter_rows(named=True)
        if (row["code"], row["region"]) == (code, region) and plan in {"", str(row["due_on"])}
    ]
    if not lines:
        show(empty(t("province.no_figure", code=code, region=region)))
        return
    line = lines[0]
    words = {
        name: value(line[name], line["currency"] or line["unit"], lang())
        for name in ("sum_of_cities", "counted_twice", "actual")
    }
    said = t("province.made_up", target=target_name(line), place=report.place(region, lang()), day=report.as_of, **words)  # fmt: skip
    show(f'<p class="lead">{esc(said)}</p>')
    if code in CATALOG:
        show(
            f'<p class="soft"><b>{esc(t("targets.definition"))}</b> {esc(CATALOG[code].formula(lang()))}</p>'
        )
    own = {one.jurisdiction: one for one in report.sources}
    parts = [
        row | {"one": own[row["jurisdiction"]]}
        for row in report.cities.iter_rows(named=True)
        if row["code"] == code
        and row["due_on"] == line["due_on"]
        and (row["unit"], row["currency"]) == (line["unit"], line["currency"])
        and region in {COUNTRY, province(row["jurisdiction"])}
    ]
    columns = [
        Col(t("lake.city"), lambda row: city_link(report, row["jurisdiction"]), "fix"),
        Col(t("lake.actual"), _amount("actual"), "num"),
        Col(t("lake.goal"), _amount("target"), "num"),
        Col(t("lake.edition"), lambda row: esc(row["one"].edition), "num"),
        Col(t("province.hash"), lambda row: esc(row["one"].edition_hash[:_HASH]), "fix"),
        Col(t("lake.as_of"), lambda row: esc(row["one"].as_of or unknown(lang())), "fix"),
        Col(t("province.trace_in_city"), lambda row: f"<code>{esc(command_of(code, row['one'].edition, report))}</code>", "wide"),
    ]  # fmt: skip
    show(grid(parts, columns, label=t("province.parts")))
    say_soft(t("province.lake_line", uri=asked.uri))
    if code in {"partner_funds", "fund_scale"}:
        codes = {row["jurisdiction"] for row in parts}
        rows = [row for row in report.shared.to_dicts() if row["jurisdiction"] in codes]
        show(f"<h2>{esc(t('province.shared'))}</h2>")
        draw_shared_funds(report, rows) if rows else show(empty(t("province.none_shared")))
    elif code == "new_managers":
        show(f"<h2>{esc(t('province.shared_firms'))}</h2>")
        draw_firms(report)


def draw_firms(report: Rollup) -> None:
    """Houses that sign with several cities: which agreement is the first."""
    rows = report.firms.to_dicts()
    if not rows:
        show(empty(t("province.none_shared")))
        return
    columns = [
        Col(t("province.firm"), lambda row: esc(row["name"]), "wide"),
        Col(t("lake.city"), lambda row: city_link(report, row["jurisdiction"]), "fix"),
        plain_col(t("province.first_signed_on"), "first_signed_on", "fix"),
        Col(t("province.counts"), lambda row: esc(t(f"province.counts_{'yes' if row['speaks'] else 'no'}")), "text"),
    ]  # fmt: skip
    show(grid(rows, columns, label=t("province.shared_firms")))


def command_of(code: str, edition: int, report: Rollup) -> str:
    """What the city types to follow its figure down to the cells."""
    return f"fundtrack trace {code} --as-of {report.as_of} --known-at {edition}"


SECTIONS: Final[dict[str, Callable[[Rollup], None]]] = {
    "regions": draw_regions, "ranking": draw_ranking, "shared": draw_shared, "sources": draw_sources,
    "definitions": draw_definitions,
}  # fmt: skip
"""The sections of the page, in order."""
