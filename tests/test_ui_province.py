"""The page of many cities: what it shows was counted by hand, is what the commands print, and is shown to whom it may be."""

from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from cities import funded, grow
from reading_pages import facts, says, tables, title
from running import json_of
from test_lake import pushed
from test_rollup import USCC
from ui_pages import open_page, page, text, whole

from fundtrack.lake.delta import Lake
from fundtrack.lake.engines import Here
from fundtrack.lake.standing import CityLedger, cities, push_days
from fundtrack.reports.regional import Reached, regional
from fundtrack.service import people
from fundtrack.service.actor import Actor
from fundtrack.ui.menu import pages_for


def city(name, size, **more):
    """A city as `funded` makes it, its size in 亿元 and its plan ten of them."""
    rows = funded(name, str(int(Decimal(size) * 10**8)), **more)
    for row in rows["target"]:
        row["value"] = "1000000000" if row["code"] == "fund_scale" else row["value"]
    return rows


CITIES = {
    "330100": city("甲", "1", uscc=USCC, house="示例系"),
    "330200": city("乙", "1.2", uscc=USCC, house="示例系", signed="2017-05-01"),
    "330300": city("丙", "3"),
    "320100": city("丁", "5"),
}
REACHED = Reached(CityLedger, lambda some, report: Here().answer(some, report).shown)


@pytest.fixture(scope="module")
def lake(tmp_path_factory):
    """Three cities of 浙江 and one of 江苏: 330100 and 330200 share a fund and a house."""
    folder = tmp_path_factory.mktemp("province")
    lake = Lake(str(folder / "lake"))
    for code, rows in CITIES.items():
        pushed(grow(folder / code, rows), lake, code, name=f"市{code}")
    return lake


@pytest.fixture
def shown(lake, tmp_path, monkeypatch):
    monkeypatch.setenv("FUNDTRACK_DATA", str(tmp_path / "none"))
    monkeypatch.setenv("FUNDTRACK_LAKE", lake.uri)
    return lambda **query: open_page("province", **query)


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        # 1 and 1.2 亿元 are one fund of 1; with 3 that is 4 of 3 × 10; 5 more in the other province
        pytest.param("zh", ("省级汇总", "示例基金甲：330100 市330100、330200 市330200均有参股", "计 1 只；规模以330100 市330100所报为准",
                            "示例管理人甲：与330100 市330100、330200 市330200均签有参股协议", "首次签约（330100 市330100，2017-03-01）", "数据湖中有示例数据"), id="zh"),
        pytest.param("en", ("Province", "counted once; its size is as 330100 市330100 reports it", "by its first agreement (330100 市330100, 2017-03-01)"), id="en"),
    ],
)  # fmt: skip
def test_the_page_says_what_was_counted_by_hand(shown, lang, words):
    said = text(shown(lang=lang, region="330000"))
    assert [word for word in words if word not in said] == []
    row = next(
        row for row in tables(shown(lang=lang, region="330000"))[title("province.regions", lang)]
        if row[title("lake.target", lang)][0] == title("target.fund_scale", lang)
    )  # fmt: skip
    cells = [row[title(key, lang)][0] for key in ("province.sum_of_cities", "lake.counted_twice", "lake.actual", "lake.goal", "lake.completion")]  # fmt: skip
    assert [says(cell, value) for cell, value in zip(cells, (520_000_000, 120_000_000, 400_000_000, 3_000_000_000, "0.13333"), strict=True)] == [True] * 5  # fmt: skip


