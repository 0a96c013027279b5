"""The 示例 portfolio holds what it promises: figures, traps and breaches, in the workbooks' own cells."""

import csv
import io
import re
import subprocess
import sys
import zipfile
from collections import Counter, defaultdict
from datetime import date, timedelta
from decimal import Decimal

import pytest
from handcount import (
    FOLDER,
    books,
    committed_size,
    counted_funds,
    counts,
    cross_border,
    day,
    first_agreements,
    fund_scale,
    hand_progress,
    newest,
    newest_calls,
    participations,
    rows,
)
from stdnum.cn import uscc

EVE, MIDDLE, END = date(2016, 12, 31), date(2017, 6, 30), date(2017, 9, 30)
BILLION = Decimal(1_000_000_000)


def funds():
    return newest("合作基金", "基金编码")


def stakes():
    return newest("参股", "参股编号")


def total(found, column="金额"):
    return sum((row[column] for row in found if row[column] is not None), Decimal(0))


def by(found, column):
    out = defaultdict(list)
    for row in found:
        out[row[column]].append(row)
    return out


@pytest.mark.parametrize(
    ("as_of", "firms", "number", "scale", "dollars"),
    [
        pytest.param(EVE, 0, 75, Decimal("7.1184"), 0, id="before the plan"),
        pytest.param(MIDDLE, 4, 81, Decimal("7.7784"), 20_000_000, id="first round"),
        pytest.param(END, 8, 84, Decimal("8.2184"), 32_000_000, id="second round"),
    ],
)
def test_the_four_targets(as_of, firms, number, scale, dollars):
    found = hand_progress(as_of)
    assert found["new_managers"] == firms
    assert found["partner_funds"] == number
    assert found["fund_scale"] == scale * BILLION
    assert found["cross_border"] == dollars


def test_context_targets_are_reported_for_each_round():
    assert hand_progress(EVE)["new_hightech_firms"] is None
    assert hand_progress(EVE)["invention_patents"] == 32_940
    assert hand_progress(MIDDLE)["major_projects"] == 24
    assert hand_progress(END)["hightech_value_added"] == Decimal("98.17") * BILLION


def test_traps_of_the_manager_count():
    houses = Counter(row["所属机构品牌"] for row in newest("合作创投机构", "机构编码").values())
    firsts = first_agreements()
    several = {house for house, number in houses.items() if number > 1}
    assert sorted(firsts[house].year for house in several) == [2011, 2017]
    signed = {row["基金编码"]: day(row["协议日期"]) for row in participations("创投", "天使")}
    late = [
        one
        for one, on in signed.items()
        if on and on.year == 2016 and day(funds()[one]["设立日期"]).year == 2017
    ]
    assert len(late) == 1
    only_cross = {funds()[row["基金编码"]]["机构编码"] for row in participations("跨境")}
    only_cross -= {funds()[one]["机构编码"] for one in signed}
    assert len(only_cross) == 1


def test_traps_of_the_fund_count():
    twice = [
        one for one, number in Counter(row["基金编码"] for row in stakes().values()).items() if number == 2
    ]
    assert len(twice) == 1
    assert {row["引导基金编码"] for row in stakes().values() if row["基金编码"] in twice} == {
        "GF-01",
        "GF-02",
    }
    (ended,) = [row for row in stakes().values() if row["终止日期"] and row["协议日期"]]
    assert ended["基金编码"] in counted_funds(MIDDLE)
    assert ended["基金编码"] not in counted_funds(day(ended["终止日期"]))
    gone = {row["基金编码"] for row in rows("基金变更") if row["事项"] == "注销"}
    assert len(gone) == 2
    assert gone < counted_funds(END)
    old = [row for row in stakes().values() if row["协议日期"] and day(row["协议日期"]) > day_after(row)]
    assert [day(row["协议日期"]).year for row in old if row["基金编码"] not in twice] == [2017]
    dollars = {row["基金编码"] for row in participations("跨境") if row["协议日期"]}
    assert len(dollars) == 2
    assert not dollars & counted_funds(END)
    assert fund_scale(END, "美元") == 0


