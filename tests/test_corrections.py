"""Corrections through the whole way: command and function, ledger, archive, chain, later workbooks, reversal."""

import json
import shutil

import polars as pl
import pytest
from running import json_of, run_fundtrack
from small_portfolio import write_portfolio
from ui_pages import ROOT

from fundtrack.errors import InputError
from fundtrack.load import pipeline
from fundtrack.load.corrections import check, correct
from fundtrack.load.edits import Edit, editable
from fundtrack.metrics.progress import progress
from fundtrack.store.corrected import corrections
from fundtrack.store.editions import Store
from fundtrack.store.verify import verify

WHY = {"by": "李", "reason": "合伙协议为1.2亿元，报送时误填"}


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """The small portfolio, published."""
    folder = tmp_path_factory.mktemp("corrections")
    done = pipeline.load(
        Store(folder / "data"), [write_portfolio(folder / "first.xlsx")], by="王", seeds=ROOT / "seeds"
    )
    assert done.outcome == "published"
    return folder


@pytest.fixture
def store(base, tmp_path):
    """A copy of it to change."""
    return Store(shutil.copytree(base / "data", tmp_path / "data", copy_function=shutil.copy2))


def sizes(store):
    return dict(store.ledger()["partner_fund"].select("partner_fund_id", "committed_size").iter_rows())


def scale(store):
    ledger = store.ledger()
    return progress(ledger, ledger.default_as_of).filter(pl.col("code") == "fund_scale")["actual"][0]


def batches(store):
    return store.ledger().batches()


def test_a_correction_is_a_batch_with_a_json_source_beside_the_untouched_one(store):
    first = batches(store).filter(kind="load").row(0, named=True)
    untouched = store.folders.source(first["file_sha256"]).read_bytes()
    done = correct(store, [Edit("partner_fund", "PF000001", {"committed_size": "1.2亿"})], **WHY)
    assert (done.outcome, done.edition) == ("published", 2)
    row = batches(store).filter(batch_id=done.batch_ids[0]).row(0, named=True)
    assert (row["kind"], row["loaded_by"], row["reason"], row["sender"]) == (
        "correction",
        "李",
        WHY["reason"],
        None,
    )
    assert json.loads(row["counts"]) == {"partner_fund": {"new": 0, "changed": 1, "unchanged": 0}}
    assert sizes(store)["PF000001"] == 120_000_000
    assert scale(store) == 370_000_000  # 3.5 亿元 + 2,000 万元
    source = json.loads(store.folders.source(row["file_sha256"]).read_bytes())
    assert {name: source[name] for name in ("format", "by", "reason")} == {
        "format": "fundtrack correction 1",
        **WHY,
    }
    assert source["entries"] == [
        {"sheet": "合作基金 PF000001", "cell": "A1", "table": "partner_fund", "key": "PF000001", "field": "committed_size",
         "header": "认缴规模", "typed": "1.2亿", "old": "100000000.00", "new": "120000000.00"}
    ]  # fmt: skip
    assert store.folders.source(first["file_sha256"]).read_bytes() == untouched
    head = store.folders.archive(done.batch_ids[0]).read_text(encoding="utf-8").split("\n")[0]
    assert json.loads(head)["kind"] == "correction"
    assert verify(store) == []


def traced(store, field, key="PF000001"):
    (cell,) = json_of("trace", f"partner_fund.{key}.{field}", "--data", store.folders.data)["cells"]
    return cell["batch_id"], cell["sheet"], cell["cell"], cell["header"], cell["raw"], cell["value"]


def test_a_corrected_value_traces_to_its_entry(store):
    """And nothing but the corrected fields does."""
    (loaded,) = batches(store).filter(kind="load")["batch_id"]
    edits = [
        Edit("partner_fund", "PF000001", {"committed_size": "12000万", "fee_rate": "1.5%"}),
        Edit("partner_fund", "PF000002", {"fee_rate": "2"}),
    ]
    (made,) = correct(store, edits, **WHY).batch_ids
    one, two = "合作基金 PF000001", "合作基金 PF000002"
    assert traced(store, "committed_size") == (made, one, "A1", "认缴规模", "12000万", "120000000.00")
    assert traced(store, "fee_rate") == (made, one, "B1", "管理费率", "1.5%", "0.01500000")
    assert traced(store, "fee_rate", "PF000002") == (made, two, "A2", "管理费率", "2", "0.02000000")
    assert traced(store, "committed_size", "PF000002")[0] == loaded
    assert traced(store, "name")[0] == loaded


