"""Rows that a file lacks: kept, or deleted where it is complete for its table; whose they are; undone again."""

import json
import shutil
from datetime import date

import pytest
from running import json_of, run_fundtrack
from small_portfolio import FIFTH_FUND, write_portfolio
from ui_pages import open_page, publish, text, upload
from wayin import PORTFOLIO, Workbook

from fundtrack.load import pipeline
from fundtrack.store.editions import Store
from fundtrack.store.verify import verify

OTHER = {"报送单位": "示例乙创投", "截至日期": date(2017, 12, 31)}


def filed(folder, name, tables, **cover):
    """A standard workbook as a file."""
    import xlsxwriter

    book = Workbook(tables, cover=cover, name=name)
    path = folder / name
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as out:
        for title, grid in book.grids.items():
            page = out.add_worksheet(title)
            for at, row in enumerate(grid):
                for column, value in enumerate(row):
                    if isinstance(value, date):
                        page.write_datetime(at, column, value)
                    elif value is not None:
                        page.write(at, column, value)
    return path


VALUES = [{"participation_id": f"PA-0{n}", "valued_on": date(2017, 6, 30), "nav": 2100 * n, "currency": "人民币"} for n in (1, 2, 3)]  # fmt: skip


@pytest.fixture(scope="module")
def three_files(tmp_path_factory):
    """The portfolio by one sender, two valuations by another, the third by the first again."""
    folder = tmp_path_factory.mktemp("three")
    store = Store(folder / "data")
    base = {name: rows for name, rows in PORTFOLIO.items() if name != "valuation"}
    files = [
        filed(folder, "a.xlsx", base),
        filed(folder, "b.xlsx", {"valuation": VALUES[:2]}, **OTHER),
        filed(folder, "c.xlsx", {"valuation": VALUES[2:]}),
    ]
    assert pipeline.load(store, files).outcome == "published"
    return folder / "data"


@pytest.fixture
def store(three_files, tmp_path):
    shutil.copytree(three_files, tmp_path / "data")
    return Store(tmp_path / "data")


def diff_of(result, table):
    return next(each for item in result.files() for each in item.diffs if each.table == table)


def told(result):
    return [(problem.severity, problem.code) for problem in result.problems]


def kept(store, table="valuation"):
    return sorted(key.split("|")[0] for key in store.ledger()[table]["row_key"])


def test_what_a_file_lacks_is_named_and_kept(store, tmp_path):
    again = filed(tmp_path, "d.xlsx", {"valuation": [{**VALUES[0], "nav": 2222}]}, **OTHER)
    found = diff_of(pipeline.check(store, [again]), "valuation")
    assert found.missing["participation_id"].to_list() == ["PA-02"], "PA-03 was sent by another"
    assert (found.removes, found.removed) == (False, 0)
    assert pipeline.load(store, [again]).outcome == "published"
    assert kept(store) == ["PA-01", "PA-02", "PA-03"]


def test_a_complete_file_deletes_what_its_sender_had_and_undo_brings_it_back(store, tmp_path):
    again = filed(tmp_path, "d.xlsx", {"valuation": [{**VALUES[0], "nav": 2222}]}, **OTHER)
    result = pipeline.check(store, [again], complete=["valuation"])
    assert diff_of(result, "valuation").removed == 1
    assert ("warning", "rows_removed") in told(result)
    made = pipeline.load(store, [again], complete=["valuation"])
    assert made.counts()["valuation"] == {"new": 0, "changed": 1, "unchanged": 0, "deleted": 1}
    assert kept(store) == ["PA-01", "PA-03"]
    batch = store.ledger().batches().row(-1, named=True)
    assert (json.loads(batch["complete"]), json.loads(batch["counts"])["valuation"]["deleted"]) == (["valuation"], 1)  # fmt: skip
    pipeline.undo(store, made.batch_ids[0], by="示例", reason="误报")
    assert kept(store) == ["PA-01", "PA-02", "PA-03"]
    assert verify(store) == []
    undone = diff_of(pipeline.check(store, [again], complete=["valuation"]), "valuation")
    assert undone.missing["participation_id"].to_list() == ["PA-02"], "restored rows are still their sender's"


def test_a_file_that_only_deletes_is_news(store, tmp_path):
    less = filed(tmp_path, "d.xlsx", {"valuation": VALUES[:1]}, **OTHER)
    assert pipeline.check(store, [less]).outcome == "unchanged"
    assert pipeline.load(store, [less], complete=["valuation"]).outcome == "published"
    assert kept(store) == ["PA-01", "PA-03"]


def test_two_files_of_a_sender_are_complete_together(store, tmp_path):
    one = filed(tmp_path, "d.xlsx", {"valuation": VALUES[:1]}, **OTHER)
    two = filed(tmp_path, "e.xlsx", {"valuation": VALUES[1:2]}, **OTHER)
    result = pipeline.check(store, [one, two], complete=["valuation"])
    assert result.outcome == "unchanged"
    assert all(each.removed == 0 for item in result.files() for each in item.diffs)


