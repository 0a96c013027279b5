"""The lake: what a city pushes is what comes back, whoever else pushes at once and wherever a push is killed."""

import json
import os
import signal
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import polars as pl
import pytest
from cities import CODES, funded, grow, random_city
from deltalake import DeltaTable
from running import ROOT, json_of, run_fundtrack

from fundtrack.errors import BusyError, InputError, IntegrityError
from fundtrack.lake import delta, layout
from fundtrack.lake.delta import Lake
from fundtrack.lake.engines import Here
from fundtrack.lake.push import push
from fundtrack.lake.standing import CityLedger, cities
from fundtrack.reports import by_city

REPORTS = {"progress": by_city.Progress(), "funds": by_city.Funds(), "findings": by_city.Findings()}
ENV = {name: value for name, value in os.environ.items() if not name.startswith("FUNDTRACK_DATA")}


def pushed(store, lake, code=CODES[0], **more):
    with store.ledger().held() as ledger:
        return push(ledger, lake, code, **more)


def said(lake, **more):
    """Every report of every city, as JSON."""
    held = cities(lake, **more)
    return {name: Here().answer(held, report).as_json() for name, report in REPORTS.items()}


def plain(lake, table):
    """A table as any tool reads it."""
    return pl.read_delta(lake.path(table)).sort("jurisdiction", "row_key")


def without(shown, *names):
    return {name: value for name, value in shown.items() if name not in names}


HEADED = ("jurisdiction", "name", "edition_hash", "data_as_of", "pushed_at")


@pytest.mark.parametrize("seed", [1, 2, 3, pytest.param(4, marks=pytest.mark.full)])
def test_reports_over_the_lake_are_the_citys_own(tmp_path, seed):
    store, lake = random_city(tmp_path / "data", seed), Lake(str(tmp_path / "lake"))
    done = pushed(store, lake)
    with store.ledger().held() as ledger:
        own = {name: json.loads(json.dumps(report(ledger).shown)) for name, report in REPORTS.items()}
        tables = {table: ledger[table] for table in ledger}
    [city] = cities(lake)
    for table, frame in tables.items():
        hidden = [name for name in ("contact", "prepared_by") if name in frame.columns]
        assert CityLedger(city)[table].drop(hidden).equals(frame.drop(hidden)), table
        assert done.rows[table] == frame.height
    found = said(lake)
    assert {name: without(one["cities"][0], *HEADED) for name, one in found.items()} == own


def test_the_same_edition_twice_is_unchanged_and_writes_nothing(tmp_path):
    store, lake = random_city(tmp_path / "data", 5), Lake(str(tmp_path / "lake"))
    first, before = pushed(store, lake), None
    before = sorted(path for path in (tmp_path / "lake").rglob("*") if path.is_file())
    again = pushed(store, lake)
    assert (first.outcome, again.outcome) == ("pushed", "unchanged")
    assert again.edition_hash == first.edition_hash == store.ledger().editions()["head_hash"][-1]
    assert sorted(path for path in (tmp_path / "lake").rglob("*") if path.is_file()) == before


def test_a_push_replaces_its_own_partition_and_history_keeps_the_earlier_one(tmp_path):
    lake = Lake(str(tmp_path / "lake"))
    store = grow(tmp_path / "a", funded("甲", "100"))
    other = grow(tmp_path / "b", funded("乙", "300"))
    pushed(store, lake, "330100")
    pushed(other, lake, "330200")
    grow(tmp_path / "a", funded("甲", "250"))
    pushed(store, lake, "330100")
    sizes = dict(plain(lake, "partner_fund").select("jurisdiction", "committed_size").iter_rows())
    assert {code: int(size) for code, size in sizes.items()} == {"330100": 250, "330200": 300}
    table = DeltaTable(lake.path("partner_fund"))
    assert table.metadata().partition_columns == ["jurisdiction"]
    table.load_as_version(table.version() - 1)
    earlier = pl.read_delta(table).filter(pl.col("jurisdiction") == "330100")
    assert [int(size) for size in earlier["committed_size"]] == [100]
    assert (
        DeltaTable(lake.path("partner_fund")).history()[1]["edition_hash"]
        == other.ledger().editions()["head_hash"][-1]
    )


