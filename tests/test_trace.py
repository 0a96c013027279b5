"""A field of the ledger leads to the file, sheet and cell it came from, and what is written there."""

from datetime import date
from decimal import Decimal

import pytest
from running import json_of, run_fundtrack
from small_portfolio import TABLES, write_portfolio
from test_pipeline import OWN, workbook

from fundtrack.errors import InputError
from fundtrack.load import pipeline
from fundtrack.load.origin import picture, raw_values
from fundtrack.load.template import write_workbook
from fundtrack.reports.trace import trace_report
from fundtrack.store.editions import Store
from fundtrack.store.trace import place_of, places, split_address


@pytest.fixture(scope="module")
def history(tmp_path_factory):
    """A load in 万元; a file with one column less and one value changed; a second change, taken back."""
    folder = tmp_path_factory.mktemp("history")
    store = Store(folder / "data")
    first = workbook(folder, *OWN, name="first")
    pipeline.load(store, [first], by="王")
    cover = {"sender": "示例受托公司", "as_of": date(2017, 10, 31), "unit": "元"}
    changed = [
        {
            "participation_id": "PA-01",
            "guidance_fund_id": "GF-01",
            "partner_fund_id": "PF-01",
            "currency": "CNY",
            "commitment": 25_000_000,
        }
    ]
    write_workbook(folder / "second.xlsx", cover, {"participation": changed}, only_given_columns=True)
    pipeline.load(store, [folder / "second.xlsx"], by="王")
    write_workbook(
        folder / "third.xlsx",
        cover,
        {"participation": [changed[0] | {"commitment": 26_000_000}]},
        only_given_columns=True,
    )
    third = pipeline.load(store, [folder / "third.xlsx"], by="王")
    pipeline.undo(store, third.batch_ids[-1], by="李", reason="错")
    return store


def found(store, key, field, table="participation", edition=None):
    place = place_of(store.ledger(edition), table, key, field)
    raw = raw_values(store.folders, [place])[table, key, field] if place.origin == "cell" else None
    return (
        place.file,
        place.cell,
        place.header,
        None if place.factor is None else str(place.factor.normalize()),
        raw,
        place.value,
    )


@pytest.mark.parametrize(
    ("edition", "field", "file", "header", "raw", "value"),
    [
        pytest.param(1, "commitment", "first.xlsx", "认缴金额", "2000", Decimal("20000000.00"), id="the first file, in 万元"),
        pytest.param(2, "commitment", "second.xlsx", "认缴金额", "25000000", Decimal("25000000.00"), id="the second file, in 元"),
        pytest.param(2, "signed_on", "first.xlsx", "协议日期", "2014-04-01", date(2014, 4, 1), id="a column absent from the second file"),
        pytest.param(3, "commitment", "third.xlsx", "认缴金额", "26000000", Decimal("26000000.00"), id="the third file, while it stood"),
        pytest.param(4, "commitment", "second.xlsx", "认缴金额", "25000000", Decimal("25000000.00"), id="taken back: the second again"),
        pytest.param(4, "signed_on_precision", "first.xlsx", "协议日期", "2014-04-01", "day", id="a precision stands in its date"),
    ],
)  # fmt: skip
def test_each_field_leads_to_the_newest_file_that_said_it(history, edition, field, file, header, raw, value):
    name, cell, head, factor, seen, held = found(history, "PA-01", field, edition=edition)
    assert (name, head, seen, held) == (file, header, raw, value)
    assert cell is not None
    if field == "commitment":
        assert Decimal(raw) * Decimal(factor) == value


def test_what_stands_in_no_cell_says_so(history):
    place = place_of(history.ledger(), "partner_fund", "PF-01", "name_key")
    assert (place.origin, place.cell, place.file, place.row) == ("derived", None, "first.xlsx", place.row)
    assert place.row is not None
    with pytest.raises(InputError, match="row_unknown"):
        place_of(history.ledger(), "partner_fund", "PF-99", "name")
    assert places(history.ledger(), []) == {}


def test_a_reversal_of_a_reversal_leads_to_the_file_again(tmp_path):
    store = Store(tmp_path / "data")
    pipeline.load(store, [workbook(tmp_path, *OWN, name="first")], by="王")
    [batch] = pipeline.undo(
        store,
        "B000001"
        if store.ledger().batches()["kind"][0] == "load"
        else store.ledger().batches()["batch_id"][-1],
        by="李",
        reason="错",
    ).batch_ids
    with pytest.raises(InputError, match="row_unknown"):
        place_of(store.ledger(), "partner_fund", "PF-01", "name")
    pipeline.undo(store, batch, by="李", reason="又错")
    assert found(store, "PF-01", "committed_size", "partner_fund")[:1] == ("first.xlsx",)


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """The small portfolio with its seeds."""
    folder = tmp_path_factory.mktemp("small")
    json_of("load", write_portfolio(folder / "a.xlsx"), "--data", folder / "data", "--by", "王")
    return folder / "data"


