"""A province out of its cities: what they share counts once, by hand; and one city's province is that city."""

from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from cities import funded, grow
from ledgers import ledger
from random_ledgers import random_rows
from running import json_of, run_fundtrack
from test_lake import pushed

from fundtrack.lake.delta import Lake
from fundtrack.metrics.progress import PROGRESS, progress
from fundtrack.metrics.regions import Merged, ranked, region_progress, shared_funds
from fundtrack.reports.by_city import Standing
from fundtrack.reports.rollup import rollup, usual_days

AS_OF = date(2017, 9, 30)
SINCE = date(2017, 6, 30)
USCC = "91330100799655058B"


def rolled(rows, as_of=AS_OF, since=SINCE):
    tables = {code: ledger(one) for code, one in rows.items()}
    standings = {code: Standing((as_of, since))(one).shown for code, one in tables.items()}
    names = dict.fromkeys(tables, "某市")
    return rollup(tables, standings, (as_of, since), names, dict.fromkeys(tables, as_of))


def line(report, region, code):
    [row] = report.regions.filter((pl.col("region") == region) & (pl.col("code") == code)).to_dicts()
    return row


def counted(report, region, code):
    row = line(report, region, code)
    return tuple(None if row[name] is None else int(row[name]) for name in ("sum_of_cities", "counted_twice", "actual", "target"))  # fmt: skip


ZHEJIANG = {
    "330100": funded("甲", "100", uscc=USCC, house="示例系"),
    "330200": funded("乙", "120", uscc=USCC, house="示例系", signed="2017-05-01"),
    "330300": funded("丙", "300"),
}
TWO_PROVINCES = ZHEJIANG | {"320100": funded("丁", "500")}


@pytest.mark.parametrize(
    ("rows", "region", "code", "expected"),
    [
        # sum of cities, taken off, counted once, target: in one province, one fund stands in 330100 and 330200
        pytest.param(ZHEJIANG, "330000", "partner_funds", (3, 1, 2, 12), id="one fund of two cities"),
        pytest.param(ZHEJIANG, "330000", "fund_scale", (520, 120, 400, 3000), id="the lowest code's size counts"),
        pytest.param(ZHEJIANG, "330000", "new_managers", (3, 1, 2, 6), id="one house of two cities"),
        pytest.param(TWO_PROVINCES, "000000", "fund_scale", (1020, 120, 900, 4000), id="the country"),
        pytest.param(TWO_PROVINCES, "320000", "partner_funds", (1, 0, 1, 4), id="another province shares nothing"),
        pytest.param(
            {"330100": funded("甲", None, uscc=USCC), "330200": funded("乙", "120", uscc=USCC)},
            "330000", "fund_scale", (120, 0, 120, 2000), id="the first city that states a size",
        ),
        pytest.param(
            {"330100": funded("甲", "100", house="示例系"), "330200": funded("乙", "120", house="示例系", signed="2016-03-01")},
            "330000", "new_managers", (1, 1, 0, 4), id="known to another city since 2016: not new to the province",
        ),
        pytest.param(
            {"330100": funded("甲", "100", uscc="123456789012345678"), "330200": funded("乙", "120", uscc="123456789012345678")},
            "330000", "partner_funds", (2, 0, 2, 8), id="a wrong code proves nothing",
        ),
    ],
)  # fmt: skip
def test_what_cities_share_counts_once(rows, region, code, expected):
    assert counted(rolled(rows), region, code) == expected


def test_the_country_stands_beside_provinces_only_where_there_are_several():
    assert rolled(ZHEJIANG).regions["region"].unique().to_list() == ["330000"]
    assert rolled(TWO_PROVINCES).regions["region"].unique(maintain_order=True).to_list() == [
        "000000", "320000", "330000",
    ]  # fmt: skip


def reported(code, value, *, target="10", on="2017-09-30", start=None):
    rows = {
        "target": [{"code": code, "name": code, "unit": "件", "value": target, "starts_on": "2017-01-01", "due_on": "2017-12-31", "source": "计划"}],
        "indicator": [{"code": code, "measured_on": on, "value": value, "source": "统计"}],
    }  # fmt: skip
    if start is not None:
        rows["indicator"].append(
            {"code": code, "measured_on": "2016-12-31", "value": start, "source": "统计"}
        )
    return rows


@pytest.mark.parametrize(
    ("code", "cities", "actual", "known", "year_completion", "status"),
    [
        pytest.param("new_tech_smes", [("4", None), ("3", None)], 7, 2, 0.35, "far_behind", id="all have reported"),
        pytest.param("new_tech_smes", [("4", None), (None, None)], None, 1, None, "unknown", id="one has not: the sum is unknown"),
        pytest.param("new_tech_smes", [("40", None), ("3", None)], 43, 2, 2.15, "done", id="done"),
        pytest.param("invention_patents", [("8", "5"), ("6", "3")], 14, 2, 0.5, "behind", id="a stock: 6 of the 12 that were missing"),
        pytest.param("invention_patents", [("8", "5"), ("6", None)], 14, 2, None, "unknown", id="one start is unknown"),
    ],
)  # fmt: skip
def test_reported_values_are_added_where_all_are_known(code, cities, actual, known, year_completion, status):
    rows = {
        f"33{place:02d}00": reported(code, value, start=start)
        for place, (value, start) in enumerate(cities, 1)
    }
    found = line(rolled(rows), "330000", code)
    assert (found["actual"], found["known"], found["cities"]) == (actual, known, len(cities))
    assert found["year_completion"] == (None if year_completion is None else pytest.approx(year_completion))
    assert found["status"] == status


