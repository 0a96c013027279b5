"""The schematic map: districts of a day on their tiles, what lies elsewhere, another city."""

from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from ledgers import ledger

from fundtrack.reports.district_map import district_map, places

DISTRICTS = ledger({"district": [
    {"code": code, "name": name, "parent": parent, "valid_from": since, "valid_to": until, "source": "测试"}
    for code, name, parent, since, until in [
        ("330100", "杭州市", "330000", "1980-12-31", None), ("330108", "滨江区", "330100", "1996-12-31", None),
        ("330185", "临安市", "330100", "1996-12-31", "2017-10-30"), ("330112", "临安区", "330100", "2017-10-31", None),
        ("330199", "示例新城区", "330100", "2015-01-01", None), ("310104", "徐汇区", "310000", "1980-12-31", None),
    ]
]})["district"]  # fmt: skip


def money(text):
    return Decimal(text).quantize(Decimal("0.01"))


def groups(**values):
    rows = [{"group": None if code == "none" else code.removeprefix("c"), "currency": "CNY", "companies": 2, "guidance_invested": money(value), "share": 0.5}
            for code, value in values.items()]  # fmt: skip
    return pl.DataFrame(rows, schema={"group": pl.String, "currency": pl.String, "companies": pl.Int64,
                                      "guidance_invested": pl.Decimal(18, 2), "share": pl.Float64})  # fmt: skip


@pytest.mark.parametrize(
    ("day", "names"),
    [
        pytest.param("2014-06-30", {"滨江区", "临安市"}, id="before the new town"),
        pytest.param("2017-10-30", {"滨江区", "临安市", "示例新城区"}, id="the last day of the old name"),
        pytest.param("2017-10-31", {"滨江区", "临安区", "示例新城区"}, id="the first day of the new one"),
    ],
)
def test_only_districts_of_the_day_have_a_tile(day, names):
    found = district_map(DISTRICTS, groups(), date.fromisoformat(day))
    assert {tile.name for tile in found.tiles} == names
    assert {tile.value for tile in found.tiles} == {None}


def test_money_stands_on_its_tile_and_the_rest_is_told():
    made = groups(c330108="10", c310104="3", c330185="7", none="2")
    found = district_map(DISTRICTS, made, date(2017, 12, 31))
    tiles = {tile.code: tile for tile in found.tiles}
    assert (tiles["330108"].value, tiles["330108"].companies) == (money("10"), 2)
    assert tiles["330112"].value is None
    # 徐汇 and a code that is none of the city's on that day
    assert (found.outside, found.unknown) == (money("10"), money("2"))


def test_a_district_without_a_place_stands_below_the_others_and_no_two_share_one():
    found = district_map(DISTRICTS, groups(), date(2017, 12, 31))
    at = {tile.name: (tile.column, tile.row) for tile in found.tiles}
    assert at["示例新城区"] == (0, 4)
    assert len(set(at.values())) == len(at)


def test_districts_of_one_time_have_a_place_each():
    shared = {"拱墅", "半山"}  # 半山 became part of 拱墅 in 1990
    held = [place for stem, place in places().items() if stem not in shared - {"拱墅"}]
    assert len(held) == len(set(held)) == 15
