"""The data dictionary: what holds for every sheet and column, and the checks that stand on it."""

from datetime import date
from decimal import Decimal

import duckdb
import polars as pl
import pytest
from pydantic import ValidationError

from fundtrack.model import frames
from fundtrack.model.checks import IN_ORDER, SAME_DAY, orders, row_checks
from fundtrack.model.fields import checked, name_key
from fundtrack.model.rows import COLUMNS, MODELS, TABLES

EVERY = [(table, column) for table, columns in COLUMNS.items() for column in columns]
KINDS = {
    "text",
    "code",
    "choice",
    "currency",
    "period",
    "money",
    "number",
    "share",
    "rate",
    "day",
    "whole",
    "flag",
}


def test_no_name_is_a_reserved_word_of_sql():
    with duckdb.connect() as con:
        reserved = {
            word
            for (word,) in con.execute(
                "SELECT keyword_name FROM duckdb_keywords() WHERE keyword_category <> 'unreserved'"
            ).fetchall()
        }
        assert len(reserved) > 50
        names = {name for table in TABLES for name in frames.log_schema(table)} | set(TABLES)
        assert names & reserved == set()
        for table in TABLES:  # and DuckDB takes every one of them unquoted
            fields = ", ".join(
                f"{name} {frames.SQL_TYPES[dtype]}" for name, dtype in frames.log_schema(table).items()
            )
            con.execute(f"CREATE TABLE {table} ({fields})")


@pytest.mark.parametrize("table", TABLES)
def test_headers_and_their_other_words_are_unique_within_a_sheet(table):
    from fundtrack.load.match import bare

    for lang in ("zh", "en"):
        titles = [bare(getattr(column, lang)) for column in COLUMNS[table]]
        assert len(titles) == len(set(titles))
    words = {}
    for column in COLUMNS[table]:
        for word in (column.zh, column.en, column.name, *column.aliases):
            assert words.setdefault(bare(word), column.name) == column.name, word


def test_sheets_have_two_names_of_their_own_that_a_workbook_takes():
    for lang in ("zh", "en"):
        names = [getattr(model.info, lang) for model in MODELS]
        assert len(set(names)) == len(names)
        assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in names)


@pytest.mark.parametrize(
    ("table", "column"), EVERY, ids=[f"{table}.{column.name}" for table, column in EVERY]
)
def test_every_column_is_said_completely(table, column):
    assert column.zh
    assert column.en
    assert column.source
    assert column.kind in KINDS
    assert column.name == column.name.lower()
    assert column.name.isascii()
    assert (column.kind == "choice") == bool(column.choices)
    values = [choice.value for choice in column.choices]
    assert len(set(values)) == len(values)
    for choice in column.choices:
        assert choice.zh
        assert choice.en
        assert choice.value
        assert sum(choice.zh == other.zh or choice.en == other.en for other in column.choices) == 1
    assert column.refers is None or column.refers in TABLES
    field = checked(TABLES[table]).model_fields[column.name]
    assert field.is_required() == column.required
    words = frames.comment(table, column.name)
    assert words.startswith(f"{column.zh} / {column.en}")


def test_keys():
    assert frames.key_fields("cash_flow") == ("participation_id", "kind", "keyed_on", "line_no")
    assert frames.key_fields("fund_paid_in") == (
        "partner_fund_id",
        "investor",
        "guidance_fund_id",
        "call_no",
        "keyed_on",
        "line_no",
    )
    assert frames.key_fields("cover") == ("sender", "as_of")
    for table in TABLES:
        keys = frames.key_fields(table)
        assert keys, table
        assert "line_no" not in keys[:-1]
        assert TABLES[table].info.mint is None or len(keys) == 1
    rows = pl.DataFrame({"participation_id": ["PA|1", None], "valued_on": [date(2017, 6, 30), None]})
    assert rows.select(frames.row_key("valuation"))["row_key"].to_list() == ["PA¦1|2017-06-30", "|"]