def test_a_standing_correction_is_traced_past_the_file_that_says_the_old_value_again(store, tmp_path):
    (made,) = correct(store, [Edit("partner_fund", "PF000001", {"committed_size": "1.2亿"})], **WHY).batch_ids
    again = {"partner_fund": [{"partner_fund_id": "PF000001", "name": "示例甲一号", "manager_id": "VC000001", "currency": "CNY",
                               "committed_size": "10000"}]}  # fmt: skip
    (later,) = pipeline.load(store, [write_portfolio(tmp_path / "again.xlsx", again)], by="王").batch_ids
    assert traced(store, "committed_size")[0] == made
    assert traced(store, "name")[0] == later


def test_a_later_workbook_with_the_uncorrected_value_leaves_it_and_its_reversal_lets_it_count(
    store, tmp_path
):
    (made,) = correct(store, [Edit("partner_fund", "PF000001", {"committed_size": "1.2亿"})], **WHY).batch_ids
    later = write_portfolio(tmp_path / "later.xlsx", as_of="2017-12-31")
    done = pipeline.load(store, [later], by="王")
    assert [
        (each.code, each.sheet, each.field, each.value, each.about["batch"]) for each in done.problems
    ] == [("correction_stands", "合作基金", "committed_size", "100000000.00", made)]
    assert done.outcome == "published"
    assert sizes(store)["PF000001"] == 120_000_000
    assert [each.status for each in corrections(store.ledger())] == ["standing"]
    pipeline.undo(store, made, by="李", reason="核实后原值无误")
    assert sizes(store)["PF000001"] == 100_000_000
    again = pipeline.load(store, [later], by="王")
    assert (again.outcome, again.problems) == ("unchanged", ())
    assert [each.status for each in corrections(store.ledger())] == ["reversed"]
    assert verify(store) == []


def test_a_corrected_row_that_a_complete_file_lacks_goes_with_its_correction(store, tmp_path):
    """The correction makes the row nobody else's; where the row comes back as it was, that is loaded and said."""
    from small_portfolio import TABLES

    full = write_portfolio(tmp_path / "full.xlsx", {"valuation": TABLES["valuation"]}, "2017-12-31")
    key = store.ledger()["valuation"]["row_key"][0]
    correct(store, [Edit("valuation", key, {"nav": "1.1亿"})], **WHY)
    kept = [row for row in TABLES["valuation"] if f"{row['participation_id']}|{row['valued_on']}" != key]
    less = write_portfolio(tmp_path / "less.xlsx", {"valuation": kept}, "2017-12-31")
    done = pipeline.load(store, [less], complete=["valuation"])
    assert [each.code for each in done.problems] == ["rows_removed"]
    assert [each.status for each in corrections(store.ledger())] == ["removed"]
    back = pipeline.load(store, [full])
    assert [each.code for each in back.problems] == ["correction_lapsed"]
    assert key in set(store.ledger()["valuation"]["row_key"])


def test_undo_takes_back_a_change_as_well_as_an_addition(store, tmp_path):
    changed = {"partner_fund": [{"partner_fund_id": "PF000001", "name": "示例甲一号创投基金", "manager_id": "VC000001",
                                 "currency": "CNY", "committed_size": "12000"}]}  # fmt: skip
    done = pipeline.load(store, [write_portfolio(tmp_path / "changed.xlsx", changed)], by="王")
    assert sizes(store)["PF000001"] == 120_000_000
    pipeline.undo(store, done.batch_ids[0], by="李", reason="误传")
    assert sizes(store)["PF000001"] == 100_000_000


@pytest.mark.parametrize(
    ("values", "code", "severity"),
    [
        pytest.param({"committed_size": "一亿二"}, "not_a_number", "error", id="type"),
        pytest.param({"name": ""}, "missing_value", "error", id="required"),
        pytest.param({"manager_id": "VC999999"}, "reference_unknown", "error", id="reference"),
        pytest.param({"term_end": "2013-01-01"}, "dates_out_of_order", "error", id="between fields"),
        pytest.param({"established_on": "2071-05-01"}, "date_in_future", "error", id="a year ahead"),
        pytest.param({"term_end": "-"}, "value_cleared", "warning", id="a value taken away"),
        pytest.param(
            {"committed_size": "1.2亿"}, "size_at_establishment_changed", "warning", id="of past sizes"
        ),
    ],
)
def test_a_correction_is_checked_like_a_file(base, values, code, severity):
    found = check(Store(base / "data"), [Edit("合作基金", "PF000001", values)])
    assert [(each.code, each.severity, each.sheet, each.cell) for each in found.problems] == [
        (code, severity, "合作基金 PF000001", "A1")
    ]
    assert found.outcome == ("refused" if severity == "error" else "accepted")


