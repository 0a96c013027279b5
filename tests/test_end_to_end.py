"""The main job from spreadsheet to target, as its users meet it: commands, files, a plain DuckDB client."""

import json
import os
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import openpyxl
import pytest
from handcount import hand_progress
from running import ROOT, json_of, run_fundtrack

LEDGER = ("new_managers", "partner_funds", "fund_scale", "cross_border")
CLIENT = """
import json, sys, duckdb
con = duckdb.connect(sys.argv[1], read_only=True)
print(json.dumps(con.execute("SELECT code, actual, completion, year_completion, elapsed, lead, status FROM progress").fetchall(), default=str))
"""
EVERY = """
import sys, duckdb
con = duckdb.connect(sys.argv[1], read_only=True)
con.execute("SET enable_progress_bar = false")  # under "-c" DuckDB takes the process for a person at a prompt
views = con.execute("SELECT schema_name, view_name FROM duckdb_views() WHERE NOT internal ORDER BY ALL").fetchall()
for schema, view in views:
    con.execute(f'SELECT * FROM "{schema}"."{view}"').fetchall()
print(duckdb.__version__, len(views))
"""


@pytest.mark.parametrize("as_of", ["2017-09-30", "2017-06-30", "2016-12-31"])
def test_progress_of_the_demo_is_what_was_counted_by_hand(demo_folder, as_of):
    told = json_of("progress", "--as-of", as_of, "--data", demo_folder)
    by_hand = hand_progress(date.fromisoformat(as_of))
    assert told["as_of"] == as_of
    assert {row["code"] for row in told["targets"]} == set(by_hand)
    for row in told["targets"]:
        if row["code"] in LEDGER:
            assert Decimal(str(row["actual"])) == by_hand[row["code"]], row["code"]


def test_ratios_of_the_demo_worked_by_hand(demo_folder):
    told = {
        row["code"]: row
        for row in json_of("progress", "--as-of", "2017-09-30", "--data", demo_folder)["targets"]
    }
    now, before = hand_progress(date(2017, 9, 30)), hand_progress(date(2016, 12, 31))
    for code, target in {
        "new_managers": 10,
        "partner_funds": 90,
        "fund_scale": 9_000_000_000,
        "cross_border": 50_000_000,
    }.items():
        year = float((now[code] - before[code]) / (target - before[code]))
        assert told[code]["completion"] == pytest.approx(float(now[code]) / target, rel=1e-12)
        assert told[code]["year_completion"] == pytest.approx(year, rel=1e-12)
        assert told[code]["elapsed"] == pytest.approx(273 / 365, rel=1e-12)
        assert told[code]["lead"] == pytest.approx(year - 273 / 365, rel=1e-9, abs=1e-12)
        assert Decimal(str(told[code]["remaining"])) == max(target - now[code], 0)


def test_another_process_reads_the_same_from_the_published_file(demo_folder):
    done = subprocess.run(
        [sys.executable, "-c", CLIENT, str(demo_folder / "fundtrack.duckdb")],
        capture_output=True,
        text=True,
        check=True,
    )
    theirs = {row[0]: row[1:] for row in json.loads(done.stdout)}
    for row in json_of("progress", "--data", demo_folder)["targets"]:
        actual, *ratios, status = theirs[row["code"]]
        assert (None if actual is None else Decimal(actual)) == (
            None if row["actual"] is None else Decimal(str(row["actual"]))
        )
        assert status == row["status"]
        for ratio, name in zip(ratios, ("completion", "year_completion", "elapsed", "lead"), strict=True):
            assert ratio == (None if row[name] is None else pytest.approx(row[name], rel=1e-12))


