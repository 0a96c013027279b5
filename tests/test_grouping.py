"""Problems put together and folded; amounts that jumped by a unit."""

from decimal import Decimal

import polars as pl
import pytest
from workbooks import book_of, sheet_of

from fundtrack.errors import Problem
from fundtrack.load.grouping import group
from fundtrack.load.jumps import unit_jumps
from fundtrack.load.layout import find_tables
from fundtrack.load.parse import parse_table
from fundtrack.model.frames import empty, schema

PLACE = {"file": "a.xlsx", "sheet": "参股", "table": "participation"}


def at(code, row=None, column="F", field="commitment", severity="error", **about):
    return Problem(code, severity, row=row, column=column, field=field, **{**PLACE, **about})


def shape(groups):
    return [
        (item.problem.code, item.count, [(each.problem.code, each.count) for each in item.folded])
        for item in groups
    ]


def test_four_thousand_cells_of_one_column_are_one_group():
    (only,) = group([at("not_a_number", row) for row in range(2, 4002)])
    assert only.count == 4000
    assert only.cells[:2] == ("F2", "F3")
    assert only.caused == 0


def test_each_wrong_word_is_a_group_of_its_own():
    problems = [
        at("reference_unknown", row, "B", "partner_fund_id", value=value)
        for row, value in ((2, "甲"), (3, "乙"), (4, "甲"))
    ]
    assert [(item.problem.value, item.cells) for item in group(problems)] == [
        ("甲", ("B2", "B4")),
        ("乙", ("B3",)),
    ]


@pytest.mark.parametrize(
    ("problems", "expected"),
    [
        pytest.param(
            [at("unit_jump", 1, about={"times": "10000"}),
             at("amount_too_large", 5), at("total_differs", 9), at("amount_too_large", 5, "G", "approved_amount")],
            [("unit_jump", 1, [("amount_too_large", 1), ("total_differs", 1)]), ("amount_too_large", 1, [])], id="a jump explains its column",
        ),
        pytest.param(
            [at("unit_jump", 1, about={"times": "10000"}), at("unit_jump", 1, "G", "approved_amount", about={"times": "10000"}),
             at("control_amount_differs", 7, "C", None)],
            [("unit_jump", 2, [("control_amount_differs", 1)])], id="one wrong unit of two columns",
        ),
        pytest.param(
            [Problem("not_a_unit", file="a.xlsx", sheet="封面", table="cover", field="unit"), at("unit_missing", 1), at("amount_too_large", 4)],
            [("not_a_unit", 1, [("unit_missing", 1), ("amount_too_large", 1)])], id="the cover's unit",
        ),
        pytest.param([at("unit_missing", 1), at("column_missing", 1, None)], [("unit_missing", 1, [("column_missing", 1)])], id="no unit, no column"),
        pytest.param(
            [Problem("header_not_found", file="a.xlsx", sheet="合作基金", table="partner_fund"), at("reference_unknown", 3, "B", "partner_fund_id"),
             at("reference_unknown", 3, "A", "guidance_fund_id"), Problem("control_rows_differ", file="a.xlsx", table="partner_fund")],
            [("header_not_found", 1, [("reference_unknown", 1), ("control_rows_differ", 1)]), ("reference_unknown", 1, [])], id="a lost sheet",
        ),
        pytest.param(
            [Problem("sheet_hidden", "warning", file="a.xlsx", sheet="合作基金"), at("reference_unknown", 3, "B", "partner_fund_id")],
            [("sheet_hidden", 1, [("reference_unknown", 1)])], id="a hidden sheet by its name",
        ),
        pytest.param(
            [at("column_similar", 1, "H", None, "warning", about={"like": "commitment"}), at("column_missing", 1, None)],
            [("column_similar", 1, [("column_missing", 1)])], id="a header misspelt",
        ),
        pytest.param(
            [at("which_field", 1, "H", None, "warning", about={"candidates": "commitment,approved_amount"}), at("column_missing", 1, None)],
            [("which_field", 1, [("column_missing", 1)])], id="a header of two meanings",
        ),
        pytest.param([at("not_a_number", 3), at("total_differs", 9)], [("not_a_number", 1, [("total_differs", 1)])], id="a wrong cell, a wrong sum"),
        pytest.param([at("not_a_number", 3, "G", "approved_amount"), at("total_differs", 9)],
                     [("not_a_number", 1, []), ("total_differs", 1, [])], id="another column's sum"),
        pytest.param(
            [at("rows_hidden", 3, None, None, "warning"), at("total_differs", 9)], [("rows_hidden", 1, [("total_differs", 1)])], id="hidden rows",
        ),
        pytest.param(
            [Problem("cover_missing", file="a.xlsx"), Problem("sheet_unknown", "warning", file="a.xlsx", sheet="x"), Problem("no_table_found", file="a.xlsx")],
            [("no_table_found", 1, [("cover_missing", 1), ("sheet_unknown", 1)])], id="nothing known at all",
        ),
        pytest.param([at("key_twice", 3), at("value_cleared", 3, severity="warning")], [("key_twice", 1, [("value_cleared", 1)])], id="one cell"),
        pytest.param([at("value_cleared", 3, severity="warning"), at("not_a_date", 4)], [("not_a_date", 1, []), ("value_cleared", 1, [])], id="errors first"),
        pytest.param([at("not_a_number", 3), at("total_differs", 9, file="b.xlsx")], [("not_a_number", 1, []), ("total_differs", 1, [])], id="another file"),
    ],
)  # fmt: skip
def test_consequences_are_folded_under_their_cause(problems, expected):
    groups = group(problems)
    assert shape(groups) == expected
    assert sum(item.count + item.caused for item in groups) == len(problems)


