"""Tables of unknown layouts under one another: each is asked, mapped, saved and loaded, and known again in the next file."""

import pytest
from ui_pages import open_page, text, upload
from workbooks import book_of, sheet_of
from xlsxwriter import Workbook

from fundtrack.load.applied import part_of
from fundtrack.load.asked import planned
from fundtrack.load.fingerprints import find_profile
from fundtrack.load.layout import find_tables
from fundtrack.load.profiles import Profile, save_profile
from fundtrack.load.stacked import parts
from fundtrack.load.survey import each_table, survey
from fundtrack.store.editions import Store

FUNDS = [
    ["基金一览", None, None, None],
    ["产品简称", "盘子（万元）", "开张日", "谁在管"],
    ["示例甲基金", 5000, "2016-03-01", "示例管理公司"],
    ["示例乙基金", 8000, "2016-05-01", "示例管理公司"],
    ["合计", 13000, None, None],
]
GAP = [[None] * 4, ["被投情况（单位：万元）", None, None, None]]
FIRMS = [
    ["企业简称", "哪只产品投的", "打款日", "打款额"],
    ["示例一公司", "示例甲基金", "2017-01-05", 300],
    ["示例二公司", "示例乙基金", "2017-02-06", 450],
    ["制表人：张三", "审核：李四", "日期：2017-10-09", None],
]
TWO = [*FUNDS, *GAP, *FIRMS]
FIELDS = {
    "产品简称": "name",
    "盘子（万元）": "committed_size",
    "开张日": "established_on",
    "谁在管": "manager_id",
}
DEALS = {
    "企业简称": "company_id",
    "哪只产品投的": "partner_fund_id",
    "打款日": "invested_on",
    "打款额": "amount",
}


def headed(rows):
    """What `parts` sees, as the rows from and to which each table stands, from 1."""
    return [(part.start + 1, part.stop) for part in parts(sheet_of(rows))]


@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        pytest.param(FUNDS, [(1, 5)], id="one table"),
        pytest.param(TWO, [(1, 5), (6, 11)], id="two"),
        pytest.param([*TWO, *GAP, ["指标", "本年", "上年"], ["笔数", 3, 2]], [(1, 5), (6, 11), (12, 15)], id="three"),
        pytest.param([*FUNDS, [None], *FUNDS[1:]], [(1, 10)], id="the header again goes on"),
        pytest.param([*FUNDS, [None], FIRMS[-1]], [(1, 7)], id="signatures"),
        pytest.param([*FUNDS, [None], ["注", "以上数据", "未经审计"]], [(1, 7)], id="a note of words"),
        pytest.param([*FUNDS, [None], ["示例丙基金", "九千", "待定", "西湖区"]], [(1, 7)], id="a row of words"),
        pytest.param([["标题"], [None], *FUNDS[1:]], [(1, 6)], id="title and gap above the first"),
        pytest.param(
            [*FUNDS, [None], ["企业", "打款", None, "回款"], ["简称", "日期", "金额", "金额"], *FIRMS[1:3]], [(1, 5), (6, 10)],
            id="a header of two rows",
        ),
        pytest.param([["说明"]], [(1, 1)], id="one cell"),
    ],
)  # fmt: skip
def test_where_tables_begin(rows, wanted):
    assert headed(rows) == wanted


def answered(rows, name="季报"):
    """What a person says of both tables, as the mapping page puts it together."""
    (seen,) = survey(book_of(sheet_of(rows, name=name)))
    (first, _), (second, _) = each_table(seen, [])
    return [
        planned(first, "partner_fund", FIELDS),
        planned(second, "investment", DEALS, units={"amount": "万元"}),
    ]


def loaded(rows, plans, name="季报"):
    found = find_tables(
        book_of(sheet_of(rows, name=name)), "f.xlsx", None, profile=Profile(name="p", sheets=plans)
    )
    assert [problem.code for problem in found.problems] == []
    return {
        raw.table: [[row[mapped.name] for mapped in raw.columns] for row in raw.text.rows(named=True)]
        for raw in found.tables
    }  # fmt: skip