def day_after(stake):
    established = day(funds()[stake["基金编码"]]["设立日期"])
    return established + timedelta(days=1) if established else date.max


def test_pipeline_of_five():
    open_ones = [
        row for row in stakes().values() if not funds()[row["基金编码"]]["设立日期"] and not row["终止日期"]
    ]
    assert len(open_ones) == 5
    assert all(row["批复日期"] and row["当前环节"] and row["预计设立日期"] for row in open_ones)
    assert sum(1 for row in open_ones if row["协议日期"]) == 2
    assert not any(counts(row, END) for row in open_ones)
    sizes = [funds()[row["基金编码"]]["目标规模"] for row in open_ones]
    assert sum(sizes) == 410_000_000
    dropped = [row for row in stakes().values() if row["终止日期"] and not row["协议日期"]]
    assert len(dropped) == 3


def test_everything_is_plainly_invented():
    for book in books():
        assert "demo" in book.name
        assert book.cover["报送单位"].startswith("示例")
    for sheet, column in (
        ("引导基金", "名称"), ("合作创投机构", "名称"), ("合作基金", "名称"), ("被投企业", "名称"),
        ("出资人", "出资人名称"), ("基金实缴", "出资人名称"), ("合作基金", "托管银行"),
    ):  # fmt: skip
        assert all("示例" in row[column] for row in rows(sheet) if row[column]), (sheet, column)
    sizes = sum(path.stat().st_size for path in FOLDER.glob("*.xlsx"))
    assert sizes < 3_000_000


def test_codes_are_well_formed_and_unique():
    for sheet in ("合作创投机构", "合作基金", "被投企业"):
        found = {row["名称"]: row["统一社会信用代码"] for row in rows(sheet) if row["统一社会信用代码"]}
        assert all(uscc.is_valid(code) and code[8:10] == "XX" for code in found.values())
        assert len(set(found.values())) == len(found)
    codes = [row["备案编码"] for row in funds().values() if row["备案编码"]]
    assert all(re.fullmatch(r"S[A-Z0-9]{5}", code) for code in codes)
    assert len(set(codes)) == len(codes)


def test_control_totals_are_those_of_the_sheets():
    first = {
        "引导基金": "计划规模", "引导基金收支": "金额", "合作基金": "目标规模", "参股": "拟参股金额",
        "资金往来": "应付金额", "估值": "引导基金应占净资产", "返投认定": "申报金额", "出资人": "认缴变动",
        "基金实缴": "应缴金额", "投资项目": "金额", "项目退出": "退出成本", "项目估值": "期末成本",
        "基金定期报告": "期末认缴",
    }  # fmt: skip
    units = {"元": 1, "万元": 10_000, "百万元": 1_000_000, "万美元": 10_000}
    for book in books():
        assert set(book.totals) == set(book.sheets)
        for sheet, (number, amount) in book.totals.items():
            assert number == len(book.sheets[sheet]) > 0
            if sheet in first:
                summed = total(book.sheets[sheet], first[sheet])
                told = Decimal(str(amount)) * units[book.cover["金额单位"]]
                assert abs(summed - told) < Decimal("0.01"), (book.name, sheet)
    assert {book.cover["金额单位"] for book in books()} == set(units)


def test_founders_add_up_to_the_size_at_establishment():
    first = by((row for row in rows("出资人") if row["事由"] == "初始"), "基金编码")
    for one, fund in funds().items():
        if fund["设立日期"]:
            assert total(first[one], "认缴变动") == fund["认缴规模"]
            assert all(day(row["生效日期"]) in {None, day(fund["设立日期"])} for row in first[one])


