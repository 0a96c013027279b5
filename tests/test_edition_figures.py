"""What the pages show stands in the edition: every frame of the returns and companies reports, read back by SQL."""

from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from typing import Any, NamedTuple

import duckdb
import polars as pl
import pytest
from ledgers import database, fill, ledger
from random_returns import generous

from fundtrack.metrics.catalog import CATALOG
from fundtrack.metrics.compare import compare
from fundtrack.metrics.kept import kept_tables
from fundtrack.metrics.participations_at import participations_at
from fundtrack.metrics.progress import ORDER
from fundtrack.metrics.stored import fund_metric, metric_history
from fundtrack.reports.companies import companies_report
from fundtrack.reports.returns import returns_report
from fundtrack.store.editions import Store
from fundtrack.store.results import store_results


class Same(NamedTuple):
    """How an auditor asks for a frame: the question, the key of its rows, other names, columns that stand elsewhere."""

    sql: str
    key: tuple[str, ...]
    renamed: dict[str, str]
    elsewhere: tuple[str, ...] = ()


_GROUP = {"group": "member", "irr_status": "verdict"}
_MEMBER = ("member", "currency")
_NEWEST = '"day" = (SELECT max(as_of) FROM cover)'
RETURNS = {
    "pooled": Same(f"FROM pooled_return WHERE grouped_by = 'all' AND {_NEWEST}", _MEMBER, _GROUP),
    "guidance": Same(f"FROM pooled_return WHERE grouped_by = 'guidance_fund_id' AND {_NEWEST}", _MEMBER, _GROUP, ("name",)),
    "history": Same("FROM pooled_return WHERE grouped_by = 'all'", ("currency", "day"), _GROUP),
    "vintages": Same("FROM pooled_return WHERE grouped_by = 'vintage'", _MEMBER, _GROUP),
    "cohorts": Same("FROM pooled_return WHERE grouped_by IN ('vintage', 'vintage_signed', 'guidance_kind')", ("grouped_by", *_MEMBER),
                    _GROUP | {"by": "grouped_by"}),
    "horizons": Same("FROM horizon_return WHERE entity_type = 'total' AND NOT known_only", ("currency", "years"),
                     {"group": "entity_id", "irr_status": "verdict"}),
    "horizons_known": Same("FROM horizon_return WHERE entity_type = 'total' AND known_only", ("currency", "years"),
                           {"group": "entity_id", "irr_status": "verdict"}),
    "bridge": Same("FROM value_bridge WHERE grouped_by = 'guidance_fund_id'", _MEMBER, {"group": "member", "check": "left_over"}, ("name",)),
    "bridge_total": Same("FROM value_bridge WHERE grouped_by = 'all'", _MEMBER, {"group": "member", "check": "left_over"}, ("name",)),
    "bridge_cny": Same("FROM value_bridge_cny", ("participation_id",), {}),
    "gross": Same("FROM reported_return", ("partner_fund_id", "reported_on", "kind"), {"irr_status": "verdict"}, ("name",)),
    "gross_net": Same(
        "SELECT g.*, p.oldest_nav_on, p.rolled_share, p.stale_share, p.tvpi AS tvpi_net, p.irr AS irr_net, p.verdict AS irr_net_status, "
        "p.period_return AS period_return_net FROM gross_return AS g LEFT JOIN pooled_return AS p "
        "ON p.grouped_by = 'partner_fund_id' AND p.member = g.partner_fund_id AND p.currency = g.currency",
        ("partner_fund_id",), {"value": "holding_value", "irr_status": "verdict"}, ("name",)),
    "fx": Same("FROM fx_return", ("participation_id",), {"into": "converted_into", "value": "total_value"}, ("partner_fund_id", "name")),
    "fx_flows": Same("SELECT *, row_number() OVER () AS place FROM (FROM fx_flow ORDER BY ALL)", ("place",), {}),
    "fiscal": Same("SELECT entity_id AS participation_id, amount AS cny_paid FROM fund_metric WHERE metric = 'cny_paid'", ("participation_id",), {},
                   ("currency", "paid_in", "stated", "unstated")),
    "pme": Same(
        'SELECT entity_id AS member, currency, verdict AS code, max("value") FILTER (metric = \'ks_pme\') AS ks_pme, '
        'max("value") FILTER (metric = \'ln_pme\') AS ln_pme, max("value") FILTER (metric = \'pme_plus\') AS pme_plus, '
        'max("value") FILTER (metric = \'direct_alpha\') AS direct_alpha FROM fund_metric '
        "WHERE entity_type = 'total' AND metric IN ('ks_pme', 'ln_pme', 'pme_plus', 'direct_alpha') GROUP BY ALL",
        _MEMBER, {"group": "member"}, ("source",)),
}  # fmt: skip
COMPANIES = {
    "totals": Same(
        "SELECT e.* EXCLUDE (currency), coalesce(e.currency, c.currency) AS currency, c.net_assets AS nav, c.nav_unknown, c.explained, c.coverage, "
        "p.oldest_nav_on, p.rolled_share, p.stale_share FROM (FROM company_exposure WHERE grouped_by = 'all') AS e "
        "FULL JOIN (FROM project_coverage WHERE entity_type = 'total') AS c ON c.currency = e.currency "
        f"LEFT JOIN (FROM pooled_return WHERE grouped_by = 'all' AND {_NEWEST}) AS p ON p.currency = c.currency",
        ("currency",), {}),
    "groups": Same("FROM company_exposure WHERE grouped_by NOT IN ('all', 'partner_fund_id')", ("grouped_by", "member", "name", "currency"),
                   {"group": "member", "by": "grouped_by"}),
    "top": Same("FROM top_holding", ("currency", "place"), {}),
    "concentration": Same("FROM company_concentration", _MEMBER, {"group": "member"}, ("name",)),
    "overlap": Same("FROM company_overlap", ("company", "currency"), {}),
    "pairs": Same("FROM fund_overlap", ("one_fund", "other_fund"), {}, ("one_name", "other_name", "group")),
    "realised": Same("FROM realised_result WHERE grouped_by = 'all'", _MEMBER, {"group": "member", "value": "holding_value"}),
    "realised_funds": Same("FROM realised_result WHERE grouped_by = 'partner_fund_id'", _MEMBER, {"group": "member", "value": "holding_value"}, ("name",)),
    "coverage": Same("FROM project_coverage WHERE entity_type = 'partner_fund'", ("entity_id",), {"group": "entity_id", "reported_on": "measured_on"}, ("name",)),
}  # fmt: skip
NOWHERE = {"fx_missing"}
"""Which rates are missing is told by `fx_flow` and `value_bridge_cny`, whose rates are empty there."""


