"""Every habit of senders, alone and in pairs: the same rows as the clean workbook, or exactly the problems expected."""

import itertools
from datetime import date
from decimal import Decimal

import pytest
from workbooks import Doc, clean, loaded, read_here, serial

from fundtrack.load import reading
from fundtrack.model.frames import find_column


@pytest.fixture(autouse=True)
def _in_process(monkeypatch):
    monkeypatch.setattr(reading, "read_book", read_here)


@pytest.fixture(scope="module")
def expected(tmp_path_factory):
    path = clean().write(tmp_path_factory.mktemp("clean") / "clean.xlsx")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "read_book", read_here)
        tables, problems = loaded(reading.read_file(path))
    assert problems == []
    assert {name: len(rows) for name, rows in tables.items()} == {
        "guidance_fund": 1, "manager": 2, "partner_fund": 3, "participation": 3, "investor_commitment": 6, "cash_flow": 4,
    }  # fmt: skip
    return tables


def money(table):
    return [n for n, name in enumerate(table.fields) if find_column(table.table, name).kind == "money"]


def with_money(doc):
    return [table for table in doc.tables if money(table)]


def cover_unit(doc, unit):
    if doc.cover is not None:
        doc.cover["金额单位"] = unit


def titles(doc: Doc):
    for table in doc.tables:
        table.top += [["2017年三季度合作基金情况汇总表"], ["编制单位：示例受托机构"], []]


def corner_unit(doc: Doc):
    cover_unit(doc, "元")
    for table in with_money(doc):
        table.top += [[None, None, None, "单位：万元"]]


def corner_label(doc: Doc):
    cover_unit(doc, "亿元")
    for table in with_money(doc):
        table.top += [["（金额单位：人民币万元）"]]


def header_unit(doc: Doc):
    cover_unit(doc, "亿元")
    for table in with_money(doc):
        for n in money(table):
            name = table.fields[n]
            table.heads[name] = table.head(name) + "（万元）"


def broken_headers(doc: Doc):
    for table in doc.tables:
        for name in table.fields:
            head = table.head(name)
            table.heads[name] = f" {head[:2]}\n{head[2:]}\u00a0" if n_odd(name) else f"＊{head}"


def n_odd(name):
    return len(name) % 2 == 1


def groups_of(table):
    heads = [table.head(name) for name in table.fields]
    at = money(table)
    first, last = (at[0], at[-1]) if at else (0, -1)
    top = [None if first <= n <= last and n > first else heads[n] for n in range(len(heads))]
    return heads, top, first, last


def two_levels(doc: Doc):
    for table in with_money(doc):
        heads, top, first, last = groups_of(table)
        if last == first:
            continue
        top[first] = "规模情况"
        table.levels = [top, [head if first <= n <= last else None for n, head in enumerate(heads)]]
        table.merges += [(0, first, 0, last)] + [
            (0, n, 1, n) for n in range(len(heads)) if not first <= n <= last
        ]


def three_levels(doc: Doc):
    cover_unit(doc, "元")
    for table in with_money(doc):
        heads, top, first, last = groups_of(table)
        top[first] = "基金情况"
        middle = ["规模（万元）" if n == first else None for n in range(len(heads))]
        table.levels = [top, middle, [head if first <= n <= last else None for n, head in enumerate(heads)]]
        table.merges += [(0, n, 2, n) for n in range(len(heads)) if not first <= n <= last]
        if last > first:
            table.merges += [(0, first, 0, last), (1, first, 1, last)]


def unit_row(doc: Doc):
    cover_unit(doc, "元")
    for table in with_money(doc):
        table.under += [["万元" if n in money(table) else None for n in range(len(table.fields))]]


def number_row(doc: Doc):
    for table in doc.tables:
        table.under += [[str(n + 1) for n in range(len(table.fields))]]


def repeated_header(doc: Doc):
    for table in doc.tables:
        if len(table.rows) > 2:
            table.after.setdefault(1, []).append([table.head(name) for name in table.fields])


def totals(doc: Doc):
    for table in with_money(doc):
        line = ["合 计"] + [None] * (len(table.fields) - 1)
        for n in money(table):
            line[n] = sum(row[n] or 0 for row in table.rows) / table.unit
        table.foot += [line]


def subtotals(doc: Doc):
    table = doc.of("investor_commitment")
    for fund in ("PF-001", "PF-002", "PF-003"):
        own = [n for n, row in enumerate(table.rows) if row[0] == fund]
        said = sum(table.rows[n][3] for n in own) / table.unit
        table.after.setdefault(own[-1], []).append([None, "小计", None, said, None])
    table.foot += [["总计", None, None, sum(row[3] for row in table.rows) / table.unit]]


