"""The words of the cards, the sentence above them, and the reports as JSON."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from ledgers import ledger
from small_portfolio import TABLES

from fundtrack.metrics.beside import BESIDE, PIPELINE
from fundtrack.metrics.progress import PROGRESS, progress
from fundtrack.reports.funds import funds_report
from fundtrack.reports.growth import growth_report
from fundtrack.reports.headline import overall
from fundtrack.reports.progress import progress_report
from fundtrack.reports.words import card, status_help
from fundtrack.text.say import LANGS, sentences

Row = dict[str, Any]
DAY = date(2017, 12, 15)
ELAPSED = 349 / 365


def target(code: str, actual: Any, goal: Any, start: Any, status: str, unit: str, **more: Any) -> Row:
    """A target's row as of 2017-12-15, its ratios worked out as they are defined."""
    now, begun = (None if value is None else Decimal(value) for value in (actual, start))
    end = Decimal(goal)
    gained = None if now is None or begun is None or end <= begun else float((now - begun) / (end - begun))
    row = dict.fromkeys(PROGRESS) | {
        "code": code, "name": code, "unit": unit, "target": end, "actual": now, "start_value": begun, "status": status, "as_of": DAY,
        "starts_on": date(2017, 1, 1), "due_on": date(2017, 12, 31), "elapsed": ELAPSED, "year_completion": gained,
        "completion": None if now is None else float(now / end), "remaining": None if now is None else max(end - now, Decimal(0)),
        "computed": True, "band": Decimal("0.10"), "source": "计划",
    }  # fmt: skip
    return row | more


FIRMS = target("new_managers", 11, 10, 0, "done", "家")
FUNDS = target("partner_funds", 88, 90, 75, "behind", "只")
SCALE = target("fund_scale", "8760000000", "9000000000", "7150000000", "behind", "元", currency="CNY")
BORDER = target("cross_border", 42_000_000, 50_000_000, 0, "far_behind", "美元", currency="USD")
REPORTED = target(
    "new_hightech_firms",
    300,
    344,
    0,
    "far_behind",
    "家",
    measured_on=date(2017, 11, 30),
    measured_source="市科委",
)


def beside(*rows: tuple[Any, ...]) -> pl.DataFrame:
    """What stands beside: code, item, value, currency, day."""
    full = [
        (code, item, None if value is None else Decimal(value), None, currency, day)
        for code, item, value, currency, day in rows
    ]
    return pl.DataFrame(full, schema=BESIDE, orient="row")


USUAL = beside(
    ("new_managers", "manager_unknown", 0, None, None),
    ("partner_funds", "in_being", 85, None, None), ("partner_funds", "liquidated", 3, None, None),
    ("partner_funds", "exited", 0, None, None), ("partner_funds", "pipeline", 5, None, None),
    ("fund_scale", "paid_in", 6_130_000_000, "CNY", None), ("fund_scale", "other_currency", 20_000_000, "USD", None),
    ("fund_scale", "other_currency_funds", 1, "USD", None), ("fund_scale", "size_unknown", 0, None, None),
    ("cross_border", "set_up", 1, None, date(2017, 6, 15)), ("cross_border", "paid_in", 32_000_000, "USD", None),
)  # fmt: skip


def coming(*sizes: int | None) -> pl.DataFrame:
    """A pipeline of funds of these planned sizes, in millions of CNY."""
    rows = [
        {
            "partner_fund_id": f"P{n}",
            "currency": "CNY",
            "size_planned": None if size is None else Decimal(size * 1_000_000),
        }
        for n, size in enumerate(sizes)
    ]
    return pl.DataFrame(rows, schema=PIPELINE)