def test_schemas_have_precisions_names_and_key_dates_and_comments_for_all():
    assert frames.schema("manager")["name_key"] == pl.String()
    assert "name_key" not in frames.schema("investment")
    assert frames.schema("fund_paid_in")["keyed_on"] == pl.Date()
    assert frames.days("target") == ("due_on", "starts_on")
    assert frames.empty("cash_flow").schema == frames.schema("cash_flow")
    for table in TABLES:
        for name, dtype in frames.log_schema(table).items():
            assert dtype in frames.SQL_TYPES
            assert " / " in frames.comment(table, name)
    assert (
        frames.comment("cash_flow", "due_on_precision")
        == "应付日期的精度：day 日，month 月，year 年 / Precision of due on"
    )
    assert "取值 venture 创投、angel 天使" in frames.comment("guidance_fund", "kind")


@pytest.mark.parametrize(
    ("table", "fields", "wrong"),
    [
        pytest.param(
            "valuation",
            {"participation_id": "PA-1", "valued_on": date(2017, 6, 30), "nav": "1.50", "currency": "CNY"},
            None,
            id="right",
        ),
        pytest.param(
            "valuation",
            {"participation_id": "PA-1", "valued_on": date(2017, 6, 30), "nav": "1.505", "currency": "CNY"},
            "nav",
            id="more than cents",
        ),
        pytest.param(
            "valuation",
            {"participation_id": "PA-1", "valued_on": date(2017, 6, 30), "currency": "CNY"},
            "nav",
            id="required",
        ),
        pytest.param(
            "cash_flow",
            {"participation_id": "PA-1", "kind": "call", "currency": "CNY", "amount": "-1"},
            "amount",
            id="negative",
        ),
        pytest.param(
            "cash_flow",
            {"participation_id": "PA-1", "kind": "call", "currency": "CNY", "amount": "1e12"},
            "amount",
            id="a trillion",
        ),
        pytest.param("manager", {"manager_id": "VC-1", "name": "长" * 2001}, "name", id="too long"),
        pytest.param(
            "manager",
            {"manager_id": "VC-1", "name": "甲", "phone": "1"},
            "phone",
            id="a field it does not have",
        ),
        pytest.param("investment", {"stake": "1.2"}, "stake", id="more than all"),
        pytest.param(
            "participation",
            {"reinvest_required": "1e10"},
            "reinvest_required",
            id="a rate that cannot be stored",
        ),
    ],
)
def test_models_refuse_what_the_ledger_could_not_hold(table, fields, wrong):
    if wrong is None:
        checked(TABLES[table]).model_validate(fields)
        return
    with pytest.raises(ValidationError) as refused:
        checked(TABLES[table]).model_validate(fields)
    assert wrong in {item["loc"][0] for item in refused.value.errors()}


def test_names_meet_in_every_spelling():
    one = name_key("杭州示例一号（有限合伙）")
    for other in (
        "杭州示例一号",
        "杭州 示例一号(有限合伙)",
        "杭州示例一号 （ 有限合伙 ）",
        "杭州示例\u200b一号",
        "杭州示例一号(L.P.)",
    ):
        assert name_key(other) == one, other
    for another in ("杭州示例二号", "杭州示例一号（普通合伙）", "杭州（有限合伙）示例一号"):
        assert name_key(another) != one, another
    assert name_key("ＡＢ·Ｃ") == name_key("ab•c")


# --- checks within a row ------------------------------------------------------------------------------------------------


def fails(table, **values):
    row = pl.DataFrame(
        {name: [values.get(name)] for name in frames.schema(table)}, schema=frames.schema(table)
    )
    return [
        check.code for check in row_checks(table) if row.select(check.fails.fill_null(value=False)).item()
    ]


D = date(2017, 6, 30)
YUAN = Decimal(1)