def test_what_was_known_on_a_day_is_answered_out_of_the_history(tmp_path, monkeypatch):
    store, lake = grow(tmp_path / "a", funded("甲", "100")), Lake(str(tmp_path / "lake"))
    pushed(store, lake)
    first = said(lake)
    middle = datetime.now(UTC)
    grow(tmp_path / "a", funded("甲", "250"))
    pushed(store, lake)
    at = DeltaTable(lake.path("push"))
    assert at.version() == 2
    opened = Lake.open

    def open_then(self, table, when=None):
        found = opened(self, table, when if isinstance(when, int) else None)
        if isinstance(when, date):
            found.load_as_version(middle)
        return found

    monkeypatch.setattr(Lake, "open", open_then)
    assert said(lake, by=date(2017, 9, 30)) == first
    monkeypatch.undo()
    assert said(lake, by=datetime.now(UTC).date()) == said(lake) != first
    with pytest.raises(InputError) as caught:
        cities(lake, by=datetime.now(UTC).date() - timedelta(days=2))
    assert caught.value.code == "lake_nothing_then"


def test_another_chain_is_refused_until_it_is_meant(tmp_path):
    lake = Lake(str(tmp_path / "lake"))
    pushed(random_city(tmp_path / "a", 6, 2), lake)
    stranger = random_city(tmp_path / "b", 7)
    with pytest.raises(InputError) as caught:
        pushed(stranger, lake)
    assert caught.value.code == "lake_other_chain" and caught.value.about["edition"] == "2"
    assert cities(lake)[0].edition == 2
    pushed(stranger, lake, replace=True)
    assert cities(lake)[0].edition_hash == stranger.ledger().editions()["head_hash"][-1]


@pytest.mark.fault
@pytest.mark.parametrize(
    ("step", "at"),
    [
        pytest.param("stage", 1, id="before the first file"),
        pytest.param("stage", 9, id="between files"),
        pytest.param("replaced", 1, id="before the first commit"),
        pytest.param("replaced", 2, id="after the first commit"),
        pytest.param("replaced", 17, id="half-way through the commits"),
        pytest.param("replaced", -1, id="before push is written"),
        *[pytest.param("replaced", n, id=f"commit {n}", marks=pytest.mark.full) for n in range(3, 29)],
    ],
)
def test_a_push_killed_anywhere_leaves_the_lake_as_it_was(tmp_path, step, at):
    """By SIGKILL in a process of its own: what our readers see is untouched, and the next push makes it whole."""
    lake = Lake(str(tmp_path / "lake"))
    store = grow(tmp_path / "a", funded("甲", "100"))
    pushed(store, lake, "330100")
    pushed(grow(tmp_path / "b", funded("乙", "300")), lake, "330200")
    before = said(lake)
    tables = {table: plain(lake, table) for table in ("cover", "partner_fund", "target")}
    grow(tmp_path / "a", funded("甲", "250") | {"finding_action": []})
    count = len(layout.CONTENT) + 1 if at < 0 else at
    script = f"""
import os, signal, sys
from fundtrack.__main__ import main
from fundtrack.lake.delta import Lake
real, calls = Lake.{step}, []
def dying(*args):
    calls.append(1)
    if len(calls) == {count}:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(*args)
Lake.{step} = dying
sys.exit(main(["lake", "push", {lake.uri!r}, "--jurisdiction", "330100", "--data", {str(tmp_path / "a")!r}]))
"""
    died = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=ENV, capture_output=True, check=False)
    assert died.returncode == -signal.SIGKILL, died.stderr.decode()
    assert said(lake) == before
    if step == "stage" or at == 1:  # nothing was committed: other tools see no difference either
        assert all(plain(lake, table).equals(frame) for table, frame in tables.items())
    assert pushed(store, lake, "330100").outcome == "pushed"
    sizes = dict(plain(lake, "partner_fund").select("jurisdiction", "committed_size").iter_rows())
    assert {code: int(size) for code, size in sizes.items()} == {"330100": 250, "330200": 300}
    assert [city["targets"] for city in said(lake)["progress"]["cities"]] != [
        city["targets"] for city in before["progress"]["cities"]
    ]


def together(lake, pairs, **environment):
    """Push at once, each city by a process of its own; gives their outcomes."""
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "fundtrack", "lake", "push", lake, "--jurisdiction", code, "--data", str(folder), "--json"],
            cwd=ROOT, env=ENV | environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for code, folder in pairs
    ]  # fmt: skip
    done = [(process, *process.communicate(timeout=300)) for process in running]
    assert [process.returncode for process, _, _ in done] == [0] * len(done), [err for _, _, err in done]
    return [json.loads(out)["outcome"] for _, out, _ in done]