@pytest.mark.parametrize(
    ("row", "figure", "goal", "status", "conclusion", "footnote"),
    [
        pytest.param(FIRMS, "11家", "10家以上", "✔ 已完成", "已完成年度目标，超额1家。", "按首次签订参股协议日期统计；同一机构品牌计1家。", id="firms"),
        pytest.param(FUNDS, "88只", "90只以上", "▲ 慢于序时", "本年新增13只，完成年度新增任务的86.7%，低于序时进度8.9个百分点；还差2只。",
                     "按参股协议与工商登记孰晚日期统计，含已清算3只，存续85只；已批复未设立5只不计入。同时由两只引导基金参股的计1只。", id="funds"),
        pytest.param(SCALE, "87.6亿元", "90亿元", "▲ 慢于序时", "本年新增16.1亿元，完成年度新增任务的87.0%，低于序时进度8.6个百分点；还差2.4亿元。",
                     "认缴口径，不含美元基金；实缴61.3亿元，到位率70.0%。美元基金1只、认缴2,000万美元，另列。", id="scale"),
        pytest.param(BORDER, "4,200万美元", "计划规模5,000万美元", "■ 明显慢于序时", "已于2017年6月设立；认缴完成84.0%，低于序时进度11.6个百分点；还差800万美元。",
                     "按美元统计，不折人民币；实缴3,200万美元。", id="cross-border"),
        pytest.param(REPORTED, "300家", "344家以上", "■ 明显慢于序时", "完成年度目标的87.2%，低于序时进度8.4个百分点；还差44家。",
                     "报送数，截至2017年11月30日；来源：市科委。", id="reported"),
        pytest.param(target("new_managers", 8, 10, 0, "behind", "家"), "8家", "10家以上", "▲ 慢于序时",
                     "本年新引进8家，完成年度目标的80.0%，低于序时进度15.6个百分点；还差2家。", "按首次签订参股协议日期统计；同一机构品牌计1家。", id="firms missing"),
        pytest.param(target("major_projects", None, 35, 0, "unknown", "项"), "数据待补", "35项以上", "○ 数据待补", "数据待补。", "尚无本期报送数。", id="unknown"),
    ],
)  # fmt: skip
def test_card_in_chinese(
    row: Row, figure: str, goal: str, status: str, conclusion: str, footnote: str
) -> None:
    made = card(row, USUAL, "zh")
    assert (made.figure, made.goal, f"{made.mark} {made.status}", made.conclusion, made.footnote) == (
        figure,
        goal,
        status,
        conclusion,
        footnote,
    )
    assert made.title == row["name"]


@pytest.mark.parametrize(
    ("row", "figure", "goal", "conclusion", "footnote"),
    [
        pytest.param(FUNDS, "88 funds", "at least 90 funds", "13 funds added this year, 86.7% of this year's task, 8.9 points behind pace; 2 funds to go.",
                     "From the later of agreement and establishment: 3 liquidated, 85 in being; 5 approved but not established are not counted. A fund under two guidance funds counts once.", id="funds"),
        pytest.param(SCALE, "¥8.76 bn", "¥9 bn", "¥1.61 bn added this year, 87.0% of this year's task, 8.6 points behind pace; ¥240 m to go.",
                     "Commitments, without USD funds; ¥6.13 bn paid in (70.0%). USD funds: 1, USD 20 m committed, shown apart.", id="scale"),
        pytest.param(BORDER, "USD 42 m", "USD 50 m planned", "Set up in Jun 2017; 84.0% committed, 11.6 points behind pace; USD 8 m to go.",
                     "In USD, never converted; USD 32 m paid in.", id="cross-border"),
        pytest.param(target("new_managers", 1, 10, 0, "far_behind", "家"), "1 manager", "at least 10 managers",
                     "1 manager brought in this year, 10.0% of the target, 85.6 points behind pace; 9 managers to go.",
                     "By date of the first participation agreement; firms of one house count once.", id="one"),
    ],
)  # fmt: skip
def test_card_in_english(row: Row, figure: str, goal: str, conclusion: str, footnote: str) -> None:
    made = card(row, USUAL, "en")
    assert (made.figure, made.goal, made.conclusion, made.footnote) == (figure, goal, conclusion, footnote)