class Known(dict[str, pl.DataFrame]):
    """A ledger as reports take it."""

    edition = 1

    @property
    def default_as_of(self) -> date | None:
        return self["cover"]["as_of"].max()


def differences(con: duckdb.DuckDBPyConnection, report: Any, asked: dict[str, Same]) -> Iterator[Any]:
    """Each value of a report that the edition does not give; a column that it lacks fails."""
    assert {one.name for one in fields(report)} - {"as_of", "edition"} - NOWHERE == asked.keys()
    for name, same in asked.items():
        frame = getattr(report, name).rename(same.renamed, strict=False).drop(same.elsewhere)
        if "partner_fund_ids" in frame.columns:
            frame = frame.with_columns(pl.col("partner_fund_ids").list.join(", "))
        if name == "fx_flows":
            frame = frame.sort(pl.all(), nulls_last=True).with_row_index("place", 1)
        found = con.sql(same.sql).pl().select(frame.columns)
        yield from ((name, one) for one in compare(frame.cast(dict(found.schema)), found, same.key))


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with database() as found:
        found.execute("SET threads = 1")
        yield found


@pytest.mark.parametrize(
    "seed", [0, 4, 9, 17, *(pytest.param(seed, marks=pytest.mark.full) for seed in range(50, 90))]
)
def test_a_random_edition_holds_what_its_pages_show(con, seed):
    rows, days = generous(seed)
    as_of = days[1]
    tables = Known(ledger(rows | {"cover": [{"sender": "示例", "as_of": as_of.isoformat(), "unit": "元"}]}))
    fill(con, tables)
    kept = {"fund_metric": fund_metric(tables, participations_at(tables, as_of), as_of), "metric_history": metric_history(tables, as_of),
            **kept_tables(tables, as_of)}  # fmt: skip
    for name in kept:
        con.execute(f"DELETE FROM {name}")
    store_results(con, [kept])
    assert list(differences(con, returns_report(tables), RETURNS)) == []
    assert list(differences(con, companies_report(tables), COMPANIES)) == []


def test_the_demo_edition_holds_what_its_pages_show(demo_folder):
    store = Store(demo_folder)
    with store.connect() as con, store.ledger().held() as known:
        assert list(differences(con, returns_report(known), RETURNS)) == []
        assert list(differences(con, companies_report(known), COMPANIES)) == []
        assert con.sql("SELECT count(*) FROM value_bridge WHERE left_over <> 0").fetchall() == [(0,)]


OTHER_NAMES = {
    "horizon_irr": "horizon_return.irr",
    "irr_status": "pooled_return.verdict",
    "fund_status": "partner_fund_summary.status",
    "pipeline": "pipeline_fund.partner_fund_id",
    "ks_pme": "fund_metric.value", "ln_pme": "fund_metric.value", "pme_plus": "fund_metric.value", "direct_alpha": "fund_metric.value",
    **{f"trail_{one}": f"audit_money_trail.{one}" for one in ("budgeted", "received", "interest", "fees", "other", "remitted")},
    "trail_balance": "audit_money_trail.balance_computed",
}  # fmt: skip
"""Metrics of the catalogue that the edition holds under another name (the trail's are compared in test_money_trail); PMEs are rows of fund_metric where an index is loaded."""


def test_every_metric_of_the_catalogue_stands_in_the_edition(demo_folder):
    with Store(demo_folder).connect() as con:
        stored = {name for (name,) in con.sql("SELECT DISTINCT metric FROM fund_metric").fetchall()}
        computed = con.sql(
            "SELECT table_name, column_name FROM duckdb_columns() WHERE schema_name = 'main' AND table_name IN ("
            "SELECT view_name FROM duckdb_views() UNION SELECT table_name FROM duckdb_tables()) AND table_name NOT LIKE '%\\_log' ESCAPE '\\'"
        ).fetchall()
    ledger_tables = set(ledger({}))
    columns = {column for table, column in computed if table not in ledger_tables}
    places = {f"{table}.{column}" for table, column in computed}
    missing = set(CATALOG) - stored - columns - set(ORDER) - OTHER_NAMES.keys()
    assert missing == set()
    assert set(OTHER_NAMES.values()) <= places
