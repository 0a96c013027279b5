"""How one city of a lake looks: whose edition this is, its targets with their ranks, its money, its funds, its findings."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from fundtrack.lake.standing import City
from fundtrack.metrics.rules.every import RULES
from fundtrack.metrics.rules.finding import STATUSES
from fundtrack.reports.finding_words import status_word
from fundtrack.reports.lake_lines import status, title, value
from fundtrack.reports.rollup import Rollup
from fundtrack.settings import settings_now
from fundtrack.store.editions import Store
from fundtrack.text.numbers import percent, plain, unknown
from fundtrack.ui.address import along
from fundtrack.ui.html import Col, empty, esc, facts, grid, say_soft, show
from fundtrack.ui.language import lang, t
from fundtrack.ui.province_tables import command_of, moved
from fundtrack.ui.provinces import Asked, city_report

Row = Mapping[str, Any]
_SUMS = ("committed_size", "paid_in", "guidance_committed", "guidance_paid_in")


def draw(report: Rollup, asked: Asked, city: City) -> None:
    """Everything of a city."""
    pushed = city.pushed_at.replace("T", " ")[:16]
    show(facts([
        (t("lake.edition"), esc(city.edition)), (t("lake.as_of"), esc(city.as_of or unknown(lang()))), (t("province.pushed_at"), esc(pushed)),
        (t("province.rows"), esc(plain(sum(city.rows.values()), lang()))), (t("province.lake"), esc(asked.uri)),
    ]))  # fmt: skip
    show(
        f'<p class="soft" style="overflow-wrap:anywhere">{esc(t("province.hash"))} <code>{esc(city.edition_hash)}</code></p>'
    )
    show(f"<h2>{esc(t('page.targets'))}</h2>")
    _targets(report, city)
    show(f"<h2>{esc(t('page.funds'))}</h2>")
    _funds(report, city)
    show(f"<h2>{esc(t('page.findings'))}</h2>")
    _findings(report, city)


def _own(city: City) -> bool:
    """Whether this is the city that keeps this data folder, and its edition is one of ours: then its figures lead to their traces."""
    settings = settings_now()
    store = Store(settings.data)
    if settings.city != city.jurisdiction or not store.newest():
        return False
    editions = store.ledger().editions()
    return dict(editions.select("edition", "head_hash").iter_rows()).get(city.edition) == city.edition_hash


def _targets(report: Rollup, city: City) -> None:
    rows = city_report(city, "progress", report.as_of)["targets"]
    if not rows:
        show(empty(t("province.no_targets")))
        return
    ranks = {
        (row["code"], row["due_on"]): row for row in report.cities.iter_rows(named=True) if row["jurisdiction"] == city.jurisdiction
    }  # fmt: skip
    own = _own(city)

    def rank(row: Row) -> Row:
        return ranks.get(
            (row["code"], date.fromisoformat(row["due_on"])), {"rank": None, "rank_change": None}
        )

    def actual(row: Row) -> str:
        words = value(row["actual"], row["currency"] or row["unit"], lang())
        if not own or row["actual"] is None:
            return esc(words)
        link = "trace?" + along(figure=row["code"], edition=city.edition, as_of=report.as_of.isoformat())
        return f'<a class="tr" href="{esc(link)}">{esc(words)}</a>'

    columns = [
        Col(t("lake.target"), lambda row: esc(title(row, lang())), "text"),
        Col(t("lake.actual"), actual, "num"),
        Col(t("lake.goal"), lambda row: esc(value(row["target"], row["currency"] or row["unit"], lang())), "num"),
        Col(t("lake.completion"), lambda row: esc(unknown(lang()) if row["completion"] is None else percent(row["completion"], lang())), "num"),
        Col(t("lake.rank"), lambda row: esc(unknown(lang()) if rank(row)["rank"] is None else rank(row)["rank"]), "num"),
        Col(t("lake.rank_change"), lambda row: esc(moved(rank(row)["rank_change"])), "num"),
        Col(t("lake.status"), lambda row: esc(status(row["status"], lang())), "fix"),
        Col(t("province.trace_in_city"), lambda row: f"<code>{esc(command_of(row['code'], city.edition, report))}</code>", "wide"),
    ]  # fmt: skip
    show(grid(rows, columns, label=t("page.targets")))


def _funds(report: Rollup, city: City) -> None:
    said = city_report(city, "funds", report.as_of)
    sums = {(row["figure"], row["unit"]): row for row in said["totals"]}
    currencies = sorted({row["currency"] for row in said["funds"] if row["currency"]})
    if not currencies:
        show(empty(t("province.no_funds")))
        return
    for currency in currencies:
        show(facts([
            (t("lake.funds"), esc(sums["funds.number", currency]["counted"])),
            *((t(f"funds.{name}"), esc(value(sums[f"funds.{name}", currency]["amount"], currency, lang()))) for name in _SUMS),
        ]))  # fmt: skip
    columns = [
        Col(t("province.fund"), lambda row: esc(row["name"]), "wide"),
        Col(t("province.id"), lambda row: esc(row["partner_fund_id"]), "fix"),
        *(Col(t(f"funds.{name}"), lambda row, name=name: esc(value(row[name], row["currency"], lang())), "num") for name in _SUMS),  # type: ignore[misc]
        Col(t("funds.counted"), lambda row: esc(t("ui.yes" if row["counted"] else "ui.no")), "fix"),
    ]  # fmt: skip
    show(grid(said["funds"], columns, label=t("page.funds"), tall=True))


def _findings(report: Rollup, city: City) -> None:
    said = city_report(city, "findings", report.as_of)
    rows = [row for row in said["rules"] if any(row[name] for name in STATUSES[:3])]
    if not rows:
        show(empty(t("province.no_findings")))
        return
    place = {rule: number for number, rule in enumerate(RULES)}
    columns = [
        Col(t("province.rule"), lambda row: esc(row["name"]), "wide"),
        *(Col(status_word(name, lang()), lambda row, name=name: esc(row[name]), "num") for name in (*STATUSES[:3], "open")[:3]),  # type: ignore[misc]
        Col(t("findings.open"), lambda row: esc(row["open"]), "num"),
    ]  # fmt: skip
    show(grid(sorted(rows, key=lambda row: place[row["rule_id"]]), columns, label=t("page.findings")))
    say_soft(t("province.findings_help"))