@pytest.mark.parametrize("region", ["", "330000", "320000"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_regions_and_ranks_are_what_the_command_prints(shown, lake, region, lang):
    known = json_of("lake", "rollup", lake.uri, *(("--region", region) if region else ()))
    found = tables(shown(lang=lang, region=region, target="fund_scale"))
    regions = found[title("province.regions", lang)]
    assert len(regions) == len(known["regions"]) == (9 if not region else 3)
    for row, each in zip(regions, known["regions"], strict=True):
        for key, name in (("province.sum_of_cities", "sum_of_cities"), ("lake.counted_twice", "counted_twice"), ("lake.actual", "actual"),
                          ("lake.goal", "target"), ("lake.completion", "completion"), ("province.year_completion", "year_completion")):  # fmt: skip
            assert says(row[title(key, lang)][0], each[name]), (key, row, each)
        assert row[title("lake.cities", lang)][0] == f"{each['known']}/{each['cities']}"
    ranks = [each for each in known["cities"] if each["code"] == "fund_scale"]
    ranks.sort(key=lambda each: (each["rank"], each["jurisdiction"]))
    rows = found[title("province.ranking", lang)]
    assert len(rows) == len(ranks)
    for row, each in zip(rows, ranks, strict=True):
        assert row[title("lake.rank", lang)][0] == str(each["rank"])
        assert row[title("lake.city", lang)][0] == f"{each['place']} {each['jurisdiction']}"
        assert says(row[title("lake.completion", lang)][0], each["completion"])
    sources = found[title("province.sources", lang)]
    for row, each in zip(sources, known["sources"], strict=True):
        assert row[title("lake.edition", lang)][0] == str(each["edition"])
        assert each["edition_hash"].startswith(row[title("province.hash", lang)][0])
        assert len(each["edition_hash"]) == 64 and each["pushed_at"][:10] in row[title("province.pushed_at", lang)][0]  # fmt: skip


def test_a_figure_names_the_editions_it_is_made_of(shown, lake):
    at = shown(lang="zh", figure="fund_scale", of="330000")
    assert (
        "合作基金规模（累计认缴）（浙江省，截至 2017-09-30）：各市简单相加 5.2亿元，扣除多市共有 1.2亿元，计 4.0亿元。"
        in text(at)
    )
    parts = tables(at)[title("province.parts", "zh")]
    heads = {city.jurisdiction: city.edition_hash for city in cities(lake)}
    assert [row["城市"][0][-6:] for row in parts] == ["330100", "330200", "330300"]
    for row in parts:
        assert heads[row["城市"][0][-6:]].startswith(row["末批校验值"][0])
        assert row["在该市继续追溯"][0] == "fundtrack trace fund_scale --as-of 2017-09-30 --known-at 1"
    assert [row["是否计入"][0] for row in tables(at)[title("province.shared_funds", "zh")]] == [
        "计入（以此为准）",
        "不重复计",
    ]
    firms = tables(shown(lang="zh", figure="new_managers", of="330000"))[title("province.shared_firms", "zh")]
    assert [(row["在该市首次签约"][0], row["是否计入"][0]) for row in firms] == [
        ("2017-03-01", "计入（以此为准）"), ("2017-05-01", "不重复计"),
    ]  # fmt: skip
    assert "没有 110000 的 fund_scale。" in text(shown(lang="zh", figure="fund_scale", of="110000"))


def test_a_city_says_what_its_own_reports_say(shown, lake):
    at = shown(lang="zh", city="330200")
    known = json_of("lake", "progress", lake.uri, "--jurisdiction", "330200")["cities"][0]
    rows = tables(at)[title("page.targets", "zh")]
    assert len(rows) == len(known["targets"]) == 3
    for row, each in zip(rows, known["targets"], strict=True):
        assert says(row["完成值"][0], each["actual"]) and says(row["目标值"][0], each["target"])
    said = dict(facts(at))
    assert said["版本"] == "1" and said["合作基金（只）"] == "1" and said["认缴规模"] == "1.2亿元"
    assert known["edition_hash"] in text(at)
    assert "没有 339900 的数据" in " ".join(str(each.value) for each in page("province", lang="zh", city="339900").run().error)  # fmt: skip


def test_the_citys_own_figures_lead_to_their_traces_where_its_edition_is_ours(lake, tmp_path, monkeypatch):
    store = grow(tmp_path / "data", funded("戊", "700"))
    other = Lake(str(tmp_path / "lake"))
    pushed(store, other, "330100")
    monkeypatch.setenv("FUNDTRACK_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("FUNDTRACK_LAKE", other.uri)
    assert "figure=fund_scale&amp;edition=1&amp;as_of=2017-09-30" in whole(
        open_page("province", lang="zh", city="330100")
    )
    monkeypatch.setenv("FUNDTRACK_LAKE", lake.uri)
    assert "&amp;edition=1" not in whole(open_page("province", lang="zh", city="330100"))


def test_ranks_are_compared_with_an_earlier_push(tmp_path):
    """甲 had 100 of 1000 and 乙 300; now 甲 has 400: from second to first. 丙 had not pushed: its place before is unknown."""
    lake = Lake(str(tmp_path / "lake"))
    first = grow(tmp_path / "a", funded("甲", "100"))
    pushed(first, lake, "330100")
    pushed(grow(tmp_path / "b", funded("乙", "300")), lake, "330200")
    before = cities(lake)
    grow(tmp_path / "a", funded("甲", "400", as_of="2017-10-31"))
    pushed(first, lake, "330100")
    pushed(grow(tmp_path / "c", funded("丙", "350", uscc=USCC)), lake, "330300")
    found = regional(cities(lake), REACHED, earlier=(date(2017, 11, 1), before))
    assert (found.as_of, found.since, found.since_known) == (date(2017, 10, 31), date(2017, 9, 30), date(2017, 11, 1))  # fmt: skip
    scale = found.cities.filter(pl.col("code") == "fund_scale").sort("jurisdiction")
    assert scale.select("rank", "rank_before", "rank_change").rows() == [(1, 2, 1), (3, 1, -2), (2, None, None)]  # fmt: skip
    [today] = push_days(lake)
    assert today.isoformat() in {one.pushed_at[:10] for one in found.sources}
    told = json_of("lake", "rollup", lake.uri, "--since-known", today)
    assert told["since_known"] == today.isoformat()
    assert {row["rank_change"] for row in told["cities"]} == {0}


def test_the_menu_has_the_page_only_where_there_is_a_lake(tmp_path, monkeypatch):
    assert "province" in pages_for(["official"])["goals"]
    assert "province" not in pages_for(["official"], lake=False)["goals"]
    assert "province" not in pages_for(["manager"])["goals"]
    monkeypatch.setenv("FUNDTRACK_DATA", str(tmp_path / "none"))
    assert "FUNDTRACK_LAKE" in text(open_page("province", lang="zh"))


@pytest.mark.parametrize(
    ("roles", "funds", "code"),
    [
        pytest.param({"official"}, None, None, id="an official"),
        pytest.param({"auditor"}, None, None, id="an auditor"),
        pytest.param({"manager"}, None, "not_allowed", id="a manager"),
        pytest.param({"admin"}, None, "not_allowed", id="who keeps the system"),
        pytest.param({"official"}, {"G1"}, "not_whole", id="an official of one guidance fund"),
    ],
)
def test_who_may_look_over_cities(shown, monkeypatch, roles, funds, code):
    reader = Actor("os:reader", "读者", frozenset(roles), funds and frozenset(funds), "local")
    monkeypatch.setattr(people, "of_system", lambda _: reader)
    at = page("province", lang="en").run()
    told = " ".join(str(each.value) for each in at.error)
    assert ("市330100" in whole(at)) == (code is None)
    wanted = {"not_allowed": "look at the lake of cities", "not_whole": "G1", None: ""}[code]
    assert wanted in told and bool(told) == (code is not None)
