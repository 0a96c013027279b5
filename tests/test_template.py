"""The standard workbook: what is in it, and that rows written into it come out as they went in."""

from datetime import date, datetime
from decimal import Decimal

import openpyxl
import polars as pl
import pytest

from fundtrack.load.examples import EXAMPLES
from fundtrack.load.template import first_money, write_template, write_workbook
from fundtrack.model.rows import COLUMNS, MODELS, TABLES
from fundtrack.money import unit_factor
from fundtrack.text.say import say

CALL = {"participation_id": "PA-001", "kind": "call", "due_on": date(2017, 1, 5), "currency": "CNY"}


@pytest.fixture(scope="module", params=["zh", "en"])
def blank(request, tmp_path_factory):
    path = tmp_path_factory.mktemp("template") / "blank.xlsx"
    write_template(path, lang=request.param)
    return request.param, openpyxl.load_workbook(path)


def midnight(year, month, day):
    return datetime.combine(date(year, month, day), datetime.min.time())


def sheets_of(path):
    return openpyxl.load_workbook(path).sheetnames


def test_has_one_sheet_per_entity_and_none_of_the_seeds(blank):
    lang, book = blank
    assert book.sheetnames == [getattr(model.info, lang) for model in MODELS if model.info.parts != ("S",)]


@pytest.mark.parametrize(
    ("parts", "there", "missing"),
    [("A", "参股", "出资人"), ("B", "出资人", "参股"), ("B", "基金变更", "目标"), ("C", "目标", "出资人")],
)
def test_a_part_has_its_sheets_only(tmp_path, parts, there, missing):
    write_template(tmp_path / "part.xlsx", (parts,))
    assert there in sheets_of(tmp_path / "part.xlsx")
    assert missing not in sheets_of(tmp_path / "part.xlsx")


def test_headers_are_exactly_the_dictionarys(blank):
    lang, book = blank
    for model in MODELS:
        if model.info.table != "cover" and model.info.parts != ("S",):
            sheet = book[getattr(model.info, lang)]
            columns = COLUMNS[model.info.table]
            assert [cell.value for cell in sheet[1]] == [getattr(column, lang) for column in columns]
            assert [bool(cell.font.b) for cell in sheet[1]] == [column.required for column in columns]
            assert [bool(cell.font.u) for cell in sheet[1]] == [column.key for column in columns]
            assert all(
                column.name in cell.comment.text for cell, column in zip(sheet[1], columns, strict=True)
            )


def test_row_two_is_an_example_that_says_so_and_nothing_follows(blank):
    lang, book = blank
    for sheet in book.worksheets[1:]:
        assert sheet["A2"].value.startswith(say("template.example", lang))
        assert sheet.max_row == 2


def test_examples_hold_every_required_field_and_only_known_ones():
    for table, row in EXAMPLES.items():
        columns = {column.name: column for column in COLUMNS[table]}
        assert set(row) <= set(columns)
        assert {name for name, column in columns.items() if column.required} <= set(row)
        for name, value in row.items():
            choices = {choice.value for choice in columns[name].choices}
            assert not choices or value in choices, (table, name)
    assert set(EXAMPLES) == {model.info.table for model in MODELS if model.info.parts != ("S",)} - {"cover"}


@pytest.mark.parametrize(
    ("lang", "sheet", "header", "words"),
    [
        ("zh", "引导基金", "类型", '"创投,天使,跨境"'),
        ("en", "Guidance funds", "Kind", '"Venture,Angel,Cross-border"'),
        ("zh", "投资项目", "是否关联交易", '"是,否"'),
        ("en", "Investments", "Currency", '"CNY,USD,HKD,EUR"'),
        ("zh", "封面", "金额单位", '"元,万元,百万元,亿元,美元,万美元,百万美元,亿美元"'),
    ],
)
def test_dropdowns(tmp_path, lang, sheet, header, words):
    write_template(tmp_path / "blank.xlsx", lang=lang)
    book = openpyxl.load_workbook(tmp_path / "blank.xlsx")[sheet]
    at = next(cell for row in (book[1], book["A"]) for cell in row if cell.value == header)
    spot = "B" + str(at.row) if sheet == "封面" else at.column_letter + "3"
    assert [rule.formula1 for rule in book.data_validations.dataValidation if spot in rule.sqref] == [words]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_unit_offered_is_one_the_loader_reads(lang):
    units = say("template.units", lang).split(",")
    assert [unit_factor(unit)[0] for unit in units] == [Decimal(10) ** power for power in (0, 4, 6, 8)] * 2
    assert [unit_factor(unit)[1] for unit in units[4:]] == ["USD"] * 4
    assert unit_factor(say("template.unit", lang))[0] == 10_000