def test_chains_fold_to_their_root():
    unit = Problem("not_a_unit", file="a.xlsx", sheet="封面", table="cover", field="unit")
    groups = group([at("column_missing", 1, None), at("unit_missing", 1), unit])
    assert [item.problem.code for item in groups] == ["not_a_unit"]
    assert groups[0].caused == 2


def test_thousands_of_kinds_take_no_time():
    problems = [
        at("reference_unknown", row, "B", "partner_fund_id", value=f"基金{row}") for row in range(5000)
    ]
    problems.append(Problem("header_not_found", file="a.xlsx", sheet="合作基金", table="partner_fund"))
    (only,) = group(problems)
    assert only.caused == 5000


def test_cells_of_other_sheets_say_so():
    (only,) = group(
        [
            at("unit_jump", 1, about={"times": "100"}),
            at("unit_jump", 1, about={"times": "100"}, sheet="资金往来"),
        ]
    )
    assert only.cells == ("F1", "资金往来!F1")


# ---- unit jumps


def jumps(table, head, rows, known, unit="元"):
    raw = find_tables(book_of(sheet_of([head, *rows], name=table)), "a.xlsx", Decimal(1)).tables[0]
    parsed = parse_table(raw)
    keys = [name for name in parsed.frame.columns if name not in {"row_number"}]
    frame = parsed.frame.with_columns(
        pl.lit(raw.sheet).alias("sheet"),
        pl.concat_str([pl.col(key).cast(pl.String) for key in keys[:2]], separator="|").alias("row_key"),
    )
    current = (
        pl.DataFrame(known, schema={name: schema(table)[name] for name in known}) if known else empty(table)
    )
    return [
        (item.code, item.severity, item.cell, item.about.get("times"), item.about.get("jumped"))
        for item in unit_jumps(table, frame, [parsed], current)
    ]


FUND = ["基金编码", "名称", "目标规模", "认缴规模"]


def funds(*sizes):
    return [[f"PF-{n}", f"基金{n}", None, size] for n, size in enumerate(sizes)]


def known(*sizes):
    count = len(sizes)
    return {
        "row_key": [f"PF-{n}|基金{n}" for n in range(count)],
        "target_size": [None] * count,
        "committed_size": [Decimal(size) if size else None for size in sizes],
    }


@pytest.mark.parametrize(
    ("new", "old", "expected"),
    [
        pytest.param((100, 200, 300), (100, 200, 300), [], id="nothing moved"),
        pytest.param((1000000, 2000000, 3000000), (100, 200, 300), [("unit_jump", "error", "D1", "10000", "3")], id="all by ten thousand"),
        pytest.param((1, 2, 3), (10000, 20000, 30000), [("unit_jump", "error", "D1", "1/10000", "3")], id="all down"),
        pytest.param((10000, 20000, 30000, 40001, 7), (100, 200, 300, 400, 7), [("unit_jump", "error", "D1", "100", "4")], id="nearly all"),
        pytest.param((10000, 200, 300), (100, 200, 300), [("unit_jump_cell", "warning", "D2", "100", None)], id="one cell"),
        pytest.param((1000000, 2000000), (100, 200), [("unit_jump_cell", "warning", "D2", "10000", None), ("unit_jump_cell", "warning", "D3", "10000", None)], id="too few to judge a column"),
        pytest.param((150, 250, 90), (100, 200, 300), [], id="honest changes"),
        pytest.param((10000, None, 0), (100, 200, 300), [("unit_jump_cell", "warning", "D2", "100", None)], id="blanks and zeros do not count"),
        pytest.param((1, 2, 3), (None, None, None), [], id="nothing known before"),
    ],
)  # fmt: skip
def test_jumps_against_the_same_keys(new, old, expected):
    assert jumps("partner_fund", FUND, funds(*new), known(*old)) == expected


def test_the_next_reports_are_compared_with_the_last():
    head = ["基金编码", "期间", "报告类型", "期末净资产"]
    rows = [[f"PF-{n}", "2017Q3", "季报", 1_040_000 * (n + 1)] for n in range(3)]
    before = {
        "row_key": [f"PF-{n}|2017Q2" for n in range(3)], "partner_fund_id": [f"PF-{n}" for n in range(3)], "period": ["2017Q2"] * 3, "kind": ["季报"] * 3,
        "net_assets": [Decimal(100 * (n + 1)) for n in range(3)],
    }  # fmt: skip
    assert jumps("fund_report", head, rows, before) == [("unit_jump", "error", "D1", "10000", "3")]
    calm = [[f"PF-{n}", "2017Q3", "季报", 140 * (n + 1)] for n in range(3)]
    assert jumps("fund_report", head, calm, before) == []
    assert jumps("fund_report", head, calm, None) == []


def test_a_table_without_amounts_or_dates_has_no_jumps():
    assert jumps("manager", ["机构编码", "名称"], [["VC-1", "甲"]], {"row_key": ["VC-1|甲"]}) == []
    assert jumps("partner_fund", FUND, funds(5), {**known(5), "row_key": ["other"]}) == []