@pytest.mark.parametrize(
    ("row", "around", "conclusion"),
    [
        pytest.param(FUNDS | {"actual": Decimal(90), "status": "done"}, USUAL, "已完成年度目标。", id="just met"),
        pytest.param(FUNDS | {"status": "missed"}, USUAL, "未完成目标，差2只。", id="missed"),
        pytest.param(FUNDS | {"year_completion": None, "start_value": None}, USUAL, "完成目标的97.8%，还差2只；年初值待补，不能与序时进度比较。", id="start unknown"),
        pytest.param(FUNDS | {"year_completion": None, "start_value": Decimal(95)}, USUAL, "完成目标的97.8%，还差2只；年初值已不低于目标值。", id="fell below"),
        pytest.param(FUNDS | {"year_completion": 0.9999}, USUAL, "本年新增13只，完成年度新增任务的100.0%，高于序时进度4.4个百分点；还差2只。", id="ahead"),
        pytest.param(FUNDS | {"year_completion": ELAPSED + 0.0001}, USUAL, "本年新增13只，完成年度新增任务的95.6%，与序时进度持平；还差2只。", id="level as shown"),
        pytest.param(BORDER, beside(("cross_border", "set_up", 0, None, None)), "尚未设立；认缴完成84.0%，低于序时进度11.6个百分点；还差800万美元。", id="not set up"),
        pytest.param(BORDER | {"actual": None}, USUAL, "已于2017年6月设立；认缴数据待补。", id="set up, commitments unknown"),
        pytest.param(BORDER | {"actual": None}, beside(), "数据待补。", id="no cross-border fund known"),
        pytest.param(BORDER | {"actual": Decimal(50_000_000), "status": "done"}, USUAL, "已于2017年6月设立；认缴已达到计划规模。", id="wholly committed"),
        pytest.param(BORDER | {"actual": Decimal(51_000_000), "status": "done"}, USUAL, "已于2017年6月设立；认缴已超过计划规模100万美元。", id="above the plan"),
        pytest.param(BORDER | {"status": "missed"}, USUAL, "已于2017年6月设立；认缴完成84.0%，差800万美元。", id="cross-border missed"),
        pytest.param(BORDER | {"year_completion": None, "start_value": None}, USUAL, "已于2017年6月设立；完成目标的84.0%，还差800万美元；年初值待补，不能与序时进度比较。", id="cross-border, start unknown"),
    ],
)  # fmt: skip
def test_conclusions(row: Row, around: pl.DataFrame, conclusion: str) -> None:
    assert card(row, around, "zh").conclusion == conclusion


def test_third_line_keeps_the_two_comparable_ratios_last() -> None:
    assert card(FUNDS, USUAL, "zh").ratios == "完成目标的97.8%｜年度新增任务完成率86.7%｜序时进度95.6%"
    assert (
        card(FUNDS | {"year_completion": None}, USUAL, "zh").ratios
        == "完成目标的97.8%｜年度新增任务完成率数据待补｜序时进度95.6%"
    )


def test_footnotes_say_what_is_left_out() -> None:
    around = beside(
        ("new_managers", "manager_unknown", 2, None, None), ("fund_scale", "paid_in", None, "CNY", None), ("fund_scale", "size_unknown", 3, None, None),
        ("cross_border", "paid_in", 5_000_000, "USD", None), ("cross_border", "placed", 1_800_000, "USD", None),
    )  # fmt: skip
    assert card(FIRMS, around, "zh").footnote.endswith("另有2份协议签约时的管理人不详，未计入。")
    assert (
        card(SCALE, around, "zh").footnote
        == "认缴口径，不含外币基金；实缴数据待补，到位率数据待补。3只规模待补，未计入。"
    )
    assert (
        card(BORDER, around, "zh").footnote
        == "按美元统计，不折人民币；实缴500万美元，已向子基金认缴180万美元。"
    )
    assert status_help("behind", Decimal("0.30"), "zh") == "低于序时进度30个百分点以内"


FIVE = coming(150, 100, 80, 50, 30)