def test_cells_are_formatted_by_kind(blank):
    lang, book = blank
    sheet = book[getattr(TABLES["participation"].info, lang)]
    formats = {
        column.name: sheet.cell(2, at).number_format
        for at, column in enumerate(COLUMNS["participation"], start=1)
    }
    assert formats["participation_id"] == "@"
    assert formats["signed_on"] == "yyyy-mm-dd"
    assert formats["commitment"] == "#,##0.00"
    assert formats["cap_ratio"] == "0.00%"


def test_blank_control_totals_are_formulas_worth_nothing(tmp_path):
    write_template(tmp_path / "blank.xlsx")
    typed = openpyxl.load_workbook(tmp_path / "blank.xlsx")["封面"]
    cached = openpyxl.load_workbook(tmp_path / "blank.xlsx", data_only=True)["封面"]
    assert [cell.value for cell in typed[7]] == ["表名", "行数", "金额合计"]
    assert [cell.value for cell in cached[8]] == ["引导基金", 0, 0]
    assert [cell.value for cell in typed[8]] == [
        "引导基金",
        "=COUNTA('引导基金'!$B$2:$B$1048576)-COUNTIF('引导基金'!$A$2:$A$1048576,\"例：*\")",
        "=SUM('引导基金'!$F$2:$F$1048576)-SUMIF('引导基金'!$A$2:$A$1048576,\"例：*\",'引导基金'!$F$2:$F$1048576)",
    ]
    assert [cell.value for cell in cached[10]] == ["合作创投机构", 0, None]


@pytest.mark.parametrize("example", [True, False])
def test_rows_written_are_rows_read(tmp_path, example):
    rows = [
        CALL
        | {
            "due_amount": Decimal("123456.78"),
            "occurred_on": date(2017, 1, 6),
            "amount": Decimal("123456.78"),
            "note": "=1+1",
        },
        CALL | {"due_on": "2016-12", "due_amount": Decimal("0.01"), "currency": "SGD", "amount": "1,2OO"},
    ]
    cover = {"sender": "示例", "as_of": date(2017, 6, 30), "unit": "万元"}
    write_workbook(tmp_path / "x.xlsx", cover, {"cash_flow": rows}, unit_factor=10_000, example=example)
    book = openpyxl.load_workbook(tmp_path / "x.xlsx", data_only=True)
    sheet = book["资金往来"]
    heads = [cell.value for cell in sheet[1]]
    first = 3 if example else 2
    read = [
        dict(zip(heads, [cell.value for cell in row], strict=True)) for row in sheet.iter_rows(min_row=first)
    ]
    assert len(read) == 2
    assert read[0]["类别"] == "缴款"
    assert (read[0]["应付金额"], read[1]["应付金额"]) == (12.345678, 0.000001)
    assert read[0]["应付日期"] == midnight(2017, 1, 5)
    assert read[0]["备注"] == "=1+1"
    assert sheet.cell(first, heads.index("备注") + 1).data_type == "s"
    assert (read[1]["应付日期"], read[1]["金额"], read[1]["币种"]) == ("2016-12", "1,2OO", "SGD")
    assert (read[0]["币种"], read[0]["受让方"]) == ("人民币", None)
    assert [cell.value for cell in book["封面"][8]] == ["资金往来", 2, 12.345679]
    assert book["封面"]["B3"].value == midnight(2017, 6, 30)


def test_a_frame_writes_as_rows_do_and_columns_may_be_left_out(tmp_path):
    frame = pl.DataFrame(
        {
            "row_key": ["x"],
            "investment_id": ["IN-1"],
            "related_party": [False],
            "stake": [Decimal("0.125")],
            "invested_on": [date(2016, 2, 29)],
        }
    )
    write_workbook(
        tmp_path / "x.xlsx", {"sender": "Example"}, {"investment": frame}, lang="en", only_given_columns=True
    )
    rows = list(openpyxl.load_workbook(tmp_path / "x.xlsx")["Investments"].values)
    assert rows == [
        ("Investment ID", "Invested on", "Stake", "Related party"),
        ("IN-1", midnight(2016, 2, 29), 0.125, "No"),
    ]


def test_the_same_rows_give_the_same_bytes(tmp_path):
    for name in ("a", "b"):
        write_workbook(tmp_path / name, {"sender": "示例"}, {"cash_flow": [CALL]}, example=True, notes=True)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_a_field_no_table_has_is_refused(tmp_path):
    with pytest.raises(KeyError, match="manager has no colour"):
        write_workbook(tmp_path / "x.xlsx", {}, {"manager": [{"name": "示例", "colour": "red"}]})


def test_first_money_is_the_first_of_kind_money():
    assert first_money("cash_flow").name == "due_amount"
    assert first_money("indicator") is None