def footnotes(doc: Doc):
    for table in doc.tables:
        table.foot += [
            [],
            ["注：1. 以上数据未经审计。"],
            ["2. 认缴规模以工商登记为准，截至报告期末尚未完成变更登记的按合伙协议填列。"],
        ]
        table.foot += [["单位负责人：", "李四", "财务负责人：", "王五", "制表人：赵六"]]


def merged_fund(doc: Doc):
    doc.of("investor_commitment").merged_column = "partner_fund_id"


def blank_fund(doc: Doc):
    table = doc.of("investor_commitment")
    kept = None
    for row in table.rows:
        row[0], kept = (None if row[0] == kept else row[0]), row[0]


def sequence(doc: Doc):
    for table in doc.tables:
        table.sequence = True


def shifted(doc: Doc):
    for table in doc.tables:
        table.left = 2
        table.top.append([])


def shuffled(doc: Doc):
    for table in doc.tables:
        if table.levels is None:
            order = sorted(range(len(table.fields)), key=lambda n: (n * 7) % 5)
            table.fields = [table.fields[n] for n in order]
            table.rows = [[row[n] for n in order] for row in table.rows]


def blank_rows(doc: Doc):
    for table in doc.tables:
        table.after.setdefault(0, []).append([])


def valued(change):
    def apply(doc: Doc):
        for table in doc.tables:
            before = table.value
            table.value = lambda kind, value, before=before: change(kind, before(kind, value))

    apply.__name__ = change.__name__
    return apply


@valued
def text_numbers(kind, value):
    return f"{value:,.4f}" if kind == "money" and isinstance(value, Decimal) else value


@valued
def full_width(kind, value):
    return (
        "".join(chr(ord(sign) + 0xFEE0) for sign in f"{value:.4f}")
        if kind == "money" and isinstance(value, Decimal)
        else value
    )


@valued
def own_scale(kind, value):
    return f"{value / 10000:.8f}亿" if kind == "money" and isinstance(value, Decimal) else value


@valued
def solid_dates(kind, value):
    return f"{value:%Y%m%d}" if isinstance(value, date) else value


@valued
def chinese_dates(kind, value):
    return f"{value.year}年{value.month}月{value.day}日" if isinstance(value, date) else value


@valued
def english_dates(kind, value):
    return f"{value:%d %B %Y}" if isinstance(value, date) else value


@valued
def serial_dates(kind, value):
    return serial(value) if isinstance(value, date) else value


@valued
def marks_for_nothing(kind, value):
    return ("—" if kind == "money" else "/") if value is None else value


@valued
def percents(kind, value):
    return f"{value * 100:.0f}%" if kind == "share" and value is not None else value


@valued
def blanks_around(kind, value):
    return f"\u00a0{value}\u3000" if kind in {"code", "choice", "currency"} and value is not None else value


def epoch_1904(doc: Doc):
    doc.options["date_1904"] = True
    for table in doc.tables:
        table.value = lambda kind, value: serial(value, epoch_1904=True) if isinstance(value, date) else value


ALIASES = {
    ("manager", "name"): "基金管理人名称", ("partner_fund", "name"): "基金全称", ("partner_fund", "manager_id"): "基金管理人",
    ("partner_fund", "committed_size"): "认缴出资总额", ("partner_fund", "established_on"): "成立时间", ("investor_commitment", "investor"): "投资者名称",
    ("investor_commitment", "kind"): "出资人类型", ("investor_commitment", "amount"): "认缴出资额", ("investor_commitment", "partner_fund_id"): "子基金名称",
    ("cash_flow", "occurred_on"): "到账时间", ("participation", "signed_on"): "协议签署日期", ("guidance_fund", "planned_size"): "目标规模",
}  # fmt: skip


def other_words(doc: Doc):
    for table in doc.tables:
        table.heads |= {name: word for (of, name), word in ALIASES.items() if of == table.table}


def english(doc: Doc):
    for table in doc.tables:
        table.heads |= {name: find_column(table.table, name).en for name in table.fields}


def names_of_entities(doc: Doc):
    funds = {row[0]: row[1] for row in doc.of("partner_fund").rows}
    for row in doc.of("investor_commitment").rows:
        row[0] = funds.get(row[0])


def foreign_sheets(doc: Doc):
    for n, table in enumerate(doc.tables):
        table.name = f"附表{n + 1}"


