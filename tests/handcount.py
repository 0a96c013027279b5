"""The demo's figures counted by hand: plain Python over the workbooks' cells, nothing of fundtrack.

An auditor's way: open every workbook in the order of its name, lay the sheets on one another, and apply the
counting rules as they are written, one after the other.
"""

from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

from python_calamine import CalamineWorkbook

FOLDER = Path(__file__).parents[1] / "seeds" / "demo"
UNITS = {"元": 1, "万元": 10_000, "百万元": 1_000_000, "万美元": 10_000}
YEAR_STARTS, YEAR_ENDS = date(2017, 1, 1), date(2017, 12, 31)
# Columns that hold money in the cover's unit, by sheet.
MONEY = {
    "引导基金": ("计划规模",),
    "引导基金收支": ("金额",),
    "合作基金": ("目标规模", "认缴规模"),
    "参股": ("拟参股金额", "认缴金额"),
    "资金往来": ("应付金额", "金额", "其中本金", "其中收益", "对应原始出资", "让利金额"),
    "估值": ("引导基金应占净资产",),
    "返投认定": ("申报金额", "认定金额"),
    "出资人": ("认缴变动",),
    "基金实缴": ("应缴金额", "实缴金额"),
    "投资项目": ("金额", "联合投资金额", "营业收入", "净资产"),
    "项目退出": ("退出成本", "实收金额"),
    "项目估值": ("期末成本", "期末估值"),
    "基金定期报告": (
        "期末认缴", "期末实缴", "其中引导基金实缴", "累计投资金额", "累计退出成本", "累计退出回款",
        "累计向出资人分配", "期末净资产", "引导基金应占净资产", "货币资金", "其中理财", "当期管理费",
    ),
}  # fmt: skip


class Book:
    """One workbook as it lies on the desk: its cover, and each sheet's rows by their headers."""

    def __init__(self, path):
        read = CalamineWorkbook.from_path(str(path))
        self.name = path.name
        front = read.get_sheet_by_name("封面").to_python()
        self.cover = {row[0]: row[1] for row in front[:5]}
        self.as_of = day(self.cover["截至日期"])
        at = next(number for number, row in enumerate(front) if row[0] == "表名")
        self.totals = {}
        for row in front[at + 1 :]:
            if not row[0]:
                break
            self.totals[row[0]] = (row[1], row[2])
        factor = UNITS[self.cover["金额单位"]]
        self.sheets = {}
        for name in read.sheet_names[1:]:
            heads, *rows = read.get_sheet_by_name(name).to_python()
            self.sheets[name] = [
                {
                    head: scaled(cell, factor) if head in MONEY.get(name, ()) else cell
                    for head, cell in zip(heads, row, strict=True)
                }
                for row in rows
            ]


def scaled(cell, factor):
    """A money cell in units of its currency, to the cent."""
    return None if cell == "" else (Decimal(str(cell)) * factor).quantize(Decimal("0.01"))


def day(cell):
    """A cell's date; None where it is blank."""
    if cell in {"", None}:
        return None
    return cell.date() if isinstance(cell, datetime) else cell


@cache
def books(folder=FOLDER):
    """All workbooks in the order of their names."""
    return tuple(Book(path) for path in sorted(folder.glob("*.xlsx")))


@cache
def rows(sheet):
    """All rows of a sheet in the order of the workbooks."""
    return tuple(row for book in books() for row in book.sheets.get(sheet, ()))


@cache
def newest(sheet, key):
    """Of each key the row that came last."""
    return {row[key]: row for row in rows(sheet)}


def kind_of_guidance(participation):
    """创投, 天使 or 跨境."""
    return newest("引导基金", "引导基金编码")[participation["引导基金编码"]]["类型"]


def participations(*kinds):
    """The participations of guidance funds of these kinds, as they stand now."""
    return [row for row in newest("参股", "参股编号").values() if kind_of_guidance(row) in kinds]


def guidance_paid(participation_id, until):
    """What a guidance fund had paid under a participation."""
    return sum(
        (
            row["金额"]
            for row in newest_calls().values()
            if row["参股编号"] == participation_id and day(row["发生日期"]) and day(row["发生日期"]) <= until
        ),
        Decimal(0),
    )