def test_guidance_money_reconciles_and_stays_within_its_commitment():
    called, paid = defaultdict(Decimal), defaultdict(Decimal)
    for row in newest_calls().values():
        stake = stakes()[row["参股编号"]]
        called[stake["基金编码"], stake["引导基金编码"], day(row["发生日期"])] += row["金额"]
    last = {(row["基金编码"], row["出资人名称"], row["批次"]): row for row in rows("基金实缴")}
    for row in last.values():
        if row["引导基金编码"]:
            paid[row["基金编码"], row["引导基金编码"], day(row["实缴日期"])] += row["实缴金额"]
    assert called == paid
    for stake in stakes().values():
        got = [row["金额"] for row in newest_calls().values() if row["参股编号"] == stake["参股编号"]]
        assert sum(got) <= (stake["认缴金额"] or 0)


def test_a_call_due_in_the_first_round_is_completed_in_the_second():
    twice = [
        key
        for key, number in Counter(
            (row["参股编号"], row["应付日期"]) for row in rows("资金往来") if row["应付日期"]
        ).items()
        if number > 1
    ]
    assert len(twice) == 1
    early, late = [row for row in rows("资金往来") if (row["参股编号"], row["应付日期"]) == twice[0]]
    assert (early["发生日期"], early["金额"]) == ("", None)
    assert (day(late["发生日期"]), late["金额"]) == (date(2017, 7, 5), early["应付金额"])


def test_guidance_accounts_never_run_dry_and_meet_their_balances():
    sign = {"财政到账": 1, "利息收入": 1, "管理费支出": -1, "回收本金上缴": -1, "收益上缴": -1}
    moved = defaultdict(list)
    for row in rows("引导基金收支"):
        if row["类别"] in sign:
            moved[row["引导基金编码"]].append((day(row["日期"]), sign[row["类别"]] * row["金额"]))
    for row in [*newest_calls().values(), *(row for row in rows("资金往来") if row["类别"] != "缴款")]:
        way = -1 if row["类别"] == "缴款" else 1
        moved[stakes()[row["参股编号"]]["引导基金编码"]].append((day(row["发生日期"]), way * row["金额"]))
    told = {
        (row["引导基金编码"], day(row["日期"])): row["金额"]
        for row in rows("引导基金收支")
        if row["类别"] == "账户余额"
    }
    for fund, steps in moved.items():
        days = sorted({on for on, _ in steps})
        assert all(sum(amount for on, amount in steps if on <= one) >= 0 for one in days), fund
        for cut in (MIDDLE, END):
            assert told[fund, cut] == sum(amount for on, amount in steps if on <= cut)
    assert {row["类别"] for row in rows("引导基金收支")} == set(sign) | {"认缴", "预算安排", "账户余额"}


def test_commitments_come_from_their_kind_of_flow_only():
    assert cross_border(date(2017, 6, 11)) == 0
    planned = newest("引导基金", "引导基金编码")
    assert planned["GF-03"]["计划规模"] == 50_000_000
    for guidance in ("GF-01", "GF-02"):
        agreed = [row for row in stakes().values() if row["引导基金编码"] == guidance]
        assert total(agreed, "认缴金额") <= planned[guidance]["计划规模"]


def test_four_hundred_investments_and_what_became_of_them():
    assert len(rows("投资项目")) == len(newest("投资项目", "投资编号")) == 400
    names = {row["名称"] for row in rows("被投企业")}
    assert 320 <= len(names) <= 350
    exits = by(rows("项目退出"), "投资编号")
    for one, made in newest("投资项目", "投资编号").items():
        assert total(exits[one], "退出成本") <= made["金额"]
        assert all(day(row["退出日期"]) > day(made["投资日期"]) for row in exits[one])
    for row in rows("项目估值"):
        cost = total(
            (one for one in exits[row["投资编号"]] if day(one["退出日期"]) <= day(row["日期"])), "退出成本"
        )
        assert row["期末成本"] == newest("投资项目", "投资编号")[row["投资编号"]]["金额"] - cost


def test_some_companies_come_without_an_id_and_are_known_by_name():
    nameless = [row for row in rows("被投企业") if not row.get("企业编码")]
    assert 3 <= len(nameless) <= 8
    called = {row["企业编码"] for row in rows("投资项目")}
    assert {row["名称"] for row in nameless} <= called
    assert called <= {row["企业编码"] for row in rows("被投企业")} | {row["名称"] for row in nameless}