def test_eight_cities_pushing_at_once_lose_nothing(tmp_path):
    """Into a lake that is not there yet, where creating its tables collides too."""
    stores = {code: random_city(tmp_path / code, seed) for seed, code in enumerate(CODES[:8], 10)}
    lake = Lake(str(tmp_path / "lake"))
    assert together(lake.uri, [(code, tmp_path / code) for code in stores]) == ["pushed"] * 8
    assert [city.jurisdiction for city in cities(lake)] == sorted(stores)
    every = {code: store.ledger() for code, store in stores.items()}
    for table in ("partner_fund", "cash_flow", "target", "cover"):
        found = plain(lake, table)
        for code, ledger in every.items():
            own = found.filter(pl.col("jurisdiction") == code)
            assert own["row_key"].to_list() == ledger[table]["row_key"].to_list(), (code, table)
    for city, ledger in zip(cities(lake), every.values(), strict=True):
        assert CityLedger(city)["partner_fund"].drop("contact").equals(ledger["partner_fund"].drop("contact"))


def test_one_city_pushing_twice_at_once_is_there_once(tmp_path):
    store, lake = random_city(tmp_path / "a", 20), Lake(str(tmp_path / "lake"))
    assert "pushed" in together(lake.uri, [("330100", tmp_path / "a")] * 3)
    assert plain(lake, "target")["row_key"].to_list() == store.ledger()["target"]["row_key"].to_list()
    assert said(lake)["progress"]["cities"][0]["edition"] == 1


def test_other_tools_read_plain_delta(tmp_path):
    lake = Lake(str(tmp_path / "lake"))
    pushed(grow(tmp_path / "a", funded("甲", "100.25")), lake, "330100")
    pushed(grow(tmp_path / "b", funded("乙", "300.50")), lake, "330200")
    files = DeltaTable(lake.path("partner_fund")).file_uris()
    asked = "SELECT jurisdiction::VARCHAR, committed_size FROM read_parquet($1, hive_partitioning = true) ORDER BY 1"
    with duckdb.connect() as con:
        found = con.execute(asked, [files]).fetchall()
    assert [(code, str(size)) for code, size in found] == [("330100", "100.25"), ("330200", "300.50")]
    arrow = DeltaTable(lake.path("progress")).to_pyarrow_table(filters=[("jurisdiction", "=", "330200")])
    actual = dict(zip(arrow["code"].to_pylist(), arrow["actual"].to_pylist(), strict=True))
    assert str(actual["fund_scale"]) == "300.50"


def test_contacts_stay_and_natural_persons_go_under_numbers(tmp_path):
    rows = funded("甲", "100")
    rows["partner_fund"][0]["contact"] = "联系人某"
    rows["cover"][0]["prepared_by"] = "填报人某"
    rows["investor_commitment"] = [
        {"partner_fund_id": "P1", "investor": "示例自然人某", "kind": "natural_person", "amount": "40"},
        {"partner_fund_id": "P1", "investor": "示例公司", "kind": "private", "amount": "60"},
    ]
    store, lake = grow(tmp_path / "a", rows), Lake(str(tmp_path / "lake"))
    pushed(store, lake)
    texts = ""
    for table in layout.CONTENT:
        frame = pl.read_delta(lake.path(table))
        texts += frame.select(pl.all().cast(pl.String)).write_csv()
    assert "示例公司" in texts and "自然人0001" in texts
    assert not any(word in texts for word in ("联系人某", "填报人某", "示例自然人某"))


def test_a_lost_file_is_told_in_a_sentence(tmp_path):
    store, lake = grow(tmp_path / "a", funded("甲", "100")), Lake(str(tmp_path / "lake"))
    pushed(store, lake)
    [file] = DeltaTable(lake.path("target")).file_uris()
    Path(file).unlink()
    done = run_fundtrack("lake", "progress", lake.uri, check=4)
    assert "target" in done.stderr and "--replace" in done.stderr and "Traceback" not in done.stderr
    pushed(store, lake, replace=True)
    assert len(said(lake)["progress"]["cities"][0]["targets"]) == 3


def test_rows_taken_away_by_another_program_are_seen(tmp_path):
    store, lake = grow(tmp_path / "a", funded("甲", "100")), Lake(str(tmp_path / "lake"))
    pushed(store, lake)
    before = said(lake)
    DeltaTable(lake.path("target")).delete("code = 'fund_scale'")
    assert said(lake) == before  # the version that was pushed still stands
    DeltaTable(lake.path("target")).vacuum(0, dry_run=False, enforce_retention_duration=False)
    with pytest.raises(IntegrityError) as caught:
        said(lake)
    assert caught.value.code in {"lake_lost", "lake_incomplete"}