def test_duckdb_1_1_3_reads_every_view(demo_folder):
    python = os.environ.get("FUNDTRACK_DUCKDB113")
    if not python:
        pytest.skip("FUNDTRACK_DUCKDB113 names no Python with DuckDB 1.1.3; make test does")
    command = [
        str(ROOT / python) if not Path(python).is_absolute() else python,
        "-c",
        EVERY,
        str(demo_folder / "fundtrack.duckdb"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    version, views = done.stdout.split()
    assert version == "1.1.3"
    assert int(views) >= 27


def test_the_demo_loaded_twice_is_unchanged_and_verifies(demo_copy):
    assert json_of("demo", "--no-serve", "--data", demo_copy)["edition"] == 2
    assert json_of("verify", "--data", demo_copy) == {"ok": True, "problems": []}


class Filled:
    """The blank template filled in by hand with three funds, and the five cells that will be wrong."""

    ROWS = {
        "引导基金": [{"引导基金编码": "GF-01", "名称": "示例创投引导基金", "类型": "创投", "币种": "CNY"}],
        "合作创投机构": [{"机构编码": f"VC-0{n}", "名称": f"示例{n}创投"} for n in (1, 2, 3)],
        "合作基金": [
            {"基金编码": f"PF-0{n}", "名称": f"示例{n}号基金（有限合伙）", "机构编码": f"VC-0{n}", "币种": "CNY", "认缴规模": 10000 * n,
             "设立日期": date(2017, 3, n)} for n in (1, 2, 3)
        ],
        "参股": [
            {"参股编号": f"PA-0{n}", "引导基金编码": "GF-01", "基金编码": f"PF-0{n}", "协议日期": date(2017, 2, n), "认缴金额": 2000 * n, "币种": "CNY"}
            for n in (1, 2, 3)
        ],
        "资金往来": [
            {"参股编号": f"PA-0{n}", "类别": "缴款", "发生日期": date(2017, 4, n), "金额": 1000 * n, "币种": "CNY"} for n in (1, 2, 3)
        ],
    }  # fmt: skip
    WRONG = {
        ("引导基金", "类型", 0): "风险",
        ("合作创投机构", "名称", 1): None,
        ("合作基金", "设立日期", 2): "2017-02-30",
        ("参股", "基金编码", 1): "PF-99",
        ("资金往来", "金额", 0): "1,2OO",
    }

    @classmethod
    def write(cls, template, out, wrong=()):
        book = openpyxl.load_workbook(template)
        for row in book["封面"].iter_rows(min_col=1, max_col=2):
            said = {"报送单位": "示例受托机构", "截至日期": date(2017, 9, 30), "金额单位": "万元"}.get(
                row[0].value
            )
            if said:
                row[1].value = said
        places = []
        for name, rows in cls.ROWS.items():
            sheet = book[name]
            heads = [cell.value for cell in sheet[1]]
            for n, row in enumerate(rows):
                for head, value in row.items():
                    cell = sheet.cell(3 + n, heads.index(head) + 1, value)
                    if (name, head, n) in wrong:
                        cell.value = wrong[name, head, n]
                        places.append((name, cell.coordinate))
        book.save(out)
        return places


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    out = tmp_path_factory.mktemp("template") / "模板.xlsx"
    run_fundtrack("template", out, check=0)
    return out


def test_five_wrong_cells_corrected_loaded_reversed_and_news_again(template, tmp_path):
    data, right, wrong = tmp_path / "data", tmp_path / "right.xlsx", tmp_path / "wrong.xlsx"
    places = Filled.write(template, wrong, Filled.WRONG)
    assert Filled.write(template, right) == []

    refused = json_of("load", wrong, "--data", data, check=1)
    assert refused["outcome"] == "refused"
    assert sorted((problem["sheet"], problem["cell"]) for problem in refused["problems"]) == sorted(places)
    assert not list((data / "editions").glob("*.duckdb"))

    empty = json_of("check", right, "--data", data)
    assert empty["outcome"] == "accepted"
    loaded = json_of("load", right, "--data", data)
    assert (loaded["outcome"], loaded["edition"], len(loaded["batch_ids"])) == ("published", 1, 1)
    assert loaded["rows"]["partner_fund"] == {"new": 3, "changed": 0, "unchanged": 0}
    assert scale(data) == ("600000000.00", 3)

    again = json_of("load", right, "--data", data)
    assert (again["outcome"], again["edition"], again["batch_ids"]) == ("unchanged", 1, [])

    assert json_of("undo", loaded["batch_ids"][0], "--by", "审核人", "--data", data)["edition"] == 2
    with duckdb.connect(str(data / "fundtrack.duckdb"), read_only=True) as con:
        assert con.execute("SELECT count(*) FROM partner_fund").fetchone() == (0,)
        assert con.execute(
            "SELECT op, count(*) FROM partner_fund_log GROUP BY op ORDER BY op"
        ).fetchall() == [("delete", 3), ("put", 3)]
        assert con.execute(
            "SELECT count(*) FROM partner_fund_at($1)", [loaded["batch_ids"][0]]
        ).fetchone() == (3,)
    assert scale(data, "--known-at", 1) == ("600000000.00", 3)

    news = json_of("load", right, "--data", data)
    assert (news["outcome"], news["edition"]) == ("published", 3)
    assert scale(data) == ("600000000.00", 3)
    assert json_of("verify", "--data", data)["ok"] is True


def scale(data, *arguments):
    rows = {row["code"]: row for row in json_of("progress", "--data", data, *arguments)["targets"]}
    return rows["fund_scale"]["actual"], rows["partner_funds"]["actual"]