def test_districts_were_valid_and_industries_are_of_2011():
    with (FOLDER.parent / "districts.csv").open(encoding="utf-8") as file:
        spans = by(csv.DictReader(file), "code")
    first = {}
    for row in rows("投资项目"):
        first[row["企业编码"]] = min(first.get(row["企业编码"], END), day(row["投资日期"]))
    for row in rows("被投企业"):
        for when in (first[row["企业编码"] or row["名称"]], END):
            assert any(
                span["valid_from"] <= when.isoformat() <= (span["valid_to"] or "9999")
                for span in spans[row["注册区县"]]
            ), row
        assert re.fullmatch(r"\d{4}", row["行业代码"])


def test_reports_tell_the_same_story_as_the_flows():
    paid = by(rows("基金实缴"), "基金编码")
    made = by(rows("投资项目"), "基金编码")
    ends = {"2017Q2": MIDDLE, "2017Q3": END, "2016": EVE}
    for row in rows("基金定期报告"):
        if row["期间"] not in ends:
            continue
        end, one = ends[row["期间"]], row["基金编码"]
        assert row["期末实缴"] == total(
            (item for item in paid[one] if item["实缴日期"] and day(item["实缴日期"]) <= end), "实缴金额"
        )
        assert row["累计投资金额"] == total(item for item in made[one] if day(item["投资日期"]) <= end)
        assert row["期末认缴"] == committed_size(one, end)
        assert row["货币资金"] >= 0
        assert 0 <= row["引导基金应占净资产"] <= row["期末净资产"]