def test_plans_of_other_days_stand_on_lines_of_their_own():
    later = funded("乙", "120")
    for row in later["target"]:
        row["due_on"] = "2018-12-31"
    report = rolled({"330100": funded("甲", "100"), "330200": later})
    lines = report.regions.filter(pl.col("code") == "fund_scale")
    assert [(str(row["due_on"]), int(row["actual"]), row["cities"]) for row in lines.iter_rows(named=True)] == [
        ("2017-12-31", 100, 1), ("2018-12-31", 120, 1),
    ]  # fmt: skip


def standing(**completion):
    return pl.DataFrame(
        {"jurisdiction": list(completion), "code": "fund_scale", "unit": "元", "completion": list(completion.values())},
        schema_overrides={"completion": pl.Float64},
    )  # fmt: skip


def test_ranks_tie_skip_and_move():
    now = standing(a=0.5, b=0.9, c=0.5, d=None, e=0.1)
    before = standing(a=0.4, b=0.3, c=None, d=0.2, e=0.2)
    found = ranked(now, before).sort("jurisdiction")
    assert found["rank"].to_list() == [2, 1, 2, None, 4]
    assert found["rank_before"].to_list() == [1, 2, None, 3, 3]
    assert found["rank_change"].to_list() == [-1, 1, None, None, -1]


def test_shared_funds_are_listed_with_the_city_that_speaks():
    rows = ZHEJIANG | {"330400": funded("丙", "70")}
    found = shared_funds(Merged({code: ledger(one) for code, one in rows.items()}))
    by_code = found.filter(pl.col("by") == "code").select("jurisdiction", "speaks").rows()
    assert by_code == [("330100", True), ("330200", False)]
    assert found.filter(pl.col("by") == "name")["jurisdiction"].to_list() == ["330300", "330400"]


def test_a_change_of_manager_means_the_citys_own_firm():
    """Both cities call a firm M2; each change leads to its own."""
    rows = {}
    for code, name in (("330100", "甲"), ("330200", "乙")):
        one = funded(name, "100", signed="2017-03-01")
        one["manager"].append({"manager_id": "M2", "name": f"示例后来{name}"})
        one["fund_change"] = [
            {"partner_fund_id": "P1", "kind": "manager", "effective_on": "2017-02-01", "before": "M1",
             "after": "M2" if code == "330100" else "示例后来乙"}
        ]  # fmt: skip
        rows[code] = one
    merged = Merged({code: ledger(one) for code, one in rows.items()})
    assert merged["fund_change"]["after"].to_list() == ["330100/M2", "330200/M2"]
    assert counted(rolled(rows), "330000", "new_managers") == (2, 0, 2, 4)


@pytest.mark.parametrize(
    "seed", [*range(25), *[pytest.param(n, marks=pytest.mark.full) for n in range(25, 300)]]
)
def test_a_province_of_one_city_is_that_city(seed):
    rows, as_of = random_rows(seed)
    tables = ledger(rows)
    own = progress(tables, as_of)
    found = region_progress(
        "330000", {"330100": tables}, own.with_columns(jurisdiction=pl.lit("330100")), as_of
    )
    names = [name for name in PROGRESS if name not in {"source", "measured_source", "measured_on"}]
    one = own.sort("code", "due_on").select(names)
    other = found.sort("code", "due_on").select(names)
    known = pl.col("actual").is_not_null()
    assert other.filter(known).to_dicts() == one.filter(known).to_dicts()
    assert other.filter(~known)["status"].to_list() == ["unknown"] * one.filter(~known).height
    assert found["counted_twice"].drop_nulls().unique().to_list() in ([], [Decimal("0.00")])


@pytest.mark.parametrize(
    ("as_of", "since", "newest", "expected"),
    [
        (None, None, [date(2017, 8, 31), date(2017, 9, 30)], (date(2017, 9, 30), date(2017, 6, 30))),
        (date(2017, 2, 1), None, [AS_OF], (date(2017, 2, 1), date(2016, 12, 31))),
        (None, date(2017, 1, 1), [None, AS_OF], (AS_OF, date(2017, 1, 1))),
    ],
)
def test_the_usual_days(as_of, since, newest, expected):
    assert usual_days(as_of, since, newest) == expected


def test_the_command_tells_a_province(tmp_path):
    lake = tmp_path / "lake"
    for code, rows in TWO_PROVINCES.items():
        pushed(grow(tmp_path / code, rows), Lake(str(lake)), code, name=f"市{code}")
    found = json_of("lake", "rollup", lake, "--region", "330000")
    shown = {row["code"]: (row["sum_of_cities"], row["actual"]) for row in found["regions"]}
    assert shown["fund_scale"] == ("520.00", "400.00")
    ranks = {row["place"]: (row["rank"], row["rank_before"], row["rank_change"]) for row in found["cities"] if row["code"] == "fund_scale"}  # fmt: skip
    assert ranks == {"市330100": (3, 3, 0), "市330200": (2, 2, 0), "市330300": (1, 1, 0)}
    assert [row["speaks"] for row in found["shared"]] == [True, False]
    words = run_fundtrack("lake", "rollup", lake, "--lang", "zh", check=0).stdout
    assert "全国" in words and "计 1 只；规模以330100 市330100所报为准。" in words
    assert "no city of 440000" in run_fundtrack("lake", "rollup", lake, "--region", "440000", check=1).stderr