def stacked(doc: Doc):
    for table in ("manager", "partner_fund", "investor_commitment"):
        doc.of(table).name = "基金情况"
        doc.of(table).top.insert(
            0, [f"{'一二三'[('manager', 'partner_fund', 'investor_commitment').index(table)]}、基本情况"]
        )


def no_cover(doc: Doc):
    doc.cover = None
    for table in doc.tables:
        table.top += [
            ["合作基金情况表（截至2017年9月30日）"],
            ["报送单位：示例受托机构", None, None, "单位：万元"],
        ]


SAME = [
    titles, corner_unit, corner_label, header_unit, broken_headers, two_levels, three_levels, unit_row, number_row, repeated_header,
    totals, subtotals, footnotes, merged_fund, sequence, shifted, shuffled, blank_rows, text_numbers, full_width, own_scale, solid_dates,
    chinese_dates, english_dates, serial_dates, marks_for_nothing, percents, blanks_around, epoch_1904, other_words, english,
    names_of_entities, foreign_sheets, stacked, no_cover,
]  # fmt: skip
LAYOUT = [
    titles,
    header_unit,
    two_levels,
    totals,
    subtotals,
    footnotes,
    merged_fund,
    shifted,
    other_words,
    stacked,
    no_cover,
]
VALUES = [text_numbers, own_scale, chinese_dates, serial_dates, marks_for_nothing]
AT_ODDS = {
    frozenset({sequence, header_unit}), frozenset({two_levels, header_unit}), frozenset({two_levels, other_words}),
}  # fmt: skip
PAIRS = [pair for pair in itertools.combinations(LAYOUT, 2) if frozenset(pair) not in AT_ODDS] + list(
    itertools.product(VALUES, [totals, two_levels, no_cover])
)


def apply(doc, habits):
    for habit in sorted(habits, key=ORDER.index):
        habit(doc)
    return doc


ORDER = [no_cover, names_of_entities, foreign_sheets, stacked, titles, corner_unit, corner_label, other_words, english, header_unit,
         shuffled, broken_headers, two_levels, three_levels, unit_row, number_row, repeated_header, subtotals, totals, footnotes, merged_fund,
         sequence, shifted, blank_rows, *[habit for habit in SAME if habit.__name__ in {
             "text_numbers", "full_width", "own_scale", "solid_dates", "chinese_dates", "english_dates", "serial_dates", "marks_for_nothing",
             "percents", "blanks_around", "epoch_1904"}]]  # fmt: skip


@pytest.mark.parametrize("habit", SAME, ids=lambda habit: habit.__name__)
def test_a_habit_alone_loads_the_same(habit, expected, tmp_path):
    tables, problems = loaded(reading.read_file(apply(clean(), [habit]).write(tmp_path / "a.xlsx")))
    assert problems == []
    assert tables == expected


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: "+".join(habit.__name__ for habit in pair))
def test_habits_in_pairs_load_the_same(pair, expected, tmp_path):
    tables, problems = loaded(reading.read_file(apply(clean(), pair).write(tmp_path / "a.xlsx")))
    assert problems == []
    assert tables == expected


# ---- habits that a person must hear of: exactly these problems, at exactly these cells


def hidden_row(doc: Doc):
    table = doc.of("cash_flow")
    table.rows.append(["PA-001", "缴款", date(2010, 1, 1), Decimal(1), "CNY", "作废"])
    table.hidden.append(len(table.rows) - 1)


def hidden_sheet(doc: Doc):
    doc.hidden_sheets["参股（旧）"] = [["参股编号", "认缴金额"], ["PA-009", 5]]


def wrong_total(doc: Doc):
    doc.of("cash_flow").foot += [["合计", None, None, 3000, None, None]]


def wrong_subtotal(doc: Doc):
    table = doc.of("investor_commitment")
    table.after.setdefault(2, []).append([None, "小计", None, 9999.5, None])


def unknown_column(doc: Doc):
    for line in (doc.of("cash_flow").fields,):
        line.append("voucher_no")
    doc.of("cash_flow").heads["voucher_no"] = "内部归档柜号"
    for row in doc.of("cash_flow").rows:
        row.append("甲-7")


def like_a_header(doc: Doc):
    doc.of("cash_flow").fields.append("voucher_no")
    doc.of("cash_flow").heads["voucher_no"] = "凭证号及文号"
    for row in doc.of("cash_flow").rows:
        row.append("记-7")


def ambiguous_header(doc: Doc):
    table = doc.of("partner_fund")
    table.heads["target_size"] = "基金规模"


