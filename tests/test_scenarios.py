"""Scenarios: what each changes and leaves alone, where they are saved, and that nothing else is touched."""

import hashlib
import json
from datetime import date
from decimal import Decimal

import numpy as np
import polars as pl
import pytest
from forecast_law import World, ledger_rows
from ledgers import ledger

from fundtrack.errors import BusyError, InputError
from fundtrack.metrics.scenario import PRESETS, Scenario, compare
from fundtrack.store.folders import Folders
from fundtrack.store.scenarios import forget_scenario, save_scenario, saved_scenarios, side_file

DAY = date(2017, 9, 30)


@pytest.fixture(scope="module")
def tables():
    rows = ledger_rows(World(np.random.default_rng(4)))
    rows["participation"][0] |= {"commitment": 900}
    rows["cash_flow"] = [
        {"participation_id": rows["participation"][0]["participation_id"], "kind": "call", "occurred_on": "2017-02-01", "amount": 300,
         "currency": "CNY", "line_no": "1"}
    ]  # fmt: skip
    rows["valuation"] = [
        {
            "participation_id": rows["participation"][0]["participation_id"],
            "valued_on": "2017-06-30",
            "nav": 280,
            "currency": "CNY",
        }
    ]
    rows["guidance_fund"].append(
        {
            "guidance_fund_id": "GX",
            "name": "x",
            "kind": "cross_border",
            "currency": "USD",
            "established_on": "2017-06-01",
        }
    )
    rows["guidance_flow"] = [
        {"guidance_fund_id": "GX", "kind": "committed", "occurred_on": "2017-06-02", "amount": 50, "currency": "USD", "line_no": "1"},
        {"guidance_fund_id": "GX", "kind": "received", "occurred_on": "2017-06-03", "amount": 20, "currency": "USD", "line_no": "1"},
    ]  # fmt: skip
    rows["market_rate"] = [
        {
            "kind": "fx",
            "code": "USD/CNY",
            "quoted_on": "2017-09-29",
            "value": "6.5",
            "currency": "CNY",
            "source": "s",
        }
    ]
    return ledger(rows)


@pytest.fixture(scope="module")
def compared(tables):
    return compare(tables, DAY, PRESETS)


def of(compared, scenario, item):
    return compared.filter((pl.col("scenario") == scenario) & (pl.col("item") == item)).drop("scenario")


@pytest.mark.parametrize(("scenario", "changes"), [
    pytest.param("slow_exits", {"returns", "nav"}, id="slow exits"),
    pytest.param("down_round", {"returns", "nav"}, id="down-round"),
    pytest.param("late_establishment", {"target"}, id="late establishment"),
    pytest.param("weaker_cny", {"fx_cost"}, id="weaker CNY"),
])  # fmt: skip
def test_a_scenario_changes_what_it_is_about_and_leaves_the_rest(compared, scenario, changes):
    for item in ("target", "calls", "returns", "nav", "short", "fx_cost"):
        same = of(compared, scenario, item).equals(of(compared, "base", item))
        assert same is (item not in changes), item


def test_late_establishment_brings_less(compared):
    base, late = (
        of(compared, name, "target").sort("entity")["expected"].to_list()
        for name in ("base", "late_establishment")
    )
    assert all(less <= more for less, more in zip(late, base, strict=True)) and late != base


def test_what_is_owed_in_dollars_at_the_stored_rate(compared):
    """50 committed, 20 received: 30 at 6.5 of the day before is 195, with the CNY a tenth weaker 214.50."""
    for name, cost in (("base", "195.00"), ("weaker_cny", "214.50")):
        row = of(compared, name, "fx_cost").row(0, named=True)
        assert (row["expected"], row["day"], row["entity"]) == (Decimal(cost), date(2017, 9, 29), "GX")


def test_without_a_rate_the_cost_is_unknown(tables):
    bare = dict(tables) | {"market_rate": tables["market_rate"].clear()}
    assert of(compare(bare, DAY, PRESETS[:1]), "base", "fx_cost")["expected"].to_list() == [None]


@pytest.mark.parametrize("change", [
    {"nav": -0.1}, {"nav": 5}, {"delay": 0}, {"fx": float("nan")}, {"exits": float("inf")}, {"name": " "}, {"name": "x" * 61},
], ids=str)  # fmt: skip
def test_impossible_scenarios_are_refused(change):
    with pytest.raises(InputError):
        Scenario(**({"name": "a"} | change)).checked()


def test_scenarios_are_saved_beside_the_editions_never_in_them(tmp_path):
    folders = Folders(tmp_path)
    folders.editions.mkdir()
    folders.edition(7).write_bytes(b"an edition")
    before = hashlib.sha256(folders.edition(7).read_bytes()).hexdigest()
    path = save_scenario(folders, 7, "紧缩", {"exits": 0.5}, by="张三")
    assert path == side_file(folders, 7) == tmp_path / "scenarios" / "edition-000007.json"
    assert json.loads(path.read_text(encoding="utf-8"))["scenarios"][0]["factors"] == {"exits": 0.5}
    save_scenario(folders, 7, "紧缩", {"exits": 0.4})
    save_scenario(folders, 8, "later", {"nav": 0.9})
    assert [(each.name, dict(each.factors), each.edition) for each in saved_scenarios(folders, 7)] == [
        ("紧缩", {"exits": 0.4}, 7)
    ]
    assert [each.name for each in saved_scenarios(folders, 8)] == ["紧缩", "later"]
    assert hashlib.sha256(folders.edition(7).read_bytes()).hexdigest() == before
    forget_scenario(folders, 8, "紧缩")
    assert [each.name for each in saved_scenarios(folders, 8)] == ["later"]
    assert folders.numbers() == [7]


def test_a_damaged_side_file_holds_nothing_and_one_that_cannot_be_written_says_so(tmp_path):
    folders = Folders(tmp_path)
    save_scenario(folders, 1, "a", {})
    side_file(folders, 1).write_text("{", encoding="utf-8")
    assert saved_scenarios(folders, 1) == []
    (tmp_path / "file").write_text("")
    with pytest.raises(BusyError, match="not_writable"):
        save_scenario(Folders(tmp_path / "file"), 1, "a", {})