@cache
def newest_calls():
    """Calls by participation and due date: a later row completes an earlier one."""
    return {(row["参股编号"], day(row["应付日期"])): row for row in rows("资金往来") if row["类别"] == "缴款"}


def counts(participation, as_of):
    """Whether a participation makes its fund a partner fund at a day."""
    fund = newest("合作基金", "基金编码")[participation["基金编码"]]
    established, signed = day(fund["设立日期"]), day(participation["协议日期"])
    if not established or not signed or max(established, signed) > as_of:
        return False
    ended = day(participation["终止日期"])
    never_paid = guidance_paid(participation["参股编号"], YEAR_ENDS) == 0
    return not (ended and ended <= as_of and never_paid)


def counted_funds(as_of):
    """The ids of partner funds at a day: each once, whatever the number of guidance funds in it."""
    return {row["基金编码"] for row in participations("创投", "天使") if counts(row, as_of)}


def committed_size(fund_id, as_of):
    """Committed at establishment, and every dated change since."""
    size = newest("合作基金", "基金编码")[fund_id]["认缴规模"]
    for row in rows("出资人"):
        if row["基金编码"] == fund_id and row["事由"] != "初始" and day(row["生效日期"]) <= as_of:
            size += row["认缴变动"]
    return size


def fund_scale(as_of, currency="人民币"):
    """Committed size of all partner funds in one currency."""
    funds = newest("合作基金", "基金编码")
    return sum(
        (committed_size(one, as_of) for one in counted_funds(as_of) if funds[one]["币种"] == currency),
        Decimal(0),
    )


def manager_when_signed(participation):
    """The id of the manager on the day of the agreement: as listed, unless replaced before it."""
    fund = newest("合作基金", "基金编码")[participation["基金编码"]]
    name = None
    for row in rows("基金变更"):
        if row["基金编码"] == fund["基金编码"] and row["事项"] == "更换管理人":
            name = row["变更后"] if day(row["生效日期"]) <= day(participation["协议日期"]) else name
    if name is None:
        return fund["机构编码"]
    return next(key for key, row in newest("合作创投机构", "机构编码").items() if row["名称"] == name)


def first_agreements():
    """Of each house the day of its first agreement with the venture or the angel guidance fund."""
    found = {}
    for row in participations("创投", "天使"):
        signed = day(row["协议日期"])
        if signed:
            manager = newest("合作创投机构", "机构编码")[manager_when_signed(row)]
            house = manager["所属机构品牌"] or manager["名称"]
            found[house] = min(found.get(house, signed), signed)
    return found


def new_managers(as_of):
    """Houses whose first agreement falls into the plan year."""
    return sum(1 for signed in first_agreements().values() if YEAR_STARTS <= signed <= min(as_of, YEAR_ENDS))


def cross_border(as_of):
    """Committed to the cross-border guidance fund, in dollars."""
    return sum(
        (
            row["金额"]
            for row in rows("引导基金收支")
            if kind_of_guidance(row) == "跨境" and row["类别"] == "认缴" and day(row["日期"]) <= as_of
        ),
        Decimal(0),
    )


def indicator(code, as_of):
    """The newest reported figure of a context target; what a year adds, only from that year."""
    found = [(day(row["日期"]), row["数值"]) for row in rows("指标") if row["指标编码"] == code]
    since = date.min if code == "invention_patents" else YEAR_STARTS
    found = [pair for pair in found if since <= pair[0] <= as_of]
    return Decimal(str(max(found)[1])) if found else None


def hand_progress(as_of):
    """The actual of every target at a day, as known from all workbooks."""
    context = (
        "hightech_value_added",
        "new_hightech_firms",
        "new_tech_smes",
        "major_projects",
        "invention_patents",
    )
    return {
        "new_managers": Decimal(new_managers(as_of)),
        "partner_funds": Decimal(len(counted_funds(as_of))),
        "fund_scale": fund_scale(as_of),
        "cross_border": cross_border(as_of),
    } | {code: indicator(code, as_of) for code in context}