@pytest.mark.parametrize(
    ("rows", "pipeline", "lang", "text"),
    [
        pytest.param([FIRMS, FUNDS, SCALE, BORDER], FIVE, "zh",
                     "距年底还有16天：四项目标已完成1项、未完成3项。合作基金还差2只，基金规模还差2.4亿元，跨境引导基金认缴还差800万美元。已批复未设立5只、拟认缴4.1亿元，其中2只年内设立且认缴合计不低于2.4亿元，前两项缺口即可补足。", id="the model"),
        pytest.param([FIRMS, FUNDS, SCALE, BORDER], FIVE, "en",
                     "16 days to go. One of four targets met, three not yet. Two partner funds, ¥240 m of committed scale and USD 8 m of the cross-border fund are missing. Five approved funds (¥410 m) are not yet established; two of them, with at least ¥240 m together, would close the first two gaps.", id="the model in English"),
        pytest.param([FIRMS], FIVE, "zh", "距年底还有16天：一项目标均已完成。", id="all met"),
        pytest.param([FIRMS, FUNDS | {"status": "unknown"}], FIVE, "zh", "距年底还有16天：两项目标已完成1项、未完成0项、数据待补1项。", id="unknown"),
        pytest.param([FUNDS], coming(1, 1), "zh", "距年底还有16天：一项目标尚未完成。合作基金还差2只。已批复未设立2只、拟认缴200万元，其中2只年内设立，该项缺口即可补足。", id="only funds"),
        pytest.param([FUNDS], coming(None), "zh", "距年底还有16天：一项目标尚未完成。合作基金还差2只。已批复未设立1只、拟认缴数据待补，全部年内设立也不能补足该项缺口。", id="too few"),
        pytest.param([FUNDS], coming(), "zh", "距年底还有16天：一项目标尚未完成。合作基金还差2只。", id="nothing coming"),
        pytest.param([FIRMS | {"status": "behind", "remaining": Decimal(1)}, FUNDS, SCALE], FIVE, "en",
                     "16 days to go. No target met so far, three to go. One new manager, two partner funds and ¥240 m of committed scale are missing. Five approved funds (¥410 m) are not yet established; two of them, with at least ¥240 m together, would close the gaps in funds and scale.", id="not the first two"),
        pytest.param([SCALE], coming(300), "en", "16 days to go. No target met so far, one to go. ¥240 m of committed scale is missing. One approved fund (¥300 m) is not yet established; one of them, with at least ¥240 m together, would close that gap.", id="only scale"),
        pytest.param([BORDER], FIVE, "zh", "距年底还有16天：一项目标尚未完成。跨境引导基金认缴还差800万美元。", id="the pipeline does not help"),
        pytest.param([FUNDS | {"due_on": DAY}], FIVE, "zh", "今天是目标截止日：一项目标尚未完成。合作基金还差2只。已批复未设立5只、拟认缴4.1亿元，其中2只年内设立，该项缺口即可补足。", id="the last day"),
        pytest.param([FUNDS | {"due_on": date(2017, 12, 20)}], coming(), "zh", "距目标截止日还有5天：一项目标尚未完成。合作基金还差2只。", id="due within the year"),
        pytest.param([FUNDS | {"due_on": date(2017, 6, 30), "status": "missed"}], FIVE, "zh", "目标截止日2017年6月30日已过：一项目标尚未完成。合作基金还差2只。", id="over"),
        pytest.param([], FIVE, "zh", "数据待补。", id="no targets"),
    ],
)  # fmt: skip
def test_headline(rows: list[Row], pipeline: pl.DataFrame, lang: Any, text: str) -> None:
    assert overall(pl.DataFrame(rows, schema=PROGRESS), pipeline, lang) == text


class Held(dict[str, pl.DataFrame]):
    """A ledger in memory."""

    edition: int | None = 3
    default_as_of: date | None = date(2017, 9, 30)


def held(**more: list[Row]) -> Held:
    """The small portfolio, amounts as its workbook gives them, with two targets."""
    plan = {"starts_on": "2017-01-01", "due_on": "2017-12-31", "source": "计划", "name": "目标"}
    targets = [
        plan | {"code": "partner_funds", "value": 90, "unit": "只"},
        plan | {"code": "fund_scale", "value": 900_000, "unit": "元", "currency": "CNY"},
        plan | {"code": "new_tech_smes", "value": 1372, "unit": "家"},
    ]
    return Held(ledger(TABLES | {"target": targets} | more))


