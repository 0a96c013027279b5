"""The whole way in with real workbooks and a real store: outcomes, batches in order, all or nothing."""

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from wayin import PORTFOLIO

from fundtrack.errors import BusyError, InputError
from fundtrack.load import demo, pipeline
from fundtrack.load.template import write_workbook
from fundtrack.model.rows import COLUMNS
from fundtrack.store.editions import Store

SEEDS = Path(__file__).parents[1] / "seeds"
OWN = ("guidance_fund", "manager", "partner_fund", "participation")


def typed(table):
    """The portfolio's rows with stored values in place of the words for them."""
    kinds = {column.name: column for column in COLUMNS[table]}
    out = []
    for row in PORTFOLIO[table]:
        words = {name: {choice.zh: choice.value for choice in kinds[name].choices} for name in row}
        out.append({name: words[name].get(value, value) for name, value in row.items() if value is not None})
    return out


def workbook(folder, *tables, sender="示例受托公司", name=None, **changes):
    """A real workbook of some of the portfolio's tables; `changes` replaces rows of a table."""
    path = folder / f"{name or '-'.join(tables)}.xlsx"
    cover = {"sender": sender, "as_of": date(2017, 9, 30), "unit": "万元"}
    write_workbook(path, cover, {table: changes.get(table, typed(table)) for table in tables})
    return path


def load(store, *files, **options):
    return pipeline.load(store, list(files), by="王经办", **options)


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "data")


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    """A store with the operator's part in it; tests that write take `copied`."""
    folder = tmp_path_factory.mktemp("loaded")
    made = Store(folder / "data")
    assert load(made, workbook(folder, *OWN)).outcome == "published"
    return made


@pytest.fixture
def copied(loaded, tmp_path):
    shutil.copytree(loaded.folders.data, tmp_path / "data", copy_function=shutil.copy2)
    return Store(tmp_path / "data")


def test_a_load_is_one_edition_with_one_batch_for_each_file(store, tmp_path):
    told = []
    files = [
        workbook(tmp_path, "company", "investment", sender="示例甲资本"),
        workbook(tmp_path, *OWN),
        workbook(tmp_path, "fund_report"),
    ]
    result = load(store, *files, reason="季报", progress=lambda name, share: told.append((name, share)))
    assert (result.outcome, result.edition, result.batch_ids) == (
        "published",
        1,
        ("B000001", "B000002", "B000003"),
    )
    assert [sender.outcome for sender in result.senders] == ["published", "published"]
    assert result.counts()["investment"] == {"new": 3, "changed": 0, "unchanged": 0}
    assert told[-1][1] == 1.0
    batches = store.ledger().batches()
    assert batches["file_name"].to_list() == [
        "guidance_fund-manager-partner_fund-participation.xlsx",
        "fund_report.xlsx",
        "company-investment.xlsx",
    ]
    assert set(batches["loaded_by"]) == {"王经办"}
    assert set(batches["reason"]) == {"季报"}
    assert store.ledger()["participation"]["commitment"].sum() == Decimal("120000000.00")


def test_where_a_figure_came_from_is_kept(loaded):
    ledger = loaded.ledger()
    place = (
        ledger.placed("participation")
        .filter(participation_id="PA-02")
        .select("batch_id", "sheet", "row_number")
        .rows()
    )
    assert place == [("B000001", "参股", 3)]
    column = ledger.batch_columns().filter(table_name="participation", field="commitment")
    assert column.select("column_letter", "header", "unit_factor").rows() == [
        ("K", "认缴金额", Decimal("10000.00000000"))
    ]


def test_the_same_file_twice_is_unchanged_and_makes_nothing(copied, tmp_path):
    again = load(copied, workbook(tmp_path, *OWN))
    assert (again.outcome, again.edition, again.batch_ids, copied.newest()) == ("unchanged", 1, (), 1)


def test_a_dry_run_finds_the_same_and_writes_nothing(copied, tmp_path):
    file = workbook(tmp_path, "fund_report")
    before = sorted(path.name for path in copied.folders.data.rglob("*"))
    found = pipeline.check(copied, [(file, "甲.xlsx")])
    assert (found.outcome, found.edition) == ("accepted", 1)
    assert [item.file.name for item in found.files()] == ["甲.xlsx"]
    assert found.counts() == {"fund_report": {"new": 3, "changed": 0, "unchanged": 0}}
    assert sorted(path.name for path in copied.folders.data.rglob("*")) == before
    assert pipeline.check(copied, [workbook(tmp_path, *OWN)]).outcome == "unchanged"
    assert pipeline.check(copied, [workbook(tmp_path, "holding_valuation")]).outcome == "refused"