def test_a_row_that_another_sender_put_last_is_not_the_senders_any_more(store, tmp_path):
    taken = filed(tmp_path, "d.xlsx", {"valuation": [{**VALUES[1], "nav": 5000}]})
    assert pipeline.load(store, [taken]).outcome == "published"
    less = filed(tmp_path, "e.xlsx", {"valuation": VALUES[:1]}, **OTHER)
    assert pipeline.check(store, [less], complete=["valuation"]).outcome == "unchanged"


@pytest.mark.parametrize(
    ("rows", "declared", "code"),
    [
        pytest.param({"valuation": []}, ["valuation"], "complete_but_empty", id="no row at all"),
        pytest.param({"valuation": VALUES[:1]}, ["cash_flow"], "complete_not_in_file", id="not in the file"),
    ],
)
def test_nothing_is_deleted_where_it_is_not_plain(store, tmp_path, rows, declared, code):
    tables = rows if rows["valuation"] else {"valuation": [dict.fromkeys(VALUES[0])]}
    file = filed(tmp_path, "d.xlsx", tables, **OTHER)
    result = pipeline.check(store, [file], complete=declared)
    assert ("warning", code) in told(result), told(result)
    assert all(each.removed == 0 for item in result.files() for each in item.diffs)


def test_hidden_rows_make_a_file_doubtful(store, tmp_path):
    import openpyxl

    path = filed(tmp_path, "d.xlsx", {"valuation": VALUES[:2]}, **OTHER)
    book = openpyxl.load_workbook(path)
    book["估值"].row_dimensions[3].hidden = True
    book.save(path)
    result = pipeline.check(store, [path], complete=["valuation"])
    assert ("warning", "complete_doubtful") in told(result)
    assert diff_of(result, "valuation").missing["participation_id"].to_list() == ["PA-02"]
    assert diff_of(result, "valuation").removed == 0


def test_what_is_still_named_is_not_deleted(store, tmp_path):
    less = filed(tmp_path, "d.xlsx", {"participation": PORTFOLIO["participation"][:2]})
    result = pipeline.load(store, [less], complete=["participation"])
    assert result.outcome == "refused"
    assert [(each.code, each.value) for each in result.problems if each.severity == "error"] == [
        ("complete_still_named", "PA-03"),
        ("complete_still_named", "PA-03"),
    ]
    assert {each.about["by"] for each in result.problems if each.severity == "error"} == {"cash_flow", "valuation"}  # fmt: skip


def test_by_command(tmp_path):
    data = tmp_path / "data"
    publish(data, write_portfolio(tmp_path / "first.xlsx"))
    fifth = write_portfolio(tmp_path / "fifth.xlsx", FIFTH_FUND, "2017-11-30")
    said = json_of("check", fifth, "--data", data)
    assert said["diff"]["partner_fund"]["missing"] == ["PF000001", "PF000002", "PF000003", "PF000004"]
    assert said["diff"]["partner_fund"]["removed"] == []
    assert said["effect"]["as_of"] == "2017-11-30"
    moved = {each["code"]: (each["before"], each["after"]) for each in said["effect"]["targets"]}
    assert moved["fund_scale"] == ("350000000.00", "500000000.00")
    assert moved["partner_funds"] == ("3.00", "4.00")
    words = run_fundtrack("check", fifth, "--data", data, "--lang", "zh", check=0).stderr
    assert "合作基金：另有 4 行以前报过而本次没有，保留不变" in words
    assert "本次导入后（按 2017-11-30 计）合作基金总数（累计）：3只 → 4只，目标90只" in words
    file = fifth
    refused = run_fundtrack("check", file, "--complete", "合作基金", "--data", data, "--lang", "zh", check=1)
    assert "仍被其他记录引用" in refused.stderr
    unknown = run_fundtrack("check", file, "--complete", "无此表", "--data", data, "--lang", "zh", check=1)
    assert "没有名为“无此表”的表" in unknown.stderr


@pytest.mark.parametrize(
    ("lang", "label", "words"),
    [
        pytest.param("zh", "以下各表，本次文件已是该报送单位的全部（文件里没有的行，发布时删除）", "将删除的行", id="zh"),
        pytest.param("en", "Of these tables the file holds all that its sender has (rows it lacks are deleted on publishing)", "Rows to be deleted", id="en"),
    ],
)  # fmt: skip
def test_on_the_page(store, tmp_path, monkeypatch, lang, label, words):
    monkeypatch.setenv("FUNDTRACK_DATA", str(tmp_path / "data"))
    less = filed(tmp_path, "d.xlsx", {"valuation": [{**VALUES[0], "nav": 2222}]}, **OTHER)
    at = upload(open_page("load", lang=lang), [less])
    assert words not in text(at)
    (ask,) = [each for each in at.multiselect if each.label == label]
    ask.select("valuation").run()
    assert not at.exception, at.exception
    assert words in text(at)
    next(button for button in at.button if button.label in {"发布", "Publish"}).click().run()
    assert not at.exception, at.exception
    assert kept(store) == ["PA-01", "PA-03"]