def unknown_sheet(doc: Doc):
    doc.extra["通讯录"] = [["姓名", "电话"], ["张三", "0571"]]


def ambiguous_sheet(doc: Doc):
    doc.extra["Sheet9"] = [["参股编号", "流水号", "应付金额", "其中本金"], ["PA-001", "1", 5, 5]]


def transposed(doc: Doc):
    doc.extra["基金概况"] = [
        ["基金名称", "示例一号"],
        ["管理人名称", "甲"],
        ["目标规模", 5],
        ["认缴规模", 5],
        ["设立日期", "2017"],
    ]


def no_unit(doc: Doc):
    doc.cover = None
    for table in doc.tables:
        table.top += [["截至2017年9月30日"], ["报送单位：示例受托机构"]]


def no_sender(doc: Doc):
    doc.cover = None
    for table in doc.tables:
        table.top += [["截至2017年9月30日"], [None, "单位：万元"]]


def filed_only(doc: Doc):
    doc.cover = None
    for table in doc.tables:
        table.top += [["报送单位：示例受托机构", "填报日期：2017-10-12", "单位：万元"]]


def wrong_amount(doc: Doc):
    doc.of("partner_fund").rows[1][5] = "1,2OO"


def wrong_month(doc: Doc):
    doc.of("cash_flow").rows[0][2] = 2017.1


def twice(doc: Doc):
    table = doc.of("manager")
    table.heads["location"] = "机构名称"
    for row in table.rows:
        row[3] = "杭州"


def named(item):
    return getattr(item, "__name__", None) or ""


TOLD = [
    (blank_fund, True, [("cells_continued", "A3")]),
    (hidden_row, True, [("rows_hidden", None)]),
    (hidden_sheet, True, [("sheet_hidden", None)]),
    (wrong_total, True, [("total_differs", "D6")]),
    (wrong_subtotal, True, [("total_differs", "D5")]),
    (unknown_column, True, [("column_unknown", "G1")]),
    (like_a_header, True, [("column_similar", "G1")]),
    (ambiguous_header, False, [("which_field", "E1")]),
    (unknown_sheet, True, [("sheet_unknown", None)]),
    (ambiguous_sheet, True, [("which_table", None)]),
    (transposed, True, [("table_transposed", None)]),
    (no_unit, False, [("unit_missing", cell) for cell in ("E3", "E3", "F3", "E3", "D3", "D3")]),
    (no_sender, True, [("line_missing", None)]),
    (filed_only, True, [("as_of_from_filing", "B1")]),
    (wrong_amount, False, [("not_a_number", "F3")]),
    (wrong_month, False, [("month_ambiguous", "C2")]),
    (twice, False, [("column_twice", "D1")]),
]


@pytest.mark.parametrize(("habit", "same", "told"), TOLD, ids=named)
def test_a_habit_that_is_told_has_exactly_its_problems(habit, same, told, expected, tmp_path):
    doc = clean()
    habit(doc)
    tables, problems = loaded(reading.read_file(doc.write(tmp_path / "a.xlsx")))
    if told and told[0][0] == "unit_missing":
        problems = [problem for problem in problems if problem[0] == "unit_missing"]
    assert sorted(problems, key=str) == sorted(told, key=str)
    assert (tables == expected) is same


def shift(told, rows, columns):
    """The problems of one more title row, or of columns further right."""
    out = []
    for code, cell in told:
        if cell:
            letter, number = cell.rstrip("0123456789"), int(cell.lstrip("ABCDEFGHIJ"))
            cell = f"{chr(ord(letter) + columns)}{number + rows}"
        out.append((code, cell))
    return out


UNDER = [(titles, 3, 0), (shifted, 1, 2), (sequence, 0, 1)]
UNDER_ANOTHER = [
    (*told, *UNDER[n % len(UNDER)])
    for n, told in enumerate(item for item in TOLD if item[0] not in {no_unit, no_sender, filed_only})
]


@pytest.mark.parametrize(("habit", "same", "told", "other", "rows", "columns"), UNDER_ANOTHER, ids=named)
def test_what_is_told_stays_at_its_cell_under_another_habit(
    habit, same, told, other, rows, columns, expected, tmp_path
):
    doc = clean()
    habit(doc)
    other(doc)
    tables, problems = loaded(reading.read_file(doc.write(tmp_path / "a.xlsx")))
    assert sorted(problems, key=str) == sorted(shift(told, rows, columns), key=str)
    assert (tables == expected) is same