def test_one_refused_sender_among_several_is_partial_and_all_makes_it_none(copied, tmp_path):
    good = workbook(tmp_path, "fund_report", sender="示例甲资本")
    bad = workbook(
        tmp_path,
        "valuation",
        sender="示例乙资本",
        valuation=[{"participation_id": "PA-01", "valued_on": "去年", "nav": 1}],
    )
    none = load(copied, good, bad, together=True)
    assert (none.outcome, none.edition, none.batch_ids, copied.newest()) == ("refused", 1, (), 1)
    assert [sender.outcome for sender in none.senders] == ["refused", "refused"]
    assert none.counts() == {}
    some = load(copied, good, bad)
    assert (some.outcome, some.edition, some.batch_ids) == ("partial", 2, ("B000002",))
    assert [(sender.name, sender.outcome) for sender in some.senders] == [
        ("示例甲资本", "published"),
        ("示例乙资本", "refused"),
    ]
    assert copied.ledger()["valuation"].is_empty()
    again = load(copied, good, bad)
    assert (again.outcome, again.edition) == ("partial", 2)


def test_what_cannot_be_read_is_refused_and_the_rest_is_loaded(copied, tmp_path):
    text, empty = tmp_path / "报告.xlsx", tmp_path / "空.xlsx"
    text.write_text("这不是工作簿\n" * 50, encoding="utf-8")
    empty.write_bytes(b"")
    folder = tmp_path / "报送"
    folder.mkdir()
    result = load(copied, text, empty, tmp_path / "没有.xlsx", folder, workbook(tmp_path, "fund_report"))
    assert result.outcome == "partial"
    assert [sender.outcome for sender in result.senders] == ["refused"] * 4 + ["published"]
    assert [problem.code for problem in result.problems] == [
        "no_table_found",
        "file_empty",
        "file_missing",
        "file_is_folder",
    ]
    assert all(not sender.files for sender in result.senders[1:4])


def test_a_reversal_takes_back_and_the_same_file_is_news_again(copied, tmp_path):
    file = workbook(tmp_path, "fund_report")
    load(copied, file)
    undone = pipeline.undo(copied, "B000002", by="李审核", reason="报错期间")
    assert (undone.edition, undone.batch_ids) == (3, ("B000003",))
    assert copied.ledger()["fund_report"].is_empty()
    assert load(copied, file).outcome == "published"
    with pytest.raises(InputError, match="batch_already_reversed"):
        pipeline.undo(copied, "B000002", by="李审核")


def test_seeds_come_first_and_only_once(store, tmp_path):
    result = load(store, workbook(tmp_path, *OWN), seeds=SEEDS)
    ledger = store.ledger()
    assert ledger["target"].filter(code="partner_funds")["value"].to_list() == [Decimal("90.00")]
    kinds = ledger.batches()["kind"].to_list()
    assert kinds == ["seed"] * (len(kinds) - 1) + ["load"]
    assert result.batch_ids == (ledger.batches()["batch_id"][-1],)
    assert load(store, workbook(tmp_path, *OWN), seeds=SEEDS).outcome == "unchanged"


def test_a_dry_run_before_the_first_load_knows_the_seeds(store, tmp_path):
    assert pipeline.check(store, [workbook(tmp_path, *OWN)], seeds=SEEDS).state["target"].height == 9


def test_a_seed_that_somebody_spoilt_is_said_not_passed_over(store, tmp_path):
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    text = (SEEDS / "targets.csv").read_text(encoding="utf-8")
    (seeds / "targets.csv").write_text(text.replace("2017-12-31", "年底"), encoding="utf-8")
    with pytest.raises(InputError) as refused:
        load(store, workbook(tmp_path, *OWN), seeds=seeds)
    assert (refused.value.code, refused.value.about["file"]) == ("seed_refused", "targets.csv")
    assert store.newest() is None


def test_who_holds_the_lock_is_named(copied, tmp_path):
    with Store(copied.folders.data).lock("李经办"), pytest.raises(BusyError) as busy:
        load(copied, workbook(tmp_path, "fund_report"), patience=0)
    assert (busy.value.code, busy.value.about["by"]) == ("busy", "李经办")