def traced(data, *asked):
    return json_of("trace", *asked, "--data", data)


def test_the_command_leads_from_a_target_to_cells_that_sum_to_it(small):
    made = traced(small, "fund_scale")
    assert (made["value"], made["how"], made["currency"]) == ("350000000.00", "sum", "CNY")
    assert sum(Decimal(cell["contribution"]) for cell in made["cells"]) == Decimal(made["value"])
    stated = {row["partner_fund_id"]: row.get("committed_size") for row in TABLES["partner_fund"]}
    for cell in made["cells"]:
        assert (cell["file"], cell["sheet"], cell["header"], cell["table"], cell["field"]) == (
            "a.xlsx",
            "合作基金",
            "认缴规模",
            "partner_fund",
            "committed_size",
        )
        assert cell["raw"] == stated[cell["key"]]
        assert (
            Decimal(cell["raw"]) * Decimal(cell["factor"])
            == Decimal(cell["value"])
            == Decimal(cell["contribution"])
        )
        assert (small / "sources" / cell["sha256"]).is_file()


def test_counts_ratios_and_single_fields(small):
    counted = traced(small, "partner_funds")
    assert (
        [Decimal(cell["contribution"]) for cell in counted["cells"]].count(1)
        == 3
        == int(Decimal(counted["value"]))
    )
    deciding = {
        cell["key"]: (cell["field"], cell["raw"])
        for cell in counted["cells"]
        if Decimal(cell["contribution"]) == 1
    }
    assert deciding["PF000002"] == ("established_on", "2017-03-10"), "later than the agreement of 2017-02-20"
    dpi = traced(small, "dpi", "--of", "PA000001")
    assert [(side["side"], side["value"]) for side in dpi["sides"]] == [
        ("above", "5000000.00"),
        ("below", "20000000.00"),
    ]
    assert dpi["value"] == 0.25
    for side in dpi["sides"]:
        assert sum(Decimal(cell["contribution"]) for cell in side["cells"]) == Decimal(side["value"])
    irr = traced(small, "irr", "--of", "PA000001")
    assert abs(irr["residual"]) < 1e-6
    [key] = {
        cell["key"] for cell in irr["cells"] if cell["table"] == "cash_flow" and cell["day"] == "2017-05-10"
    }
    one = traced(small, f"cash_flow.{key}.amount")
    assert [(cell["raw"], cell["value"], cell["contribution"]) for cell in one["cells"]] == [
        ("500", "5000000.00", "5000000.00")
    ]


def test_a_target_leads_to_its_seed(small):
    goal = traced(small, "target", "--of", "partner_funds")
    [cell] = goal["cells"]
    assert (cell["file"], cell["cell"], cell["header"], cell["value"]) == (
        "targets.csv",
        cell["cell"],
        "value",
        "90.00",
    )
    assert Decimal(cell["raw"]) == 90


def test_a_figure_as_known_before_and_on_another_day(small, tmp_path):
    assert traced(small, "partner_funds", "--as-of", "2016-12-31")["value"] == "2.00"
    assert run_fundtrack("trace", "nonsense", "--data", small, check=1).stderr.count("\n") == 1
    lines = run_fundtrack("trace", "dpi", "--of", "PA000001", "--data", small, "--lang", "zh", check=0).stdout
    assert "分子" in lines
    assert "资金往来  D3" in lines


def test_the_picture_shows_the_table_around_the_cell(history):
    place = place_of(history.ledger(1), "participation", "PA-02", "commitment")
    shown = picture(history.folders, place)
    at = shown.columns.index(place.column)
    rows = dict(shown.rows)
    assert rows[place.row][at] == "4000"
    assert rows[1][at] == "认缴金额"
    assert [number for number, _ in shown.rows] == list(range(1, len(rows) + 1))
    assert (shown.file, shown.sheet, shown.row, shown.column) == (
        "first.xlsx",
        "参股",
        place.row,
        place.column,
    )


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("cash_flow.PA-1|call|2017-05-10|1.amount", ("cash_flow", "PA-1|call|2017-05-10|1", "amount")),
        ("partner_fund.PF.1.name", ("partner_fund", "PF.1", "name")),
        ("partner_funds", None), ("partner_fund.PF1", None), ("partner_fund.PF1.nothing", None), ("nothing.PF1.name", None),
    ],
)  # fmt: skip
def test_addresses(text, parts):
    assert split_address(text) == parts


def test_nothing_loaded_has_nothing_to_trace(tmp_path):
    with pytest.raises(InputError, match="no_edition"):
        trace_report(Store(tmp_path / "data").ledger(), "partner_funds")


def test_a_source_that_is_gone_reads_as_nothing(history, tmp_path):
    import shutil

    shutil.copytree(history.folders.data, tmp_path / "data")
    store = Store(tmp_path / "data")
    place = place_of(store.ledger(1), "participation", "PA-02", "commitment")
    store.folders.source(place.sha256).unlink()
    assert raw_values(store.folders, [place]) == {("participation", "PA-02", "commitment"): None}