def test_each_table_is_asked_and_read_to_where_the_next_begins():
    (seen,) = survey(book_of(sheet_of(TWO, name="季报")))
    first, second = (one for one, _ in each_table(seen, []))
    assert (first.rows, [column.header for column in first.columns]) == ((2, 2), FUNDS[1])
    assert (second.rows, [column.header for column in second.columns]) == ((8, 8), FIRMS[0])
    assert second.columns[0].samples[:2] == ("示例一公司", "示例二公司")
    assert str(second.corner.factor) == "10000"
    read = loaded(TWO, answered(TWO))
    assert read["partner_fund"] == [
        ["示例甲基金", "5000", "2016-03-01", "示例管理公司"],
        ["示例乙基金", "8000", "2016-05-01", "示例管理公司"],
    ]
    assert [row[0] for row in read["investment"]] == ["示例一公司", "示例二公司"]


LONGER = [
    *FUNDS[:4],
    *[[f"示例新设{n}号", 100 + n, "2017-07-01", "示例管理公司"] for n in range(60)],
    *GAP,
    *FIRMS,
]


@pytest.mark.parametrize(
    ("later", "funds", "deals"),
    [
        pytest.param(LONGER, 62, 2, id="the first has grown beyond where headers are looked for"),
        pytest.param([*FIRMS[:3], *GAP, *FUNDS[1:]], 2, 2, id="the other way round"),
    ],
)
def test_the_next_file_is_known_and_read_wherever_the_tables_stand(tmp_path, later, funds, deals):
    save_profile(Profile(name="p", sheets=answered(TWO)), tmp_path)
    book = book_of(sheet_of(later, name="季报"))
    profile = find_profile(tmp_path, book)
    assert profile is not None
    read = loaded(later, profile.sheets)
    assert (len(read["partner_fund"]), len(read["investment"])) == (funds, deals)


def test_a_table_that_is_passed_over_ends_the_one_above_it():
    (seen,) = survey(book_of(sheet_of(TWO, name="季报")))
    (first, _), (second, _) = each_table(seen, [])
    plans = [planned(first, "partner_fund", FIELDS), planned(second, "", {})]
    assert list(loaded(TWO, plans)) == ["partner_fund"]
    assert len(loaded(TWO, plans)["partner_fund"]) == 2
    again = each_table(seen, plans)
    assert [[plan.table for plan in own] for _, own in again] == [["partner_fund"], [""]]


def test_a_table_whose_words_are_gone_is_not_found():
    sheet = sheet_of(FUNDS, name="季报")
    plans = answered(TWO)
    assert part_of(sheet, plans[1], plans) == (None, None)


def test_both_are_asked_on_the_page_and_published(tmp_path, monkeypatch):
    monkeypatch.setenv("FUNDTRACK_DATA", str(tmp_path / "data"))
    path = tmp_path / "季报20170930.xlsx"
    with Workbook(path) as book:
        sheet = book.add_worksheet("季报")
        for n, row in enumerate(TWO):
            sheet.write_row(n, 0, row)
    at = upload(open_page("load", lang="zh"), [path])
    assert "第 1 张表，第 1—5 行" in text(at)
    assert "第 2 张表，第 6—11 行" in text(at)

    def pick(ending, value):
        (found,) = [
            each for each in (*at.selectbox, *at.multiselect, *at.text_input) if each.key.endswith(ending)
        ]
        found.set_value(value).run()

    pick("_sender", "示例管理人")
    pick("_currency", "CNY")
    pick("_t1_tables", ["partner_fund", "manager"])
    pick("_t2_tables", ["investment", "company"])
    for table, columns in (("partner_fund", FIELDS), ("investment", DEALS)):
        for n, field in enumerate(columns.values()):
            ends = f"_{table}_{'(2, 2)' if table == 'partner_fund' else '(8, 8)'}_{n}_field"
            (box,) = [each for each in at.selectbox if each.key.endswith(ends)]
            if box.value != field:
                box.set_value(field).run()
    pick("_manager_(2, 2)_3_field", "name")
    pick("_company_(8, 8)_0_field", "name")
    pick("_investment_constant_stage", "初创")
    for box in [each for each in at.checkbox if each.key and "_sure_" in each.key]:
        box.check().run()
    (save,) = [button for button in at.button if button.key and button.key.endswith("_save")]
    assert not save.disabled, text(at)
    save.click().run()
    assert not at.exception, at.exception
    next(button for button in at.button if button.label == "发布").click().run()
    ledger = Store(tmp_path / "data").ledger()
    assert (ledger["partner_fund"].height, ledger["investment"].height, ledger["company"].height) == (2, 2, 2)
    assert sorted(ledger["investment"]["amount"].cast(int)) == [3_000_000, 4_500_000]