def test_net_assets_follow_a_j_curve():
    multiples = {"young": [], "old": []}
    for row in rows("基金定期报告"):
        if row["期间"] == "2017Q3" and row["期末实缴"]:
            years = (END - day(funds()[row["基金编码"]]["设立日期"])).days / 365
            key = "young" if years < 1 else "old" if years > 5 else None
            if key:
                multiples[key].append((row["期末净资产"] + row["累计向出资人分配"]) / row["期末实缴"])
    assert all(Decimal("0.9") < one <= 1 for one in multiples["young"])
    assert Decimal("1.05") < sorted(multiples["old"])[len(multiples["old"]) // 2] < Decimal(2)


def test_third_quarter_reports_due_and_received():
    gone = {row["基金编码"] for row in rows("基金变更") if row["事项"] == "注销"}
    active = {
        row["基金编码"]
        for row in stakes().values()
        if row["协议日期"] and funds()[row["基金编码"]]["设立日期"] and not row["终止日期"]
    }
    due = active - gone
    received = {row["基金编码"] for row in rows("基金定期报告") if row["期间"] == "2017Q3"}
    assert (len(due), len(received)) == (84, 79)
    assert len({funds()[one]["机构编码"] for one in due - received}) == 5


def test_deliberate_breaches_and_no_others_of_their_kind():
    calls = by(newest_calls().values(), "参股编号")
    made = by(rows("投资项目"), "基金编码")
    gone = {row["基金编码"] for row in rows("基金变更") if row["事项"] in {"注销", "展期"}}
    standing = [row for row in stakes().values() if funds()[row["基金编码"]]["设立日期"] and row["协议日期"]]
    over = [row["基金编码"] for row in standing if row["认缴金额"] > committed_size(row["基金编码"], END) / 4]
    late = [
        row
        for row in stakes().values()
        if not row["协议日期"] and not row["终止日期"] and day(row["批复日期"]) <= END - timedelta(days=365)
    ]
    idle = {
        row["基金编码"]
        for row in standing
        for call in calls[row["参股编号"]]
        if day(call["发生日期"]) <= END - timedelta(days=365)
        and max((day(one["投资日期"]) for one in made[row["基金编码"]]), default=date.min)
        < day(call["发生日期"])
    }
    overdue = [
        one
        for one, row in funds().items()
        if row["存续期截止"] and day(row["存续期截止"]) < END and one not in gone
    ]
    short = []
    for row in standing:
        if row["返投期限"] and day(row["返投期限"]) <= END:
            done = [
                one
                for one in rows("返投认定")
                if one["参股编号"] == row["参股编号"] and day(one["认定日期"]) <= day(row["返投期限"])
            ]
            if total(done, "认定金额") < total(calls[row["参股编号"]]) * Decimal(str(row["返投要求值"])):
                short.append(row["基金编码"])
    assert (over, [row["基金编码"] for row in late], idle, overdue, short) == (
        ["PF-035"],
        ["PF-092"],
        {"PF-057"},
        ["PF-006"],
        ["PF-028"],
    )
    assert [row["投资编号"] for row in rows("返投认定") if not row["依据材料"]] == ["IN-0324"]
    assert {
        row["是否关联交易"]: row["基金编码"] for row in rows("投资项目") if row["是否关联交易"] != "否"
    } == {"是": "PF-072", "": "PF-072"}
    slow = [
        (row["基金编码"], row["期间"])
        for row in rows("基金定期报告")
        if day(row["实报日期"]) > day(row["应报日期"])
    ]
    assert slow == [("PF-060", "2017Q2")]


def test_the_newest_value_of_one_participation_is_stale():
    newest_on = {}
    for row in rows("估值"):
        newest_on[row["参股编号"]] = max(newest_on.get(row["参股编号"], date.min), day(row["估值日期"]))
    closed = {row["参股编号"] for row in rows("资金往来") if row["类别"] == "退出回款"}
    gone = {row["基金编码"] for row in rows("基金变更") if row["事项"] == "注销"}
    stale = [
        stakes()[one]["基金编码"] for one, on in newest_on.items()
        if on < END - timedelta(days=365) and one not in closed and stakes()[one]["基金编码"] not in gone
    ]  # fmt: skip
    assert stale == ["PF-058"]


def test_one_receipt_was_remitted_late():
    """Matched first in, first out, every receipt but one reached the treasury within sixty days."""
    late = []
    for guidance in ("GF-01", "GF-02"):
        for part, kind in (("其中本金", "回收本金上缴"), ("其中收益", "收益上缴")):
            paid = [
                [day(row["日期"]), row["金额"]]
                for row in rows("引导基金收支")
                if (row["引导基金编码"], row["类别"]) == (guidance, kind)
            ]
            paid.sort()
            own = {one for one, row in stakes().items() if row["引导基金编码"] == guidance}
            back = [row for row in rows("资金往来") if row["类别"] != "缴款" and row["参股编号"] in own]
            got = sorted((day(row["发生日期"]), row[part], row["参股编号"]) for row in back if row[part])
            for on, amount, stake in got:
                left, last = amount, END
                while left and paid:
                    step = min(left, paid[0][1])
                    left, last = left - step, paid[0][0]
                    paid[0][1] -= step
                    paid = paid[1:] if not paid[0][1] else paid
                if ((END if left else last) - on).days > 60:
                    late.append((stake, on))
    assert set(late) == {("PA-025", date(2015, 5, 28))}


def test_dollar_rates_are_those_of_the_seeds():
    with (FOLDER.parent / "fx_rates.csv").open(encoding="utf-8") as file:
        seeds = {
            row["quoted_on"]: (row["code"], float(row["value"]), row["source"])
            for row in csv.DictReader(file)
        }
    found = {f"{day(row['日期'])}": (row["代码"], row["数值"], row["来源"]) for row in rows("市场数据")}
    assert len(found) == 9
    assert all(seeds[on] == rate for on, rate in found.items())


def contents(data):
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def test_made_anew_the_workbooks_are_the_committed_ones(tmp_path):
    command = [sys.executable, "-m", "seeds.make_demo", str(tmp_path)]
    subprocess.run(command, cwd=FOLDER.parents[1], check=True)
    made = {path.name: path for path in tmp_path.iterdir()}
    assert set(made) == {path.name for path in FOLDER.glob("*.xlsx")}
    for name, path in made.items():
        assert contents(path.read_bytes()) == contents((FOLDER / name).read_bytes()), name
