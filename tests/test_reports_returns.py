"""The returns report: every frame of its page, and the same as JSON."""

import json
from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from ledgers import ledger
from portfolio_rows import flows_of, nav, rate, stake, tables

from fundtrack.reports.returns import returns_report


class Known(dict[str, pl.DataFrame]):
    """A ledger as reports take it."""

    edition = 3

    @property
    def default_as_of(self) -> date | None:
        return self["cover"]["as_of"].max()


def book():
    made = tables(
        [stake("A1"), stake("A2", "G2", currency="USD")],
        [*flows_of("A1", "call 100 2014-12-31; call 20 2016-06-30"), *flows_of("A2", "call 10 2014-12-31", "USD")],
        [nav("A1", "110", "2015-12-31"), nav("A1", "140", "2016-12-31"), nav("A2", "11", "2015-12-31", "USD"),
         nav("A2", "12", "2016-12-31", "USD")],
        market_rate=[rate("2014-12-31", "6"), rate("2016-12-31", "7")],
        cover=[{"sender": "示例", "as_of": "2016-12-31", "unit": "元"}],
    )  # fmt: skip
    return Known(made)


def test_frames_of_the_page():
    report = returns_report(book())
    assert (report.as_of, report.edition) == (date(2016, 12, 31), 3)
    assert report.pooled.select("currency", "tvpi").rows() == [
        ("CNY", pytest.approx(140 / 120)),
        ("USD", 1.2),
    ]
    assert report.guidance["group"].to_list() == ["G1", "G2"]
    assert report.history["day"].max() == date(2016, 12, 31)
    assert report.vintages["nav_basis"].to_list() == ["book", "book"]
    # 110 + 20 called + 10 of valuation = 140; dollars apart: 11 + 1 = 12
    steps = report.bridge.select(
        "group", "nav_start", "calls", "distributions", "valuation_change", "nav_end"
    ).rows()
    assert steps == [("G1", *map(Decimal, (110, 20, 0, 10, 140))), ("G2", *map(Decimal, (11, 0, 0, 1, 12)))]
    row = report.fx.row(0, named=True)
    assert (row["paid_in"], row["paid_in_converted"], row["nav_rate_source"]) == (
        Decimal(10),
        Decimal(60),
        "测试",
    )
    assert report.pme.is_empty()


def test_json_of_the_page():
    told = returns_report(book()).as_json()
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    assert told["pooled"][0]["nav"] == "140.00"
    assert set(told) == {
        "as_of", "edition", "pooled", "guidance", "history", "vintages", "cohorts", "horizons", "horizons_known", "bridge",
        "bridge_total", "bridge_cny", "gross", "gross_net", "fx", "fx_flows", "fx_missing", "fiscal", "pme",
    }  # fmt: skip


def test_nothing_loaded():
    told = returns_report(Known(ledger({}))).as_json()
    assert told["as_of"] is None
    assert all(told[name] == [] for name in told if name not in {"as_of", "edition"})