def test_progress_report_as_json() -> None:
    shown = json.loads(json.dumps(progress_report(held()).as_json()))
    assert (shown["as_of"], shown["edition"]) == ("2017-09-30", 3)
    funds, scale, smes = shown["targets"]
    assert (funds["actual"], funds["target"], funds["remaining"], funds["start_value"]) == (3, 90, 87, 2)
    assert (scale["actual"], scale["target"], scale["remaining"]) == ("35000.00", "900000.00", "865000.00")
    assert (smes["actual"], smes["completion"], smes["status"]) == (None, None, "unknown")
    assert (funds["elapsed"], funds["band"]) == (273 / 365, 0.3)
    assert {row["item"]: row["value"] for row in shown["beside"] if row["code"] == "partner_funds"}[
        "pipeline"
    ] == 1
    assert shown["pipeline"][0]["partner_fund_id"] == "PF000004"


def test_report_takes_a_day_and_bands() -> None:
    report = progress_report(held(), date(2014, 12, 31), 0.5, 0.4)
    assert report.targets["as_of"].unique().to_list() == [date(2014, 12, 31)]
    assert report.targets["band"].unique().to_list() == [Decimal("0.50")]
    assert report.computed["code"].to_list() == ["partner_funds", "fund_scale"]
    assert report.reported["code"].to_list() == ["new_tech_smes"]
    assert [one.code for one in report.cards("en")] == ["partner_funds", "fund_scale", "new_tech_smes"]
    assert report.headline("zh").startswith("距年底还有1096天")


def test_nothing_loaded_is_an_empty_report() -> None:
    nothing = Held(ledger({}))
    nothing.default_as_of = None
    assert progress_report(nothing).as_json() == {
        "as_of": None,
        "edition": 3,
        "targets": [],
        "beside": [],
        "pipeline": [],
    }
    assert funds_report(nothing).as_json() == {"as_of": None, "edition": 3, "funds": [], "participations": []}
    assert growth_report(nothing).as_json() == {"as_of": None, "edition": 3, "quarters": [], "years": []}
    assert growth_report(Held(ledger({}))).years.is_empty()


def test_funds_report_as_json() -> None:
    shown = json.loads(json.dumps(funds_report(held()).as_json()))
    fund = shown["funds"][0]
    assert (fund["partner_fund_id"], fund["committed_size"], fund["counted"]) == (
        "PF000001",
        "10000.00",
        True,
    )
    stake = shown["participations"][0]
    assert (stake["paid_in"], stake["distributed"], stake["dpi"], stake["unfunded"], stake["currency"]) == (
        "2000.00",
        "500.00",
        0.25,
        "0.00",
        "CNY",
    )
    assert {"nav", "nav_on", "rvpi", "tvpi", "pic", "irr", "irr_status"} <= stake.keys()
    assert shown["participations"][3]["dpi"] is None


def test_growth_by_quarter_and_year() -> None:
    report = growth_report(held())
    years = report.years.filter(pl.col("code") == "partner_funds")
    assert years.select("day", "value", "added", "complete").rows() == [
        (date(2014, 12, 31), 1, 1, True), (date(2015, 12, 31), 2, 1, True), (date(2016, 12, 31), 2, 0, True), (date(2017, 9, 30), 3, 1, False),
    ]  # fmt: skip
    quarters = report.quarters.filter(pl.col("code") == "cross_border")
    assert quarters.select("day", "value", "complete", "currency").row(-1) == (
        date(2017, 9, 30),
        3200,
        True,
        "USD",
    )
    assert report.as_json()["years"][0]["day"] == "2014-12-31"


def test_words_of_both_languages_match() -> None:
    sections = ("progress.", "status.", "status_mark.", "status_help.", "definition.")
    zh, en = ({key for key in sentences(lang) if key.startswith(sections)} for lang in LANGS)
    assert zh == en


def test_targets_of_a_ledger_make_cards_in_both_languages() -> None:
    tables = held()
    for row in progress(tables, date(2017, 9, 30)).iter_rows(named=True):
        for lang in LANGS:
            assert card(row, beside(), lang).figure