@pytest.mark.parametrize(
    ("table", "values", "codes"),
    [
        pytest.param("cash_flow", {"occurred_on": D, "amount": YUAN}, [], id="paid"),
        pytest.param("cash_flow", {"due_on": D, "due_amount": YUAN}, [], id="due"),
        pytest.param(
            "cash_flow",
            {"due_on": D, "due_amount": YUAN, "occurred_on": D, "amount": YUAN},
            [],
            id="due and paid",
        ),
        pytest.param(
            "cash_flow",
            {"due_on": D, "occurred_on": D, "amount": YUAN},
            [],
            id="paid, its due amount unknown",
        ),
        pytest.param("cash_flow", {}, ["nothing_paid_or_due"], id="nothing"),
        pytest.param("cash_flow", {"occurred_on": D}, ["together_or_not"], id="a day without amount"),
        pytest.param("cash_flow", {"amount": YUAN}, ["together_or_not"], id="an amount without day"),
        pytest.param("cash_flow", {"due_on": D}, ["due_needs_amount"], id="due, but what"),
        pytest.param("cash_flow", {"due_amount": YUAN}, ["due_needs_amount"], id="due, but when"),
        pytest.param(
            "cash_flow",
            {"occurred_on": D, "amount": YUAN, "principal": YUAN, "income": YUAN},
            ["parts_differ"],
            id="parts",
        ),
        pytest.param(
            "cash_flow",
            {"occurred_on": D, "amount": YUAN, "principal": Decimal(3), "income": Decimal(-2)},
            [],
            id="a loss",
        ),
        pytest.param(
            "cash_flow", {"occurred_on": D, "amount": YUAN, "principal": YUAN / 2}, [], id="one part known"
        ),
        pytest.param("fund_paid_in", {"paid_on": D}, ["together_or_not"], id="paid in without amount"),
        pytest.param("participation", {"signed_on": D}, ["together_or_not"], id="signed"),
        pytest.param("participation", {}, [], id="in the pipeline"),
        pytest.param(
            "investor_commitment", {"reason": "increase"}, ["missing_value"], id="an increase without day"
        ),
        pytest.param("investor_commitment", {"reason": "initial"}, [], id="the first"),
        pytest.param("manager", {}, [], id="nothing to check"),
    ],
)
def test_row_checks(table, values, codes):
    assert fails(table, **values) == codes


@pytest.mark.parametrize(
    ("table", "earlier", "precision", "later", "wrong"),
    [
        ("partner_fund", ("established_on", date(2017, 6, 30)), "day", ("term_end", date(2017, 6, 29)), True),
        (
            "partner_fund",
            ("established_on", date(2017, 6, 30)),
            "day",
            ("term_end", date(2017, 6, 30)),
            False,
        ),
        (
            "partner_fund",
            ("established_on", date(2017, 6, 30)),
            "month",
            ("term_end", date(2017, 6, 1)),
            False,
        ),
        (
            "partner_fund",
            ("established_on", date(2017, 6, 30)),
            "month",
            ("term_end", date(2017, 5, 31)),
            True,
        ),
        (
            "partner_fund",
            ("established_on", date(2017, 12, 31)),
            "year",
            ("term_end", date(2017, 1, 1)),
            False,
        ),
        (
            "partner_fund",
            ("established_on", date(2017, 12, 31)),
            "year",
            ("term_end", date(2016, 12, 31)),
            True,
        ),
        ("fund_report", ("period", "2017Q2"), None, ("filed_on", date(2017, 6, 29)), True),
        ("fund_report", ("period", "2017Q2"), None, ("filed_on", date(2017, 6, 30)), False),
        ("fund_report", ("period", "2016"), None, ("filed_on", date(2016, 12, 30)), True),
        ("fund_report", ("period", "2016H1"), None, ("filed_on", date(2016, 6, 29)), True),
        ("fund_report", ("period", "2016H2"), None, ("filed_on", date(2016, 12, 31)), False),
    ],
)
def test_dates_in_order(table, earlier, precision, later, wrong):
    values = dict([earlier, later]) | ({f"{earlier[0]}_precision": precision} if precision else {})
    row = pl.DataFrame(
        {name: [values.get(name)] for name in frames.schema(table)}, schema=frames.schema(table)
    )
    found = {
        (pair.earlier, pair.later)
        for pair in orders(table)
        if row.select(pair.fails.fill_null(value=False)).item()
    }
    assert found == ({(earlier[0], later[0])} if wrong else set())


def test_checks_name_fields_that_are_there():
    for table, earlier, later, severity in IN_ORDER:
        names = {column.name for column in COLUMNS[table]}
        assert {earlier, later} <= names
        assert severity in {"error", "warning"}
    for table, fields in SAME_DAY.items():
        assert set(fields) <= set(frames.schema(table))
    for table in TABLES:
        for check in row_checks(table):
            assert {check.field, check.other, *check.fails.meta.root_names()} <= set(frames.schema(table))