def test_a_wrong_unit_of_a_whole_row_may_be_put_right(base):
    values = {"committed_size": "1万", "target_size": "1.2万"}
    found = check(Store(base / "data"), [Edit("partner_fund", "PF000001", values)])
    assert found.outcome == "accepted"
    assert {each.severity for each in found.problems} == {"warning"}


def test_what_is_wrong_changes_nothing(store):
    before = store.newest()
    done = correct(store, [Edit("partner_fund", "PF000001", {"manager_id": "VC999999"})], **WHY)
    assert (done.outcome, done.edition, store.newest()) == ("refused", before, before)
    same = correct(store, [Edit("partner_fund", "PF000001", {"committed_size": "1亿"})], **WHY)
    assert (same.outcome, store.newest()) == ("unchanged", before)


@pytest.mark.parametrize(
    ("edit", "why", "code"),
    [
        pytest.param(Edit("基金", "PF000001", {"name": "x"}), WHY, "correction_table_unknown", id="table"),
        pytest.param(Edit("partner_fund", "PF9", {"name": "x"}), WHY, "correction_row_unknown", id="row"),
        pytest.param(Edit("partner_fund", "PF000001", {"colour": "x"}), WHY, "correction_field_unknown", id="field"),
        pytest.param(Edit("partner_fund", "PF000001", {"基金编码": "x"}), WHY, "correction_of_key", id="key"),
        pytest.param(Edit("partner_fund", "PF000001", {"name": "x"}), WHY | {"reason": " "}, "correction_needs_reason", id="reason"),
        pytest.param(Edit("partner_fund", "PF000001", {"name": "x"}), WHY | {"by": ""}, "correction_needs_name", id="name"),
    ],
)  # fmt: skip
def test_what_cannot_be_corrected_is_one_sentence(base, edit, why, code):
    with pytest.raises(InputError) as refused:
        correct(Store(base / "data"), [edit], **why)
    assert refused.value.code == code


def test_a_date_by_which_a_payment_is_known_is_no_field_to_correct(base):
    store = Store(base / "data")
    row = store.ledger()["cash_flow"].filter(pl.col("due_on").is_null())["row_key"][0]
    found = check(store, [Edit("cash_flow", row, {"occurred_on": "2016-01-04"})])
    assert [(each.code, each.field) for each in found.problems] == [("correction_of_key", "occurred_on")]
    assert found.outcome == "refused"
    assert "due_on" not in editable("cash_flow")
    assert {"amount", "occurred_on", "note"} <= set(editable("cash_flow"))


def test_the_row_may_be_named_as_people_name_it(base):
    store = Store(base / "data")
    for key in ("PF000001", "示例甲一号创投基金"):
        found = check(store, [Edit("Partner funds", key, {"Management fee rate": "1.8%"})])
        assert found.changes() == [
            {
                "table": "partner_fund",
                "row_key": "PF000001",
                "field": "fee_rate",
                "old": "0.02000000",
                "new": "0.01800000",
            }
        ]


def test_the_command(store):
    where = ("--data", store.folders.data)
    said = ("partner_fund", "PF000001", "committed_size=1.2亿", "--by", "李", "--reason", "误填")
    done = json_of("correct", *said, *where)
    assert (done["outcome"], done["edition"], len(done["batch_ids"])) == ("published", 2, 1)
    assert done["changes"] == [
        {
            "table": "partner_fund",
            "row_key": "PF000001",
            "field": "committed_size",
            "old": "100000000.00",
            "new": "120000000.00",
        }
    ]
    assert [each["code"] for each in done["problems"]] == ["size_at_establishment_changed"]
    wrong = run_fundtrack(
        "correct",
        "partner_fund",
        "PF000001",
        "manager_id=VC9",
        "--by",
        "李",
        "--reason",
        "x",
        *where,
        check=1,
    )
    assert "VC9" in wrong.stderr
    assert "Traceback" not in wrong.stderr
    run_fundtrack("correct", "partner_fund", "PF000001", "name=x", "--by", "李", *where, check=2)
    undone = json_of("undo", done["batch_ids"][0], "--by", "李", "--reason", "y", *where)
    assert undone["edition"] == 3
    assert sizes(store)["PF000001"] == 100_000_000
