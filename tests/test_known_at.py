"""As known at: every report at an earlier edition is what it was, byte for byte; what changed says through which batch."""

import contextlib
import io
import json
from datetime import UTC, datetime, timedelta

import duckdb
import pytest
from running import json_of, run_fundtrack
from small_portfolio import FIFTH_FUND, write_portfolio

from fundtrack.__main__ import main
from fundtrack.errors import InputError
from fundtrack.reports.changes import changes_report
from fundtrack.store.editions import Store

LOOKS = (
    ("progress",),
    ("funds",),
    ("findings",),
    ("inbox", "--as-of", "2017-12-31"),
    ("progress", "--as-of", "2016-12-31"),
    ("trace", "fund_scale"),
)
"""Reports whose JSON must not move; an inbox is looked at on a day of one's own, since its usual day is that of the publish."""


def told(*asked):
    """What a command prints; run in this process, which is what makes many of them bearable."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        assert main([str(each) for each in asked]) == 0
    return out.getvalue()


@pytest.fixture(scope="module")
def history(tmp_path_factory):
    """A load, a second file, a correction and an undo, with what each report said right after each."""
    folder = tmp_path_factory.mktemp("history")
    data, said = folder / "data", {}

    def look(edition):
        said[edition] = {
            asked: run_fundtrack(*asked, "--json", "--data", data, check=0).stdout for asked in LOOKS
        }

    first = write_portfolio(folder / "a.xlsx")
    assert json_of("load", first, "--data", data, "--by", "王")["edition"] == 1
    look(1)
    second = write_portfolio(folder / "b.xlsx", FIFTH_FUND, "2017-11-30")
    loaded = json_of("load", second, "--data", data, "--by", "王")
    look(2)
    corrected = json_of(
        "correct",
        "partner_fund",
        "PF000002",
        "committed_size=190000000",
        "--reason",
        "笔误",
        "--by",
        "王",
        "--data",
        data,
    )
    look(3)
    undone = json_of("undo", loaded["batch_ids"][0], "--by", "李", "--data", data)
    look(4)
    return data, said, corrected, undone


@pytest.mark.parametrize("edition", [1, 2, 3, 4])
@pytest.mark.parametrize("asked", LOOKS, ids=" ".join)
def test_a_report_as_known_at_an_edition_is_what_it_was(history, asked, edition):
    data, said, *_ = history
    now = told(*asked, "--json", "--data", data, "--known-at", edition)
    assert now == said[edition][asked]


def test_the_reports_differ_so_that_being_equal_says_something(history):
    _, said, *_ = history
    assert len({said[edition]["progress",] for edition in said}) == 4


def test_what_changed_says_through_which_batch_and_which_cell(history):
    data, *_ = history
    made = json_of("changes", "2", "3", "--data", data)
    assert (made["from"], made["to"], [batch["kind"] for batch in made["batches"]]) == (2, 3, ["correction"])
    [change] = made["changes"]
    assert (change["table"], change["key"], change["field"]) == ("partner_fund", "PF000002", "committed_size")
    assert (change["old"], change["new"]) == ("200000000.00", "190000000.00")
    assert change["batch_id"] == made["batches"][0]["batch_id"]
    assert change["file"].startswith("correction-")
    moved = {(row["entity_id"], row["metric"]): (row["old"], row["new"]) for row in made["figures"]}
    assert moved["fund_scale", "actual"] == ("500000000.00", "490000000.00")
    assert ("partner_funds", "actual") not in moved
    back = json_of("changes", "1", "4", "--as-of", "2017-11-30", "--data", data)
    assert {
        (row["table"], row["what"], row["field"]) for row in back["changes"] if row["table"] != "cover"
    } == {("partner_fund", "changed", "committed_size")}
    gone = json_of("changes", "3", "4", "--data", data)
    assert {row["key"] for row in gone["changes"] if row["what"] == "removed"} >= {
        "PF000005",
        "PA000005",
        "VC000004",
    }
    assert all(row["file"] is None for row in gone["changes"] if row["what"] == "removed")
    added = json_of("changes", "1", "2", "--data", data)
    new = {(row["table"], row["key"]): row for row in added["changes"] if row["what"] == "new"}
    assert (new["partner_fund", "PF000005"]["file"], new["partner_fund", "PF000005"]["row"]) == ("b.xlsx", 2)
    assert json_of("changes", "2", "2", "--data", data)["changes"] == []


def test_changes_are_told_in_both_languages_and_not_backwards(history):
    data, *_ = history
    for lang, field, figure in (("zh", "认缴规模", "49,000万元"), ("en", "Committed size", "¥490 m")):
        told = run_fundtrack("changes", "2", "3", "--data", data, "--lang", lang, check=0).stdout
        assert "PF000002" in told
        assert "190,000,000" in told
        assert field in told
        assert figure in told  # the scale, to which the fund belongs
    refused = run_fundtrack("changes", "3", "2", "--data", data, check=1)
    assert refused.stderr.count("\n") == 1


def test_a_day_of_knowledge_is_the_newest_edition_of_that_day(history):
    data, said, *_ = history
    store = Store(data)
    today = datetime.now(UTC).astimezone().date()
    assert store.ledger(today).edition == 4
    with pytest.raises(InputError, match="nothing_known_then"):
        store.ledger(today - timedelta(days=2))
    now = run_fundtrack("progress", "--json", "--data", data, "--known-at", today.isoformat(), check=0).stdout
    assert now == said[4]["progress",]
    assert run_fundtrack("progress", "--data", data, "--known-at", "gestern", check=2).stderr.count("\n") == 1
    assert (
        run_fundtrack("progress", "--data", data, "--known-at", "2001-01-01", check=1).stderr.count("\n") == 1
    )


def test_sql_knows_the_same_past(history):
    data, said, *_ = history
    with duckdb.connect(str(data / "fundtrack.duckdb"), read_only=True) as con:
        for edition, reports in said.items():
            day = json.loads(reports["progress",])["as_of"]
            query = "SELECT actual FROM progress_at($1::DATE, (SELECT batch_id FROM known_batch($2))) WHERE code = 'fund_scale'"
            [(actual,)] = con.execute(query, [day, edition]).fetchall()
            [target] = [
                row for row in json.loads(reports["progress",])["targets"] if row["code"] == "fund_scale"
            ]
            assert str(actual) == target["actual"]
        last = con.execute("SELECT batch_id FROM known_batch_on(TIMESTAMP '2999-01-01')").fetchone()
        assert last == con.execute("SELECT max(batch_id) FROM batch").fetchone()
        assert con.execute("SELECT batch_id FROM known_batch_on(TIMESTAMP '2001-01-01')").fetchone() == (
            None,
        )


def test_nothing_to_compare_is_nothing(tmp_path):
    empty = Store(tmp_path / "data").ledger()
    report = changes_report(empty, empty)
    assert (report.figures, report.changes, report.as_of) == ((), (), None)