def test_who_loads_is_the_systems_user_where_nobody_says(monkeypatch):
    monkeypatch.setattr("getpass.getuser", lambda: "zhang")
    assert pipeline.user_name() == "zhang"

    def nobody():
        raise KeyError

    monkeypatch.setattr("getpass.getuser", nobody)
    assert pipeline.user_name().isdigit()


def test_the_template_filled_by_hand_takes_edits_of_any_program(store, tmp_path):
    """Formulas whose values a program did not keep declare nothing; dates and numbers are as typed."""
    path = workbook(tmp_path, *OWN)
    book = openpyxl.load_workbook(path)
    sheet = book["参股"]
    heads = [cell.value for cell in sheet[1]]
    sheet.cell(2, heads.index("认缴金额") + 1).value = "0.25亿"
    sheet.cell(3, heads.index("协议日期") + 1).value = "2015年4月"
    book.save(path)
    result = load(store, path)
    assert (result.outcome, result.problems) == ("published", ())
    rows = (
        store.ledger()["participation"]
        .sort("participation_id")
        .select("commitment", "signed_on", "signed_on_precision")
        .rows()
    )
    assert rows[0] == (Decimal("25000000.00"), date(2014, 4, 1), "day")
    assert rows[1] == (Decimal("40000000.00"), date(2015, 4, 30), "month")


def test_the_demo_is_missing_refused_or_kept_apart(copied, tmp_path):
    seeds = tmp_path / "seeds"
    with pytest.raises(InputError, match="demo_missing"):
        demo.load_demo(copied, seeds)
    (seeds / "demo").mkdir(parents=True)
    workbook(
        seeds / "demo",
        "fund_report",
        name="1-坏",
        fund_report=[{"partner_fund_id": "PF-99", "period": "2017Q3", "kind": "季报"}],
    )
    with pytest.raises(InputError) as refused:
        demo.load_demo(copied, seeds)
    assert (refused.value.code, refused.value.about["file"]) == ("demo_refused", "1-坏.xlsx")
    load(copied, workbook(tmp_path, "valuation", sender="真实机构"))
    with pytest.raises(InputError, match="demo_over_real_data"):
        demo.load_demo(copied, seeds)


def seeds_with(folder, old, new):
    """A copy of the reference tables in which the program's own targets have changed."""
    folder.mkdir()
    for file in SEEDS.glob("*.csv"):
        (folder / file.name).write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    return folder


def test_a_newer_program_never_undoes_the_targets_people_loaded(store, tmp_path):
    """The commission asks for 100 funds; a new seed moves the patents to 37,000: both stand."""
    load(store, workbook(tmp_path, *OWN), seeds=SEEDS)
    hundred = {"code": "partner_funds", "due_on": date(2017, 12, 31), "starts_on": date(2017, 1, 1), "name": "合作基金总数（累计）",
               "value": Decimal(100), "unit": "只", "source": "市科委调整"}  # fmt: skip
    asked = tmp_path / "targets.xlsx"
    write_workbook(
        asked,
        {"sender": "示例市科委", "as_of": date(2017, 9, 30), "unit": "元"},
        {"target": [hundred]},
        only_given_columns=True,
    )
    load(store, asked, seeds=SEEDS)
    newer = seeds_with(tmp_path / "newer", "36000", "37000")
    result = load(store, workbook(tmp_path, "fund_report"), seeds=newer)
    goals = dict(store.ledger()["target"].select("code", "value").iter_rows())
    assert (goals["partner_funds"], goals["invention_patents"]) == (Decimal("100.00"), Decimal("37000.00"))
    assert len(result.seed_batch_ids) == 1
    assert store.ledger().batches().filter(batch_id=result.seed_batch_ids[0])["file_name"].to_list() == [
        "targets.csv"
    ]


def test_a_reversed_seed_stays_reversed(store, tmp_path):
    load(store, workbook(tmp_path, *OWN), seeds=SEEDS)
    seeds = store.ledger().batches().filter(file_name="targets.csv")["batch_id"][0]
    pipeline.undo(store, seeds, by="李审核")
    load(store, workbook(tmp_path, "fund_report"), seeds=SEEDS)
    assert store.ledger()["target"].is_empty()


def test_seeds_that_are_not_there_are_said(store, tmp_path):
    with pytest.raises(InputError, match="seeds_missing"):
        load(store, workbook(tmp_path, *OWN), seeds=tmp_path / "nowhere")
    assert store.newest() is None
