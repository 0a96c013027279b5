"""Receipts: what was published, read back from the edition; as workbook and CSV that hold no formula."""

import csv
import hashlib
import io
import json
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from small_portfolio import TABLES, write_portfolio
from ui_pages import open_page, upload

from fundtrack import __main__ as cli
from fundtrack.errors import BusyError
from fundtrack.load import pipeline
from fundtrack.reports.receipt import receipt
from fundtrack.reports.sheets import Page, comma_separated, excel, safe, write
from fundtrack.store.editions import Store

NEW = TABLES | {
    "manager": [*TABLES["manager"], {"manager_id": None, "name": "=示例丁资本", "group_name": "示例丁"}]
}


@pytest.fixture
def made(tmp_path):
    """A store, what was published in it, and the file."""
    path = write_portfolio(tmp_path / "first.xlsx", NEW)
    store = Store(tmp_path / "data")
    return store, pipeline.load(store, [path], by="王经办"), path


def paper(made):
    store, result, _ = made
    minted = {name: ids for item in result.files() for name, ids in item.minted.items()}
    return receipt(store.ledger(), result.batch_ids, minted)


def test_it_says_what_was_written(made):
    _, _, path = made
    found = paper(made)
    (batch,) = found.batches
    assert (found.edition, batch.batch_id, batch.by, batch.file) == (1, "B000001", "王经办", "first.xlsx")
    assert batch.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert len(batch.hash) == 64
    assert batch.counts["partner_fund"] == {"new": 4, "changed": 0, "unchanged": 0}
    sums = {(each.table, each.currency): (each.rows, each.amount) for each in batch.totals}
    assert sums["guidance_fund", "CNY"] == (2, Decimal("1200000000.00"))  # 100,000 + 20,000 万元 planned
    (table, ids), = found.minted.items()  # fmt: skip
    assert table == "manager"
    assert [name for _, name in ids] == ["=示例丁资本"]


@pytest.mark.parametrize(
    ("lang", "titles", "words"),
    [
        ("zh", ["批次", "行数", "金额合计", "新编编码"], "fundtrack 回执：数据版本第1版，经办人 王经办，"),
        ("en", ["Batches", "Rows", "Totals", "New IDs"], "fundtrack receipt: edition 1, by 王经办, "),
    ],
)
def test_the_workbook_speaks_the_language_and_holds_no_formula(made, lang, titles, words):
    book = openpyxl.load_workbook(io.BytesIO(excel(paper(made).pages(lang))))
    assert book.sheetnames == titles
    assert book[titles[0]]["A1"].value.startswith(words)
    cell = book[titles[3]]["C2"]
    assert (cell.value, cell.data_type) == ("=示例丁资本", "s")
    assert not any(cell.data_type == "f" for sheet in book for row in sheet.iter_rows() for cell in row)


def test_the_csv_is_safe_and_whole(made):
    text = comma_separated(paper(made).pages("zh")).decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text)))
    assert any("'=示例丁资本" in line for line in lines)
    assert ["B000001", "引导基金", "计划规模", "CNY", "2", "1200000000.00"] in lines


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("=1", "'=1"), ("+1", "'+1"), ("-1", "'-1"), ("@a", "'@a"), ("\t=1", "'\t=1"), ("  =1", "'  =1"), ("＝1", "'＝1"),
        ("甲-1", "甲-1"), ("", ""),
    ],
)  # fmt: skip
def test_texts_that_look_like_formulas(text, kept):
    assert safe(text) == kept


def test_cells_keep_their_kinds(tmp_path):
    page = Page(
        "t", ("a", "b", "c", "d", "e"), [("x", 3, Decimal("1.50"), date(2017, 9, 30), None)], ("note",)
    )
    write(tmp_path / "a.xlsx", [page])
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["t"]
    assert [cell.value for cell in sheet[3]][:3] == ["x", 3, 1.5]
    assert sheet["D3"].value.date() == date(2017, 9, 30)
    write(tmp_path / "a.CSV", [page, page])
    once = ["t", "note", "a,b,c,d,e", "x,3,1.50,2017-09-30,"]
    assert (tmp_path / "a.CSV").read_text("utf-8-sig").splitlines() == [*once, "", *once]
    with pytest.raises(BusyError):
        write(tmp_path / "no" / "a.xlsx", [page])


def test_load_writes_it_only_where_something_was_published(capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("FUNDTRACK_LANG", "en")
    path, out = write_portfolio(tmp_path / "first.xlsx"), tmp_path / "r.csv"
    ask = ["load", str(path), "--data", str(tmp_path / "data"), "--receipt", str(out)]
    assert cli.main(ask) == 0
    assert f"Receipt written: {out}" in capsys.readouterr().err
    assert "B00000" in out.read_text("utf-8-sig")
    out.unlink()
    assert cli.main([*ask, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["receipt"] is None
    assert not out.exists()


@pytest.mark.parametrize(("lang", "button", "labels"), [
    ("zh", "发布", ["下载回执（Excel）", "下载回执（CSV）"]),
    ("en", "Publish", ["Download the receipt (Excel)", "Download the receipt (CSV)"]),
])  # fmt: skip
def test_the_page_offers_it_after_publishing(tmp_path, monkeypatch, lang, button, labels):
    monkeypatch.setenv("FUNDTRACK_DATA", str(tmp_path / "data"))
    at = upload(open_page("load", lang=lang), [write_portfolio(tmp_path / "first.xlsx")])
    next(each for each in at.button if each.label == button).click()
    at.run()
    assert not at.exception, at.exception
    assert [each.label for each in at.get("download_button")] == labels