def test_a_column_that_came_later_is_added_and_another_type_refused(tmp_path, monkeypatch):
    store, lake = grow(tmp_path / "a", funded("甲", "100")), Lake(str(tmp_path / "lake"))
    whole = layout.CONTENT["partner_fund"]
    monkeypatch.setitem(
        layout.CONTENT, "partner_fund", {name: kind for name, kind in whole.items() if name != "custodian"}
    )
    delta._delta_schema.cache_clear()
    pushed(store, lake, "330100")
    monkeypatch.setitem(layout.CONTENT, "partner_fund", whole)
    delta._delta_schema.cache_clear()
    pushed(grow(tmp_path / "b", funded("乙", "300")), lake, "330200")
    assert "custodian" in plain(lake, "partner_fund").columns
    assert [CityLedger(city)["partner_fund"].height for city in cities(lake)] == [1, 1]
    monkeypatch.setitem(layout.CONTENT, "partner_fund", whole | {"name": pl.Int64()})
    delta._delta_schema.cache_clear()
    with pytest.raises(IntegrityError) as caught:
        pushed(grow(tmp_path / "c", funded("丙", "500")), lake, "330300")
    assert (caught.value.code, caught.value.about["column"]) == ("lake_schema", "name")
    delta._delta_schema.cache_clear()


def test_a_newer_layout_is_not_guessed_at(tmp_path, monkeypatch):
    store, lake = grow(tmp_path / "a", funded("甲", "100")), Lake(str(tmp_path / "lake"))
    monkeypatch.setattr("fundtrack.lake.push.LAYOUT", layout.LAYOUT + 1)
    pushed(store, lake)
    for ask in (lambda: cities(lake), lambda: pushed(store, lake)):
        with pytest.raises(IntegrityError) as caught:
            ask()
        assert caught.value.code == "lake_newer"


@pytest.mark.parametrize(
    ("written", "meant"),
    [("/srv/lake/", "/srv/lake"), ("file:///srv/lake", "/srv/lake"), ("lake", str(Path("lake").absolute())),
     ("s3://bucket/lake/", "s3://bucket/lake"), ("abfss://c@a.dfs.core.windows.net/x", "abfss://c@a.dfs.core.windows.net/x")],
)  # fmt: skip
def test_addresses(written, meant):
    assert Lake(written).uri == meant


@pytest.mark.parametrize(
    ("arguments", "exit_code", "word"),
    [
        pytest.param(["push", "LAKE", "--jurisdiction", "杭州"], 2, "330100", id="no code"),
        pytest.param(["push", "LAKE"], 2, "--jurisdiction", id="whose"),
        pytest.param(["progress", "LAKE"], 1, "lake push", id="nothing there"),
        pytest.param(["progress", "LAKE", "--known-at", "3"], 2, "--known-at 2017-10-20", id="an edition's number"),
        pytest.param(["progress", "memory://nowhere-at-all/x/../.."], 1, "lake", id="no address"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_one_sentence(tmp_path, arguments, exit_code, word):
    named = [str(tmp_path / "lake") if one == "LAKE" else one for one in arguments]
    done = run_fundtrack("lake", *named, check=exit_code)
    assert word in done.stderr and len(done.stderr.splitlines()) == 1


def test_a_lake_that_cannot_be_written_is_busy(tmp_path):
    store = grow(tmp_path / "a", funded("甲", "100"))
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(BusyError) as caught:
        pushed(store, Lake(str(tmp_path / "file")))
    assert caught.value.code == "lake_not_writable"


def test_the_command_pushes_and_reports(tmp_path):
    grow(tmp_path / "a", funded("甲", "100"))
    lake = tmp_path / "lake"
    done = json_of(
        "lake", "push", lake, "--jurisdiction", "330100", "--name", "甲市", "--data", tmp_path / "a"
    )
    assert (done["outcome"], done["name"], done["edition"]) == ("pushed", "甲市", 1)
    found = json_of("lake", "progress", lake, "--as-of", "2017-06-30")
    [city] = found["cities"]
    assert (city["jurisdiction"], city["as_of"], city["data_as_of"]) == (
        "330100",
        "2017-06-30",
        "2017-09-30",
    )
    assert {row["code"]: row["actual"] for row in city["targets"]} == {
        "new_managers": 1, "partner_funds": 1, "fund_scale": "100.00",
    }  # fmt: skip
    sums = {row["figure"]: (row["unit"], row["amount"]) for row in found["totals"]}
    assert sums["fund_scale.actual"] == ("CNY", "100.00") and sums["partner_funds.actual"] == ("只", "1.00")
    shown = run_fundtrack("lake", "funds", lake, "--lang", "zh", check=0).stdout
    assert "330100 甲市" in shown and "合作基金" in shown
